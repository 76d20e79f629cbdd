"""What a microphone brings while nobody speaks: never zeros, which would be no microphone's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL_DB = -90.0
_SECOND = (10 ** (LEVEL_DB / 20) * np.random.default_rng(3).standard_normal(16_000)).astype(np.float32)


def quiet(samples: int) -> NDArray[np.float32]:
    """So many samples of a quiet room, 16,000 at most: shape (samples,)."""
    return _SECOND[:samples].copy()
