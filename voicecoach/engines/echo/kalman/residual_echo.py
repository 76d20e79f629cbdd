"""How much of what a canceller left over is echo after all.

Where the filter is right, what is left has nothing to do with what it took away.  Where the way from speaker to
microphone has just changed, or one clock has begun to run faster, the two go together, and how far they do tells what
is missing, also while somebody speaks (Enzner, Martin and Vary, ICASSP 2002).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEADINESS: Final = 0.96
"""Weight of the past: about half a second."""
_BY_CHANCE: Final = 0.2
"""How coherent two sounds may seem within half a second that have nothing to do with each other.  Voices are: with a
fifth of it, a person who was 26 dB louder than the echo was learned as echo.  What goes unnoticed lies 7 dB below
whatever hides it."""
_MOST: Final = 10.0
"""Where nearly nothing was expected, what is left may be any multiple of it; more is made up out of noise."""
_NEIGHBOURS: Final = np.full(9, 1 / 9, np.float32)
_LEAST: Final = 1e-12


class ResidualEcho:
    """Compares what was left with what was taken away, frequency by frequency."""

    def __init__(self, bins: int) -> None:
        self._cross = np.zeros(bins, np.complex64)
        self._left_power = np.zeros(bins, np.float32)
        self._expected_power = np.zeros(bins, np.float32)

    def share(self, left: NDArray[np.complex64], expected: NDArray[np.complex64]) -> NDArray[np.float32]:
        """The power of the echo that was left, relative to that which was taken away: shape (bins,).

        Args:
            left: Spectrum of what is left of the latest block, shape (bins,).
            expected: Spectrum of the echo that was taken from it.
        """
        new = 1 - _STEADINESS
        self._cross = _STEADINESS * self._cross + new * left * expected.conj()
        self._left_power = _STEADINESS * self._left_power + new * _power(left)
        self._expected_power = _STEADINESS * self._expected_power + new * _power(expected)
        together = _power(self._cross) - _BY_CHANCE * self._left_power * self._expected_power
        at_most = np.convolve(self._expected_power**2, _NEIGHBOURS, "same") + _LEAST
        return np.asarray(np.clip(np.convolve(together, _NEIGHBOURS, "same") / at_most, 0.0, _MOST), np.float32)


def _power(spectrum: NDArray[np.complex64]) -> NDArray[np.float32]:
    return np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32)
