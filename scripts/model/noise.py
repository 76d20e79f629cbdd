"""Noise to train among: what people recorded, what can be made from chance, and other people's talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import signal

from model.features import SAMPLE_HZ, log_mel
from model.store import TrainingUtterance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from model.store import UtteranceStore

SEGMENT_S = 8.0
TARGET_RMS = 1000.0
"""Of every segment, on the scale of 16-bit integers; `mixing` brings them to the level it wants."""
_PINK = ([0.049922, -0.095993, 0.050612, -0.004408], [1, -2.494956, 2.017265, -0.522189])
"""A filter that makes white noise fall by 3 dB an octave (J. O. Smith, Spectral Audio Signal Processing)."""


def white(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Equal power at every frequency, as a microphone hisses."""
    return rng.standard_normal(count)


def pink(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Falls by 3 dB an octave, as most rooms do."""
    return np.asarray(signal.lfilter(*_PINK, white(count, rng)))


def brown(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Falls by 6 dB an octave: traffic, wind."""
    return np.asarray(signal.lfilter([1], [1, -0.98], white(count, rng)))


def hum(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Mains or a motor: a tone and its overtones, with some hiss."""
    time = np.arange(count) / SAMPLE_HZ
    tone = rng.choice([50, 60, 100, 120, 180, 240]) * rng.uniform(0.97, 1.03)
    overtones = [
        np.sin(2 * np.pi * tone * k * time + rng.uniform(0, 6)) / k for k in range(1, int(rng.integers(3, 12)))
    ]
    return np.asarray(np.sum(overtones, axis=0) + rng.uniform(0.02, 0.4) * white(count, rng))


def fan(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Air and blades: pink noise under a low cut, beating slowly."""
    air = signal.lfilter([1], [1, -rng.uniform(0.5, 0.95)], pink(count, rng))
    beat = 1 + rng.uniform(0, 0.4) * np.sin(2 * np.pi * rng.uniform(2, 25) * np.arange(count) / SAMPLE_HZ)
    return np.asarray(air * beat)


def rain(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Hiss and many small drops."""
    drops = (rng.random(count) < rng.uniform(50, 800) / SAMPLE_HZ) * rng.exponential(3.0, count)
    struck = signal.lfilter([1, -1], [1, -1.6, 0.85], drops)
    return np.asarray(struck + rng.uniform(0.05, 0.5) * signal.lfilter([1, -0.5], [1], white(count, rng)))


def rustle(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Bedding: bursts of noise that come and go."""
    knots = np.maximum(rng.normal(-0.3, 1.0, count // 2000 + 2), 0.02)
    return np.interp(np.arange(count) / 2000, np.arange(len(knots)), knots) * pink(count, rng)


def snore(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Breaths of rattling low noise, some three or four seconds apart."""
    time = np.arange(count) / SAMPLE_HZ
    breath = np.clip(np.sin(2 * np.pi * time / rng.uniform(2.5, 4.5) + rng.uniform(0, 6)), 0, 1)
    rattle = 0.4 + np.abs(np.sin(np.pi * rng.uniform(20, 60) * time))
    return np.asarray(
        breath * rattle * signal.lfilter([1], [1, -1.7, 0.8], white(count, rng)) + 0.01 * white(count, rng)
    )


MADE = (white, pink, brown, hum, fan, rain, rustle, snore)


def babble(
    speech: UtteranceStore, rows: NDArray[np.int64], count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Two to seven voices of ``speech`` at once, (count,); ``rows`` are those that may be taken."""
    total = np.zeros(count)
    for _ in range(rng.integers(2, 8)):
        voice = np.zeros(0)
        while len(voice) < count:
            piece = np.asarray(speech.row(int(rng.choice(rows))), np.float64)
            voice = np.concatenate([voice, piece / (np.sqrt(np.mean(piece**2)) + 1), np.zeros(rng.integers(800, 8000))])
        total += np.roll(voice[:count], rng.integers(count)) * rng.uniform(0.3, 1.0)
    return total


def noise_segments(
    recordings: Sequence[NDArray[np.int16]], speech: UtteranceStore, minutes: float, rng: np.random.Generator
) -> Iterator[tuple[TrainingUtterance, NDArray[np.float32]]]:
    """Features of noise, a third of each: made, talk, recorded.

    Args:
        recordings: Of noise; without any, more is made.
        speech: Samples to make talk from.
        minutes: How much to make.
        rng: Decides.

    Yields:
        What it is, and its features, (798, 40): `SEGMENT_S` at `TARGET_RMS`.
    """
    count = int(SEGMENT_S * SAMPLE_HZ)
    rows = np.arange(len(speech))
    for index in range(round(minutes * 60 / SEGMENT_S)):
        kind = index % 3
        if kind == 1 and len(rows):
            name, sound = "babble", babble(speech, rows, count, rng)
        elif kind == 2 and recordings:  # noqa: PLR2004 - the third of three kinds
            name, sound = "recorded", _stretch(recordings[int(rng.integers(len(recordings)))], count, rng)
        else:
            make = MADE[int(rng.integers(len(MADE)))]
            name, sound = make.__name__, make(count, rng)
        level = np.sqrt(np.mean(sound**2)) + 1e-9
        yield TrainingUtterance("", name, "noise"), log_mel(np.asarray(sound / level * TARGET_RMS, np.float32))


def _stretch(recording: NDArray[np.int16], count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Some part of ``recording``, repeated where it is too short, faster or slower than it was."""
    sound = recording.astype(np.float64)
    sound = np.interp(np.arange(0, len(sound) - 1, rng.uniform(0.8, 1.25)), np.arange(len(sound)), sound)
    return np.resize(np.roll(sound, -int(rng.integers(len(sound)))), count)
