"""A short conversation that measures the room, the echo and the person's voice, and says what to do about them."""
