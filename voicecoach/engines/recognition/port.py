"""The ports of speech recognition.

A recogniser may stand behind either of two.  A `Model` makes streaming `Recognizer`s, blocks of sound in, words out;
`hearing` finds the utterances in that.  A `SpeechInput` does all of it by itself: it is what the coach listens with.

An engine is one file beside this one, with a class that keeps `Model`, a constant ``NEEDS``, and the `RecognizerTraits`
that say what its scores mean and how late it is.  Nothing outside the engine's file may be tuned to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy as np
    from numpy.typing import NDArray

MICROPHONE_HZ = 16_000
"""The rate at which microphone blocks reach the coach; audio in and out and simulations resample to it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How something was said."""

    level_db: float
    """How loud it was for the most part, relative to full scale."""
    above_room_db: float
    """How far that lies above the softest moments of the last seconds: near 0 where the room drowns it."""
    voicing: float
    """0 to 1: how periodic it was; a whisper is not."""


@dataclass(frozen=True, slots=True)
class Ears:
    """How sure each ear is of an utterance, 0 to 1."""

    recognizer: float
    """Of its words."""
    second: float | None
    """How likely the second ear takes the meaning of the phrase, or the likeliest one where there is no phrase; None:
    it was not asked, or knows no such phrase."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something a person said (or that sounded like it), between two silences."""

    words: str
    """The recogniser's words, lower case, "[unk]" for what is not in the grammar; never empty."""
    phrase: str | None
    """The whole phrase of the current grammar that was said, or None when the words are no phrase."""
    confidence: float
    """0 to 1: the share of the words among all alternatives of the recogniser, by their likelihoods.  It is as good as
    the recogniser's list is long, and no probability that was calibrated: thresholds are measured with an engine."""
    began: int
    """Microphone sample at which the first sign of it was noticed (`RecognizerTraits.partial_latency_s` late)."""
    ended: int
    """Microphone sample count when it was accepted: the end of the block that decided it."""
    refusal: str = ""
    """Why it is no phrase (`hearing.acceptance.Refusal`); empty where it is one, or where nobody can tell."""
    delivery: Delivery | None = None
    """How it was said; None where it is no phrase, or where nothing sounds."""
    ears: Ears | None = None
    """What each of two ears says by itself; None where nobody tells."""


class SpeechInput(Protocol):
    """Microphone blocks in, utterances out."""

    def listen_for(self, phrases: Collection[str]) -> None:
        """Make ``phrases`` (lower case, words parted by one blank) the valid ones from the next utterance on."""

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        """Listen to one block.

        Args:
            block: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; NaN, which is to be taken for silence, where nothing
                was caught.
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

    @property
    def echo_delay_s(self) -> float | None:
        """How late the coach's own voice comes back to the microphone; None: it was not found, or is not looked for."""


UNKNOWN = "[unk]"
"""What stands in a recogniser's words for sound that is none of them."""


LONGEST_BLOCK = 3200
"""Samples that a recogniser is given at once, at most, whatever its traits allow: 0.2 s."""


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
    """Natural logarithm (nats) of acoustic and language model together, up to a constant that is the same for all
    alternatives of one result: only differences within a result mean something."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognizerTraits:
    """What `hearing` has to know of a recogniser; each value was measured with that engine."""

    name: str
    """The engine's, as the setting ``recognizer`` has it."""
    nbest_margin_nats: float
    """How much less likely than the likeliest alternative one that is a phrase may be, and still be what was said."""
    partial_latency_s: float
    """An utterance has begun so much earlier than its first words show in a `Partial`."""
    pre_roll_s: float
    """A new recogniser is given so much sound from before: all of a word that the old one may not have shown yet."""
    lead_in_s: float
    """So much sound before a word is loud belongs to it: a recogniser that hears it alone needs that much more."""
    endpoint_pause_s: float
    """The silence after which it ends an utterance whose words it is sure of by itself."""
    longest_block: int
    """Samples that it may be given at once: a longer block could hide the end of an utterance in its middle."""
    least_noise: float
    """RMS, full scale 1, of the faintest noise that it was trained on, which is added to digital silence; 0: none."""


class Model(Protocol):
    """Knows words, and makes recognisers for them."""

    @property
    def traits(self) -> RecognizerTraits:
        """The same for every recogniser that it makes."""

    def knows(self, word: str) -> bool:
        """Whether ``word`` can be recognised at all."""

    def phones(self, word: str) -> Sequence[str] | None:
        """How ``word`` is said, most likely; None: the model does not tell, or does not know the word."""

    def recognizer(self, phrases: Collection[str]) -> Recognizer:
        """A new recogniser for ``phrases``, of known words, and for whatever else is said as `UNKNOWN`."""
