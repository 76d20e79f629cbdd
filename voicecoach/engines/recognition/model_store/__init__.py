"""Speech models on this machine: getting a published one, keeping it, and choosing the one to hear with."""
