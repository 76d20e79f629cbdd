"""Rain and brown noise after the last word: made sample by sample, never repeated, gone within half an hour.

Noise is put together of frames of random spectra, each fading into the next, so there is no seam and no loop.  What is
heard at a frame is a function of its number alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.dialogue.events import NightSound

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RMS_DB: Final = {NightSound.RAIN: -44.0, NightSound.BROWN: -40.0}
"""Relative to full scale, at its beginning; sentences are at -20 dB.  Ears hear little of what is low."""
SWELL_S: Final = 6.0
GOES_S: Final = 4.0
"""How long it takes to fall silent when somebody has had enough of it."""
FRAME_S: Final = 0.17
"""About; a frame has a number of samples that is a power of two, and half of it fades into the next."""
LOWEST_HZ: Final = 40.0
"""A bedside speaker makes nothing of what is lower but distortion."""
WANDERS_DB: Final = 2.5
WANDERS_S: Final = 5.0
"""Rain comes and goes: so much, and within so long."""
DROPS_PER_S: Final = 14.0
DROP_S: Final = 0.012
DROP_HZ: Final = (900.0, 3600.0)
DROP_PEAK: Final = 2.0
"""Of the loudest drop, in RMS of the rain around it."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a sound is made of."""

    spectrum: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    """How strong it is at each frequency in Hz."""
    wanders_db: float = 0.0
    drops_per_s: float = 0.0


def _rain(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """A hiss that is soft above, where rain on a window sounds like a frying pan."""
    return 1 / (np.sqrt(hz) * np.sqrt(1 + (350.0 / hz) ** 4) * np.sqrt(1 + (hz / 4500.0) ** 4))


def _brown(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half as strong with each octave: a far waterfall."""
    return 1 / (hz * (1 + (LOWEST_HZ / hz) ** 2))


_SHAPES: Final = {
    NightSound.RAIN: _Shape(_rain, wanders_db=WANDERS_DB, drops_per_s=DROPS_PER_S),
    NightSound.BROWN: _Shape(_brown),
}


class Bed:
    """A sound that lies under everything else, from one frame of the timeline on."""

    def __init__(self, sound: NightSound, rate_hz: int, begins: int, lasts_s: float) -> None:
        """Make nothing yet.

        Args:
            sound: Which.
            rate_hz: Frames a second.
            begins: The frame at which it begins.
            lasts_s: Seconds until it has faded to nothing.
        """
        self._shape, self._rate_hz, self._begins = _SHAPES[sound], rate_hz, begins
        self._lasts = max(1, round(lasts_s * rate_hz))
        self._ends = self._lasts
        """Counted from the beginning, and so are all frames below."""
        self._goes_from: int | None = None
        self._size = 1 << round(math.log2(FRAME_S * rate_hz))
        self._hop = self._size // 2
        self._window = np.sin(np.pi * (np.arange(self._size) + 0.5) / self._size)
        hz = np.maximum(np.fft.rfftfreq(self._size, 1 / rate_hz), LOWEST_HZ / 4)
        strength = self._shape.spectrum(hz)
        strength[0] = strength[-1] = 0.0
        self._strength = strength * (10 ** (RMS_DB[sound] / 20) * self._size / np.sqrt(2 * np.sum(2 * strength**2)))
        self._rms = 10 ** (RMS_DB[sound] / 20)
        self._frame = lru_cache(maxsize=3)(self._make_frame)

    def is_over(self, frame: int) -> bool:
        """Whether nothing more is heard of it from ``frame`` on."""
        return frame - self._begins >= self._ends

    def go(self, frame: int) -> None:
        """Fall silent within `GOES_S` from ``frame`` on."""
        if self._goes_from is None:
            self._goes_from = max(0, frame - self._begins)
            self._ends = min(self._ends, self._goes_from + round(GOES_S * self._rate_hz))

    def read(self, first: int, frames: int) -> NDArray[np.float32]:
        """What is heard of it from frame ``first`` on: shape (frames,), float32."""
        at = first - self._begins + np.arange(frames)
        chunks = [self._chunk(number) for number in range(int(at[0]) // self._hop, int(at[-1]) // self._hop + 1)]
        sound = np.concatenate(chunks)[at[0] % self._hop :][:frames] * self._gain(at)
        return np.where(at >= 0, sound, 0.0).astype(np.float32)

    def _gain(self, at: NDArray[np.int64]) -> NDArray[np.float64]:
        """It swells, and from then on it fades: by 6 dB in a third of its time, 14 dB in half, and so on to nothing."""
        swell = np.clip(at / (SWELL_S * self._rate_hz), 0.0, 1.0)
        left = np.clip(1.0 - at / self._lasts, 0.0, 1.0)
        gain: NDArray[np.float64] = swell * swell * left * left
        if self._goes_from is not None:
            gain *= np.clip(1.0 - (at - self._goes_from) / (GOES_S * self._rate_hz), 0.0, 1.0) ** 2
        return gain

    def _chunk(self, number: int) -> NDArray[np.float64]:
        """Half a frame, in which one fades out and the next one in."""
        before, after = self._frame(number - 1), self._frame(number)
        return before[self._hop :] + after[: self._hop]

    def _make_frame(self, number: int) -> NDArray[np.float64]:
        dice = np.random.default_rng((self._begins, max(0, number + 1)))  # before its beginning nothing is heard
        spectrum = dice.standard_normal((2, len(self._strength))) * self._strength
        frame: NDArray[np.float64] = np.fft.irfft(spectrum[0] + 1j * spectrum[1], self._size) * self._window
        for _ in range(dice.poisson(self._shape.drops_per_s * self._hop / self._rate_hz)):
            self._let_fall(frame, dice)
        return frame * 10 ** (self._shape.wanders_db * self._wandering(number * self._hop / self._rate_hz) / 20)

    def _let_fall(self, frame: NDArray[np.float64], dice: np.random.Generator) -> None:
        """A drop somewhere in the first half of a frame."""
        length = round(DROP_S * self._rate_hz)
        time_s = np.arange(length) / self._rate_hz
        pitch_hz = DROP_HZ[0] * (DROP_HZ[1] / DROP_HZ[0]) ** dice.random()
        drop = np.sin(2 * np.pi * pitch_hz * time_s) * np.exp(-5 * time_s / DROP_S) * np.hanning(length)
        at = int(dice.integers(self._hop - length))
        frame[at : at + length] += DROP_PEAK * dice.random() ** 2 * self._rms * drop

    def _wandering(self, at_s: float) -> float:
        """From -1 to 1, smoothly from one random value to the next."""
        here = math.floor(at_s / WANDERS_S)
        values = [np.random.default_rng((self._begins, 1, abs(here + step))).uniform(-1, 1) for step in (0, 1)]
        way = at_s / WANDERS_S - here
        return float(values[0] + (values[1] - values[0]) * (way * way * (3 - 2 * way)))
