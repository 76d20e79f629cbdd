"""One streaming recogniser: blocks of sound in, words out.  Vosk keeps the promise; tests keep it with a script.

What Vosk must never be asked to do is not offered here: its ``SetGrammar`` and ``Reset`` end the process when they
come in the middle of an utterance.  Another grammar means another recogniser on the same model, which costs a
millisecond or two.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypedDict, cast

import numpy as np

from voicecoach.errors import MissingPartError
from voicecoach.hearing.protocol import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from types import ModuleType

    import vosk
    from numpy.typing import NDArray

UNKNOWN = "[unk]"
PHRASES_FOR_ONE_UNKNOWN = 10
"""Vosk counts how often each line of a grammar comes, so the more phrases there are, the less likely is anything else.
Named as often as this, the unknown stays as likely with two hundred phrases as with ten.  Measured: of people's
sentences, taken for a phrase of a routine, 10 in 100 become 6, and no phrase is lost."""
"""What stands in a recogniser's words for sound that is none of them."""
LONGEST_BLOCK = 3200
"""Samples; Vosk works in steps of 0.2 s, and a longer block could hide the end of an utterance in its middle."""
MOST_ALTERNATIVES = 10
_FULL_SCALE = 32767
_SILENT_LOG_LEVEL = -3
"""Not even warnings: Vosk writes one for each result of a model that has no word boundaries."""


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


class Model(Protocol):
    """Knows words, and makes recognisers for them."""

    def knows(self, word: str) -> bool:
        """Whether ``word`` can be recognised at all."""

    def recognizer(self, phrases: Collection[str]) -> Recognizer:
        """A new recogniser for ``phrases``, of known words, and for whatever else is said as `UNKNOWN`."""


class VoskModel:
    """A Vosk model in memory."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``, as `models.find_model` gives it.

        Raises:
            MissingPartError: Vosk is broken, or cannot read the model.
        """
        vosk = _vosk()
        try:
            self._model = vosk.Model(str(folder))
        except Exception as error:  # Vosk has no narrower one
            raise MissingPartError(f"Vosk cannot read the speech model {folder}; install it again") from error

    def knows(self, word: str) -> bool:
        """Whether ``word`` is in the model's list of words."""
        return int(self._model.vosk_model_find_word(word)) >= 0

    def recognizer(self, phrases: Collection[str]) -> VoskRecognizer:
        """A new recogniser for ``phrases``."""
        return VoskRecognizer(self._model, phrases)


class VoskRecognizer:
    """Vosk with a grammar made at run time."""

    def __init__(self, model: vosk.Model, phrases: Collection[str]) -> None:
        """Build the grammar.

        Args:
            model: May be shared by several recognisers of one thread.
            phrases: Lower case, words parted by one blank.  Vosk leaves out words that the model lacks.
        """
        # Sorted, because the order decides between equals and a set has none: the same sound gives the same words.
        unknown = [UNKNOWN] * max(1, round(len(phrases) / PHRASES_FOR_ONE_UNKNOWN))
        self._vosk = _vosk().KaldiRecognizer(model, MICROPHONE_HZ, json.dumps([*sorted(phrases), *unknown]))
        self._vosk.SetMaxAlternatives(MOST_ALTERNATIVES)

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        """Listen to ``block``.

        Raises:
            ValueError: The block is longer than `LONGEST_BLOCK`, or not a row of samples.
        """
        if block.ndim != 1 or len(block) > LONGEST_BLOCK:
            raise ValueError(f"a block of shape {block.shape} cannot be heard; at most {LONGEST_BLOCK} samples can")
        if self._vosk.AcceptWaveform(_as_bytes(block)):
            return _result(self._vosk.Result())
        partial: str = json.loads(self._vosk.PartialResult())["partial"]
        return Partial(partial)

    def finish(self) -> Result:
        """End the utterance under way."""
        return _result(self._vosk.FinalResult())


def _vosk() -> ModuleType:
    """The library; loading it takes a quarter of a second, and most commands of the house hear nothing."""
    try:
        import vosk  # noqa: PLC0415 - see above
    except (ImportError, OSError) as error:
        raise MissingPartError(f"Vosk cannot be loaded ({error}); install voicecoach again") from error
    vosk.SetLogLevel(_SILENT_LOG_LEVEL)
    return cast("ModuleType", vosk)


def _as_bytes(block: NDArray[np.float32]) -> bytes:
    """16-bit samples; what is too loud is cut."""
    samples: NDArray[np.int16] = (np.clip(block, -1.0, 1.0) * _FULL_SCALE).astype("<i2")
    return samples.tobytes()


class _ToldAlternative(TypedDict):
    text: str
    confidence: float
    """Vosk's word for the log-likelihood."""


class _Told(TypedDict):
    alternatives: list[_ToldAlternative]


def _result(answer: str) -> Result:
    told: _Told = json.loads(answer)
    return Result(tuple(Alternative(heard["text"], heard["confidence"]) for heard in told["alternatives"]))
