"""``scripts/bench``: how the coach hears in a bedroom at night, over its own voice too, and how soon it obeys."""
