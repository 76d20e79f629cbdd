"""What packs say of all that the coach may say, and what they do not; and how fast they say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.speaking.packs.pack import Recorded
    from voicecoach.speaking.packs.shelf import PackShelf

FASTEST: Final = 165
"""Words a minute; nobody who is going to sleep wants to be spoken to faster."""
_ENOUGH_WORDS: Final = 6
"""A shorter sentence has no pace that could be told."""
_LETTERS: Final = 6
"""A word has so many, with the blank after it: by words as they are, "this is as loud as I get" would be a race."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is in packs of what was asked for."""

    wanted: int
    """How many sentences and phrases."""
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return 1 - len(self.missing) / self.wanted if self.wanted else 1.0


def coverage(shelf: PackShelf, sentences: Iterable[str]) -> Coverage:
    """Look up ``sentences``, which are as `speaking.clips.clips_of` gives them; repetitions count once."""
    every = dict.fromkeys(sentences)
    return Coverage(len(every), tuple(one for one in every if not shelf.has(one)))


def words_per_minute(text: str, seconds: float) -> float | None:
    """How fast ``text`` is said; None where it is too short to have a pace."""
    words = (len(text) + 1) / _LETTERS
    return words * 60 / seconds if words >= _ENOUGH_WORDS and seconds > 0 else None


def too_fast(recorded: Sequence[Recorded]) -> list[tuple[str, float]]:
    """What is said faster than `FASTEST`, the fastest first, with its words a minute."""
    paces = [(one.text, words_per_minute(one.text, one.seconds) or 0.0) for one in recorded]
    return sorted((one for one in paces if one[1] > FASTEST), key=lambda one: -one[1])
