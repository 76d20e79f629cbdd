"""Has Kokoro say texts, several in one rendering, and cuts them apart where the network says that each begins.

A single short word is often another word when it is said alone; after other sentences it is said well.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import soxr

from second_ear.texts import Text
from voicecoach.engines.synthesis.kokoro.network import FRAME, RATE_HZ
from voicecoach.engines.synthesis.kokoro.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from second_ear.voices import Speaker
    from voicecoach.engines.synthesis.kokoro.network import Kokoro

SAMPLE_HZ: Final = 16_000
BEFORE_S, AFTER_S = 0.08, 0.20
"""So much of the pause around a text stays with it, at most."""
TUNING_VOICES: Final = ("bf_lily", "am_eric")
"""Of Kokoro: nothing is learnt from them, nor from blends with them."""
FADE_S: Final = 0.01
LEAD_INS: Final = ("Please, now.", "All right, then.", "Well, now.", "Let me see.", "So, next.")
"""Begin a rendering, and are thrown away: the first words are said least well."""
MARKS: Final = (".", ".", ".", "!", "?", "...", ",")
"""What a text ends with: how it is said."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A text, said."""

    text: Text
    speaker: str
    sound: NDArray[np.int16]
    """Shape (n,), at `SAMPLE_HZ`."""


def rendered(
    kokoro: Kokoro, folder: Path, speaker: Speaker, said: Sequence[Text], rng: np.random.Generator
) -> list[Clip]:
    """``said`` by one speaker, in one rendering.

    Args:
        kokoro: The network.
        folder: Of its weights.
        speaker: Who speaks.
        said: What.
        rng: Decides how.
    """
    lead_in = LEAD_INS[int(rng.integers(len(LEAD_INS)))]
    marks = rng.integers(len(MARKS), size=len(said))
    written = [f"{one.words}{MARKS[int(mark)]}" for one, mark in zip(said, marks, strict=True)]
    rows = symbols([lead_in, *written], speaker.accent)
    sound, frames = kokoro.sound_and_frames(" ".join(rows), speaker.style(folder), speaker.speed)
    ends = np.cumsum(frames) * FRAME
    clips, at = [], 1  # the first length is that of what stands around the symbols
    name = f"kokoro/{speaker.voice}" + (f"+{speaker.other}" if speaker.share else "")
    for number, row in enumerate(rows):
        spoken = len(row.rstrip(".,!?\u2026 "))
        first, last, over = at, at + spoken - 1, at + len(row)
        if number:
            begin = int(ends[first - 1]) - _samples(min(BEFORE_S, _s(ends[first - 1] - ends[first - 2]) * 0.6))
            pause = (ends[min(over, len(ends) - 1)] - ends[last]) * 0.8
            end = int(ends[last]) + _samples(min(AFTER_S, _s(pause)))
            clips.append(Clip(said[number - 1], name, _finished(sound[max(0, begin) : end])))
        at += len(row) + 1
    return clips


def _s(samples: float) -> float:
    return float(samples) / RATE_HZ


def _samples(seconds: float) -> int:
    return round(seconds * RATE_HZ)


def _finished(sound: NDArray[np.float32]) -> NDArray[np.int16]:
    sound = np.array(sound, np.float32)
    fade = min(round(FADE_S * RATE_HZ), len(sound) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    sound[:fade] *= ramp
    sound[len(sound) - fade :] *= ramp[::-1]
    at_microphone = np.asarray(soxr.resample(sound, RATE_HZ, SAMPLE_HZ), np.float32)
    peak = float(np.abs(at_microphone).max(initial=0.0))
    scaled = at_microphone * (0.5 / peak) if peak else at_microphone
    return np.asarray(np.round(scaled * np.iinfo(np.int16).max), np.int16)


def write_clips(file: Path, clips: Sequence[Clip]) -> None:
    """Keep what one rendering gave; a file is there whole or not at all."""
    told = [{"words": one.text.words, "meaning": one.text.meaning, "speaker": one.speaker} for one in clips]
    beside = file.with_suffix(".unfinished")
    with beside.open("wb") as out:
        sounds = {f"sound{number}": one.sound for number, one in enumerate(clips)}
        np.savez(out, told=np.array(json.dumps(told)), **sounds)  # type: ignore[arg-type]
    beside.rename(file)


def read_clips(folder: Path, numbers: range) -> Iterator[Clip]:
    """What was kept of the renderings with these numbers, in order."""
    for number in numbers:
        with np.load(rendering_file(folder, number)) as kept:
            for place, one in enumerate(json.loads(str(kept["told"]))):
                text = Text(one["words"], one["meaning"])
                yield Clip(text, one["speaker"], np.asarray(kept[f"sound{place}"], np.int16))


def all_clips(folder: Path) -> Iterator[Clip]:
    """What was kept of all renderings that are there, in order."""
    for file in sorted(folder.glob("[0-9]*.npz")):
        number = int(file.stem)
        yield from read_clips(folder, range(number, number + 1))


def is_of_tuning(clip: Clip) -> bool:
    """Whether a voice of those that are kept for tuning speaks, or a blend with one."""
    return any(voice in clip.speaker for voice in TUNING_VOICES)


def rendering_file(folder: Path, number: int) -> Path:
    """Where a rendering is kept."""
    return folder / f"{number:05}.npz"
