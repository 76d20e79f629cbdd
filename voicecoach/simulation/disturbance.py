"""Non-speech sounds of a night: a cough, a door, a partner who snores.

All are synthesised: the rhythm, the pitch and the spectrum of the real thing, with less variety.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_COUGHING: Final = ((500.0, 150.0), (1400.0, 300.0), (2700.0, 500.0))
_SNORING: Final = ((180.0, 60.0), (420.0, 90.0), (950.0, 160.0))
_DOOR: Final = ((70.0, 15.0), (140.0, 30.0), (310.0, 60.0), (900.0, 300.0))
"""What rings, as centre and bandwidth in hertz: an open throat; throat, mouth and nose of a sleeper; a door leaf."""
_RINGS_S: Final = 0.1


class Disturbance(Enum):
    """The value is the word in scenario files."""

    COUGH = "cough"
    DOOR_SLAM = "door slam"
    SNORE = "snore"

    @property
    def usual_db(self) -> float:
        """How loud it is at the microphone (RMS without pauses, relative to full scale)."""
        return _USUAL_DB[self]


def sound_of(disturbance: Disturbance, rng: np.random.Generator, for_s: float | None = None) -> NDArray[np.float32]:
    """The sound of ``disturbance`` at no particular level: shape (n,), float32 at `MICROPHONE_HZ`.

    Args:
        disturbance: What is to be heard.
        rng: Decides what differs from one cough to the next.
        for_s: How long, again and again; None: once.
    """
    make = _MAKERS[disturbance]
    sound = make(rng)
    while for_s is not None and len(sound) < for_s * MICROPHONE_HZ:
        sound = np.concatenate([sound, _pause(0.5, 1.5, rng), make(rng)])
    whole = len(sound) if for_s is None else round(for_s * MICROPHONE_HZ)
    return sound[:whole].astype(np.float32)


def _cough(rng: np.random.Generator) -> NDArray[np.float64]:
    """Air that was held back bursts out, goes on as a rush, and often ends with a bit of voice; most come in twos."""
    once = [_one_cough(rng) for _ in range(rng.integers(1, 4))]
    return np.concatenate([part for cough in once for part in (cough, _pause(0.05, 0.2, rng))])


def _one_cough(rng: np.random.Generator) -> NDArray[np.float64]:
    times = _times(rng.uniform(0.3, 0.45))
    burst = np.exp(-times / 0.03) + 0.25 * np.exp(-(((times - 0.12) / 0.08) ** 2))
    air = burst * rng.standard_normal(len(times))
    voice = 3.0 * _pulses(len(times), rng.uniform(110.0, 220.0), 0.05, rng)
    voice *= np.exp(-(((times - 0.25) / 0.05) ** 2))
    return _through(_COUGHING, air + voice)


def _door_slam(rng: np.random.Generator) -> NDArray[np.float64]:
    """The latch, the leaf in its frame, and the room for a moment after."""
    times = _times(0.8)
    blow = np.zeros(len(times))
    latch, leaf = round(0.01 * MICROPHONE_HZ), round(rng.uniform(0.05, 0.08) * MICROPHONE_HZ)
    blow[latch], blow[leaf] = 0.2, 1.0
    sound = _through(_DOOR, blow)
    knock = np.exp(-times[: len(times) - leaf] / 0.012) + 0.05 * np.exp(-times[: len(times) - leaf] / 0.12)
    sound[leaf:] += knock * rng.standard_normal(len(knock))
    return sound


def _snore(rng: np.random.Generator) -> NDArray[np.float64]:
    """A breath in, in which the soft palate flaps, and a breath out, which is a soft rush of air."""
    times = _times(rng.uniform(0.8, 1.8))
    flaps = _pulses(len(times), rng.uniform(40.0, 90.0), 0.2, rng) + 0.03 * rng.standard_normal(len(times))
    air = 0.02 * rng.standard_normal(round(rng.uniform(0.8, 1.4) * MICROPHONE_HZ))
    breath_in, breath_out = (_through(_SNORING, breath) * np.hanning(len(breath)) for breath in (flaps, air))
    return np.concatenate([breath_in, _pause(0.2, 0.6, rng), breath_out])


# --- what they are made of --------------------------------------------------------------------------------------------


def _pulses(length: int, hz: float, unsteadiness: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """About ``hz`` clicks a second, by ``unsteadiness`` sooner or later than that: shape (length,)."""
    clicks = np.zeros(length)
    at = 0.0
    while at < length:
        clicks[int(at)] = rng.uniform(0.5, 1.0)
        at += MICROPHONE_HZ / (hz * rng.uniform(1.0 - unsteadiness, 1.0 + unsteadiness))
    return clicks


def _through(resonances: tuple[tuple[float, float], ...], sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of ``sound``, shape (n,), where it makes something ring: the same shape."""
    times = _times(_RINGS_S)
    rings = [np.exp(-np.pi * wide * times) * np.sin(2 * np.pi * hz * times) for hz, wide in resonances]
    return np.convolve(sound, np.sum(rings, axis=0))[: len(sound)]


def _pause(least_s: float, most_s: float, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.zeros(round(rng.uniform(least_s, most_s) * MICROPHONE_HZ))


def _times(seconds: float) -> NDArray[np.float64]:
    return np.arange(round(seconds * MICROPHONE_HZ)) / MICROPHONE_HZ


_MAKERS: Final[dict[Disturbance, Callable[[np.random.Generator], NDArray[np.float64]]]] = {
    Disturbance.COUGH: _cough,
    Disturbance.DOOR_SLAM: _door_slam,
    Disturbance.SNORE: _snore,
}
_USUAL_DB: Final = {Disturbance.COUGH: -20.0, Disturbance.DOOR_SLAM: -18.0, Disturbance.SNORE: -36.0}
