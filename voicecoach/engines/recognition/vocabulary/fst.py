"""Weighted finite-state transducers, in the binary format that OpenFst calls "const" over its standard arcs.

Only what a decoding graph needs: build one arc by arc, sort the arcs of each state, write it.  The layout is that of
OpenFst's ``FstHeader::Write`` and ``ConstFst::WriteFst``, version 2 (not aligned), little endian: a header, all states,
then all arcs.
"""

from __future__ import annotations

import struct
from enum import IntFlag
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

EPSILON = 0
"""The label of an arc that takes in, or puts out, nothing."""
_MAGIC = 2125659606
_VERSION = 2
_STATE = np.dtype(
    [("final", "<f4"), ("first", "<u4"), ("arcs", "<u4"), ("in_epsilons", "<u4"), ("out_epsilons", "<u4")]
)
_ARC = np.dtype([("ilabel", "<i4"), ("olabel", "<i4"), ("cost", "<f4"), ("target", "<i4")])


class _Property(IntFlag):
    """The properties that are always known; what is left out of a header means "not known"."""

    EXPANDED = 0x1
    ACCEPTOR = 0x10000
    NOT_ACCEPTOR = 0x20000
    IN_EPSILONS = 0x1000000
    NO_IN_EPSILONS = 0x2000000
    OUT_EPSILONS = 0x4000000
    NO_OUT_EPSILONS = 0x8000000
    IN_SORTED = 0x10000000
    NOT_IN_SORTED = 0x20000000
    OUT_SORTED = 0x40000000
    NOT_OUT_SORTED = 0x80000000


class Transducer:
    """States and arcs; the first state made is the start.  Weights are costs, negative natural logarithms."""

    def __init__(self) -> None:
        """Begin with no state."""
        self.states = 0
        self._sources: list[int] = []
        self._arcs: list[tuple[int, int, float, int]] = []
        self._finals: dict[int, float] = {}

    def add_state(self) -> int:
        """A new state's number."""
        self.states += 1
        return self.states - 1

    def add_arc(self, source: int, labels: tuple[int, int], target: int, cost: float = 0.0) -> None:
        """Lead from ``source`` to ``target``, taking in and putting out ``labels``; an infinite cost makes no arc."""
        if cost < float("inf"):
            self._sources.append(source)
            self._arcs.append((*labels, cost, target))

    def set_final(self, state: int, cost: float = 0.0) -> None:
        """Let a path end in ``state``."""
        self._finals[state] = cost

    def write(self, path: Path, sort: Literal["ilabel", "olabel"]) -> None:
        """Write the transducer with the arcs of each state sorted by one label, so that they can be looked up by it."""
        sources = np.array(self._sources, np.int64)
        arcs = np.array(self._arcs, _ARC)
        other = "olabel" if sort == "ilabel" else "ilabel"
        order = np.lexsort((arcs["target"], arcs[other], arcs[sort], sources))
        sources, arcs = sources[order], arcs[order]
        states = self._states(sources, arcs)
        header = struct.pack("<i", _MAGIC) + _text("const") + _text("standard")
        header += struct.pack("<iiQqqq", _VERSION, 0, _properties(sources, arcs), 0, len(states), len(arcs))
        path.write_bytes(header + states.tobytes() + arcs.tobytes())

    def _states(self, sources: NDArray[np.int64], arcs: NDArray[np.void]) -> NDArray[np.void]:
        states = np.zeros(self.states, _STATE)
        states["final"] = np.inf
        states["final"][list(self._finals)] = list(self._finals.values())
        states["arcs"] = np.bincount(sources, minlength=self.states)
        states["first"] = np.cumsum(states["arcs"]) - states["arcs"]
        states["in_epsilons"] = np.bincount(sources[arcs["ilabel"] == EPSILON], minlength=self.states)
        states["out_epsilons"] = np.bincount(sources[arcs["olabel"] == EPSILON], minlength=self.states)
        return states


def _text(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode()


def _properties(sources: NDArray[np.int64], arcs: NDArray[np.void]) -> int:
    ilabels, olabels = arcs["ilabel"], arcs["olabel"]

    def is_sorted(labels: NDArray[np.int32]) -> bool:
        return not bool(np.any((np.diff(labels) < 0) & (np.diff(sources) == 0)))

    told = _Property.EXPANDED
    told |= _Property.ACCEPTOR if np.array_equal(ilabels, olabels) else _Property.NOT_ACCEPTOR
    told |= _Property.IN_EPSILONS if np.any(ilabels == EPSILON) else _Property.NO_IN_EPSILONS
    told |= _Property.OUT_EPSILONS if np.any(olabels == EPSILON) else _Property.NO_OUT_EPSILONS
    told |= _Property.IN_SORTED if is_sorted(ilabels) else _Property.NOT_IN_SORTED
    told |= _Property.OUT_SORTED if is_sorted(olabels) else _Property.NOT_OUT_SORTED
    return int(told)
