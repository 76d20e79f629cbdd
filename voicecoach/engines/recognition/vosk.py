"""Vosk: a streaming recogniser with a grammar made at run time.

What Vosk must never be asked to do is not offered here: its ``SetGrammar`` and ``Reset`` end the process when they
come in the middle of an utterance.  Another grammar means another recogniser on the same model, which costs a
millisecond or two.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict, cast

import numpy as np

from voicecoach.engines.recognition.port import (
    LONGEST_BLOCK,
    MICROPHONE_HZ,
    UNKNOWN,
    Alternative,
    Partial,
    RecognizerTraits,
    Result,
)
from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path
    from types import ModuleType

    import vosk
    from numpy.typing import NDArray

PHRASES_FOR_ONE_UNKNOWN = 10
"""Vosk counts how often each line of a grammar comes, so the more phrases there are, the less likely is anything else.
Named as often as this, the unknown stays as likely with two hundred phrases as with ten.  Measured: of people's
sentences, taken for a phrase of a routine, 10 in 100 become 6, and no phrase is lost."""
MOST_ALTERNATIVES = 10
_FULL_SCALE = 32767
_SILENT_LOG_LEVEL = -3
"""Not even warnings: Vosk writes one for each result of a model that has no word boundaries."""


TRAITS = RecognizerTraits(
    name="vosk",
    # Measured: people's words that are lost without any such margin are 7 in 100, and a greater one brings more wrong
    # phrases than right ones.
    nbest_margin_nats=2.0,
    partial_latency_s=0.3,
    # The one before may not yet have shown a word that began 0.6 s ago: a general model looks 0.4 s ahead and works in
    # steps of 0.2 s (the one that ships: 0.15 s, and 0.09 s).
    pre_roll_s=0.8,
    # The faintest noise that 16 bits can hold.  No microphone is as silent as a digital zero, and models were never
    # trained on one: without it, 8 of 50 phrases after pure silence were lost in a trial, with it none.
    dither=1 / 32768,
)


class VoskModel:
    """A Vosk model in memory."""

    traits = TRAITS

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
