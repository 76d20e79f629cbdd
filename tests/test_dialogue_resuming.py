"""Carrying on after a power cut: the place is kept as it changes, and read back whatever has changed since."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import ALL_ANSWERED, BEDTIME, EVENING, ROUTINES, STRETCHES, at_rest, knowledge, language, phrasebook

from voicecoach.dialogue.resuming import read_session
from voicecoach.dialogue.state import Mode, Session
from voicecoach.dialogue.table import COMMANDS
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.person.reading import read
from voicecoach.person.tonight import Tonight

if TYPE_CHECKING:
    from voicecoach.routine.stretch import Routine

A_MINUTE = 60.0


def at_the_child() -> Night:
    """In the middle of the third stretch when the power goes."""
    return Night().says("start bedtime routine").until("once more").says("next").until("Come into the child").passes(20)


def after_the_cut(before: Night, ago_s: float = 5 * A_MINUTE) -> Night:
    """The coach is switched on again."""
    return Night(history=before.history, began=before.time).opens(before.place_kept, ago_s)


def read_back(text: str, routines: dict[str, Routine] | None = None) -> Session | None:
    tonight = Tonight(EVENING, read(ALL_ANSWERED, UTC))
    return read_session(text, routines or ROUTINES, STRETCHES, tonight, language().plan, 1.0, 0.0)


def test_the_coach_offers_to_go_on_where_it_was() -> None:
    night = after_the_cut(at_the_child())
    assert night.last == "We were at the child. Shall we go on?"
    night.passes(4).says("yes")
    assert night.last == "On we go."
    assert night.passes(3).last.startswith("In your own way, come to lie on your side."), "nobody knows"
    assert night.until("Come onto your knees.").last == "Come onto your knees."
    assert night.until("Come into the child").until("And last").mode is Mode.GUIDING


def test_going_on_begins_the_side_anew() -> None:
    before = Night().says("start bedtime routine").until("Now the left knee.").until("five")
    night = after_the_cut(before, 3 * A_MINUTE).passes(4).says("continue").passes(4)
    assert night.last == "Lie on your back.", "nobody knows how they lie"
    assert night.passes(12).last == "Now the left knee."


def test_a_stretch_that_had_only_been_named_is_begun_anew() -> None:
    before = at_the_child().says("next").passes(2)
    assert before.last == "And last, the twist."
    night = after_the_cut(before).passes(4).says("yes").until("Lie on your back.")
    assert night.words[-4:-2] == ["On we go.", "And last, the twist."]
    assert night.words[-2] == "In your own way, come to lie on your side. Roll slowly onto your back in the middle."


def test_a_session_that_goes_on_is_one_session() -> None:
    night = after_the_cut(at_the_child()).passes(4).says("yes").until("Sleep tight", 600).passes(10)
    assert [line.what for line in night.history].count(Fact.SESSION_STARTED) == 1
    person = read(night.history, UTC)
    assert [session.ending for session in person.sessions] == [Fact.SESSION_FINISHED]
    assert night.place_kept is None


def test_who_told_their_pain_before_the_cut_is_asked_for_it_after() -> None:
    rates = [record for record in ALL_ANSWERED if record.what is not Fact.RATING]
    before = Night(history=rates).says("start bedtime").passes(4).says("six").until("five")
    night = after_the_cut(before).passes(4).says("yes")
    while night.mode is Mode.GUIDING:
        night.says("next").passes(0.5)
    assert night.last.endswith("And now, from zero to ten, how is your back?")


def test_what_hurt_before_the_cut_is_remembered() -> None:
    before = Night().says("start bedtime routine").until("five").says("ouch").passes(12).says("next").passes(5)
    night = after_the_cut(before).passes(4).says("yes").until("bridge").says("go back")
    night.until("Only if it feels right. Do less of the hug.")
    assert "Shall we end here" in night.passes(20).says("that hurts").last, "the second time tonight"


@pytest.mark.parametrize("words", ["no", None])
def test_no_and_silence_close_the_session(words: str | None) -> None:
    night = after_the_cut(at_the_child()).passes(4)
    if words:
        assert night.says(words).last == "Then we leave it there."
    night.passes(60)
    assert (night.mode, night.place_kept) == (Mode.REST, None)
    assert ("session ended early", "bedtime") in night.notes


def test_stop_closes_it_without_a_word() -> None:
    night = after_the_cut(at_the_child()).passes(4)
    stopped = night.says("stop").now_s
    assert night.passes(60).since(stopped + 0.01) == []
    assert (night.mode, night.place_kept) == (Mode.REST, None)


def test_another_routine_can_be_begun_instead() -> None:
    night = after_the_cut(at_the_child()).passes(4).says("start morning routine")
    assert night.last.startswith("Here is the morning routine")
    assert json.loads(night.place_kept or "")["routine"] == "morning"


def test_after_two_hours_nobody_is_asked() -> None:
    night = after_the_cut(at_the_child(), 2 * 3600 + 1)
    assert night.last.startswith("I am here.")
    assert night.place_kept is None


# --- when the place is kept -------------------------------------------------------------------------------------------


def test_the_place_is_kept_as_it_changes_and_forgotten_at_the_end() -> None:
    night = Night().says("start bedtime routine")
    assert json.loads(night.place_kept or "")["step"] == 0
    night.until("say once more").says("next").until("Come into the child")
    assert json.loads(night.place_kept or "")["step"] == 2
    night.until("Sleep tight", 600)
    assert night.place_kept is None, "the last words are not worth carrying on with"


@pytest.mark.parametrize("words", ["good night", "numb", "stop"])
def test_a_session_that_ends_early_leaves_no_place(words: str) -> None:
    night = Night().says("start bedtime routine").until("five").says(words).passes(200)
    assert night.place_kept is None


@pytest.mark.parametrize("words", ["pause", "stop", "that hurts", "never again"])
def test_while_the_coach_waits_the_place_is_kept(words: str) -> None:
    night = Night().says("start bedtime routine").until("five").says(words).passes(3)
    assert night.place_kept is not None


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(phrasebook().phrases_for(COMMANDS))),
            st.sampled_from([0.3, 1.7, 11.0, 35.0, 400.0]),
        ),
        max_size=15,
    )
)
def test_wherever_the_power_goes_the_coach_comes_back_to_the_same_stretch(lived: list[tuple[str, float]]) -> None:
    night = Night().says("start bedtime routine").passes(12)
    for phrase, seconds in lived:
        night.says(phrase).passes(seconds)
    session = night.state.session
    if night.place_kept is None or session is None:
        assert session is None or night.mode in (Mode.CLOSING, Mode.ASKING)
        return
    back = read_back(night.place_kept, dict(night.state.knows.routines))
    if back is None:
        return
    keys = [step.stretch.key for step in session.plan.steps]
    assert back.step.stretch.key in keys[session.place.step :], "the same, or one that comes after it"
    assert (back.hurt, back.hurts, back.dropped) == (session.hurt, session.hurts, session.dropped)


# --- what is read back ------------------------------------------------------------------------------------------------


def test_a_stretch_that_is_left_out_since_is_passed_over() -> None:
    before = at_the_child()
    before.history.append(Record(before.time, Fact.LEFT_OUT, "child"))
    assert after_the_cut(before).last == "We were at the twist. Shall we go on?"


def test_when_nothing_is_left_of_the_session_nobody_is_asked() -> None:
    before = Night().says("start bedtime routine").until("say once more").says("next").says("next").passes(2)
    before.history.append(Record(before.time, Fact.LEFT_OUT, "twist"))
    night = after_the_cut(before)
    assert night.last.startswith("I am here.")
    assert night.place_kept is None


def test_a_routine_that_is_gone_is_not_carried_on_with() -> None:
    state = at_rest(knows=replace(knowledge(), routines={"morning": ROUTINES["morning"]}, usual_routine="morning"))
    assert Night(state).opens(at_the_child().place_kept, 60).last.startswith("I am here.")


def test_a_red_flag_since_leaves_no_place_in_the_routine() -> None:
    before = at_the_child()
    before.history.append(Record(before.time, Fact.ANSWERED, Condition.RED_FLAGS.value, value=1))
    assert after_the_cut(before).last.startswith("I am here.")


def test_a_stretch_that_comes_twice_is_told_apart() -> None:
    twice = replace(BEDTIME, entries=(*BEDTIME.entries, BEDTIME.entries[0]))
    text = json.dumps({"routine": "bedtime", "stretches": ["hug", "bridge", "child", "twist", "hug"], "step": 4})
    session = read_back(text, {"bedtime": twice})
    assert session is not None
    assert session.place.step == 4


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '"bedtime"',
        "{}",
        '{"routine":7}',
        '{"routine":"yoga"}',
        '{"routine":"bedtime"}',
        '{"routine":"bedtime","stretches":7}',
        '{"routine":"bedtime","stretches":["hug"],"step":9}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_read_is_dropped(text: str) -> None:
    night = Night().opens(text, 60)
    assert night.last.startswith("I am here.")
    assert night.place_kept is None


values = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=3))
KEYS = ("minutes", "step", "beat", "hurt", "hurts", "dropped", "easier", "pain", "second", "stretches")


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), values))
def test_a_damaged_text_never_raises(damaged: dict[str, object]) -> None:
    whole = json.loads(at_the_child_text())
    session = read_back(json.dumps(whole | damaged))
    if session is not None:
        assert 0 <= session.place.step < len(session.plan.steps)
        assert 0 <= session.place.beat < len(session.step.beats)


_TEXTS: list[str] = []


def at_the_child_text() -> str:
    """The place at the third stretch; played once."""
    if not _TEXTS:
        _TEXTS.append(at_the_child().place_kept or "")
    return _TEXTS[0]
