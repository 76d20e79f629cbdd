"""The dialogue: a pure, table-driven machine, ``step(state, event) -> (state, actions)``."""
