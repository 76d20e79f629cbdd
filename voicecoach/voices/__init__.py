"""Voice packs on this machine: getting, choosing and making them, and what they do not cover."""
