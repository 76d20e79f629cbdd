"""Whoever lies in the dark is not asked, told, praised or promised more than is good at that hour."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from night import Night
from small_house import ALL_ANSWERED, BELLY, EVENING, at_rest, knowledge, language

from voicecoach.dialogue.handlers.rating import EXPLAINED
from voicecoach.dialogue.handlers.sessions import ASLEEP_AFTER_S
from voicecoach.dialogue.script import greeting
from voicecoach.dialogue.state import Mode
from voicecoach.languages.loading import LANGUAGES
from voicecoach.person.choosing import choose, offered
from voicecoach.person.facts import Fact
from voicecoach.person.tips import Tip
from voicecoach.person.tonight import Tonight
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.routine.plan import Say
from voicecoach.routine.planning import Preferences, make_plan
from voicecoach.routine.stretch import Amount, Dose, Entry, Routine, Unit, When
from voicecoach.routine.ways import begins_at, body

ROUTINES = load_library(shipped("routines")).routines
PROMISES = re.compile(
    r"\b(posture|prevent\w*|cure\w*|heal\w*|protect\w*|guarantee\w*|pain free|deeply|"
    r"well done|good job|great|perfect|excellent)\b"
)
RATES_PAIN = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)
TIPS = (Tip("warm", "Warmth does many backs good.", When.ANY, ()),)
SCALE = language().prompts.pain_scale


def breathing_for(minutes: int, *, when: When = When.BEDTIME, restful: bool = False) -> Routine:
    """A routine of one hold, so many minutes long."""
    one = replace(BELLY, key="long", restful=restful)
    dose = Dose(hold=Amount(60 * minutes, 60 * minutes, Unit.SECONDS))
    return Routine(
        "bedtime", "B", "bedtime routine", ("bedtime",), (), "Hello.", "Sleep tight.", (Entry(one, dose),), when
    )


def gone_through(routine: Routine) -> Night:
    """To its last words, by somebody who tells how the back is before, and would hear a tip."""
    knows = replace(knowledge(tips=TIPS), routines={"bedtime": routine}, stretches={"belly-breathing": BELLY})
    night = Night(at_rest(knows=knows), RATES_PAIN).says("start bedtime").passes(9).says("two")
    return night.until("Let go.", 2000).passes(2)


def test_after_only_resting_nothing_is_asked_and_no_tip_told() -> None:
    night = gone_through(breathing_for(2, restful=True))
    assert night.last == "Sleep tight."
    assert night.passes(20).mode is Mode.ASLEEP
    assert night.words[-1] == "Sleep tight."


def test_who_may_be_asleep_is_asked_nothing_and_told_no_tip() -> None:
    night = gone_through(breathing_for(round(ASLEEP_AFTER_S / 60)))
    assert night.last == "Sleep tight."
    assert night.passes(20).mode is Mode.ASLEEP


def test_who_has_lain_still_to_the_end_is_asked_nothing_unless_they_have_said_a_word() -> None:
    wall = breathing_for(5)
    assert gone_through(wall).last == "Sleep tight."
    knows = replace(knowledge(tips=TIPS), routines={"bedtime": wall}, stretches={"belly-breathing": BELLY})
    night = Night(at_rest(knows=knows), RATES_PAIN).says("start bedtime").passes(9).says("two").passes(240)
    night.says("how long").until("Let go.", 2000).passes(2)
    assert night.last == "And now, from zero to ten, how is your back?"


@pytest.mark.parametrize(("minutes", "when"), [(2, When.BEDTIME), (12, When.MORNING)])
def test_who_is_awake_is_asked_how_the_back_is_now(minutes: int, when: When) -> None:
    assert gone_through(breathing_for(minutes, when=when)).last == "And now, from zero to ten, how is your back?"


def test_who_does_not_answer_how_the_back_is_now_may_be_asleep_and_hears_no_tip() -> None:
    night = gone_through(breathing_for(2)).passes(30)
    assert night.last == "Sleep tight."
    assert night.mode is Mode.ASLEEP


def test_the_ends_of_the_scale_are_told_the_first_times() -> None:
    history = list(RATES_PAIN)
    told = []
    for _ in range(EXPLAINED + 1):
        night = Night(history=history).says("start bedtime")
        told.append(SCALE in night.last)
        night.passes(9).says("two").passes(8).says("good night").passes(20)
        history = night.history
    assert told == [True] * EXPLAINED + [False]


def test_good_morning_comes_first() -> None:
    for routine in ROUTINES.values():
        plan = make_plan(routine, Preferences(), language().plan)
        assert (routine.hello == "Good morning.") is (routine.when is When.MORNING)
        assert greeting(plan, language()).startswith(routine.hello or "Here is")
        assert greeting(plan, language(), greeted=True).startswith("Here is")


def test_good_morning_comes_before_the_questions_and_once() -> None:
    knows = replace(knowledge(), routines={"bedtime": replace(breathing_for(1), hello="Good morning.")})
    night = Night(at_rest(knows=knows), RATES_PAIN).says("start bedtime")
    assert night.last.startswith(f"Good morning. {SCALE}")
    assert night.passes(9).says("two").last.startswith("Here is the bedtime routine")


@pytest.mark.parametrize("hour", range(24))
def test_back_strength_is_chosen_and_offered_by_day_only(hour: int) -> None:
    tonight = Tonight(EVENING.replace(hour=hour))
    assert (choose(ROUTINES, tonight) == "back-strength") <= (11 <= hour < 17)
    asked = Night(at_rest(knows=replace(knowledge(), routines=ROUTINES)), began=EVENING.replace(hour=hour))
    said = asked.opens().passes(5).says("what can you do").last
    assert ("back strength" in said) is (4 <= hour < 17)


def test_where_there_is_nothing_else_it_is_told_of_at_any_hour() -> None:
    assert offered([ROUTINES["back-strength"]], late=True) == ["back strength"]


def test_nothing_is_promised_or_praised_and_nobody_is_told_to_breathe_deeply() -> None:
    files = [*shipped("routines/text/en").rglob("*.yaml"), *(LANGUAGES / "en").glob("*.yaml")]
    said = [line for file in files if file.name != "phrases.yaml" for line in file.read_text("utf-8").splitlines()]
    assert len(said) > 500
    assert [line for line in said if not line.startswith("#") and PROMISES.search(line.lower())] == []


def test_whoever_leaves_the_back_or_comes_to_it_goes_over_the_side() -> None:
    for routine in ROUTINES.values():
        for step in make_plan(routine, Preferences(), language().plan).steps:
            said = step.beat_from(step.comes_from, step.moves_at)
            assert isinstance(said, Say)
            moved = begins_at(step.comes_from) is not body(step.stretch.position)
            assert bool(said.text) is moved, step.stretch.key
            assert not moved or "side" in said.text
