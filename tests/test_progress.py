"""How the person is doing: trends that are honest, rows without shame, and rest when it is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.person.facts import Fact
from voicecoach.person.person import PastSession, Person
from voicecoach.person.progress import Progress, Row, Trend, day_of, minutes, needs_rest, progress, rows_of_days
from voicecoach.person.tonight import Tonight

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)


def session(
    days_ago: float,
    before: int | None = None,
    after: int | None = None,
    *,
    lasted_min: float = 12,
    ending: Fact | None = Fact.SESSION_FINISHED,
) -> PastSession:
    began = NOW - timedelta(days=days_ago)
    return PastSession("bedtime", began, began + timedelta(minutes=lasted_min), ending, (), before, after)


def figures(*sessions: PastSession, slept: tuple[tuple[datetime, int], ...] = ()) -> Progress:
    return progress(Tonight(NOW, Person(sessions=sessions, slept=slept)))


def nightly(*befores: int) -> Progress:
    """Somebody who rated every night, the last of them last night."""
    return figures(*(session(len(befores) - number, before) for number, before in enumerate(befores)))


# --- this week --------------------------------------------------------------------------------------------------------


def test_of_somebody_new_there_is_nothing_to_tell() -> None:
    assert figures() == Progress(0, 0, 0, Trend.TOO_EARLY, None, None, Trend.TOO_EARLY, None, None, 0, 0)


def test_what_was_done_in_the_last_seven_days_counts_and_falling_asleep_is_doing_it() -> None:
    told = figures(
        session(7.0),
        session(6.9),
        session(4, ending=Fact.FELL_ASLEEP),
        session(3, ending=Fact.SESSION_ENDED_EARLY, lasted_min=3),
        session(2, ending=None, lasted_min=4),
    )
    assert told.sessions_this_week == 2
    assert told.minutes_this_week == 12 + 12 + 3 + 4


@pytest.mark.parametrize(("lasted_min", "told"), [(12.5, 12.5), (61, 60), (-200_000, 0)])
def test_a_clock_that_was_set_makes_no_session_absurd(lasted_min: float, told: float) -> None:
    assert minutes(session(1, lasted_min=lasted_min)) == told


def test_sleep_is_the_mean_of_two_weeks_when_there_are_five_answers() -> None:
    old, *answers = (
        (NOW - days * A_DAY, rating) for days, rating in [(15, 0), (13, 4), (9, 5), (5, 6), (2, 7), (1, 8)]
    )
    assert figures(slept=(old, *answers)).slept == 6
    assert figures(slept=(old, *answers[1:])).slept is None


# --- the trend --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("befores", "trend"),
    [
        ((), Trend.TOO_EARLY),
        ((9, 9, 9, 9, 1, 1, 1, 1, 1), Trend.TOO_EARLY),
        ((6, 6, 6, 6, 6, 5, 5, 5, 5, 5), Trend.BETTER),
        ((6, 6, 6, 6, 6, 6, 5, 5, 5, 5), Trend.SAME),
        ((5, 5, 5, 5, 5, 6, 6, 6, 6, 6), Trend.WORSE),
        ((3, 8, 3, 8, 3, 8, 3, 8, 3, 8, 3, 8), Trend.SAME),
        ((7,) * 14 + (4,) * 14, Trend.BETTER),
        ((0,) * 20 + (7,) * 14 + (4,) * 14, Trend.BETTER),
    ],
    ids=[
        "nothing",
        "nine ratings",
        "a point less",
        "nearly a point",
        "a point more",
        "up and down",
        "two weeks and two",
        "long ago",
    ],
)
def test_where_the_pain_goes(befores: tuple[int, ...], trend: Trend) -> None:
    assert nightly(*befores).trend is trend


def test_the_means_are_told_with_the_trend() -> None:
    told = nightly(6, 6, 6, 6, 7, 4, 4, 4, 4, 4)
    assert (told.before_earlier, told.before_lately) == (6.2, 4.0)


def test_who_rates_twice_a_week_is_compared_over_eight_weeks() -> None:
    told = figures(*(session(3.5 * (16 - number), 6 if number < 8 else 3) for number in range(16)))
    assert told.rated == 15
    assert told.trend is Trend.BETTER


def test_ratings_of_last_year_say_nothing_of_tonight() -> None:
    assert figures(*(session(300 - days, 8) for days in range(20)), session(1, 2)).trend is Trend.TOO_EARLY


def test_what_a_session_does_is_told_with_five_pairs() -> None:
    sessions = [session(days, 5, 4) for days in (5, 4, 3, 2)]
    assert figures(*sessions).effect is Trend.TOO_EARLY
    assert figures(*sessions, session(1, 5)).change is None
    told = figures(*sessions, session(1, 7, 4))
    assert told.effect is Trend.BETTER
    assert told.change == pytest.approx(-1.4)


RATINGS = st.lists(st.tuples(st.integers(0, 10), st.none() | st.integers(0, 10)), max_size=34)


@settings(max_examples=50)
@given(RATINGS)
def test_a_trend_is_told_of_means_and_never_of_less_than_a_point(ratings: list[tuple[int, int | None]]) -> None:
    told = figures(*(session(len(ratings) - number, *pair) for number, pair in enumerate(ratings)))
    assert (told.trend is Trend.TOO_EARLY) == (len(ratings) < 10)
    if told.before_earlier is not None and told.before_lately is not None:
        halves = [before for before, _ in ratings][-28:]
        middle = len(halves) // 2
        assert told.before_earlier == pytest.approx(fmean(halves[:middle]))
        assert told.before_lately == pytest.approx(fmean(halves[middle:]))
        gap = told.before_lately - told.before_earlier
        assert told.trend is (Trend.SAME if abs(gap) < 1 else Trend.WORSE if gap > 0 else Trend.BETTER)


# --- days in a row ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hour", "minute", "day"), [(22, 30, 20), (0, 40, 19), (4, 59, 19), (5, 0, 20)], ids=str)
def test_after_midnight_it_is_still_the_evening_before(hour: int, minute: int, day: int) -> None:
    assert day_of(NOW.replace(hour=hour, minute=minute)) == date(2026, 11, day)


def test_days_in_a_row_are_joined_and_ending_early_counts() -> None:
    person = Person(
        sessions=(
            session(9),
            session(8, ending=Fact.SESSION_ENDED_EARLY),
            session(7.4),
            session(7),
            session(3),
            session(1),
        )
    )
    assert rows_of_days(person, NOW) == (
        Row(date(2026, 11, 11), date(2026, 11, 13)),
        Row(date(2026, 11, 17), date(2026, 11, 17)),
        Row(date(2026, 11, 19), date(2026, 11, 19)),
    )
    told = progress(Tonight(NOW, person))
    assert (told.row_now, told.row_longest) == (1, 3)


@pytest.mark.parametrize(("last_days_ago", "row_now"), [(0, 3), (1, 3), (2, 0)])
def test_a_row_goes_on_while_today_is_not_over(last_days_ago: int, row_now: int) -> None:
    told = figures(*(session(last_days_ago + days) for days in (2, 1, 0)))
    assert (told.row_now, told.row_longest) == (row_now, 3)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 60), max_size=25))
def test_every_day_with_a_session_is_in_one_row(days_ago: list[int]) -> None:
    sessions = tuple(session(days) for days in sorted(days_ago, reverse=True))
    rows = rows_of_days(Person(sessions=sessions), NOW)
    assert sum(row.days for row in rows) == len(set(days_ago))
    assert all(later.first - row.last > A_DAY for row, later in pairwise(rows))


# --- rest -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sessions", "rest"),
    [
        ([], False),
        ([session(1, 3, 6)], False),
        ([session(2, 3, 5), session(1, 4, 6)], True),
        ([session(2, 3, 5), session(1, 4, 5)], False),
        ([session(2, 3, 4), session(1, 4, 9)], False),
        ([session(3, 3, 5), session(2, 4, 4), session(1, 4, 6)], False),
        ([session(3, 3, 5), session(2, 4), session(1, 4, 6)], True),
        ([session(3, 3, 5), session(2, 4, 6), session(1, 4)], True),
        ([session(15, 3, 5), session(1, 4, 6)], False),
    ],
    ids=[
        "nobody yet",
        "once",
        "twice",
        "one point is the wobble of the scale",
        "only the second",
        "not in a row",
        "one without a rating in between",
        "one without a rating since",
        "long ago",
    ],
)
def test_rest_is_due_when_pain_rose_by_two_points_twice_in_a_row(sessions: list[PastSession], rest: bool) -> None:  # noqa: FBT001 - a column of the table
    assert needs_rest(Person(sessions=tuple(sessions)), NOW) is rest


@pytest.mark.parametrize(("nights_later", "rest"), [(0.01, True), (1, True), (2, False)])
def test_rest_is_for_that_night_and_the_next_day(nights_later: float, rest: bool) -> None:  # noqa: FBT001 - a column of the table
    sessions = (session(2, 3, 5), session(1, 4, 6))
    suggested = sessions[-1].ended
    person = Person(sessions=sessions, suggested_rest=suggested)
    assert needs_rest(person, suggested + nights_later * A_DAY) is rest


def test_rest_is_due_anew_when_pain_rises_again_after_it() -> None:
    sessions = (session(9, 3, 5), session(8, 4, 6), session(1, 3, 6))
    assert needs_rest(Person(sessions=sessions, suggested_rest=sessions[1].ended), NOW)


def test_what_will_be_is_not_known() -> None:
    sessions = (session(2, 3, 5), session(-1, 4, 6))
    assert not needs_rest(Person(sessions=sessions), NOW)
    told = figures(session(-1, 4, 6))
    assert (told.sessions_this_week, told.rated, told.row_now) == (0, 0, 0)
