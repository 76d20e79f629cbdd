"""How the person is doing: figures that are honest about how little a few evenings can tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import groupby
from statistics import fmean
from typing import TYPE_CHECKING, Final

from voicecoach.person.facts import DONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from voicecoach.person.person import PastSession, Person
    from voicecoach.person.tonight import Tonight

A_WEEK: Final = timedelta(days=7)
LONGEST_SESSION: Final = timedelta(hours=1)
"""What seems longer was interrupted by a power cut, or by somebody who set the clock."""

# --- days -------------------------------------------------------------------------------------------------------------

DAY_BEGINS: Final = timedelta(hours=5)
"""What happens after midnight belongs to the evening before."""


def day_of(at: datetime) -> date:
    """The day that ``at``, a local time, belongs to: days begin at five in the morning."""
    return (at - DAY_BEGINS).date()


@dataclass(frozen=True, slots=True)
class Row:
    """Days in a row, each with a session."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def rows_of_days(person: Person, now: datetime) -> tuple[Row, ...]:
    """All the days up to now on which there was a session, joined where they follow each other; oldest first.

    Who ends early, because the back says so, has come all the same.  Days between two rows are nobody's failure, and
    are not counted.
    """
    days_of_sessions = sorted({day_of(session.began) for session in person.sessions if session.began <= now})
    runs = groupby(enumerate(days_of_sessions), key=lambda numbered: numbered[1].toordinal() - numbered[0])
    days = [[day for _, day in run] for _, run in runs]
    return tuple(Row(run[0], run[-1]) for run in days)


# --- figures ----------------------------------------------------------------------------------------------------------

FEWEST: Final = 5
"""Ratings that a mean needs before anything is said of it."""
NOTABLE: Final = 1.0
"""Points of 10 by which two means of `FEWEST` ratings differ when there is something to tell.

For pain in the lower back, two single ratings must differ by two points before the difference is more than the wobble
of the scale (Childs, Piva and Fritz, "Responsiveness of the numeric pain rating scale in patients with low back pain",
Spine 2005); means of five wobble less, by the square root of five.
"""
MOST_RATINGS: Final = 28
OLDEST_RATING: Final = timedelta(weeks=8)


class Trend(Enum):
    """Where the pain goes."""

    TOO_EARLY = "too early to tell"
    BETTER = "less"
    SAME = "about the same"
    WORSE = "more"


@dataclass(frozen=True, slots=True)
class Progress:
    """Figures for two sentences.  Means are of ratings from 0 to 10; None where there are not enough of them."""

    sessions_this_week: int
    """Done in the last seven days."""
    minutes_this_week: float
    """Of all sessions of the last seven days, also of those that ended early."""
    rated: int
    """Ratings of pain before a session that the trend has to go by."""
    trend: Trend
    """Pain before the sessions, lately against earlier; see `progress`."""
    before_earlier: float | None
    before_lately: float | None
    effect: Trend
    """Pain after a session against pain before it, lately; see `progress`."""
    change: float | None
    """By how much pain is higher after a session than before it, lately; below zero it is lower."""
    slept: float | None
    """Sleep, in the last two weeks' answers."""
    row_now: int
    """Days in a row up to today or, as today is not over, up to yesterday."""
    row_longest: int


def progress(tonight: Tonight) -> Progress:
    """How the person is doing.

    The trend compares pain before the sessions, which is how the back is on its own.  The latest `MOST_RATINGS` ratings
    of the last eight weeks are put in order and cut in the middle: "lately" is the later half, "earlier" the other.
    With fewer than `FEWEST` in each it is too early to tell; means that differ by less than `NOTABLE` are about the
    same.  Who rates every night hears about the last two weeks against the two before; who rates twice a week about the
    last month.

    The effect compares, by the same measure, pain after with pain before in those sessions of "lately" that have both;
    as long as there is no later half, in all of them.
    """
    person, now = tonight.person, tonight.now
    week = [session for session in person.sessions if now - A_WEEK < session.began <= now]
    rated = _rated_lately(person, now)
    middle = len(rated) // 2
    enough = middle >= FEWEST
    earlier = _mean([session.pain_before for session in rated[:middle]]) if enough else None
    lately = _mean([session.pain_before for session in rated[middle:]]) if enough else None
    change = _mean([_rise(session) for session in rated[middle if enough else 0 :]])
    row_now, row_longest = _rows(person, now)
    return Progress(
        sessions_this_week=sum(session.ending in DONE for session in week),
        minutes_this_week=sum(map(minutes, week)),
        rated=len(rated),
        trend=_trend(earlier, lately),
        before_earlier=earlier,
        before_lately=lately,
        effect=_trend(0.0, change),
        change=change,
        slept=_mean([rating for at, rating in person.slept if now - 2 * A_WEEK < at <= now]),
        row_now=row_now,
        row_longest=row_longest,
    )


def minutes(session: PastSession) -> float:
    """How long a session lasted; at most `LONGEST_SESSION`, and never less than nothing."""
    lasted = min(max(session.ended - session.began, timedelta()), LONGEST_SESSION)
    return lasted / timedelta(minutes=1)


def _rated_lately(person: Person, now: datetime) -> Sequence[PastSession]:
    rated = [
        session
        for session in person.sessions
        if session.pain_before is not None and now - OLDEST_RATING < session.began <= now
    ]
    return rated[-MOST_RATINGS:]


def _rise(session: PastSession) -> int | None:
    if session.pain_before is None or session.pain_after is None:
        return None
    return session.pain_after - session.pain_before


def _mean(ratings: Iterable[int | None]) -> float | None:
    given = [rating for rating in ratings if rating is not None]
    return fmean(given) if len(given) >= FEWEST else None


def _trend(earlier: float | None, lately: float | None) -> Trend:
    if earlier is None or lately is None:
        return Trend.TOO_EARLY
    if abs(lately - earlier) < NOTABLE:
        return Trend.SAME
    return Trend.BETTER if lately < earlier else Trend.WORSE


def _rows(person: Person, now: datetime) -> tuple[int, int]:
    """The row that is still going on, or 0, and the longest."""
    rows = rows_of_days(person, now)
    if not rows:
        return 0, 0
    goes_on = day_of(now) - rows[-1].last <= timedelta(days=1)
    return (rows[-1].days if goes_on else 0), max(row.days for row in rows)


# --- rest -------------------------------------------------------------------------------------------------------------

TOO_MUCH_RISE: Final = 2
"""Points by which pain rose over a session that did no good."""
FORGOTTEN_AFTER: Final = timedelta(weeks=2)
"""Two weeks without the coach are rest enough."""


def needs_rest(person: Person, now: datetime) -> bool:
    """Whether tonight is for breathing only: pain was two points higher after than before, twice in a row.

    What counts are the two latest sessions that were rated before and after, both within two weeks.  Rest is suggested
    when the second of them has ended (`Person.suggested_rest`), so it is for that day and the one after; then it is
    over, until pain rises once more.
    """
    rated = [session for session in person.sessions if session.began <= now and _rise(session) is not None]
    match rated[-2:]:
        case [first, second] if first.began > now - FORGOTTEN_AFTER:
            return did_harm(first) and did_harm(second) and not _has_rested(person.suggested_rest, second, now)
    return False


def did_harm(session: PastSession) -> bool:
    """Whether pain was `TOO_MUCH_RISE` higher after a session than before it."""
    return (_rise(session) or 0) >= TOO_MUCH_RISE


def _has_rested(suggested: datetime | None, since: PastSession, now: datetime) -> bool:
    return suggested is not None and suggested >= since.began and day_of(now) - day_of(suggested) > timedelta(days=1)
