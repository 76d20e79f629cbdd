"""The networks that were trained for the coach (`scripts/train-second-ear`), in numpy.

Each is two convolutions over time, then attention and the maximum over the whole piece.  A second of speech is twelve
rows and a million and a half multiplications, so a look costs a fraction of a millisecond.  Several that learnt
differently err apart: what they find likely on average is what counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.array_file import read_arrays
from voicecoach.engines.needs import Needs
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

NEEDS: Final = Needs(memory_mb=2)
NO_PHRASE: Final = "~"
"""Begins the keys of classes that are none of the coach's: other words, and everything else."""
_ARRAYS: Final = ("scale", "shift", "first", "first_bias", "second", "second_bias", "attention", "out", "out_bias")
_SMALLEST: Final = 1e-5
"""Added to a variance, as in training."""


class HeadOfMeanings:
    """Keeps `port.MeaningReader`."""

    def __init__(self, weights: Path) -> None:
        """Load the networks.

        Args:
            weights: The file that the training wrote, ``weights.npz``.

        Raises:
            BadFileError: It is missing or broken.
        """
        arrays = read_arrays(weights, "second ear")
        try:
            every = [str(key) for key in arrays["keys"]]
            self.phrases = frozenset(str(phrase) for phrase in arrays["phrases"])
            self._members = _members(arrays)
            self._known = np.array([place for place, key in enumerate(every) if not key.startswith(NO_PHRASE)], int)
            self.keys = tuple(every[place] for place in self._known)
            self._require_fitting(len(every))
        except (KeyError, ValueError, IndexError, TypeError) as error:
            raise BadFileError(f"{weights} holds no second ear ({error}); install the coach again") from error

    def _require_fitting(self, classes: int) -> None:
        """Refuse arrays that do not fit each other, before somebody speaks."""
        likely = self.read(np.zeros((4, self._members[0]["scale"].size), np.float32))
        if any(member["out_bias"].shape != (classes,) for member in self._members):
            raise ValueError("not every class has a name")
        if not np.isfinite(likely).all():
            raise ValueError("its numbers are none")

    def read(self, rows: Rows) -> NDArray[np.float32]:
        """Keeps `port.MeaningReader.read`."""
        each = np.array([_read(member, rows)[self._known] for member in self._members])
        return np.asarray(each.mean(axis=0), np.float32)


def _members(arrays: Mapping[str, NDArray[np.generic]]) -> list[dict[str, Rows]]:
    """The networks that are stacked in ``arrays``."""
    stacked = {name: np.asarray(arrays[name], np.float32) for name in _ARRAYS}
    (amount,) = {len(array) for array in stacked.values()}
    if not amount:
        raise ValueError("no network")
    return [{name: array[place] for name, array in stacked.items()} for place in range(amount)]


def _read(member: Mapping[str, Rows], rows: Rows) -> NDArray[np.float32]:
    """How likely each class is to one network."""
    spread = np.sqrt(rows.var(axis=1, keepdims=True) + np.float32(_SMALLEST))
    frames = (rows - rows.mean(axis=1, keepdims=True)) / spread * member["scale"] + member["shift"]
    for layer in ("first", "second"):
        frames = np.maximum(_three(frames) @ member[layer] + member[f"{layer}_bias"], 0.0)
    share = _softmax(frames @ member["attention"][:, 0])
    pooled = np.concatenate([share @ frames, frames.max(axis=0)])
    return _softmax(pooled @ member["out"] + member["out_bias"])


def _three(frames: Rows) -> Rows:
    """Each row between the one before and the one after it; beyond the ends there is nothing."""
    padded = np.pad(frames, ((1, 1), (0, 0)))
    return np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)


def _softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(scores - scores.max())
    shares: NDArray[np.float32] = powers / powers.sum()
    return shares
