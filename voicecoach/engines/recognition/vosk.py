"""Vosk: a streaming recogniser with a grammar made at run time.

What Vosk must never be asked to do is not offered here: its ``SetGrammar`` and ``Reset`` end the process when they
come in the middle of an utterance.  Another grammar means another recogniser on the same model, which costs a
millisecond or two.

Run as a module with a folder behind it, it tries the model there and ends.  Vosk ends the process over some broken
files, so `model_files` tries the models of others in a child.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, cast

import numpy as np

from voicecoach.engines.needs import Needs
from voicecoach.engines.recognition.port import (
    MICROPHONE_HZ,
    UNKNOWN,
    Alternative,
    Partial,
    RecognizerTraits,
    Result,
)
from voicecoach.engines.recognition.vocabulary.lexicon import LexiconText
from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import ModuleType

    import vosk
    from numpy.typing import NDArray

    from voicecoach.engines.recognition.vocabulary.lexicon import Pronunciation

NEEDS: Final = Needs(packages=("vosk",), system=("libatomic1",), memory_mb=110)
"""libatomic1 on arm64 only.  The memory is that of the model which ships; a general one takes from 300 MB to 6 GB."""
TRAITS: Final = RecognizerTraits(
    name="vosk",
    # Of people's words, 7 in 100 are lost without any margin, and a greater one brings more wrong phrases than right.
    nbest_margin_nats=2.0,
    partial_latency_s=0.3,
    # A general model looks 0.4 s ahead and works in steps of 0.2 s (the one that ships: 0.15 s, and 0.09 s), so it may
    # not yet have shown a word that began 0.6 s ago.
    pre_roll_s=0.8,
    lead_in_s=0.2,
    # Kaldi's rule 2, in the model's conf/model.conf: the pause after words that can be the end of a phrase.
    endpoint_pause_s=0.5,
    longest_block=round(0.2 * MICROPHONE_HZ),  # its own step
    # The faintest that 16 bits can hold.  Without it, 8 of 50 phrases after pure silence were lost, with it none.
    least_noise=1 / 32768,
)
"""An alternative's `log_likelihood` is what Vosk calls its confidence: the lattice's cost with its sign turned, the
acoustic part already scaled by the model's ``acoustic-scale``; at most `MOST_ALTERNATIVES` are told."""
PHRASES_FOR_ONE_UNKNOWN = 10
"""Vosk counts how often each line of a grammar comes, so the more phrases there are, the less likely is anything else.
Named as often as this, the unknown stays as likely with two hundred phrases as with ten.  Measured: of people's
sentences, taken for a phrase of a routine, 10 in 100 become 6, and no phrase is lost."""
MOST_ALTERNATIVES = 10
_FULL_SCALE = 32767
_SILENT_LOG_LEVEL = -3
"""Not even warnings: Vosk writes one for each result of a model that has no word boundaries."""


class VoskModel:
    """A Vosk model in memory."""

    traits = TRAITS

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``, as `model_files.find_model` gives it.

        Raises:
            MissingPartError: Vosk is broken, or cannot read the model.
        """
        vosk = _vosk()
        try:
            self._model = vosk.Model(str(folder))
        except Exception as error:  # Vosk has no narrower one
            raise MissingPartError(f"Vosk cannot read the speech model {folder}; install it again") from error
        self._lexicon = LexiconText.of(folder / "graph/lexicon.txt")

    def knows(self, word: str) -> bool:
        """Whether ``word`` is in the model's list of words."""
        return int(self._model.vosk_model_find_word(word)) >= 0

    def phones(self, word: str) -> Pronunciation | None:
        """How ``word`` is said, by the lexicon that our own models have beside their graph; None: there is none."""
        return self._lexicon.said(word)

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
        lines = spanning(phrases)
        unknown = [UNKNOWN] * max(1, round(len(lines) / PHRASES_FOR_ONE_UNKNOWN))
        self._vosk = _vosk().KaldiRecognizer(model, MICROPHONE_HZ, json.dumps([*lines, *unknown]))
        self._vosk.SetMaxAlternatives(MOST_ALTERNATIVES)

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        """Listen to ``block``.

        Raises:
            ValueError: The block is longer than `TRAITS` allows, or not a row of samples.
        """
        if block.ndim != 1 or len(block) > TRAITS.longest_block:
            raise ValueError(
                f"a block of shape {block.shape} cannot be heard; at most {TRAITS.longest_block} samples can"
            )
        if self._vosk.AcceptWaveform(_as_bytes(block)):
            return _result(self._vosk.Result())
        partial: str = json.loads(self._vosk.PartialResult())["partial"]
        return Partial(partial)

    def finish(self) -> Result:
        """End the utterance under way."""
        return _result(self._vosk.FinalResult())


@lru_cache(maxsize=16)
def _spanning(phrases: frozenset[str]) -> tuple[str, ...]:
    lines: list[str] = []
    known: set[tuple[str, str]] = set()
    for phrase in sorted(phrases, key=lambda phrase: (phrase.count(" "), phrase)):
        words = ["", *phrase.split(), ""]
        pairs = set(pairwise(words))
        if not pairs <= known:
            known |= pairs
            lines.append(phrase)
    return tuple(lines)


def spanning(phrases: Collection[str]) -> tuple[str, ...]:
    """Some of ``phrases`` in which every two words that are neighbours in any of them stand side by side.

    Vosk makes a grammar of pairs of words, so it hears the same phrases with these as with all: four thousand phrases
    are as few as eight hundred lines.  The shortest come first, as the plain phrases are the likeliest.

    Returns:
        In an order of their own, because the order decides between equals and a set has none: the same sound gives the
        same words.
    """
    return _spanning(frozenset(phrases))


def _vosk() -> ModuleType:
    """The library; loading it takes a quarter of a second, and most commands hear nothing."""
    try:
        import vosk  # noqa: PLC0415 - see above
    except (ImportError, OSError) as error:
        remedy = "install it with: sudo apt install libatomic1" if "libatomic" in str(error) else "install it again"
        raise MissingPartError(f"Vosk cannot be loaded ({error}); {remedy}") from error
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


def try_model(folder: Path) -> None:
    """Load a model and hear a second of silence; whatever is broken shows, by an error or by the process's end."""
    recognizer = VoskModel(folder).recognizer(())
    for _ in range(MICROPHONE_HZ // TRAITS.longest_block):
        recognizer.accept(np.zeros(TRAITS.longest_block, np.float32))
    recognizer.finish()


if __name__ == "__main__":
    try_model(Path(sys.argv[1]))
