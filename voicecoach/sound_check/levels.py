"""How loud the microphone was, in frames of 20 ms.  Numbers are kept, never the sound."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME: Final = MICROPHONE_HZ // 50
FULL_SCALE: Final = 0.98
"""A sample beyond this was cut off; not quite 1, for resampling and averaged channels move the edge a little."""
CLIPPED_FRAMES: Final = 3
"""So many frames with such samples are no accident: a single one is a knock on the table."""
BURSTS: Final = 0.1
"""The loudest share of what should be quiet is left out: a cough, a rustle of the blanket."""
ACTIVE_DB: Final = 15.0
"""Frames further than this below the loudest are the pauses of a voice and do not count towards its level."""
LEAST_POWER: Final = 10**-9.8
"""What no sound at all is counted as: 16 bits have that much noise of their own, -98 dBFS."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the microphone's sound."""

    first: int
    """Sample at which it begins."""
    end: int
    """Sample after its last one."""


class Levels:
    """Follows the microphone from its first sample on."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._powers: list[float] = []
        self._peaks: list[float] = []
        self.position = 0
        """Samples heard so far."""

    def add(self, block: NDArray[np.float32]) -> None:
        """Take note of a block, shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; finite."""
        sound = np.concatenate([self._rest, block])
        frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
        self._powers.extend(frame_powers(sound).tolist())
        self._peaks.extend(np.abs(frames).max(axis=1).tolist())
        self._rest = sound[frames.size :]
        self.position += len(block)

    def powers(self, span: Span) -> NDArray[np.float64]:
        """The mean power of each frame within ``span``: shape (n,), full scale is 1."""
        return np.array(self._powers[_frames(span)], np.float64)

    def clipped(self, span: Span) -> bool:
        """Whether the sound was cut off at full scale within ``span``."""
        return sum(peak >= FULL_SCALE for peak in self._peaks[_frames(span)]) >= CLIPPED_FRAMES

    @property
    def silent(self) -> bool:
        """Whether every sample so far was exactly zero: no microphone that is switched on is ever that quiet."""
        return not any(self._peaks)


def _frames(span: Span) -> slice:
    """The whole frames within ``span``."""
    return slice(-(-span.first // FRAME), span.end // FRAME)


def frame_powers(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """The mean power of each whole frame of ``sound``, shape (n,): shape (n // FRAME,)."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    return np.asarray(np.mean(np.square(frames, dtype=np.float64), axis=1))


def steady_power(powers: NDArray[np.float64]) -> float:
    """The mean of frames without the loudest tenth: what goes on all the time."""
    kept = np.sort(powers)[: len(powers) - int(BURSTS * len(powers))]
    return float(kept.mean()) if len(kept) else 0.0


def active(powers: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which frames are voice, not pause: those within `ACTIVE_DB` of the loudest; none where all is silent."""
    loudest = powers.max(initial=0.0)
    return np.asarray((powers >= loudest * 10 ** (-ACTIVE_DB / 10)) & (powers > 0))


def active_power(powers: NDArray[np.float64]) -> float:
    """The mean of the frames that are voice; 0.0 where all is silent."""
    voice = powers[active(powers)]
    return float(voice.mean()) if len(voice) else 0.0


def decibels(power: float) -> float:
    """A power as a level; of sound, relative to full scale (dBFS)."""
    return 10 * log10(max(power, LEAST_POWER))
