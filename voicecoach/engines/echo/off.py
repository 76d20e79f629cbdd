"""No echo cancelling by the coach: the sound server or the device does it, or there is no echo.

It cannot know what is left of the echo, so the barge-in guard goes by confidence instead of levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voicecoach.engines.echo.port import Cleaned
from voicecoach.engines.needs import Needs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEEDS: Final = Needs(memory_mb=0)


class NoCanceller:
    """Leaves the microphone as it is."""

    erle_db: None = None
    echo_db: None = None
    delay_s: None = None
    drift_ppm: float = 0.0

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:  # noqa: ARG002 - the port
        """The microphone itself, at once."""
        return Cleaned(microphone, None)
