"""What the two ears are weighed with: people who are kept for tuning, and two of Kokoro's training voices."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from model.recordings import UNSURE, is_for_tuning, read_index, read_samples
from second_ear.dressing import Dresser, loud_rms
from second_ear.rendering import all_clips, is_of_tuning
from second_ear.weighing import Take
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from model.recordings import CorpusRecording

MOST_OF_A_TEXT: Final = 25
MOST_OF_KOKORO: Final = 300
LOUD: Final = 0.05
"""RMS of what is said: -26 dB, a person at a metre."""
SNR_DB: Final = 12.0
HISS: Final = np.float32(5e-4)
"""RMS of the room's own: -66 dB."""
AROUND_S: Final = 1.0
"""Of the room before and after what is said."""
SAMPLE_HZ: Final = 16_000
LONGEST_S: Final = 12


def takes(speech: Path, clips: Path, rng: np.random.Generator) -> Iterator[Take]:
    """Each in a quiet room; every second one again beside noise."""
    dresser = Dresser(speech, rng)
    for number, (words, source, sound) in enumerate([*_people(speech, rng), *_kokoros(clips)]):
        loud = sound.astype(np.float32) / np.float32(32767.0)
        loud *= np.float32(LOUD / (loud_rms(loud) + 1e-6))
        loud = np.pad(loud, round(AROUND_S * SAMPLE_HZ)).astype(np.float32)
        loud += rng.standard_normal(len(loud)).astype(np.float32) * HISS
        yield Take(words, f"{source} quiet", loud)
        if number % 2:
            noise = dresser.noise(len(loud), rng) * np.float32(LOUD * 10 ** (-SNR_DB / 20))
            yield Take(words, f"{source} noise", loud + noise)


def _people(speech: Path, rng: np.random.Generator) -> Iterator[tuple[str, str, NDArray[np.int16]]]:
    usable = [one for one in read_index(speech) if is_for_tuning(one) and one.kind != "noise"]
    counted: Counter[str] = Counter()
    for place in rng.permutation(len(usable)):
        one = usable[int(place)]
        counted[one.text] += 1
        if counted[one.text] <= MOST_OF_A_TEXT:
            try:
                yield _words(one), f"people/{one.kind}", read_samples(one.path)[: LONGEST_S * SAMPLE_HZ]
            except BadFileError:
                continue


def _words(one: CorpusRecording) -> str:
    return "" if one.text.startswith(UNSURE) else one.text


def _kokoros(folder: Path) -> Iterator[tuple[str, str, NDArray[np.int16]]]:
    for one in islice(filter(is_of_tuning, all_clips(folder)), MOST_OF_KOKORO):
        yield one.text.words, one.speaker, one.sound
