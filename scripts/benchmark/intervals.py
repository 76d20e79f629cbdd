"""Figures with the interval in which the truth lies 95 times in 100."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, exp, inf, lgamma, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_Z = 1.959964
"""Of the normal distribution, 95 in 100 lie within so many standard deviations."""
_TAIL = 0.025
"""So seldom the truth lies below an interval, and so seldom above it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured."""

    value: float
    n: float
    """How many recordings or runs, or how many hours, it was measured on."""
    low: float
    high: float
    """Infinite where there is too little to bound it."""


def share(hits: int, n: int) -> Figure:
    """``hits`` of ``n`` as a share, with Wilson's interval (1927)."""
    centre = (hits + _Z**2 / 2) / (n + _Z**2)
    reach = _Z / (n + _Z**2) * sqrt(hits * (n - hits) / n + _Z**2 / 4)
    return Figure(hits / n, n, max(centre - reach, 0.0), min(centre + reach, 1.0))


def count(events: int, n: float) -> Figure:
    """``events`` (in ``n`` recordings or hours), with Byar's interval of a Poisson count."""
    above = events + 1
    low = events * (1 - 1 / (9 * events) - _Z / (3 * sqrt(events))) ** 3 if events else 0.0
    high = above * (1 - 1 / (9 * above) + _Z / (3 * sqrt(above))) ** 3
    return Figure(events, n, max(low, 0.0), high)


def hourly(events: int, hours: float, n: float) -> Figure:
    """``events`` in ``hours`` (of ``n`` recordings, or the hours themselves) as events an hour; see `count`."""
    counted = count(events, n)
    return Figure(events / hours, n, counted.low / hours, counted.high / hours)


def relative(figure: Figure, to: Figure) -> Figure:
    """``figure`` as a share of another's value, which is taken as it is."""
    return Figure(figure.value / to.value, figure.n, figure.low / to.value, figure.high / to.value)


def middle(runs: Sequence[float]) -> Figure:
    """The median of several runs, with the least and the greatest."""
    return Figure(statistics.median(runs), len(runs), min(runs), max(runs))


def percentile(values: Sequence[float], part: float) -> Figure:
    """The smallest of ``values`` that at least ``part`` of them (between 0 and 1) do not exceed.

    Its interval lies between two other of the values, whatever they are spread like: how many of n lie below the true
    percentile is binomial (Conover, Practical Nonparametric Statistics, 1999, section 3.2).  With few values there is
    none above it that is far enough out, and the interval has no upper end.
    """
    ordered, n = sorted(values), len(values)
    fewer = [0.0, *accumulate(_binomial(k, n, part) for k in range(n))]
    """For each r from 0 to n: the chance that fewer than r values lie below the true percentile."""
    lower = max(r for r in range(n + 1) if fewer[r] <= _TAIL)
    upper = min((r for r in range(n + 1) if fewer[r] >= 1 - _TAIL), default=n + 1)
    return Figure(
        ordered[ceil(part * n - 1e-9) - 1], n, ordered[max(lower, 1) - 1], ordered[upper - 1] if upper <= n else inf
    )


def greatest(values: Sequence[float]) -> Figure:
    """The greatest of ``values``; there may be greater ones."""
    return Figure(max(values), len(values), max(values), inf)


def _binomial(k: int, n: int, part: float) -> float:
    """The chance that k of n come true, each with the chance ``part``."""
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(part) + (n - k) * log(1 - part))
