"""Measures what the coach can do, on recordings, and prints it as tables.  Started by ``scripts/bench``."""
