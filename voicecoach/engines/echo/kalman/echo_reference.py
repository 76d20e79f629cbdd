"""What the speaker played, on the microphone's clock and not long before its echo: the echo reference.

It is stretched by as much as the clocks differ, and held back by as much as a wireless speaker is late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.echo_delay import LONGEST_S
from voicecoach.engines.echo.kalman.adaptive_filter import PARTITIONS
from voicecoach.engines.echo.port import BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

_REACH: Final = 16
"""Samples on either side that a sample between two others is made of."""
_OFFSETS: Final = np.arange(1 - _REACH, 1 + _REACH)
_LEAST_LAG: Final = BLOCK + _REACH + 1
_FIRST_LAG: Final = BLOCK + 5 * _REACH
_MOST_LAG: Final = 2 * BLOCK + 5 * _REACH
"""How far the beginning of what is given may lie behind the end of what has been played: never much more than its own
length, for an echo that came sooner could not be removed."""
_HELD: Final = round(LONGEST_S * MICROPHONE_HZ) + PARTITIONS * BLOCK + _MOST_LAG + BLOCK + _REACH
_RISING: Final = (np.arange(BLOCK) / BLOCK).astype(np.float32)


class Reference:
    """Gives a block for each block it gets, stretched, and 1 to 25 ms later than it is held back."""

    def __init__(self) -> None:
        self.ppm = 0.0
        """Millionths by which the microphone's clock is the faster one; the reference follows it from now on."""
        self.held_back = 0
        """Blocks; of `LONGEST_S` together at most."""
        self._played = np.zeros(_HELD, np.float32)
        self._lag = float(_FIRST_LAG - BLOCK)
        """How far before the end of ``_played`` the next sample to give lies."""
        self._silent = 0
        """Samples since anything was played."""

    def take(self, played: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
        """The reference for the next block of the microphone.

        Args:
            played: What was played meanwhile, shape (BLOCK,).

        Returns:
            The reference, shape (BLOCK,), and how many blocks later than so far it is.  That is nearly always 0; where
            the clocks have gone apart by a block, it is 1 or -1.
        """
        self._silent = 0 if played.any() else self._silent + BLOCK
        is_silent = self._silent > _HELD + BLOCK  # all that is held, as for most of a night; it costs next to nothing
        if not is_silent:
            self._played = np.concatenate([self._played[BLOCK:], played])
        self._lag += BLOCK
        later = int(self._lag < _LEAST_LAG) - int(self._lag > _MOST_LAG)
        self._lag += later * BLOCK
        begins = self._lag + self.held_back * BLOCK
        self._lag -= BLOCK * (1 - self.ppm * 1e-6)
        return np.zeros(BLOCK, np.float32) if is_silent else self._block(begins), later

    def before(self) -> list[NDArray[np.float32]]:
        """What would have been given of late, were it held back as it is now: `PARTITIONS` blocks, the oldest first."""
        last_began = self._lag + (1 + self.held_back) * BLOCK
        return [self._block(last_began + blocks * BLOCK) for blocks in range(PARTITIONS - 1, -1, -1)]

    def _block(self, begins: float) -> NDArray[np.float32]:
        """The block that begins so many samples before the end: shape (BLOCK,)."""
        if self.ppm == 0.0 and begins.is_integer():
            at = len(self._played) - int(begins)
            return self._played[at : at + BLOCK]
        # The clocks are so near each other that the fraction hardly moves within a block: from one filter to another.
        first, last = self._at(begins), self._at(begins + BLOCK * self.ppm * 1e-6)
        return first + _RISING * (last - first)

    def _at(self, lag: float) -> NDArray[np.float32]:
        """A block that begins ``lag`` samples before the end: shape (BLOCK,)."""
        whole = int(np.ceil(lag))
        begin = len(self._played) - whole - _REACH + 1
        near = self._played[begin : begin + BLOCK + 2 * _REACH - 1]
        distance = _OFFSETS - (whole - lag)
        kernel = np.sinc(distance) * np.cos(np.pi / 2 * distance / (_REACH + 1)) ** 2
        rows = np.lib.stride_tricks.sliding_window_view(near, 2 * _REACH)
        return np.asarray(rows @ kernel.astype(np.float32))
