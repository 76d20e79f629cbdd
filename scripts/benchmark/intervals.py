"""Figures with the interval in which the truth lies 95 times in 100."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_Z = 1.959964
"""Of the normal distribution, 95 in 100 lie within so many standard deviations."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured."""

    value: float
    n: int
    """How many recordings, or runs, it was measured on."""
    low: float
    high: float


def share(hits: int, n: int) -> Figure:
    """``hits`` of ``n`` as a share, with Wilson's interval (1927)."""
    centre = (hits + _Z**2 / 2) / (n + _Z**2)
    reach = _Z / (n + _Z**2) * sqrt(hits * (n - hits) / n + _Z**2 / 4)
    return Figure(hits / n, n, max(centre - reach, 0.0), min(centre + reach, 1.0))


def hourly(events: int, hours: float, n: int) -> Figure:
    """``events`` in ``hours`` (of ``n`` recordings) as events an hour, with Byar's interval of a Poisson count."""
    above = events + 1
    low = events * (1 - 1 / (9 * events) - _Z / (3 * sqrt(events))) ** 3 if events else 0.0
    high = above * (1 - 1 / (9 * above) + _Z / (3 * sqrt(above))) ** 3
    return Figure(events / hours, n, max(low, 0.0) / hours, high / hours)


def relative(figure: Figure, to: Figure) -> Figure:
    """``figure`` as a share of another's value, which is taken as it is."""
    return Figure(figure.value / to.value, figure.n, figure.low / to.value, figure.high / to.value)


def middle(runs: Sequence[float]) -> Figure:
    """The median of several runs, with the least and the greatest."""
    return Figure(statistics.median(runs), len(runs), min(runs), max(runs))
