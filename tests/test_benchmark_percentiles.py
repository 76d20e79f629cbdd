"""Percentiles and counts with the interval in which the truth lies 95 times in 100."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.intervals import Figure, count, greatest, hourly, percentile


@pytest.mark.parametrize(
    ("n", "part", "place", "low", "high"),
    [
        (20, 0.5, 10, 6, 15),  # the sign test's: tables give the 6th and the 15th of 20
        (15, 0.5, 8, 4, 12),
        (100, 0.5, 50, 40, 61),
        (100, 0.95, 95, 90, 100),
        (72, 0.95, 69, 64, 72),  # the smallest number with an upper end: 0.95 to the 72nd is less than 0.025
    ],
)
def test_an_interval_lies_between_two_of_the_values(n: int, part: float, place: int, low: int, high: int) -> None:
    assert percentile(list(range(1, n + 1)), part) == Figure(place, n, low, high)


def test_with_few_values_there_may_always_be_greater_ones() -> None:
    assert percentile(list(range(1, 72)), 0.95).high == inf
    assert percentile([7.0], 0.95) == Figure(7.0, 1, 7.0, inf)
    assert greatest([3.0, 9.0, 1.0]) == Figure(9.0, 3, 9.0, inf)


def test_thousands_of_values_are_no_more_difficult() -> None:
    found = percentile(list(range(5000)), 0.95)
    assert found.low == pytest.approx(4750, abs=40)
    assert found.high == pytest.approx(4750, abs=40)
    assert found.low < found.value < found.high


@given(st.lists(st.floats(-100, 1000), min_size=1, max_size=200), st.sampled_from([0.05, 0.5, 0.95]))
def test_a_percentile_lies_within_its_interval_whatever_the_order(values: list[float], part: float) -> None:
    found = percentile(values, part)
    assert found.low <= found.value <= found.high
    assert found == percentile(values[::-1], part)
    assert sum(value <= found.value for value in values) >= part * len(values) - 1e-9


def test_the_truth_lies_within_about_95_times_in_100() -> None:
    rng = np.random.default_rng(4)
    truth = -np.log(1 - 0.9)  # of the exponential distribution, nine in ten lie below
    samples = (percentile(rng.exponential(size=80).tolist(), 0.9) for _ in range(600))
    assert 0.94 <= np.mean([found.low <= truth <= found.high for found in samples]) <= 0.99


def test_events_are_counted_and_rated_alike() -> None:
    counted, rated = count(3, 0.5), hourly(3, hours=0.5, n=0.5)
    assert (counted.value, counted.n) == (3, 0.5)
    assert (rated.value, rated.low, rated.high) == (6.0, counted.low * 2, counted.high * 2)
    assert count(0, 1.0).low == 0.0
    assert count(0, 1.0).high == pytest.approx(3.69, abs=0.03)
