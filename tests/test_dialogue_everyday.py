"""What people say every day: wait, which side, what time is it, louder, thank you.  As scenes; no sound is made."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from night import Night
from small_house import ALL_ANSWERED, BEDTIME, EVENING, at_rest, knowledge, language, phrasebook, stretch

from voicecoach.dialogue.handlers.asking import MOMENT_S
from voicecoach.dialogue.handlers.pausing import PAUSE_S, UP_S
from voicecoach.dialogue.machine import valid_commands
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.telling import time_told
from voicecoach.languages.commands import Command
from voicecoach.languages.loading import LANGUAGES
from voicecoach.person.facts import Fact
from voicecoach.person.person import Condition
from voicecoach.person.tonight import Tonight
from voicecoach.resources import shipped
from voicecoach.routine.stretch import Amount, Dose, Entry, Unit

RATES_PAIN = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)


def started() -> Night:
    return Night().says("start bedtime routine")


def in_the_first_hold() -> Night:
    """In the slow count of ten on the right side, just after "five" was heard."""
    return started().until("five")


def at_the_child() -> Night:
    """On hands and knees no more: kneeling, in the breaths of the third of four stretches."""
    return started().until("say once more").says("next").until("Breathe in")


def at_the_last_stretch() -> Night:
    return at_the_child().says("next").until("Let your knees fall").until("(done)")


# --- wait -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["wait", "hang on", "hold on", "one moment", "just a minute", "give me a minute"])
def test_who_says_wait_is_waited_for_and_goes_on_at_the_same_second(words: str) -> None:
    night = in_the_first_hold().says(words)
    assert (night.mode, night.last) == (Mode.PAUSED, "Let go. We rest here. Take all the time you need.")
    waited = night.passes(60).now_s
    night.says("continue").until("six")
    assert "five" not in night.since(waited)


def test_wait_is_heeded_in_the_greeting_and_after_stop() -> None:
    assert started().passes(1).says("hang on").mode is Mode.PAUSED
    assert in_the_first_hold().says("stop").passes(1).says("hold on").mode is Mode.PAUSED


def test_wait_instead_of_an_answer_in_a_session_is_a_pause() -> None:
    night = in_the_first_hold().says("never again").passes(2).says("wait").passes(100)
    assert night.mode is Mode.PAUSED
    assert night.says("continue").mode is Mode.GUIDING


@pytest.mark.parametrize("words", ["one moment", "i need the bathroom"])
def test_who_needs_a_moment_before_answering_is_asked_again_after_it(words: str) -> None:
    night = Night(history=RATES_PAIN).says("start bedtime").passes(9).says(words)
    question, waited = night.last, night.now_s
    night.passes(MOMENT_S - 1)
    assert night.since(waited + 0.01) == [], "nobody is hurried"
    assert night.until("how is your back", 300).last == question
    assert night.passes(9).says("two").mode is Mode.GREETING


def test_the_coach_never_says_what_would_make_it_wait() -> None:
    """Its own voice may come back to the microphone."""
    words = phrasebook().phrases_for({Command.PAUSE, Command.GET_UP}) - {"pause", "let me rest"}
    files = [*shipped("routines/text/en").rglob("*.yaml"), *(LANGUAGES / "en").glob("*.yaml")]
    said = [
        " ".join(re.findall(r"[a-z']+", line.lower()))
        for file in files
        if file.name not in {"phrases.yaml", "language.yaml"}
        for line in file.read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert len(said) > 500
    assert not {one for one in words for line in said if f" {one} " in f" {line} "}


# --- getting up -------------------------------------------------------------------------------------------------------


def test_who_needs_the_bathroom_is_waited_for_in_silence() -> None:
    night = at_the_child().says("i need the bathroom")
    assert night.last == f"Let go. {language().prompts.getting_up}"
    left = night.now_s
    assert night.passes(3 * PAUSE_S).since(left + 0.2) == [], "nobody is called"
    assert night.mode is Mode.PAUSED


def test_who_comes_back_is_on_their_feet_and_is_led_from_there() -> None:
    night = at_the_child().says("i need the bathroom").passes(240).says("i am back")
    assert night.last == "On we go."
    back = night.now_s
    night.until("Come into the child")
    said = night.since(back)
    assert "Sit down on the edge of your bed." in said[1]
    assert "hands and knees" in said[1]
    assert said[2] == "Come onto your knees."
    assert night.when("Come into the child") - night.when("Come onto your knees") > 15, "time to get there in the dark"


def test_who_got_up_from_a_hold_begins_its_side_again() -> None:
    night = in_the_first_hold().says("i have to get up").passes(200).says("continue")
    back = night.now_s
    night.until("Draw your right knee in").until("one")
    assert "six" not in night.since(back)


def test_who_got_up_on_the_way_into_a_position_is_led_there_from_the_bed_s_edge() -> None:
    night = started().until("say once more").says("next").until("Come onto your knees").says("i need the bathroom")
    night.passes(100).says("continue").until("Sit down on the edge of your bed").until("Come into the child")
    assert night.state.session is not None
    assert night.state.session.is_in_position


def test_who_does_not_come_back_is_told_nothing_and_the_session_is_over() -> None:
    night = at_the_child().says("i need the bathroom").passes(5)
    left = night.now_s
    night.passes(UP_S + 10)
    assert night.since(left) == []
    assert night.mode is Mode.REST
    assert ("session ended early", "bedtime") in night.notes


def test_a_question_in_between_does_not_end_that_patience() -> None:
    night = at_the_child().says("i need the bathroom").passes(60).says("how long").passes(PAUSE_S + 60)
    assert "We are still resting. Tell me to continue when you like." not in night.words
    assert night.mode is Mode.PAUSED


def test_who_is_up_hears_again_what_they_were_told_last() -> None:
    night = at_the_child().says("i need the bathroom").passes(20)
    assert night.says("repeat").last == language().prompts.getting_up
    night.goes_deaf().passes(30)
    assert night.last.startswith("I cannot hear you")
    assert night.says("repeat").last.startswith("Sit down on the edge of your bed."), "not off again"


def test_who_has_to_get_up_after_pain_comes_back_to_the_easier_form() -> None:
    night = in_the_first_hold().says("that hurts").passes(9).says("i need the bathroom").passes(200).says("continue")
    night.until("Only if it feels right. Do less of the hug.").until("Draw your right knee in.")


# --- sides ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["which side", "which leg", "which arm"])
def test_which_side_tells_it_with_what_is_done(words: str) -> None:
    night = in_the_first_hold().says(words)
    assert night.last == "The right side. Now the right knee."
    asked = night.now_s
    assert "five" not in night.until("six").since(asked)


def test_which_side_on_the_way_there_is_the_one_that_comes_first() -> None:
    assert started().until("Lie on your back").says("which side").last.startswith("The right side.")


def test_which_side_where_there_are_none_or_both() -> None:
    night = started().until("Now both knees together")
    assert night.passes(3).says("which leg").last == "Both at once."
    assert night.until("Lift your hips").says("which side").last == "This one has no sides."


def test_the_other_side_comes_at_once_after_the_way_out_of_this_one() -> None:
    night = in_the_first_hold().says("other side")
    assert night.last == "Let go."
    begun = night.now_s
    night.until("Now the left knee.").until("ten")
    assert "six" in night.since(begun)
    assert "right" not in " ".join(night.since(begun + 0.1))


def test_the_second_side_has_no_other_and_goes_on() -> None:
    night = started().until("Now the left knee").until("five").says("switch sides")
    assert night.last == "This is the second side already."
    asked = night.now_s
    assert "five" not in night.until("six").since(asked)


def test_the_other_side_of_what_has_none() -> None:
    assert started().until("Lift your hips").says("other side").last == "This one has no sides."


def test_the_other_side_in_a_pause_goes_on_there_but_a_pause_stays_where_there_is_none() -> None:
    night = in_the_first_hold().says("pause").passes(5).says("other side")
    assert night.mode is Mode.GUIDING
    night.until("Now the left knee").says("pause").passes(5).says("other side")
    assert (night.mode, night.last) == (Mode.PAUSED, "This is the second side already.")


def test_after_pain_the_other_side_comes_in_its_easier_form() -> None:
    night = in_the_first_hold().says("that hurts").passes(9).says("other side")
    assert night.last == "Only if it feels right. Do less of the hug."
    assert night.until("knee").last == "Now the left knee."


def test_which_side_and_no_other_after_pain_still_offer_the_choice() -> None:
    night = started().until("Lift your hips").says("that hurts").passes(9).says("other side")
    assert night.last == "Easier, next, or end here?"


# --- on, and over -----------------------------------------------------------------------------------------------------


def test_next_next_goes_two_stretches_on() -> None:
    night = in_the_first_hold().says("next next")
    assert night.last == "Let go."
    assert night.passes(2).last == "Now comes the child."
    assert [about for fact, about in night.notes if fact == "stretch skipped"] == ["hug", "bridge"]


def test_next_next_before_the_last_stretch_ends_kindly() -> None:
    night = at_the_child().says("next next")
    assert night.last.endswith("That was the last one. That was all. Sleep tight.")
    assert night.passes(20).mode is Mode.REST


def test_next_next_after_pain() -> None:
    assert in_the_first_hold().says("that hurts").passes(9).says("next next").last == "Now comes the child."


@pytest.mark.parametrize("words", ["start over", "begin again", "from the beginning"])
def test_start_over_begins_the_stretch_again(words: str) -> None:
    night = started().until("Now the left knee").until("five").says(words)
    assert night.last == "Let go. Here is the hug from its beginning."
    assert night.until("knee").last == "Draw your right knee in."


def test_start_over_stops_nothing_in_any_mode() -> None:
    over = phrasebook().phrases_for({Command("start over"), Command("the routine again")})
    assert not over & phrasebook().phrases_for({Command.STOP})


def test_the_routine_is_begun_again_when_it_was_meant() -> None:
    night = at_the_child().says("start the routine over")
    assert night.last == "Let go. Shall we begin the bedtime routine anew, with its first stretch? Yes or no?"
    assert night.passes(8).says("yes").last.startswith("Here is all of it from the beginning.")
    assert night.until("We begin with").last == "We begin with the hug."
    assert night.notes.count(("session started", "bedtime")) == 1


def test_it_goes_on_when_that_was_not_meant() -> None:
    night = in_the_first_hold().says("start the routine over").passes(6).says("not now")
    assert night.last == "Then we go on."
    assert night.until("six").mode is Mode.GUIDING


# --- what time it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "minute", "told"),
    [
        (21, 0, "It is nine o'clock."),
        (21, 45, "It is quarter to ten."),
        (21, 1, "It is one minute past nine."),
        (21, 29, "It is twenty-nine minutes past nine."),
        (21, 31, "It is twenty-nine minutes to ten."),
        (23, 59, "It is one minute to twelve."),
        (0, 5, "It is five minutes past twelve."),
        (12, 50, "It is ten minutes to one."),
    ],
)
def test_the_time_is_told_to_the_minute(hour: int, minute: int, told: str) -> None:
    assert time_told(Tonight(EVENING.replace(hour=hour, minute=minute)), language()) == told


def test_a_clock_that_nobody_has_set_is_not_believed() -> None:
    wrong = Tonight(datetime(1970, 1, 1, tzinfo=UTC), time_is_known=False)
    assert time_told(wrong, language()) == "I cannot tell what time it is. My clock has not been set yet."


def test_the_time_is_told_at_rest_and_to_somebody_who_cannot_sleep() -> None:
    night = Night().passes(60).says("what time is it")
    assert night.last == "It is nineteen minutes to ten."
    night.passes(5).says("good night").passes(5 * 3600).says("what time is it")
    assert night.last.startswith("It is nineteen minutes to three")
    assert night.passes(10).mode is Mode.ASLEEP


def test_the_time_is_told_in_a_hold_which_goes_on() -> None:
    night = in_the_first_hold().says("what time is it")
    assert night.last.startswith("It is twenty minutes to ten")
    asked = night.now_s
    assert "five" not in night.until("six").since(asked)


def test_who_asks_for_the_time_before_answering_is_asked_again() -> None:
    night = Night().says("remind me").passes(5).says("what time is it")
    assert night.last == "It is twenty minutes to ten."
    assert night.passes(4).last == "In how many hours, from one to ten?"
    assert night.passes(4).says("two").last == "I will remind you in two hours."


# --- how long ---------------------------------------------------------------------------------------------------------


def test_who_holds_something_hears_first_how_long_they_still_do() -> None:
    night = in_the_first_hold().says("how long")
    assert night.last == "Seven seconds more here. Then about four minutes to the end."
    assert night.passes(8).says("how long in all").last == "It is about four minutes to the end."


def test_breaths_are_told_as_breaths_and_long_holds_in_fives() -> None:
    assert at_the_child().passes(11).says("how long").last.startswith("Three breaths more here.")
    night = at_the_child().says("next").until("Let your knees fall").until("halfway").says("how long")
    assert night.last.startswith("Ten seconds more here.")


def test_where_nothing_is_held_how_long_is_the_whole() -> None:
    assert started().until("Lie on your back").says("how long").last.startswith("It is about")


def test_the_rest_of_a_hold_in_a_pause_is_what_will_be_left() -> None:
    night = in_the_first_hold().says("pause").passes(100).says("how long")
    assert night.last.startswith("Seven seconds more here.")
    assert night.passes(10).mode is Mode.PAUSED


def test_after_pain_nothing_is_held_any_more() -> None:
    assert in_the_first_hold().says("that hurts").passes(9).says("how long").last.startswith("It is about")


# --- other plans ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["switch to morning", "change to the morning routine", "let's do morning"])
def test_another_routine_in_a_stretch_is_asked_about(words: str) -> None:
    night = in_the_first_hold().says(words)
    assert night.last == "Let go. Shall we leave this and begin the morning routine? Yes or no?"
    assert night.passes(6).says("yes").last.startswith("Here is the morning routine")
    assert ("session ended early", "bedtime") in night.notes


def test_not_now_to_another_routine_goes_on_at_the_same_second() -> None:
    night = in_the_first_hold().says("switch to morning").passes(6).says("not now")
    asked = night.now_s
    assert night.last == "Then we go on."
    assert "five" not in night.until("six").since(asked)


def test_after_pain_the_same_routine_does_not_simply_go_on() -> None:
    night = in_the_first_hold().says("that hurts").passes(9).says("let's do bedtime")
    assert (night.mode, night.last) == (Mode.HURT, "Easier, next, or end here?")
    assert night.says("let's do morning").last == "Shall we leave this and begin the morning routine? Yes or no?"


def test_switch_to_starts_a_routine_at_rest() -> None:
    assert Night().says("let's do the morning routine").last.startswith("Here is the morning routine")


def at_long_holds() -> Night:
    """In the first of five stretches that are held for a minute and a half each."""
    long = tuple(Entry(stretch(name), Dose(hold=Amount(90, 90, Unit.SECONDS))) for name in ("a", "b", "c", "d", "e"))
    routine = replace(BEDTIME, entries=long)
    knows = replace(knowledge(), routines={"bedtime": routine})
    return Night(at_rest(knows=knows)).says("start bedtime").until("halfway")


def test_five_minutes_in_a_session_leave_out_what_does_not_fit() -> None:
    night = at_long_holds().says("five minutes")
    assert night.last == "Let go. Shall I fit the rest into five minutes? Yes or no?"
    night.passes(6).says("yes")
    assert night.last == "I leave something out."
    begun = night.now_s
    night.until("Sleep tight", 400)
    named = [words for words in night.since(begun) if words.startswith(("Now comes", "And last"))]
    assert named == ["Now comes the b.", "And last, the e."]
    assert night.now_s - begun < 5 * 60 + 30


def test_fewer_minutes_in_a_pause_leave_it_a_pause() -> None:
    night = at_long_holds().says("wait").passes(20).says("can we do five minutes").passes(6).says("okay").passes(20)
    assert night.mode is Mode.PAUSED
    assert night.says("how many left").last == "There are two stretches after this one."


def test_minutes_that_suffice_are_only_told() -> None:
    night = in_the_first_hold().says("ten minutes")
    assert night.last == "It is about four minutes to the end."
    assert night.until("six").mode is Mode.GUIDING


# --- reminders --------------------------------------------------------------------------------------------------------


def at_the_reminder() -> Night:
    night = Night().says("remind me").passes(5).says("one").until("Ready for your bedtime routine?", 4000)
    return night.passes(3)


@pytest.mark.parametrize("words", ["not now", "later", "maybe later"])
def test_not_now_to_a_reminder_is_later(words: str) -> None:
    night = at_the_reminder().says(words)
    assert night.last == "I will ask again in ten minutes."
    night.passes(605)
    assert night.last == "Ready for your bedtime routine?"


@pytest.mark.parametrize(
    ("words", "answer", "minutes"),
    [
        ("in twenty minutes", "I will ask again in twenty minutes.", 20),
        ("in half an hour", "I will ask again in half an hour.", 30),
        ("in an hour", "I will ask again in an hour.", 60),
        ("ask me again in a quarter of an hour", "I will ask again in fifteen minutes.", 15),
        ("ten minutes", "I will ask again in ten minutes.", 10),
        ("remind me in two hours", "I will ask again in two hours.", 120),
    ],
)
def test_who_says_when_is_asked_again_then(words: str, answer: str, minutes: int) -> None:
    night = at_the_reminder().says(words)
    assert night.last == answer
    said = night.now_s
    night.passes(60 * minutes - 10)
    assert "Ready for your bedtime routine?" not in night.since(said)
    assert night.passes(15).last == "Ready for your bedtime routine?"


def test_a_reminder_in_half_an_hour_is_set_without_a_question() -> None:
    night = Night().says("remind me in half an hour")
    assert night.last == "I will remind you in half an hour."
    assert night.passes(1805).last == "Ready for your bedtime routine?"


def test_half_an_hour_answers_how_many_hours() -> None:
    night = Night().says("remind me").passes(5).says("in half an hour")
    assert night.last == "I will remind you in half an hour."


@pytest.mark.parametrize("words", ["all right", "okay", "yeah", "yep"])
def test_all_right_to_a_reminder_begins(words: str) -> None:
    assert at_the_reminder().says(words).last.startswith("Here is the bedtime routine")


def test_who_needs_the_bathroom_first_is_reminded_later() -> None:
    assert at_the_reminder().says("i need the bathroom").last == "I will ask again in ten minutes."


# --- small talk -------------------------------------------------------------------------------------------------------


def test_thank_you_is_answered_in_a_quiet_moment() -> None:
    assert Night().says("thank you very much").last == "You are welcome."
    night = in_the_first_hold().says("pause").passes(20).says("thank you")
    assert night.last == "You are welcome."
    assert night.passes(30).mode is Mode.PAUSED


@pytest.mark.parametrize("words", ["thank you", "that was nice", "all right", "okay"])
def test_small_talk_breaks_into_no_count(words: str) -> None:
    night = in_the_first_hold()
    said = night.now_s
    before = night.place
    night.says(words)
    assert night.place == before
    assert night.until("seven").since(said + 0.01) == ["six", "seven"]


def test_thank_you_is_no_answer() -> None:
    night = in_the_first_hold().says("never again").passes(6).says("thank you")
    assert night.mode is Mode.ASKING
    assert night.state.tonight.person.left_out == frozenset()


def test_all_right_is_ready_while_there_is_time_to_move() -> None:
    night = started().until("Lie on your back").passes(4).says("all right")
    assert night.last == "Draw your right knee in."


def test_all_right_is_an_answer_only_to_an_offer() -> None:
    """Nobody is pregnant for having said "okay"."""
    known = [record for record in ALL_ANSWERED if record.about != Condition.PREGNANCY.value]
    night = Night(history=known).says("start bedtime").passes(20)
    assert "pregnant" in night.last
    assert Command.ALL_RIGHT not in valid_commands(night.state)
    night.says("okay")
    assert night.mode is Mode.ASKING
    assert Condition.PREGNANCY not in night.state.tonight.person.answers


def test_all_right_after_stop_goes_on_only_once_that_was_asked() -> None:
    night = in_the_first_hold().says("stop").passes(1).says("all right")
    assert night.mode is Mode.STOPPED
    assert night.until("Shall we go on").passes(6).says("all right").mode is Mode.GUIDING


def test_not_now_leaves_a_screening_question_open() -> None:
    night = Night(history=()).says("start bedtime").passes(20).says("not now")
    assert "answered" not in night.facts


def test_not_so_fast_is_slower() -> None:
    assert in_the_first_hold().says("not so fast").last == "I will count more slowly."


# --- louder and quieter -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "step_db"),
    [
        ("turn it up", 4), ("volume up", 4), ("too quiet", 4), ("i can't hear you", 4), ("a bit louder", 4),
        ("a lot louder", 8), ("much louder", 8),
        ("turn it down", -4), ("volume down", -4), ("not so loud", -4), ("speak softer", -4),
        ("a lot quieter", -8), ("much quieter", -8),
    ],
)  # fmt: skip
def test_louder_and_quieter_in_all_their_forms(words: str, step_db: int) -> None:
    night = Night(at_rest(volume_db=-12.0)).says(words)
    assert night.volumes_db == [-12.0 + step_db]
    assert night.last == "Like this."
