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


def too_fast(recorded: Sequence[Recorded]) -> list[tuple[str, float]]:
    """What is said faster than `FASTEST`, the fastest first, with its words a minute."""
    said = [(one, (len(one.text) + 1) / _LETTERS) for one in recorded]
    paces = [(one.text, words * 60 / one.seconds) for one, words in said if words >= _ENOUGH_WORDS and one.seconds > 0]
    return sorted((one for one in paces if one[1] > FASTEST), key=lambda one: -one[1])
