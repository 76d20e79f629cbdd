"""While nobody can be heard, nobody is led on: the coach says so, rests where it is safe, and goes on when asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import ALL_ANSWERED, EVENING, language, phrasebook

from voicecoach.dialogue.handlers.pausing import PAUSE_S
from voicecoach.dialogue.handlers.unheard import UNHEARD_S
from voicecoach.dialogue.state import Mode, Place
from voicecoach.dialogue.table import COMMANDS
from voicecoach.person.facts import Fact, Record

SAYS_SO = "I cannot hear you. Let us rest here until I can."
AGAIN = "I can hear you again. Tell me to continue when you like."
RATED = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)
"""Somebody who is asked for pain before and after a session."""


def guided(until: str) -> Night:
    return Night().says("start bedtime routine").until(until)


def guided_to_the(stretch: str, *, rates_pain: bool = False) -> Night:
    """Skip to a stretch, and wait until it has begun."""
    night = Night(history=RATED if rates_pain else ALL_ANSWERED).says("start bedtime routine")
    if rates_pain:
        night.passes(10).says("three")
    night.says("next")
    for _ in ("hug", "bridge", "child", "twist")[: ("hug", "bridge", "child", "twist").index(stretch)]:
        night.passes(1).says("next")
    return night.until("Let your knees" if stretch == "twist" else "Come into the child").passes(5)


def test_it_says_so_tells_the_way_out_of_a_hold_and_waits() -> None:
    night = guided("Draw your right knee in").passes(6).goes_deaf()
    assert night.last == f"{SAYS_SO} Come out of the hug slowly."
    assert night.mode is Mode.PAUSED
    assert night.passes(PAUSE_S - 30).last.startswith(SAYS_SO), "nothing else is said meanwhile"


def test_it_goes_on_only_when_asked_from_the_beginning_of_the_side() -> None:
    night = guided("Now the left knee").passes(6).goes_deaf().passes(40)
    assert night.hears_again().last == AGAIN
    assert night.passes(60).mode is Mode.PAUSED
    assert night.says("continue").last == language().prompts.go_on.format(cue="").strip()
    assert night.until("Now the left knee").mode is Mode.GUIDING


def test_a_position_that_was_left_is_led_into_again() -> None:
    night = guided_to_the("child").goes_deaf()
    assert night.last == f"{SAYS_SO} Come out of the child slowly."
    night.hears_again().says("continue").until("Come onto your knees", within_s=30)


@pytest.mark.parametrize("words", [None, "We begin with", "Lie on your back"])
def test_before_a_stretch_has_begun_there_is_nothing_to_come_out_of(words: str | None) -> None:
    night = (guided(words) if words else Night().says("start bedtime routine").passes(2)).goes_deaf()
    assert night.last == SAYS_SO
    assert night.mode is Mode.PAUSED
    assert night.place == Place()
    assert night.hears_again().says("continue").until("Lie on your back", within_s=30).mode is Mode.GUIDING


@pytest.mark.parametrize("phrase", ["pause", "stop"])
def test_in_a_pause_and_after_stop_it_says_so_too(phrase: str) -> None:
    night = guided("Draw your right knee in").passes(6).says(phrase).passes(1).goes_deaf()
    assert night.last == f"{SAYS_SO} Come out of the hug slowly."
    assert night.mode is Mode.PAUSED


def test_the_way_out_is_told_once() -> None:
    night = guided("Draw your right knee in").passes(6).goes_deaf().passes(20).hears_again().passes(20).goes_deaf()
    assert night.last == SAYS_SO


def test_who_hurts_is_told_the_way_out_whole_and_nothing_is_asked() -> None:
    night = guided("Draw your right knee in").passes(6).says("that hurts").passes(0.5).goes_deaf()
    assert night.last == f"{SAYS_SO} Come out of the hug slowly."
    assert night.passes(60).last == night.sounded[-1].sound.strip()
    assert night.mode is Mode.PAUSED
    later = guided("Draw your right knee in").passes(6).says("that hurts").passes(15).goes_deaf()
    assert later.last == SAYS_SO
    assert later.hears_again().says("continue").last.startswith("Only if it feels right.")


def test_what_hurt_twice_and_was_the_last_one_ends_the_session() -> None:
    night = guided_to_the("twist").says("that hurts").passes(20)
    night.says("easier").until("Let your knees fall").passes(5).says("that hurts").passes(0.5).goes_deaf()
    assert night.last.startswith("I cannot hear you. Come out of the twist slowly. ")
    assert night.mode is Mode.CLOSING
    assert night.passes(60).mode is Mode.REST


def test_a_question_before_a_session_stays_open_and_is_asked_again() -> None:
    night = Night(history=RATED).says("start bedtime routine").passes(2)
    assert night.mode is Mode.ASKING
    night.goes_deaf()
    assert night.last == SAYS_SO
    assert night.passes(UNHEARD_S / 2).mode is Mode.ASKING
    assert "I can hear you again. Zero is no pain" in night.hears_again().last
    night.passes(10)
    assert night.says("three").mode is Mode.GREETING


def test_such_a_question_is_not_taken_for_answered_by_silence() -> None:
    night = Night(history=RATED).says("start bedtime routine").passes(2).goes_deaf().passes(UNHEARD_S + 30)
    assert night.mode is Mode.REST
    assert night.last == SAYS_SO
    assert "session started" not in night.facts
    assert night.hears_again().passes(5).last == SAYS_SO, "at rest nothing is said of it"


def test_a_question_in_a_session_is_dropped_and_the_session_rests() -> None:
    night = guided("Draw your right knee in").passes(6).says("never again").passes(2)
    assert night.state.asked is not None
    assert night.goes_deaf().last == f"{SAYS_SO} Come out of the hug slowly."
    assert night.mode is Mode.PAUSED
    assert "left out" not in night.facts


def test_a_question_after_a_session_is_dropped_for_the_last_words() -> None:
    night = guided_to_the("twist", rates_pain=True).says("next").passes(3)
    assert night.mode is Mode.ASKING
    assert night.goes_deaf().last.startswith("I cannot hear you. ")
    assert night.passes(60).mode is Mode.REST


@pytest.mark.parametrize("phrase", [None, "good night"])
def test_at_rest_nothing_is_said(phrase: str | None) -> None:
    night = Night()
    if phrase:
        night.says(phrase).passes(10)
    said = list(night.words)
    night.goes_deaf().passes(100).hears_again().passes(100)
    assert night.words == said


def test_last_words_and_warnings_are_said_to_their_end() -> None:
    closing = guided("Draw your right knee in").says("good night").goes_deaf()
    assert closing.last.endswith("Sleep well. I am quiet now.")
    warning = guided("Draw your right knee in").says("numb").goes_deaf()
    assert warning.last.startswith("We end here.")


def test_it_does_not_wait_for_ever_and_says_why() -> None:
    night = guided("Draw your right knee in").goes_deaf().passes(PAUSE_S + 30)
    assert night.last == "I still cannot hear you, so we end here. Rest well."
    assert night.passes(30).mode is Mode.REST
    assert "fell asleep" not in night.facts


def test_a_reminder_waits_until_it_can_be_answered() -> None:
    due = Record(EVENING, Fact.REMIND_AT, value=(EVENING + timedelta(minutes=5)).timestamp())
    night = Night(history=[*ALL_ANSWERED, due]).opens().passes(60).goes_deaf().passes(1200)
    assert "Ready for your" not in night.last
    night.hears_again().until("Ready for your", within_s=120)


def test_a_reminder_is_not_given_hours_late() -> None:
    due = Record(EVENING, Fact.REMIND_AT, value=(EVENING + timedelta(minutes=5)).timestamp())
    night = (
        Night(history=[*ALL_ANSWERED, due]).opens().passes(60).goes_deaf().passes(3 * 3600).hears_again().passes(600)
    )
    assert not any("Ready for your" in words for words in night.words)


def test_who_is_understood_can_be_heard() -> None:
    night = guided("Draw your right knee in").goes_deaf().says("continue").passes(3)
    assert night.mode is Mode.GUIDING
    assert not night.state.deaf


phrases = st.sampled_from([phrase for one in COMMANDS for phrase in sorted(phrasebook().phrases_for({one}))[:1]])
nights = st.lists(st.tuples(phrases, st.sampled_from([0.3, 2.0, 8.0, 35.0])), max_size=12)


@settings(max_examples=150, deadline=None)
@given(nights, st.sampled_from([ALL_ANSWERED, (), RATED]))
def test_in_whatever_moment_nobody_is_led_on(events: list[tuple[str, float]], history: tuple[Record, ...]) -> None:
    night = Night(history=history).says("start bedtime routine").passes(4)
    for phrase, seconds in events:
        if not night.state.muted:  # a microphone that is closed hears nobody
            night.says(phrase)
        night.passes(seconds)
    before, at_s = night.mode, night.now_s
    night.goes_deaf()
    if not night.state.muted and before not in (Mode.REST, Mode.ASLEEP, Mode.CLOSING, Mode.WARNING):
        assert "I cannot hear you." in night.last
    for _ in range(40):
        assert night.mode not in (Mode.GREETING, Mode.GUIDING, Mode.HURT, Mode.STOPPED)
        night.passes(20)
    assert night.mode in (Mode.REST, Mode.ASLEEP), "and it comes to an end"
    assert not any(word.isdigit() for words in night.since(at_s) for word in words.split())
