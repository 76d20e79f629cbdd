"""A gain that moves smoothly from one value to another: the same for a frame in whatever block it is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Ramp:
    """A gain that moves smoothly from one value to another, as a function of the frame number."""

    def __init__(self, gain: float) -> None:
        """Begin at ``gain``, for ever."""
        self.target = gain
        self._from = gain
        self._begins = 0
        self._length = 0

    def turn_to(self, target: float, at: int, length: int) -> None:
        """Move to ``target`` within ``length`` frames from ``at`` on, beginning at the gain of that frame."""
        if target == self.target:
            return
        self._from = float(self.over(at, at + 1)[0])
        self.target, self._begins, self._length = target, at, max(1, length)

    def settled(self, at: int) -> bool:
        """Whether it does not move any more from frame ``at`` on."""
        return at >= self._begins + self._length

    def over(self, first: int, stop: int) -> NDArray[np.float64]:
        """The gains of the frames ``first`` to ``stop``.

        A polynomial, because plain sums and products are the same for a frame in whatever block it is computed; a
        vectorised cosine need not be.
        """
        if self.settled(first):
            return np.full(stop - first, self.target)
        done = np.minimum(np.arange(first - self._begins, stop - self._begins) / self._length, 1.0)
        gains = self._from + (self.target - self._from) * (done * done * (3.0 - 2.0 * done))
        gains[done == 1.0] = self.target  # which the line above may miss by a rounding
        return gains
