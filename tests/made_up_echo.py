"""Sound for echo cancellers: something like speech, its echo in a room, and what a canceller leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.port import BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.engines.echo.port import EchoCanceller

ROOM_DB: Final = -66.0
SECOND: Final = MICROPHONE_HZ


def speech(seconds: float, seed: int, level_db: float = -26.0) -> NDArray[np.float32]:
    """Something that comes and goes, rises and falls like a voice, and is nobody's words."""
    dice = np.random.default_rng(seed)
    samples = round(seconds * SECOND)
    hz = np.arange(samples // 2 + 1) * SECOND / samples
    shaped = np.fft.irfft(np.fft.rfft(dice.standard_normal(samples)) / np.maximum(hz, 200.0), samples)
    knots = dice.choice([0.02, 0.3, 1.0], round(seconds * 5) + 2)
    loudness = np.interp(np.arange(samples), np.linspace(0, samples, len(knots)), knots)
    sound = shaped * loudness
    return np.asarray(sound * 10 ** (level_db / 20) / np.sqrt(np.mean(sound**2)), np.float32)


def at_microphone(played: NDArray[np.float32], *, echo_db: float, delay_s: float, seed: int) -> NDArray[np.float32]:
    """The echo of what is played, in a room with a short tail."""
    dice = np.random.default_rng(seed)
    tail = dice.standard_normal(1600) * np.exp(-np.arange(1600) / 500)
    late = np.zeros(round(delay_s * SECOND))
    echo = np.concatenate([late, np.convolve(played, np.concatenate([[1.0], 0.02 * tail]))])[: len(played)]
    gain = 10 ** (echo_db / 20) * np.sqrt(np.mean(np.square(played)) / np.mean(np.square(echo)))
    return np.asarray(echo * gain, np.float32)


def room_noise(samples: int, seed: int) -> NDArray[np.float32]:
    return np.asarray(np.random.default_rng(seed).normal(0, 10 ** (ROOM_DB / 20), samples), np.float32)


def stretched(sound: NDArray[np.float32], ppm: float | NDArray[np.float64]) -> NDArray[np.float32]:
    """As a clock hears it that is faster by ``ppm`` millionths, always or at each sample; band-limited."""
    padded = 1 << (len(sound) - 1).bit_length()
    finer = 16
    dense = np.fft.irfft(np.fft.rfft(sound, padded), padded * finer) * finer
    places = np.cumsum(np.broadcast_to(1 - ppm * 1e-6, len(sound))) * finer
    below = places.astype(int)
    share = places - below
    return np.asarray(dense[below] * (1 - share) + dense[below + 1] * share, np.float32)


def heard(
    canceller: EchoCanceller, microphone: NDArray[np.float32], played: NDArray[np.float32], block: int = BLOCK
) -> NDArray[np.float32]:
    """What is left, in step with the microphone."""
    blocks = (slice(at, at + block) for at in range(0, len(microphone), block))
    left = np.concatenate([canceller.remove(microphone[part], played[part]).sound for part in blocks])
    return left[BLOCK:]


def level_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def last(sound: NDArray[np.float32], seconds: float) -> NDArray[np.float32]:
    return sound[-round(seconds * SECOND) :]


PLAYED: Final = speech(20.0, seed=1)
