"""The ports of speech recognition.

A recogniser may stand behind either of two.  A `Model` makes streaming `Recognizer`s, blocks of sound in, words out;
`hearing` finds the utterances in that.  A `SpeechInput` does all of it by itself: it is what the coach listens with.
"""

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
    refusal: str = ""
    """Why it is no phrase (`hearing.acceptance.Refusal`); empty where it is one, or where nobody can tell."""


class SpeechInput(Protocol):
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


UNKNOWN = "[unk]"
"""What stands in a recogniser's words for sound that is none of them."""


LONGEST_BLOCK = 3200
"""Samples; Vosk works in steps of 0.2 s, and a longer block could hide the end of an utterance in its middle."""


@dataclass(frozen=True, slots=True)
class Partial:
    """What the utterance under way sounds like so far; ``words`` is empty while nothing is being said."""

    words: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing that an utterance may have been."""

    words: str
    """Lower case, parted by one blank, with `UNKNOWN` for sound that is no word; empty: nothing was said."""
    log_likelihood: float
    """Natural logarithm, up to a constant that is the same for all alternatives of one result."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the utterance that has just ended may have been: at least one alternative, the likeliest first."""

    alternatives: tuple[Alternative, ...]


class Recognizer(Protocol):
    """Hears one grammar.  Used by one thread at a time."""

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        """Listen to ``block``: shape (n,), n at most `LONGEST_BLOCK`; finite float32 in -1..1 at `MICROPHONE_HZ`."""

    def finish(self) -> Result:
        """End the utterance under way; what `accept` gets after it begins another one."""


@dataclass(frozen=True, slots=True)
class RecognizerTraits:
    """What is particular to a recogniser, and to what its scores mean.  A new engine measures its own."""

    name: str
    nbest_margin_nats: float
    """How much less likely, in natural logarithms, a phrase may be than the likeliest alternative and still count."""
    partial_latency_s: float
    """So long after somebody began to speak, the first partial result shows."""
    pre_roll_s: float
    """So much sound a new recogniser is given to begin with: what the one before it may not have shown yet."""
    longest_block: int = LONGEST_BLOCK
    """Samples that `Recognizer.accept` takes at most."""
    dither: float = 0.0
    """Standard deviation of the noise that is added to what it hears, relative to full scale; 0: none."""


class Model(Protocol):
    """Knows words, and makes recognisers for them."""

    @property
    def traits(self) -> RecognizerTraits:
        """What is particular to its recognisers."""

    def knows(self, word: str) -> bool:
        """Whether ``word`` can be recognised at all."""

    def recognizer(self, phrases: Collection[str]) -> Recognizer:
        """A new recogniser for ``phrases``, of known words, and for whatever else is said as `UNKNOWN`."""
