"""Changes to a recording that must be made to its sound: another body, another room, another microphone.

What can be done to features (noise, level, pace, a microphone's colour) is done in `mixing`, anew each time that an
utterance is trained on, because there it costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy import signal

from model.features import SAMPLE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

Samples: TypeAlias = "NDArray[np.float32]"
"""(n,) at 16 kHz, on the scale of 16-bit integers; for `breathy` and `in_room` 0.05 s at least."""
CLIPPED = 0.06
NARROWED = 0.12
"""How often an utterance is."""


def resized(samples: Samples, factor: float) -> Samples:
    """Another size of body: pitch and formants times ``factor``, duration divided by it."""
    places = np.arange(0, len(samples) - 1, factor)
    return np.asarray(np.interp(places, np.arange(len(samples)), samples), np.float32)


def breathy(samples: Samples, share: float, rng: np.random.Generator) -> Samples:
    """A soft voice: ``share`` of it is breath, which has the spectrum of the voice but no tone of its own."""
    _, _, spectrum = signal.stft(samples, SAMPLE_HZ, nperseg=400, noverlap=300)
    turned = spectrum * np.exp(1j * rng.uniform(0, 2 * np.pi, spectrum.shape))
    _, breath = signal.istft(turned, SAMPLE_HZ, nperseg=400, noverlap=300)
    length = min(len(breath), len(samples))
    # Breath has no fundamental: the lowest part of the spectrum is weak in a whisper.
    breath = signal.lfilter([1, -0.9 * share], [1], breath[:length])
    mixed = (1 - share) * samples[:length] + share * breath
    return np.asarray(mixed, np.float32)


def room(rng: np.random.Generator) -> Samples:
    """The impulse response of a room: the direct sound, then echoes that die away within 0.1 to 0.7 s."""
    length = int(rng.uniform(0.1, 0.7) * SAMPLE_HZ)
    tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length) * rng.uniform(0.02, 0.25)
    tail[: int(rng.uniform(0.001, 0.008) * SAMPLE_HZ)] = 0
    # Walls and bedding swallow the high tones sooner than the low ones.
    tail = signal.lfilter([1], [1, -rng.uniform(0, 0.7)], tail)
    tail[0] = 1.0
    return np.asarray(tail, np.float32)


def in_room(samples: Samples, rng: np.random.Generator) -> Samples:
    """The same sound heard in a room; as long as before and a little of the tail."""
    heard = signal.fftconvolve(samples, room(rng))[: len(samples) + SAMPLE_HZ // 10]
    return np.asarray(heard / (np.abs(heard).max() + 1e-9) * np.abs(samples).max(), np.float32)


def clipped(samples: Samples, rng: np.random.Generator) -> Samples:
    """Too loud for the microphone: peaks are cut at 0.2 to 0.7 of the highest."""
    limit = np.abs(samples).max() * rng.uniform(0.2, 0.7)
    return np.clip(samples, -limit, limit).astype(np.float32)


def narrowed(samples: Samples, rng: np.random.Generator) -> Samples:
    """A poor microphone: little below 80-300 Hz, little above 3-6 kHz."""
    band = [rng.uniform(80, 300), rng.uniform(3000, 6000)]
    sections = signal.butter(2, band, "bandpass", fs=SAMPLE_HZ, output="sos")
    return np.asarray(signal.sosfilt(sections, samples), np.float32)


def varied(samples: NDArray[np.int16], rng: np.random.Generator, *, human: bool, far: bool) -> Samples:
    """One of the ways in which an utterance may reach a microphone.

    Args:
        samples: (n,) at 16 kHz.
        rng: Decides.
        human: A person's recording has a body and often a room already, so it is changed less.
        far: Heard through a room.

    Returns:
        (m,): longer or shorter by what the size of the body does to its duration, and 0.1 s longer in a room.
    """
    sound = samples.astype(np.float32)
    if rng.random() < (0.5 if human else 0.75):
        sound = resized(sound, rng.uniform(0.92, 1.1) if human else rng.uniform(0.82, 1.2))
    if rng.random() < (0.03 if human else 0.1):
        sound = breathy(sound, rng.uniform(0.4, 1.0), rng)
    if far:
        sound = in_room(sound, rng)
    if rng.random() < CLIPPED:
        sound = clipped(sound, rng)
    if rng.random() < NARROWED:
        sound = narrowed(sound, rng)
    return sound
