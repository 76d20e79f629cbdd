"""Lets the coach run for long and looks whether anything of it grows or wears out."""
