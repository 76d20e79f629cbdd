"""Ctrl-C, a service manager's SIGTERM and a closed terminal end the coach the same way, wherever it is at."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from voicecoach.ending import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def noted(steps: list[str], name: str) -> Iterator[None]:
    try:
        yield
    finally:
        steps.append(f"{name} is closed")


@pytest.fixture(autouse=True)
def handlers_are_as_they_were() -> Iterator[None]:
    before = [signal.getsignal(one) for one in ENDS]
    yield
    assert [signal.getsignal(one) for one in ENDS] == before


@pytest.mark.parametrize("number", ENDS)
def test_the_first_signal_ends_what_is_under_way_and_all_is_closed(number: signal.Signals) -> None:
    ending, steps = Ending(), list[str]()
    with ending.awaited(), noted(steps, "the voice"):
        signal.raise_signal(number)
        steps.append("it went on")
    assert steps == ["the voice is closed"]
    assert ending.asked


def test_a_second_signal_does_not_break_off_the_closing() -> None:
    ending, steps = Ending(), list[str]()
    with ending.awaited():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGINT)
            steps.append("closed")
    assert steps == ["closed"]


def test_where_the_end_is_expected_nothing_is_broken_off() -> None:
    ending, steps = Ending(), list[str]()
    with ending.awaited():
        ending.expected()
        signal.raise_signal(signal.SIGTERM)
        steps.append("written to the end")
    assert steps == ["written to the end"]


def test_an_error_is_not_taken_for_an_end() -> None:
    ending = Ending()
    with pytest.raises(ZeroDivisionError), ending.awaited():
        raise ZeroDivisionError
    assert not ending.asked


def test_a_closing_terminal_is_ignored_where_somebody_chose_that() -> None:
    """As ``nohup`` does."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        ending = Ending()
        with ending.awaited():
            signal.raise_signal(signal.SIGHUP)
        assert not ending.asked
    finally:
        signal.signal(signal.SIGHUP, before)
