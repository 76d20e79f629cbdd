"""How well the coach's voices are understood, and how evenly and how fast they speak."""
