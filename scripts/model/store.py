"""Rows of numbers of unequal lengths in one folder: recordings as samples, or their features, and what was said.

An array on disk is mapped into memory, not read; the training touches gigabytes a little at a time.  A folder is
written beside its place and moved there when it is whole, so a stage that was cut short leaves none.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray


@dataclass(frozen=True, slots=True)
class TrainingUtterance:
    """What is known of one row."""

    text: str
    """The words, lower case; empty: no speech."""
    source: str
    """Which voice or corpus it comes from, such as ``espeak/en-us+f2`` or ``gsc_v2_test``."""
    kind: str
    """``synthetic``, ``command``, ``word``, ``phrase``, ``speech`` or ``noise``."""


@dataclass(frozen=True, slots=True)
class UtteranceStore:
    """Rows in memory or on disk."""

    values: NDArray[np.generic]
    """(sum of lengths, ...): samples (n,) int16, or features (n, 40) float16; a row is a slice of it."""
    starts: NDArray[np.int64]
    """(rows + 1,): row i is ``values[starts[i]:starts[i + 1]]``."""
    utterances: tuple[TrainingUtterance, ...]

    def __len__(self) -> int:
        return len(self.utterances)

    def row(self, index: int) -> NDArray[np.generic]:
        """The numbers of one utterance: (length, ...), a view."""
        return self.values[self.starts[index] : self.starts[index + 1]]

    def length(self, index: int) -> int:
        """How many they are."""
        return int(self.starts[index + 1] - self.starts[index])


def write_store(
    folder: Path,
    rows: Iterable[tuple[TrainingUtterance, NDArray[np.generic]]],
    dtype: DTypeLike,
    shape: tuple[int, ...] = (),
) -> None:
    """Write ``rows`` to ``folder`` as they come.

    Args:
        folder: Where to; what was there is replaced.
        rows: Each (length, *shape).
        dtype: That the numbers are kept in.
        shape: Of one number; () for samples, (40,) for features.
    """
    beside = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    starts, lines = [0], []
    with (beside / "values.raw").open("wb") as values:
        for utterance, row in rows:
            values.write(np.ascontiguousarray(row, dtype).tobytes())
            starts.append(starts[-1] + len(row))
            lines.append(f"{utterance.text}\t{utterance.source}\t{utterance.kind}\n")
    np.save(beside / "starts.npy", np.array(starts, np.int64))
    np.save(beside / "type.npy", np.zeros((0, *shape), dtype))
    (beside / "utterances.tsv").write_text("".join(lines), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def read_store(folder: Path) -> UtteranceStore:
    """Map what `write_store` wrote.

    Raises:
        BadFileError: Something of it is missing or damaged.
    """
    try:
        like = np.load(folder / "type.npy")
        starts = np.load(folder / "starts.npy")
        values: NDArray[np.generic] = np.zeros((0, *like.shape[1:]), like.dtype)
        if starts[-1]:
            shape = (int(starts[-1]), *like.shape[1:])
            values = np.memmap(folder / "values.raw", like.dtype, "r", shape=shape)
        lines = (folder / "utterances.tsv").read_text(encoding="utf-8").splitlines()
        utterances = tuple(TrainingUtterance(*line.split("\t")) for line in lines)
    except (OSError, EOFError, ValueError, TypeError) as error:
        raise BadFileError(f"{folder} is damaged ({error}); remove the folder, and it is made anew") from error
    if len(utterances) != len(starts) - 1:
        raise BadFileError(f"{folder} is damaged (rows are missing); remove the folder, and it is made anew")
    return UtteranceStore(values, starts, utterances)
