"""A queue of samples, mixed as they come: added anywhere from now on, read in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SampleQueue:
    """A row of samples without an end; what nothing was added to is silence."""

    def __init__(self) -> None:
        self._sound = np.zeros(0, np.float32)

    def add(self, sound: NDArray[np.float32], offset: int) -> None:
        """Mix in ``sound``, shape (n,), beginning ``offset`` samples from now.

        Raises:
            ValueError: That would be in the past.
        """
        if offset < 0:
            raise ValueError(f"that is {-offset} samples too late: they have been taken already")
        missing = offset + len(sound) - len(self._sound)
        if missing > 0:
            self._sound = np.concatenate([self._sound, np.zeros(missing, np.float32)])
        self._sound[offset : offset + len(sound)] += sound

    def take(self, samples: int) -> NDArray[np.float32]:
        """The next ``samples`` samples: shape (samples,), float32."""
        taken = np.zeros(samples, np.float32)
        head = self._sound[:samples]
        taken[: len(head)] = head
        self._sound = self._sound[samples:]
        return taken
