"""The axis of days: where a day lies on the sheet, and which days are named under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_WIDEST: Final = 76.0
"""Pixels of a day: a few evenings are not blown up to fill the sheet."""
_ROOM: Final = 74.0
"""Pixels that a date needs."""
_STEPS_IN_DAYS: Final = (1, 2, 7)
_STEPS_IN_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_DAYS_IN_A_MONTH: Final = 30


@dataclass(frozen=True, slots=True)
class Tick:
    """A date that is named under the drawing."""

    x: float
    name: str


class DayAxis:
    """The days from ``first`` to ``last``, side by side from ``left`` on, as far as ``right`` if they are many."""

    def __init__(self, first: date, last: date, left: float, right: float) -> None:
        self.first, self.last = first, last
        self.left = left
        self.width = min((right - left) / ((last - first).days + 1), _WIDEST)
        """Of one day, in pixels; ``left`` and ``right`` are pixels too."""
        self.right = self.end_of(last)

    def begin_of(self, day: date) -> float:
        """The left end of ``day``, in pixels."""
        return self.left + (day - self.first).days * self.width

    def end_of(self, day: date) -> float:
        return self.begin_of(day) + self.width

    def ticks(self) -> Iterator[Tick]:
        """Dates at even steps, as many as have room; a day is named at its middle, a month at its beginning."""
        for step in _STEPS_IN_DAYS:
            if step * self.width >= _ROOM:
                yield from self._by_days(step)
                return
        months = next(step for step in _STEPS_IN_MONTHS if step * _DAYS_IN_A_MONTH * self.width >= _ROOM)
        yield from self._by_months(months)

    def _by_days(self, step: int) -> Iterator[Tick]:
        day = self.first + timedelta(days=-(self.first.toordinal() - 1) % step)  # weeks begin on Mondays
        while day <= self.last:
            yield Tick(self.begin_of(day) + self.width / 2, f"{day.day} {day:%b}")
            day += timedelta(days=step)

    def _by_months(self, step: int) -> Iterator[Tick]:
        for number in range(self.first.year * 12 + self.first.month, self.last.year * 12 + self.last.month):
            if number % step == 0:
                month = date(number // 12, number % 12 + 1, 1)
                name = f"{month:%Y}" if month.month == 1 else f"{month:%b}"
                yield Tick(self.begin_of(month), name)
