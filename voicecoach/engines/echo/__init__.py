"""Echo cancellers: the microphone and what was played in, the microphone without it out."""
