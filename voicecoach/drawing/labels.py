"""Finds room for labels, so that none lies on another."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class LabelShelf:
    """A few levels for labels, which come in the order of their left ends."""

    levels: int
    gap: float = 8.0
    _taken: list[float] = field(default_factory=list)
    """For each level: where its last label ends."""

    def place(self, left: float, width: float) -> tuple[int, float] | None:
        """A level, and where on it a label of ``width`` wanted at ``left`` begins: there, or as soon as there is room.

        None when it would have to move further than its own width.
        """
        taken = [*self._taken, *([float("-inf")] * (self.levels - len(self._taken)))]
        starts = [max(left, end + self.gap) for end in taken]
        level = min(range(self.levels), key=lambda number: (starts[number], number))
        if starts[level] - left > width:
            return None
        taken[level] = starts[level] + width
        self._taken = taken
        return level, starts[level]
