"""Where the coach lives: blocks of sound in and out, from real devices or from a simulated bedroom."""
