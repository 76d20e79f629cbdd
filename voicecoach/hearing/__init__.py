"""Turns microphone blocks into heard phrases.  Knows which phrases are valid now, never what they do."""
