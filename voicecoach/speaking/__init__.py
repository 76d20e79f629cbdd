"""Turns actions with words into clips at sample positions: mixed, ducked, faded.  Never knows why it speaks."""
