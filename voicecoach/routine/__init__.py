"""Turns routine files and preferences into a plan: steps made of timed beats.  Knows nothing of sound or listeners."""
