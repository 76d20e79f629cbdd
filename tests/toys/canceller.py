"""Half duplex: while the coach speaks, the microphone is off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.port import Cleaned
from voicecoach.engines.needs import Needs

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEEDS: Final = Needs(memory_mb=0)


class ToyCanceller:
    """Takes away everything while something is played, and does not know how much of that was echo."""

    erle_db: None = None
    echo_db: None = None
    delay_s: None = None
    drift_ppm = 0.0

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:
        return Cleaned(microphone * np.float32(not played.any()), residual_echo_power=None)
