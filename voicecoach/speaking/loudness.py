"""How loud a sentence is for somebody who hears it: gated loudness after ITU-R BS.1770-4, of one channel.

The two filters of the K-weighting are applied to the spectrum of the whole clip, zeros after it: for clips, which are
there from end to end, that needs nothing but numpy.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_S: Final = 0.400
"""Loudness is measured in blocks of this length, each a quarter further on; a shorter clip is one block."""
STEP_S: Final = 0.100
SILENCE_LUFS: Final = -70.0
"""Blocks that are quieter do not count, nor do those `GATE_LU` below the mean of the rest: pauses are not speech."""
GATE_LU: Final = -10.0
_OFFSET_LU: Final = -0.691
"""Brings a sine of 997 Hz at full scale to -3.01 LUFS, its mean square."""
_TAIL_S: Final = 0.2
"""Zeros after the clip, in which the filters ring out."""

_Biquad = tuple[tuple[float, float, float], tuple[float, float, float]]
"""What is multiplied with the latest three samples put in, and with those that came out."""


def loudness_lufs(sound: NDArray[np.float32], rate_hz: int) -> float:
    """Loudness of ``sound`` (shape (n,), -1..1) in LUFS; minus infinity where nothing is to be heard."""
    if not len(sound):
        return -math.inf
    heard = k_weighted(sound, rate_hz)
    length, step = min(len(heard), round(BLOCK_S * rate_hz)), round(STEP_S * rate_hz)
    summed = np.concatenate([[0.0], np.cumsum(np.square(heard))])
    begins = np.arange(0, len(heard) - length + 1, step)
    powers = (summed[begins + length] - summed[begins]) / length
    for gate_lufs in (SILENCE_LUFS, None):
        limit = _lufs(float(np.mean(powers))) + GATE_LU if gate_lufs is None else gate_lufs
        powers = powers[powers > 10 ** ((limit - _OFFSET_LU) / 10)]
        if not len(powers):
            return -math.inf
    return _lufs(float(np.mean(powers)))


def k_weighted(sound: NDArray[np.float32], rate_hz: int) -> NDArray[np.float64]:
    """``sound`` as an ear weighs it: shape (n,)."""
    size = 1 << (len(sound) + round(_TAIL_S * rate_hz) - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(sound, size) * _response(size, rate_hz), size)[: len(sound)]


def _lufs(power: float) -> float:
    return _OFFSET_LU + 10 * math.log10(power)


@lru_cache(maxsize=8)
def _response(size: int, rate_hz: int) -> NDArray[np.complex128]:
    """Both filters, at each frequency of a spectrum of ``size`` samples."""
    delay = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones(len(delay), np.complex128)
    for numerator, denominator in (_shelf(rate_hz), _high_pass(rate_hz)):
        response *= np.polynomial.polynomial.polyval(delay, numerator)
        response /= np.polynomial.polynomial.polyval(delay, denominator)
    return response


def _shelf(rate_hz: int) -> _Biquad:
    """A head in the way of sound: 4 dB more above some 1.7 kHz.  Figures that give those of the standard at 48 kHz."""
    gain_db, quality, k = 3.999843853973347, 0.7071752369554196, math.tan(math.pi * 1681.974450955533 / rate_hz)
    high = 10 ** (gain_db / 20)
    band = high**0.4996667741545416
    whole = 1 + k / quality + k * k
    return (
        ((high + band * k / quality + k * k) / whole, 2 * (k * k - high) / whole,
         (high - band * k / quality + k * k) / whole),
        (1.0, 2 * (k * k - 1) / whole, (1 - k / quality + k * k) / whole),
    )  # fmt: skip


def _high_pass(rate_hz: int) -> _Biquad:
    """Ears hear little below 40 Hz."""
    quality, k = 0.5003270373238773, math.tan(math.pi * 38.13547087602444 / rate_hz)
    whole = 1 + k / quality + k * k
    return (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / whole, (1 - k / quality + k * k) / whole)
