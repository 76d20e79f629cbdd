"""A plan cut to the minutes that somebody has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from a_person import LIBRARY, NOW, WORDS, done, history, session, yes

from voicecoach.person.adapting import BREATHING, ChangeKind, Prepared, prepare
from voicecoach.person.fitting import FEWEST_BREATHS, session_s
from voicecoach.person.person import Condition, PastSession, Person
from voicecoach.person.tonight import Tonight
from voicecoach.routine.stretch import Amount, Dose, Entry, Routine, Unit


def fitted(routine: str, minutes: int | None, person: Person | None = None, pace: float = 1.0) -> Prepared:
    return fitted_routine(LIBRARY.routines[routine], minutes, person, pace)


def fitted_routine(routine: Routine, minutes: int | None, person: Person | None = None, pace: float = 1.0) -> Prepared:
    return prepare(routine, Tonight(NOW, person or Person()), WORDS, LIBRARY.stretches, minutes, pace)


def bedtime_with_twenty_breaths() -> Routine:
    """The bedtime routine with a twist as long as its article has it."""
    *others, twist = LIBRARY.routines["bedtime"].entries
    long = replace(twist, dose=replace(twist.dose, hold=Amount(20, 20, Unit.BREATHS)))
    return replace(LIBRARY.routines["bedtime"], entries=(*others, long))


def keys(night: Prepared) -> list[str]:
    return [step.stretch.key for step in night.plan.steps]


FITTED = [
    (
        "bedtime",
        10,
        ["knee-hug", "thread-the-needle", "bridge", "knees-together-sway", "spinal-twist"],
    ),
    ("bedtime", 5, ["knee-hug", "childs-pose"]),
    ("deep-bedtime", 5, ["knee-to-chest", "supine-twist"]),
    ("back-strength", 6, ["knee-to-chest", "pelvic-tilt", "cat-cow"]),
    (
        "morning",
        5,
        [
            *("lumbar-rotation", "pelvic-tilt", "knee-to-chest", "hamstring-stretch"),
            "both-knees-to-chest",
        ],
    ),
    ("wind-down", 3, ["belly-breathing"]),
    ("wind-down", 1, ["belly-breathing"]),
]


@pytest.mark.parametrize(("routine", "minutes", "expected"), FITTED)
def test_warm_up_and_cool_down_stay_and_the_first_ones_between(routine: str, minutes: int, expected: list[str]) -> None:
    assert keys(fitted(routine, minutes)) == expected


def test_the_last_cool_down_is_taken_that_leaves_time_for_the_rest() -> None:
    assert keys(fitted("bedtime", 16))[-1] == "spinal-twist"
    assert keys(fitted("deep-bedtime", 14))[-1] == "legs-up-the-wall"
    assert keys(fitted("deep-bedtime", 10))[-1] != "legs-up-the-wall"


@pytest.mark.parametrize("routine", LIBRARY.routines)
def test_a_routine_that_is_short_enough_is_not_cut(routine: str) -> None:
    whole, with_time = fitted(routine, None), fitted(routine, 25)

    assert with_time == whole
    assert with_time.changes == ()


def test_what_helped_most_stays() -> None:
    """Pain fell on the nights with the pigeon, and not on those with what the routine puts first."""
    nights = [
        *(session(day, *done("pigeon", "feet-together"), pain=(5, 2)) for day in (9, 7, 5)),
        *(session(day, *done("thread-the-needle", "bridge", "knees-together-sway"), pain=(4, 4)) for day in (8, 6, 4)),
    ]

    night = fitted("bedtime", 9, Person(sessions=tuple(sorted(nights, key=lambda one: one.began))))
    assert keys(night) == ["knee-hug", "feet-together", "pigeon", "spinal-twist"]
    assert keys(fitted("bedtime", 9)) == [
        *("knee-hug", "thread-the-needle", "bridge", "knees-together-sway", "spinal-twist"),
    ]


def test_two_rated_nights_prove_nothing() -> None:
    nights: tuple[PastSession, ...] = tuple(session(day, *done("pigeon"), pain=(9, 0)) for day in (4, 2))

    assert keys(fitted("bedtime", 8, Person(sessions=nights))) == keys(fitted("bedtime", 8))


def test_doses_go_down_before_a_stretch_is_dropped() -> None:
    stretches = ("knee-to-chest", "cat-cow", "pelvic-tilt", "spinal-twist")
    nights = [session(ago, *done(*stretches, level=5), routine="in-bed-basics") for ago in range(40, 0, -1)]
    grown = Person(sessions=tuple(nights))
    whole, cut = fitted("in-bed-basics", None, grown), fitted("in-bed-basics", 5, grown)
    limit_s = 5 * 60 + 30

    assert session_s(whole.plan, 1.0) > limit_s >= session_s(cut.plan, 1.0)
    assert keys(cut) == keys(whole)
    assert [step.level for step in whole.plan.steps] == [2, 0, 2, 2]
    assert [step.level for step in cut.plan.steps] == [0, 0, 0, 0]
    assert [change.kind for change in cut.changes] == [ChangeKind.SHORTENED]


def test_nothing_is_told_of_more_on_a_night_with_less() -> None:
    person = Person(sessions=history("+++", "knee-to-chest"))

    assert [change.kind for change in fitted("in-bed-basics", None, person).changes] == [ChangeKind.MORE]
    (shortened,) = fitted("in-bed-basics", 4, person).changes
    assert shortened.kind is ChangeKind.SHORTENED
    assert set(shortened.stretches) == set(keys(fitted("in-bed-basics", None))) - set(
        keys(fitted("in-bed-basics", 4, person))
    )


def test_where_the_warm_up_is_ruled_out_what_comes_first_is_one() -> None:
    answers = yes(Condition.OSTEOPOROSIS)
    assert keys(fitted("bedtime", 3, Person(answers=answers))) == ["pelvic-tilt", "feet-together"], "in its place"

    person = Person(answers=answers, left_out=frozenset({"knee-hug"}))
    assert keys(fitted("bedtime", None, person)) == ["bridge", "knees-together-sway", "feet-together"]
    assert keys(fitted("bedtime", 3, person)) == ["bridge", "feet-together"]


def test_a_slower_pace_leaves_less_room() -> None:
    assert len(keys(fitted("bedtime", 10, pace=1.5))) < len(keys(fitted("bedtime", 10, pace=1.0)))


def test_one_minute_is_a_few_breaths() -> None:
    (step,) = fitted("bedtime", 1).plan.steps

    assert step.stretch.key == BREATHING
    assert step.dose.hold is not None
    assert 1 <= step.dose.hold.low < 10


def test_what_is_left_of_the_time_is_for_a_long_hold_with_fewer_breaths() -> None:
    person = Person(answers=yes(Condition.KNEELING), left_out=frozenset({"thread-the-needle"}))
    routine = bedtime_with_twenty_breaths()
    whole, cut = fitted_routine(routine, None, person), fitted_routine(routine, 10, person)

    assert session_s(whole.plan, 1.0) > 14 * 60
    assert 9 * 60 < session_s(cut.plan, 1.0) <= 10 * 60 + 30
    assert keys(cut) == keys(whole)
    twist = cut.plan.steps[-1]
    assert twist.stretch.key == "spinal-twist"
    assert twist.dose.hold is not None
    assert FEWEST_BREATHS <= twist.dose.hold.low < 20
    assert [change.kind for change in cut.changes if change.kind is ChangeKind.SHORTENED] == [ChangeKind.SHORTENED]
    assert "spinal-twist" not in keys(fitted_routine(routine, 8, person)), "a breath or two would be no twist"


TEN_LIFTS = Dose(hold=Amount(5, 5, Unit.SECONDS), repeat=Amount(10, 10, Unit.TIMES), sets=3, rest_s=30)


def sheet(*stretches: str) -> Routine:
    """A physiotherapist's sheet: of each stretch three rounds of ten."""
    entries = tuple(Entry(LIBRARY.stretches[key], TEN_LIFTS) for key in stretches)
    return Routine("sheet", "Sheet", "sheet", ("sheet",), (), "", "", entries)


ROUNDS = [
    # (the sheet, the minutes, what is done and in how many rounds)
    (["bridge"], None, {"bridge": 3}),
    (["bridge"], 9, {"bridge": 3}),
    (["bridge"], 6, {"bridge": 2}),
    (["bridge"], 3, {"bridge": 1}),
    (["bridge", "pelvic-tilt"], None, {"bridge": 3, "pelvic-tilt": 3}),
    (["bridge", "pelvic-tilt"], 12, {"bridge": 2, "pelvic-tilt": 3}),
    (["bridge", "pelvic-tilt"], 5, {"bridge": 1, "pelvic-tilt": 1}),
    (["bridge", "pelvic-tilt"], 2, {"belly-breathing": 1}),
]


@pytest.mark.parametrize(("stretches", "minutes", "expected"), ROUNDS)
def test_there_are_fewer_rounds_before_a_stretch_is_dropped(
    stretches: list[str], minutes: int | None, expected: dict[str, int]
) -> None:
    night = prepare(sheet(*stretches), Tonight(NOW, Person()), WORDS, LIBRARY.stretches, minutes)

    assert {step.stretch.key: len(step.rounds) for step in night.plan.steps} == expected
    assert minutes is None or session_s(night.plan, 1.0) <= minutes * 60 + 60
