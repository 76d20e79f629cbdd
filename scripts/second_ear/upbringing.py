"""How the networks of the second ear are brought up: one in mild noise, one amid talk.

What the first hears better in a quiet room, the second hears better beside a television; they ship side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Upbringing:
    """What one network learns from."""

    name: str
    steps: int
    copies: int
    """In how many dressings a clip of Kokoro's comes."""
    peoples_copies: int
    """The same of a phrase that a person says."""
    most_of_a_word: int
    """People who say the same, for training: a phrase of ours, another word, another phrase; and sentences."""
    most_of_another_word: int
    most_of_a_phrase: int
    most_sentences: int
    night: int
    """Pieces of noise that is made."""
    before_s: tuple[float, float]
    """What comes before the clip."""
    noisy: float
    """So often there is noise."""
    snr_db: tuple[float, float]
    talk: float
    """So often that is people who talk."""
    recorded: float
    """So often it is recorded noise; else it is made."""
    talkers: tuple[int, ...]
    """How many of them talk; each as likely as the others."""


MILD: Final = Upbringing(
    name="mild",
    steps=5_000,
    copies=4,
    peoples_copies=2,
    most_of_a_word=160,
    most_of_another_word=40,
    most_of_a_phrase=15,
    most_sentences=1_200,
    night=250,
    before_s=(0.15, 1.1),
    noisy=0.65,
    snr_db=(3.0, 30.0),
    talk=0.35,
    recorded=0.35,
    talkers=(1, 1, 2, 3, 5),
)
AMID_TALK: Final = Upbringing(
    name="amid-talk",
    steps=6_000,
    copies=6,
    peoples_copies=4,
    most_of_a_word=300,
    most_of_another_word=80,
    most_of_a_phrase=20,
    most_sentences=2_500,
    night=1_500,
    before_s=(0.15, 1.3),
    noisy=0.75,
    snr_db=(0.0, 28.0),
    talk=0.5,
    recorded=0.3,
    talkers=(1, 2, 3, 5, 5),
)
UPBRINGINGS: Final = (MILD, AMID_TALK)
