"""How doses grow, and when they step back."""

from __future__ import annotations

import pytest
from a_person import NOW, ago, history
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.person.levels import Course, course_of, dose_at, outings_by_stretch, top_level
from voicecoach.person.person import PastSession, Person
from voicecoach.person.tonight import Tonight
from voicecoach.routine.stretch import Amount, Dose, Unit


def amount(low: int, high: int, unit: Unit = Unit.SECONDS) -> Amount:
    return Amount(low, high, unit)


TIMES = Unit.TIMES
DOSES = [
    # (the dose, what is done at each level: repetitions, hold, sets)
    (Dose(hold=amount(20, 30)), ["1x20", "1x25", "1x30"]),
    (Dose(hold=amount(30, 60)), ["1x30", "1x40", "1x50", "1x60"]),
    (Dose(hold=amount(300, 600)), ["1x300", "1x360", "1x420", "1x480", "1x540", "1x600"]),
    (Dose(hold=amount(3, 5), repeat=amount(3, 4, TIMES)), ["3x3", "4x3", "4x5"]),
    (Dose(hold=amount(20, 30), repeat=amount(2, 3, TIMES)), ["2x20", "3x20", "3x25", "3x30"]),
    (Dose(hold=amount(10, 10, Unit.COUNTS)), ["1x10"]),
    (Dose(hold=amount(8, 12, Unit.BREATHS)), ["1x8", "1x9", "1x10", "1x11", "1x12"]),
    (Dose(hold=amount(10, 15), more_sets=2), ["1x10", "1x15", "2 sets of 1x15", "3 sets of 1x15"]),
    (Dose(hold=amount(10, 10), sets=2), ["2 sets of 1x10"]),
    (Dose(hold=amount(5, 5, Unit.COUNTS), until_next=True), ["1x5"]),
]


def told(dose: Dose) -> str:
    held = f"{dose.repeat.low if dose.repeat else 1}x{dose.hold.low if dose.hold else 0}"
    return f"{dose.sets} sets of {held}" if dose.sets > 1 else held


@pytest.mark.parametrize(("dose", "levels"), DOSES)
def test_a_dose_grows_in_small_steps_to_its_upper_end(dose: Dose, levels: list[str]) -> None:
    assert [told(dose_at(dose, level)) for level in range(len(levels))] == levels
    assert top_level(dose) == len(levels) - 1
    assert told(dose_at(dose, 1000)) == levels[-1]


AMOUNTS = st.builds(
    lambda low, more, unit: Amount(low, low + more, unit),
    st.integers(1, 600),
    st.integers(0, 600),
    st.sampled_from(Unit),
)


@given(AMOUNTS, AMOUNTS, st.integers(0, 3), st.integers(0, 40))
def test_no_level_is_beyond_the_upper_end(hold: Amount, repeat: Amount, more_sets: int, level: int) -> None:
    dose = Dose(hold=hold, repeat=repeat, more_sets=more_sets)
    raised = dose_at(dose, level)

    assert raised.hold is not None
    assert raised.repeat is not None
    assert hold.low <= raised.hold.low <= raised.hold.high == hold.high
    assert repeat.low <= raised.repeat.low <= raised.repeat.high == repeat.high
    assert raised.sets + raised.more_sets == 1 + more_sets


# --- stories ----------------------------------------------------------------------------------------------------------


def course(story: str, top: int = 5, level: int = 5, **known: object) -> Course:
    """What a story of days (`a_person.history`) leads to tonight; it was always done at ``level`` or higher."""
    person = Person(sessions=history(story, "hug", level=level), **known)  # type: ignore[arg-type]
    return course_of(
        outings_by_stretch(Tonight(NOW, person)).get("hug", ()), "hug", person, NOW, top, routine="in-bed-basics"
    )


BREAK = "." * 14
STORIES = [
    ("", 0),
    ("++", 0),
    ("+++", 1),
    ("+.+..+", 1),  # days between do not matter
    ("+++++", 1),
    ("++++++", 2),
    ("++s+", 0),  # a night on which it was skipped breaks the row
    ("++~+", 0),
    ("++!+", 0),
    ("+++x", 0),  # the back felt worse after it
    ("++x+", 0),
    ("++x+++", 1),
    ("++++++x", 1),
    ("++++++xx", 0),
    ("xxx+++", 1),
    ("ooooooooo", 0),  # another routine's dose says nothing of this one's
    ("+o+oo+", 1),
    ("++s" + "o" * 9, 0),
    ("+++++++++" + "o" * 20, 3),  # it was kept up, so there was no break
    ("++!+++", 1),
    ("++++++!", 1),
    ("++++++!++", 1),
    ("++++++!+++", 2),
    ("!!", 0),
    ("+" * 60, 5),
    ("+" * 60 + "!", 4),  # from the upper end, not from somewhere above it
    ("++++++" + BREAK[1:], 1),
    ("++++++" + BREAK[2:], 2),
    ("++++++" + BREAK * 2, 0),
    ("++++++" + BREAK + "+", 1),
    ("++++++++" + BREAK + "+", 1),  # a row does not go on over a break
]


@pytest.mark.parametrize(("story", "level"), STORIES)
def test_a_level_follows_from_the_story(story: str, level: int) -> None:
    assert course(story).level == level


def test_a_short_nights_dose_says_nothing_about_more() -> None:
    assert course("+" * 30, level=0).level == 1
    assert course("+" * 30, level=1).level == 2


def test_a_dose_with_one_figure_stays_as_it_is() -> None:
    assert course("+" * 30, top=0).level == 0


WISHES = [
    # (the story, "longer" less "shorter", the level)
    ("", 1, 1),
    ("", 9, 5),
    ("+" * 60, 1, 5),
    ("", -1, 0),
    ("+" * 60, -1, 4),
    ("+" * 60, -9, 0),
    ("!", 2, 1),
    ("!!!", 2, 0),
    ("+++", 2, 3),
    ("+++" + "." * 70, 2, 0),
]


@pytest.mark.parametrize(("story", "wished", "level"), WISHES)
def test_what_was_asked_for_stays_within_the_dose(story: str, wished: int, level: int) -> None:
    assert course(story, lengths={"hug": wished}).level == level


def test_it_is_known_what_is_new_tonight() -> None:
    assert course("+++", level=0).rose
    assert not course("++++", level=1).rose
    assert course("++++", level=0).rose, "it was a short night"
    assert course("+++ooo", level=0).rose, "what lies between is another dose"
    assert course("+++s", level=0).rose
    assert not course("+" * 30, top=1, level=1).rose
    assert course("+", level=0, lengths={"hug": 1}).rose, "who asked for more hears that it comes"
    assert not course("ooo", level=0, lengths={"hug": 1}).rose, "nothing to compare it with"
    assert not course("+++x", level=0).rose
    assert course("++++++" + BREAK).stepped_back
    assert not course("++++++" + BREAK).rose
    assert not course("++++++" + BREAK + "+").stepped_back
    assert not course("+" + BREAK).stepped_back, "there was nothing to step back from"


def test_pain_is_remembered_until_it_went_well() -> None:
    assert course("+!").hurt
    assert course("+!s").hurt, "skipping it shows nothing"
    assert not course("+!+").hurt


PAIN = [
    ("!!", False),
    ("!!!", True),
    ("!+!++!", True),
    ("!!" + "+" * 9 + "!", True),
    ("!!" + "+" * 10 + "!", False),
    ("!!!" + "+" * 10, True),
]


@pytest.mark.parametrize(("story", "is_left_out"), PAIN)
def test_three_sessions_with_pain_leave_a_stretch_out(story: str, is_left_out: bool) -> None:  # noqa: FBT001 - a column
    assert bool(course(story).left_out_since) is is_left_out


def test_pain_in_another_routine_counts_here_too() -> None:
    elsewhere = Person(sessions=history("!!!", "hug", routine="another"))
    past = outings_by_stretch(Tonight(NOW, elsewhere))["hug"]

    assert course_of(past, "hug", elsewhere, NOW, 5, "in-bed-basics").left_out_since
    assert course_of(past[:1], "hug", elsewhere, NOW, 5, "in-bed-basics").hurt
    assert not course("xxx").hurt
    assert not course("xxxxxx").left_out_since, "the session was at fault, which stretch of it nobody knows"


def test_after_rest_was_suggested_it_begins_a_step_lower() -> None:
    assert course("++++++", suggested_rest=ago(0.5)).level == 1
    assert course("++++++", suggested_rest=ago(0.5), rests_before=(ago(1.5),)).level == 0
    assert course("+++...", suggested_rest=ago(2)).level == 0
    assert course("+++.+++", suggested_rest=ago(3.5)).level == 1
    assert course("+++++.+", suggested_rest=ago(1.5)).level == 0, "the row of good nights has ended"
    assert course("++++++", suggested_rest=NOW).level == 1
    assert course("++++++", suggested_rest=ago(-1)).level == 2, "that is yet to come"


@pytest.mark.parametrize("about", ["hug", ""])
def test_what_was_brought_back_begins_anew(about: str) -> None:
    assert course("!!!").left_out_since
    assert not course("!!!", brought_back={about: ago(0.5)}).left_out_since
    assert not course("!!!!!", brought_back={about: ago(2.5)}).left_out_since
    assert course("!!!!!!", brought_back={about: ago(3.5)}).left_out_since
    assert course("!!!", brought_back={"bridge": ago(0.5)}).left_out_since


def test_what_lies_ahead_is_not_looked_at() -> None:
    tomorrow: tuple[PastSession, ...] = history("+", "hug", every_days=-1)
    assert outings_by_stretch(Tonight(NOW, Person(sessions=tomorrow))) == {}
