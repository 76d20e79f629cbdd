""" "Something for tonight"."""

from __future__ import annotations

from datetime import timedelta

import pytest
from a_person import LIBRARY, NOW, ago, done, hurt, session, yes

from voicecoach.person.choosing import choose
from voicecoach.person.person import Condition, Person
from voicecoach.person.tonight import Tonight
from voicecoach.routine.stretch import When

ROUTINES = LIBRARY.routines


def chosen(hour: int = 22, **known: object) -> str:
    return choose(ROUTINES, Tonight(NOW.replace(hour=hour), Person(**known)))  # type: ignore[arg-type]


HOURS = [
    *((hour, When.BEDTIME) for hour in (17, 22, 0, 3)),
    *((hour, When.MORNING) for hour in (4, 7, 10)),
    *((hour, When.ANY) for hour in (11, 14, 16)),
]


@pytest.mark.parametrize(("hour", "when"), HOURS)
def test_bedtime_or_morning_by_the_hour(hour: int, when: When) -> None:
    assert ROUTINES[chosen(hour)].when is when


def test_somebody_new_begins_with_the_basics() -> None:
    assert chosen() == "in-bed-basics"
    assert chosen(8) == "in-bed-basics-morning"


def test_it_varies() -> None:
    known: list[str] = []
    sessions = [session(9, routine="in-bed-basics")]
    for day in range(8, 0, -1):
        tonight = Tonight(ago(day), Person(sessions=tuple(sessions)))
        known.append(choose(ROUTINES, tonight))
        sessions.append(session(day, routine=known[-1]))

    assert known[:4] == ["bedtime", "deep-bedtime", "wind-down", "in-bed-basics"]
    assert known[4:] == known[:4]


def test_yesterdays_pain_is_not_chosen() -> None:
    others = tuple(
        session(day, routine=routine)
        for day, routine in ((5, "in-bed-basics"), (4, "bedtime"), (3, "deep-bedtime"), (2, "wind-down"))
    )
    yesterday = (session(1, hurt("knee-to-chest"), *done("pigeon"), routine="bedtime"),)

    assert chosen(sessions=others) == "in-bed-basics"
    assert chosen(sessions=others + yesterday) == "wind-down", "knee to chest is in the two that were longer ago"
    week_ago = (session(7, hurt("knee-to-chest")),)
    assert chosen(sessions=week_ago + others) == "in-bed-basics"


def test_not_a_routine_of_which_little_is_left() -> None:
    out = frozenset({"knee-to-chest", "cat-cow", "pelvic-tilt"})

    assert chosen(left_out=out) == "bedtime"
    assert chosen(answers=yes(Condition.INJURY)) == "wind-down"
    assert chosen(answers=yes(Condition.OSTEOPOROSIS), left_out=frozenset({"pelvic-tilt"})) == "wind-down"


def test_what_hurt_too_often_counts_as_left_out() -> None:
    sessions = tuple(
        session(day, *(hurt(key) for key in ("knee-to-chest", "cat-cow", "pelvic-tilt"))) for day in (30, 29, 28)
    )

    assert chosen() == "in-bed-basics"
    assert chosen(sessions=sessions) != "in-bed-basics"


def test_a_back_that_should_rest_gets_what_is_restful_at_any_hour() -> None:
    for hour in (8, 14, 22):
        now = NOW.replace(hour=hour)
        resting = Tonight(now, Person(suggested_rest=now - timedelta(hours=1)))
        assert choose(ROUTINES, resting) == "wind-down"


def test_a_single_routine_is_chosen_at_any_hour() -> None:
    assert choose({"bedtime": ROUTINES["bedtime"]}, Tonight(NOW.replace(hour=7))) == "bedtime"
