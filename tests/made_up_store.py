"""Stores in memory, for tests of what reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.store import TrainingUtterance, UtteranceStore

if TYPE_CHECKING:
    from numpy.typing import NDArray

Row = tuple[TrainingUtterance, "NDArray[np.generic]"]


def store_of(*rows: Row) -> UtteranceStore:
    """A store of ``rows``, one at least."""
    starts = np.cumsum([0, *(len(values) for _, values in rows)])
    return UtteranceStore(
        np.concatenate([values for _, values in rows]), starts, tuple(utterance for utterance, _ in rows)
    )


def steady_noise(level: float = 15.0, frames: int = 300) -> UtteranceStore:
    """Features of noise that is the same all the time and at every frequency: hiss, talk, and a recording."""
    sources = ("white", "babble", "recorded")
    flat = np.full((frames, 40), level, np.float16)
    return store_of(*((TrainingUtterance("", source, "noise"), flat) for source in sources))
