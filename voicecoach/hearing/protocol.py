"""What the coach expects of ears.  `spotter.py` keeps this promise with Vosk; tests keep it with less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

MICROPHONE_HZ = 16_000
"""The rate at which microphone blocks reach the coach; rooms resample to it."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something a person said (or that sounded like it), between two silences."""

    words: str
    """The recogniser's words, lower case, "[unk]" for what is not in the grammar; never empty."""
    phrase: str | None
    """The whole phrase of the current grammar that was said, or None when the words are no phrase."""
    confidence: float
    """0 to 1: how likely the words are among all that could have been said."""
    began: int
    """Microphone sample at which the first sign of it was noticed (about 0.2 s after the true beginning)."""
    ended: int
    """Microphone sample count when it was accepted: the end of the block that decided it."""


class Ears(Protocol):
    """Microphone blocks in, utterances out."""

    def listen_for(self, phrases: Collection[str]) -> None:
        """Make ``phrases`` (lower case, words parted by one blank) the valid ones from the next utterance on."""

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        """Listen to one block.

        Args:
            block: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`.
            played: shape (n,), what the speaker played meanwhile at the same rate: the echo reference.

        Returns:
            The utterances that ended in this block, oldest first; nearly always none.
        """

    def saying(self, words: str) -> None:
        """Be told what the speaker says from now on.

        Args:
            words: Lower case, parted by one blank, no punctuation; empty: nothing.
        """

    @property
    def somebody_speaks(self) -> bool:
        """Whether words of a valid phrase are being said right now (the coach then ducks its own voice)."""
