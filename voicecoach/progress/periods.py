"""The history cut into days, weeks or lots of four weeks, each with its means and sums."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import TYPE_CHECKING, Final

from voicecoach.person.facts import DONE
from voicecoach.person.progress import day_of, minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.person.person import PastSession
    from voicecoach.person.tonight import Tonight

A_DAY: Final = 1
A_WEEK: Final = 7
FOUR_WEEKS: Final = 28


@dataclass(frozen=True, slots=True)
class Period:
    """What happened in some days; ratings are means from 0 to 10, None where there was none."""

    first: date
    days: int
    done: int
    """Sessions that were done."""
    minutes: float
    """Of all sessions, also of those that ended early."""
    before: float | None
    after: float | None
    slept: float | None
    """In the nights that began in this period."""


def periods(tonight: Tonight, days: int) -> tuple[Period, ...]:
    """The periods of ``days`` days in which there was anything, oldest first; weeks begin on Mondays."""
    sessions: defaultdict[date, list[PastSession]] = defaultdict(list)
    slept: defaultdict[date, list[int]] = defaultdict(list)
    for session in tonight.person.sessions:
        if session.began <= tonight.now:
            sessions[_first_of(day_of(session.began), days)].append(session)
    for at, rating in tonight.person.slept:
        if at <= tonight.now:  # it is told on the day after
            slept[_first_of(day_of(at) - timedelta(days=1), days)].append(rating)
    firsts = sorted(sessions.keys() | slept.keys())
    return tuple(_period(first, days, sessions[first], slept[first]) for first in firsts)


def _first_of(day: date, days: int) -> date:
    """The first day of the period that ``day`` lies in; the first day of the calendar was a Monday."""
    return day - timedelta(days=(day.toordinal() - 1) % days)


def _period(first: date, days: int, sessions: Sequence[PastSession], slept: Sequence[int]) -> Period:
    return Period(
        first,
        days,
        done=sum(session.ending in DONE for session in sessions),
        minutes=sum(map(minutes, sessions)),
        before=_mean([session.pain_before for session in sessions]),
        after=_mean([session.pain_after for session in sessions]),
        slept=_mean(slept),
    )


def _mean(ratings: Sequence[int | None]) -> float | None:
    given = [rating for rating in ratings if rating is not None]
    return fmean(given) if given else None
