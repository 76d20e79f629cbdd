""" "Something for tonight"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from a_person import LIBRARY, NOW, ago, done, hurt, session, yes

from voicecoach.person.choosing import choose
from voicecoach.person.person import Condition, PastSession, Person
from voicecoach.person.tonight import Tonight
from voicecoach.routine.stretch import When

ROUTINES = LIBRARY.routines


def chosen(hour: int = 22, **known: object) -> str:
    return choose(ROUTINES, Tonight(NOW.replace(hour=hour), Person(**known)))  # type: ignore[arg-type]


HOURS = [
    *((hour, When.BEDTIME) for hour in (17, 22, 0, 3)),
    *((hour, When.MORNING) for hour in (4, 7, 10)),
    *((hour, When.DAY) for hour in (11, 14, 16)),
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


def test_with_pain_nothing_long_or_new_is_tried() -> None:
    known = tuple(session(day, routine=routine, pain=(4, 3)) for day, routine in ((4, "in-bed-basics"), (3, "bedtime")))

    def with_pain(pain: int | None, sessions: tuple[PastSession, ...] = known) -> str:
        return choose(ROUTINES, Tonight(NOW, Person(sessions=sessions)), pain)

    assert with_pain(None) == with_pain(4) == "deep-bedtime", "it was never done"
    assert with_pain(5) == with_pain(7) == "wind-down"
    rested = (*known, session(2, routine="wind-down", pain=(4, 3)))
    assert with_pain(6, rested) == "in-bed-basics"
    assert with_pain(None, (*rested, session(1, routine="bedtime", pain=(5, 5)))) == "in-bed-basics", (
        "the latest rating"
    )
    assert with_pain(2, (*rested, session(1, routine="bedtime", pain=(5, 5)))) == "deep-bedtime", (
        "tonight's counts more"
    )
    assert with_pain(6, (session(1, routine="bedtime"),)) == "wind-down"
    old = (session(30, routine="in-bed-basics", pain=(7, 7)), session(29, routine="bedtime", pain=(7, 7)))
    assert with_pain(None, old) == "deep-bedtime", "that was long ago"


def test_a_long_one_waits_until_there_is_less_pain_however_long_ago_it_was() -> None:
    routines = ("bedtime", "deep-bedtime", "in-bed-basics", "wind-down")

    def after_pain(*pain: int) -> str:
        """The latest session was rated so, before and after."""
        past = [session(9 - day, routine=routine) for day, routine in enumerate(routines)]
        return chosen(sessions=(*past, session(2, routine="wind-down", pain=(pain[0], pain[1]) if pain else None)))

    assert after_pain() == after_pain(4, 4) == "bedtime"
    assert after_pain(3, 5) == "in-bed-basics"
    assert after_pain(6, 4) == "bedtime", "it has eased"


def test_among_short_ones_a_known_one_is_taken_with_pain() -> None:
    out = {key: routine for key, routine in ROUTINES.items() if key in ("in-bed-basics", "in-bed-basics-morning")}
    routines = {key: replace(routine, when=When.DAY) for key, routine in out.items()}
    tonight = Tonight(NOW, Person(sessions=(session(2, routine="in-bed-basics"),)))

    assert choose(routines, tonight, 4) == "in-bed-basics-morning"
    assert choose(routines, tonight, 5) == "in-bed-basics"


def test_with_much_pain_there_is_only_rest() -> None:
    assert [choose(ROUTINES, Tonight(NOW.replace(hour=hour)), 8) for hour in (8, 14, 22)] == ["wind-down"] * 3
    assert choose(ROUTINES, Tonight(NOW.replace(hour=8)), 7) == "in-bed-basics-morning"
