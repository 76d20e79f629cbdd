"""An offline, voice-only coach for stretches in bed that ease the lower back.

A coach is a function of sound: a block of microphone samples goes in, a block of speaker samples comes out, and the
only clock is the count of samples.  ARCHITECTURE.md draws the whole of it.
"""

__version__ = "0.1.0"
