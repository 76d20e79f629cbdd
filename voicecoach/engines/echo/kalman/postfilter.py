"""Turns down what may still be echo, frequency by frequency, and nothing else.

The adaptive filter tells how much echo it may have missed.  A Wiener filter with that as its noise takes away most of
it and leaves a voice that is louder than the doubt as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.port import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_GAIN: Final = 0.1
"""-20 dB: what is left of pure echo sounds like the room, not like a hole in it."""
_NOTHING: Final = 1e-12
"""Power of a frame of digital silence, which must not be divided by."""
_WINDOW: Final = np.sqrt(np.hanning(2 * BLOCK + 1)[:-1]).astype(np.float32)
_ENERGY: Final = np.square(_WINDOW)


class Postfilter:
    """Works on overlapping frames of two blocks, so that what it gives is a block late."""

    def __init__(self) -> None:
        self._before = np.zeros(BLOCK, np.float32)
        self._tail = np.zeros(BLOCK, np.float32)

    def take(self, block: NDArray[np.float32], residual_echo_power: NDArray[np.float32] | None) -> NDArray[np.float32]:
        """The block before ``block``, without what may be echo.

        Args:
            block: shape (BLOCK,).
            residual_echo_power: Power of the echo that may be in it, for each bin of a frame; None: there is none.
        """
        frame = np.concatenate([self._before, block])
        self._before = block
        if residual_echo_power is None:
            shaped = _ENERGY * frame
        else:
            spectrum = np.fft.rfft(_WINDOW * frame)
            gain = np.maximum(1 - residual_echo_power / (np.square(np.abs(spectrum)) + _NOTHING), _LEAST_GAIN)
            shaped = (np.fft.irfft(spectrum * gain) * _WINDOW).astype(np.float32)
        given = self._tail + shaped[:BLOCK]
        self._tail = shaped[BLOCK:]
        return np.asarray(given, np.float32)
