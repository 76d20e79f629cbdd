"""The time axis of a session, wrapped into rows as text is into lines: where on a page a moment lies."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ROW_LENGTHS_S: Final = (60, 120, 180, 300, 600, 1200, 3600)
_MOST_ROWS: Final = 10


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One row of the page; pixels."""

    number: int
    begin_s: float
    top: int
    height: int


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a span that lies in one row."""

    row: TimeRow
    left: float
    right: float


class TimeRows:
    """Rows of equal length from ``top`` down, each as high as what happens in it needs."""

    def __init__(  # noqa: PLR0913 - the measures of a page
        self,
        end_s: float,
        eventful_s: Iterable[float],
        *,
        left: int,
        right: int,
        top: int,
        heights: tuple[int, int],
        gap: int,
    ) -> None:
        """Wrap the time from 0 to ``end_s``.

        Args:
            end_s: More than 0.
            eventful_s: Moments whose rows need the greater height.
            left: Where rows begin, in pixels, as all that follow.
            right: Where full rows end.
            top: Where the first row begins.
            heights: Of a quiet row and of an eventful one.
            gap: Between rows.
        """
        self.end_s = end_s
        self.row_s = next((row_s for row_s in _ROW_LENGTHS_S if end_s / row_s <= _MOST_ROWS), _ROW_LENGTHS_S[-1])
        self.right = right
        self._left, self._per_s = left, (right - left) / self.row_s
        count = ceil(end_s / self.row_s)
        eventful = {min(int(at_s // self.row_s), count - 1) for at_s in eventful_s}
        row_heights = [heights[number in eventful] for number in range(count)]
        tops = accumulate((height + gap for height in row_heights), initial=top)
        self.rows = [
            TimeRow(number, number * self.row_s, row_top, height)
            for number, (row_top, height) in enumerate(zip(tops, row_heights, strict=False))
        ]

    @property
    def bottom(self) -> int:
        """Where the last row ends."""
        return self.rows[-1].top + self.rows[-1].height

    def place(self, at_s: float) -> tuple[TimeRow, float]:
        """The row of a moment, and its distance from the left edge of the page."""
        row = self.rows[max(0, min(int(at_s // self.row_s), len(self.rows) - 1))]
        return row, self.left_of(row, at_s)

    def left_of(self, row: TimeRow, at_s: float) -> float:
        """How far from the left edge of the page a moment lies in ``row``."""
        return self._left + (at_s - row.begin_s) * self._per_s

    def pieces(self, began_s: float, ended_s: float) -> Iterator[Piece]:
        """The parts of a span, one for each row that it touches."""
        for row in self.rows:
            begin, end = max(began_s, row.begin_s), min(ended_s, row.begin_s + self.row_s)
            if begin < end:
                yield Piece(row, self.left_of(row, begin), self.left_of(row, end))
