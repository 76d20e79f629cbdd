"""Voices that are nearly human say the coach's phrases: those of Kokoro that nothing was trained or chosen with.

They are harder to hear than voices of rules, with which the speech model grew up.  Like those, the clips are kept.
"""

from __future__ import annotations

import hashlib
import json
from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmark.recordings import INDEX, CorpusRecording, Kind, read_index, write_index
from second_ear.rendering import rendered
from second_ear.texts import NONE, Text
from second_ear.voices import KEPT_FOR_MEASURING, Speaker
from voicecoach.engines.synthesis.kokoro.network import Kokoro
from voicecoach.engines.synthesis.kokoro.weights import weights
from voicecoach.errors import CannotCreateError, MissingPartError
from voicecoach.invocation import to_install
from voicecoach.settings import kokoro_folder
from voicecoach.sound_files import write_sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SEED: Final = 8
_TOGETHER: Final = 8
"""Phrases in one rendering: a single word is said well among others, and alone often as another word."""
_PACES: Final = (0.9, 1.15)


def neural_recordings(
    phrases: Sequence[str], persons: int, work: Path, folder: Path | None = None
) -> list[CorpusRecording]:
    """Each of ``phrases``, said by ``persons`` of the voices in turn.

    Args:
        phrases: Phrases of the coach.
        persons: How many say each phrase.
        work: Folder in which the clips are kept for the next time.
        folder: Kokoro's weights; None: those that the coach would use.

    Raises:
        VoicecoachError: The clips cannot be kept.
        MissingPartError: Kokoro, or what it runs with, is missing.
    """
    voices = cycle(sorted(KEPT_FOR_MEASURING))
    orders = sorted((next(voices), phrase) for phrase in phrases for _ in range(persons))
    kept = work / f"neural-{hashlib.sha256(json.dumps([_SEED, *orders]).encode()).hexdigest()[:12]}"
    if orders and not (kept / INDEX).is_file():
        from_weights = folder or kokoro_folder()
        _check(from_weights)
        try:
            kept.mkdir(parents=True, exist_ok=True)
            write_index(kept, _recorded(orders, from_weights, kept), licence="none needed")
        except OSError as error:
            raise CannotCreateError(f"{kept} cannot be written ({error}); name another folder with --work") from None
    return read_index(kept) if orders else []


def _check(folder: Path) -> None:
    if not all(one.is_whole(folder) for one in weights()):
        raise MissingPartError("voices that are nearly human need Kokoro: voicecoach voices get kokoro")
    try:
        import onnxruntime  # noqa: F401, PLC0415 - asked for here, so that it is told before anything is said
    except ModuleNotFoundError:
        how = to_install("onnxruntime")
        raise MissingPartError(f"voices that are nearly human need onnxruntime; type: {how}") from None


def _recorded(orders: Sequence[tuple[str, str]], weights_in: Path, folder: Path) -> Iterator[CorpusRecording]:
    kokoro, number = Kokoro(weights_in), 0
    for voice in dict.fromkeys(voice for voice, _ in orders):
        said = [Text(phrase, NONE) for whose, phrase in orders if whose == voice]
        for at in range(0, len(said), _TOGETHER):
            rng = np.random.default_rng([_SEED, number])
            speaker = Speaker(voice, voice, 0.0, float(rng.uniform(*_PACES)))
            for clip in rendered(kokoro, weights_in, speaker, said[at : at + _TOGETHER], rng):
                path = folder / f"{number:04}.flac"
                write_sound(path, clip.sound)
                number += 1
                yield CorpusRecording(path, clip.text.words, f"kokoro {voice}", "synthetic", Kind.SYNTHETIC)
