"""What is not known is taken as though it held; and the questions before a session are soon over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from a_person import LIBRARY
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import ALL_ANSWERED, BEDTIME, BELLY, EVENING, TWIST, at_rest, knowledge, language, stretch

from voicecoach.dialogue.handlers.screening import SILENT_IN_A_ROW
from voicecoach.dialogue.screening_parts import condition_of, parts_due
from voicecoach.dialogue.state import Mode, Question
from voicecoach.languages.commands import Command, Meaning
from voicecoach.person.facts import NOT_SURE, Fact, Record
from voicecoach.person.person import Condition
from voicecoach.person.screening import UNSURE_HOLDS_FOR
from voicecoach.person.tonight import Tonight
from voicecoach.routine.plan import Hold
from voicecoach.routine.stretch import Amount, Dose, Entry, Unit, When

DOSE = Dose(hold=Amount(10, 30, Unit.SECONDS))
RULED_OUT = {one: stretch(f"{one.name.lower()} one", not_with=frozenset({one})) for one in Condition}
"""For every condition a stretch that is not for those who have it."""
ENTRIES = tuple(Entry(one, DOSE) for one in (*RULED_OUT.values(), TWIST, BELLY))
HOUSE = replace(
    knowledge(),
    routines={"bedtime": replace(BEDTIME, entries=ENTRIES)},
    stretches={entry.stretch.key: entry.stretch for entry in ENTRIES},
)
PARTS = parts_due(Tonight(EVENING), language())
"""Everything that is asked on the first evening."""
EVENING_LIMIT_S = 40.0


def asked_whole(night: Night, then_s: float = 1.0) -> Night:
    """What is being said is said to its end, and so many seconds pass."""
    while night.state.playing:
        night.passes(0.1)
    return night.passes(then_s)


def first_evening(**answers: str) -> Night:
    """Somebody answers everything with no, but what is named; "" is silence.  Pain is four."""
    night = Night(at_rest(knows=HOUSE), history=()).says("start bedtime routine")
    while night.mode is Mode.ASKING and night.state.asked:
        asked_whole(night)
        about = night.state.asked.about
        number = night.state.asked.question is Question.PAIN_BEFORE
        reply = "four" if number else answers.get(condition_of(about).name.lower(), "no")
        night.says(reply) if reply else night.passes(27)
    return night


def guided(night: Night) -> set[str]:
    """Keys of the stretches of the session that has begun."""
    assert night.state.session is not None
    return {step.stretch.key for step in night.state.session.plan.steps}


def noted(night: Night) -> dict[str, float | None]:
    return {line.about: line.value for line in night.history if line.what is Fact.ANSWERED}


# --- not sure, skipped, silent ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", [one for one in Condition if one is not Condition.RED_FLAGS])
@pytest.mark.parametrize(("reply", "value"), [("maybe", NOT_SURE), ("skip", None), ("", None), ("yes", 1.0), ("no", 0)])
def test_what_is_not_known_rules_out_the_same_as_a_yes(condition: Condition, reply: str, value: float | None) -> None:
    night = first_evening(**{condition.name.lower(): reply})
    out = set() if reply == "no" else {RULED_OUT[condition].key}
    assert guided(night) == {entry.stretch.key for entry in ENTRIES} - out
    assert noted(night).get(condition.value) == value, "silence is no fact that lasts"
    words = "Because of" if reply == "yes" else "In case of"
    told = f"{words} {language().screening[condition].name}, {RULED_OUT[condition].name} is left out"
    assert (told in night.last) is (reply != "no")


@pytest.mark.parametrize("reply", ["skip", ""])
def test_with_a_red_flag_that_is_not_known_there_is_only_breathing(reply: str) -> None:
    night = Night(at_rest(knows=HOUSE), history=()).says("start bedtime routine")
    for part in PARTS:
        assert night.state.asked is not None
        assert night.state.asked.about == part, "the next question, never past one"
        asked_whole(night)
        if part != PARTS[1]:
            night.says("no")
        elif reply:
            night.says(reply)
        else:
            night.passes(27)
    asked_whole(night).says("four")
    assert guided(night) == {BELLY.key}
    assert "Not every answer was clear, so tonight we only breathe." in night.last
    assert Condition.RED_FLAGS.value not in noted(night)
    again = Night(at_rest(knows=HOUSE), night.history, EVENING + timedelta(days=1)).says("start bedtime routine")
    assert again.state.asked is not None
    assert again.state.asked.about == PARTS[0], "it is asked again another evening"


def test_who_is_not_sure_of_a_red_flag_is_asked_the_others_and_then_sent_to_a_doctor() -> None:
    night = asked_whole(Night(at_rest(knows=HOUSE), history=()).says("start bedtime routine")).says("not sure")
    for _ in PARTS[1:5]:
        asked_whole(night).says("no")
    assert night.last.startswith("If you are not sure, please ask a doctor before you stretch.")
    assert noted(night) == {Condition.RED_FLAGS.value: NOT_SURE}
    asked_whole(night).says("yes")
    assert guided(night) == {BELLY.key}


def test_where_nobody_answers_twice_in_a_row_no_more_is_asked_and_there_is_only_breathing() -> None:
    night = Night(at_rest(knows=HOUSE), history=()).says("start bedtime routine").until("Here is", 120)
    asked = [words for words in night.words if "?" in words]
    assert len(asked) == 2 * SILENT_IN_A_ROW
    assert guided(night) == {BELLY.key}


def test_not_sure_is_asked_again_after_a_week_and_not_before() -> None:
    history = first_evening(pregnancy="maybe").history
    for days, asks in ((1, False), (UNSURE_HOLDS_FOR.days - 1, False), (UNSURE_HOLDS_FOR.days + 1, True)):
        night = Night(at_rest(knows=HOUSE), history, EVENING + timedelta(days=days)).says("start bedtime routine")
        assert ("Are you pregnant?" in night.last) is asks


def test_a_power_cut_does_not_turn_an_open_answer_into_a_no() -> None:
    night = first_evening(kneeling="").until("the osteoporosis one")
    again = Night(at_rest(knows=HOUSE), night.history, night.time).opens(night.place_kept, 60)
    asked_whole(again).says("yes")
    assert RULED_OUT[Condition.KNEELING].key not in guided(again)


@pytest.mark.parametrize(("reply", "held_s"), [("four", 15), ("a bit", 10), ("", 10), ("skip", 15)])
def test_who_does_not_know_how_the_back_is_does_a_little_less(reply: str, held_s: int) -> None:
    rates = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)
    comfortable = [
        Record(EVENING - timedelta(days=day), fact, about, value=0.0)
        for day in (3, 2, 1)
        for fact, about in (
            (Fact.SESSION_STARTED, "bedtime"),
            (Fact.STRETCH_DONE, TWIST.key),
            (Fact.SESSION_FINISHED, "bedtime"),
        )
    ]
    night = asked_whole(Night(at_rest(knows=HOUSE), (*rates, *comfortable)).says("start bedtime routine"))
    if reply:
        night.says(reply)
    else:
        night.passes(10)
    assert night.state.session is not None
    steps = night.state.session.plan.steps
    held = {beat.amount for step in steps for beat in step.beats if step.stretch is TWIST and isinstance(beat, Hold)}
    assert held == {held_s}
    assert ("a little less of everything" in night.last) is (held_s < 15)


# --- back after a break -----------------------------------------------------------------------------------------------

NEWS = "It has been a while. Is anything new, such as a fall, an illness, or trouble with your back or legs?"
THREE_WEEKS_AGO = [
    *(replace(line, at=EVENING - timedelta(days=22)) for line in ALL_ANSWERED),
    *(Record(EVENING - timedelta(days=21), what, "bedtime") for what in (Fact.SESSION_STARTED, Fact.SESSION_FINISHED)),
]


def back_again(reply: str) -> Night:
    night = asked_whole(Night(at_rest(knows=HOUSE), history=THREE_WEEKS_AGO).says("start bedtime routine"))
    assert night.last == NEWS
    if reply:
        return night.says(reply)
    while night.state.asked and night.state.asked.question is Question.NEWS:
        night.passes(1)
    return night


def test_after_a_break_one_question_is_enough_where_nothing_is_new() -> None:
    night = back_again("no")
    assert night.mode is Mode.GREETING
    assert noted(night)["red flags"] == 0.0
    assert guided(night) == {entry.stretch.key for entry in ENTRIES}


@pytest.mark.parametrize("reply", ["yes", "maybe", "skip", ""])
def test_where_something_may_be_new_red_flags_and_injuries_are_asked_about(reply: str) -> None:
    night = back_again(reply)
    asked = []
    while night.mode is Mode.ASKING and night.state.asked:
        asked_whole(night)
        asked.append(condition_of(night.state.asked.about))
        night.says("no")
    assert [*dict.fromkeys(asked)] == [Condition.RED_FLAGS, Condition.INJURY]
    assert guided(night) == {entry.stretch.key for entry in ENTRIES}


def test_where_something_is_new_and_nobody_says_what_there_is_only_breathing() -> None:
    night = back_again("yes")
    while night.mode is Mode.ASKING and night.state.asked:
        asked_whole(night).says("skip")
    assert guided(night) == {BELLY.key}


# --- whatever is answered ---------------------------------------------------------------------------------------------

REPLIES = ("no", "no", "no", "yes", "maybe", "skip", "go on", "nine", "mumble", "", "early no", "early yes", "louder")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(REPLIES), max_size=30))
def test_whatever_is_answered_nothing_is_led_that_was_not_answered_with_no(replies: list[str]) -> None:
    night = Night(at_rest(knows=HOUSE), history=()).says("start bedtime routine")
    refused: set[str] = set()
    coming = iter(replies)
    while night.mode is Mode.ASKING and night.state.asked:
        question = night.state.asked
        reply = next(coming, "")
        if reply.startswith("early") and night.state.playing:
            night.passes(0.3).says(reply.removeprefix("early "))
            continue
        asked_whole(night)
        reply = reply.removeprefix("early ")
        if reply == "no" and question.question is Question.SCREEN:
            refused.add(question.about)
        if reply == "mumble":
            night.mumbles().passes(3)
        elif reply:
            night.means(Meaning(Command.NUMBER, 9)) if reply == "nine" else night.says(reply)
        else:
            night.passes(12)
    if night.state.session is None:
        return
    ruled_out = {one for one in Condition if not {part for part in PARTS if condition_of(part) is one} <= refused}
    led = [step.stretch for step in night.state.session.plan.steps]
    assert not [one.key for one in led if one.not_with & ruled_out]
    assert Condition.RED_FLAGS not in ruled_out or all(one.restful for one in led)


# --- soon over --------------------------------------------------------------------------------------------------------

KNOWS = replace(
    knowledge(asks_sleep=True), routines=LIBRARY.routines, stretches=LIBRARY.stretches, usual_routine="bedtime"
)


def evening(history: list[Record], day: int, routine: str, answers_after_s: float) -> tuple[float, list[Record]]:
    """How long it takes from "start" to the routine, and what the journal says afterwards."""
    hour = 7 if LIBRARY.routines[routine].when is When.MORNING else 22
    night = Night(at_rest(knows=KNOWS), history, EVENING.replace(hour=hour) + timedelta(days=day))
    night.means(Meaning(Command.START, routine))
    while night.mode is Mode.ASKING and night.state.asked:
        asked_whole(night, answers_after_s)
        row = night.state.asked
        if row.question is Question.SCREEN:
            night.says("maybe" if condition_of(row.about) is Condition.SOFT_BED else "no")
        else:
            night.says("four")
    began_s = night.now_s
    assert night.mode is Mode.GREETING
    return began_s, night.says("good night").passes(20).history


@pytest.mark.parametrize("routine", sorted(LIBRARY.routines))
def test_after_the_first_evening_the_questions_are_over_in_less_than_40_s(routine: str) -> None:
    history: list[Record] = []
    taken_s = {}
    for day in range(10):
        taken_s[day], history = evening(history, day, routine, answers_after_s=4.0)
    assert taken_s[0] < 120, "the first evening takes longer, and yet less than two minutes"
    assert max(taken_s[day] for day in range(1, 10)) < EVENING_LIMIT_S, taken_s


def test_and_where_nobody_answers_how_the_back_is() -> None:
    history = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)
    night = Night(at_rest(knows=KNOWS), history).says("start bedtime routine").until("Here is", EVENING_LIMIT_S)
    assert night.mode is Mode.GREETING
