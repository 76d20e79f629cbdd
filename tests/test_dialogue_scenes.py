"""What the dialogue does, as scenes: who says what, and what the coach says then.  No sound is made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from night import Night
from small_house import BEDTIME, at_rest, knowledge, language, stretch

from voicecoach.dialogue.cue_schedule import TalkLevel
from voicecoach.dialogue.handlers.sessions import SETTLES_S
from voicecoach.dialogue.state import Mode
from voicecoach.routine.stretch import Amount, Dose, Entry, Position, Reason, Unit, When

if TYPE_CHECKING:
    from collections.abc import Sequence

TOO_EARLY = "It is too early to tell how your back is doing over time."


def started() -> Night:
    """A night in which the bedtime routine has been started and greeted."""
    return Night().says("start bedtime routine")


def in_the_first_hold() -> Night:
    """A night in the slow count of ten on the right side, just after "five" was heard."""
    return started().until("five")


def at_the_bridge() -> Night:
    """A night in which the first "as many times as is comfortable" asks whether there should be more."""
    return started().until("Say once more for another")


def at_the_last_stretch() -> Night:
    return at_the_bridge().says("next").until("And last")


# --- through the routine ----------------------------------------------------------------------------------------------


def test_a_whole_night_with_next_where_it_is_asked_for() -> None:
    night = at_the_bridge().says("next").until("Sleep tight").passes(10)
    assert [words for words in night.words if words.startswith(("We begin", "Now comes", "And last"))] == [
        "We begin with the hug.",
        "Now comes the bridge.",
        "Now comes the child.",
        "And last, the twist.",
    ]
    assert night.mode is Mode.REST
    assert ("session finished", "bedtime") in night.notes
    assert [about for fact, about in night.notes if fact == "stretch done"] == ["hug", "bridge", "child", "twist"]


def test_both_sides_come_in_order_in_full_first_and_short_after() -> None:
    night = at_the_bridge()
    cues = [words for words in night.words if "knee" in words]
    assert cues == ["Draw your right knee in.", "Now the left knee.", "Now both knees together."]


def test_the_count_lands_on_the_end_of_the_hold() -> None:
    night = started().until("Draw your right knee in.").until("Let go.")
    begin = night.when("one") - 1.5
    assert [round(night.when(number) - begin, 6) for number in ("one", "two", "ten")] == [1.5, 3.0, 15.0]
    assert 0 < night.when("Let go.") - night.when("ten") < 1.0


def test_breaths_are_counted_in_four_and_out_six() -> None:
    night = at_the_bridge().says("next").until("Breathe in")
    begin = night.now_s
    night.passes(9.9)
    heard = [(round(one.at_s - begin), one.sound) for one in night.sounded if one.at_s >= begin - 0.2]
    assert heard == [
        (0, "Breathe in"), (1, "two"), (2, "three"), (3, "four"),
        (4, "and out"), (5, "two"), (6, "three"), (7, "four"), (8, "five"), (9, "six"),
    ]  # fmt: skip


def test_next_goes_to_the_next_stretch_at_once() -> None:
    night = in_the_first_hold().says("next")
    assert night.last == "Let go."
    assert night.passes(1.5).last == "Now comes the bridge."
    assert ("stretch skipped", "hug") in night.notes


def test_next_at_the_last_stretch_ends_kindly() -> None:
    night = at_the_last_stretch().says("next")
    assert night.last.endswith(
        "the side with more room, lie down on that side, and shift to the middle. "
        "That was the last one. That was all. Sleep tight."
    )
    assert night.passes(20).mode is Mode.REST


def two_bends(keys: Sequence[str] = ("low", "high")) -> Night:
    """Stretches with the same warning, one after the other; the night is at the beginning of the first one."""
    bends = [stretch(key, position=Position.ON_FRONT, not_for=(Reason("a slipped vertebra"),)) for key in keys]
    entries = tuple(Entry(one, Dose(hold=Amount(20, 20, Unit.SECONDS))) for one in bends)
    routines = {"bedtime": replace(BEDTIME, entries=entries)}
    knows = replace(knowledge(), routines=routines, stretches={one.key: one for one in bends})
    return Night(at_rest(knows=knows)).says("start bedtime routine").until("a slipped vertebra")


def test_a_warning_that_was_just_heard_is_not_repeated_for_who_has_done_that_stretch() -> None:
    night = two_bends().until("And last, the high.").passes(4)
    assert len([words for words in night.words if "a slipped vertebra" in words]) == 1
    assert night.last != "And last, the high.", "nor is it quiet so long"


def test_nor_before_the_third_one_in_a_row() -> None:
    night = two_bends(("low", "middle", "high")).until("And last, the high.").passes(10)
    assert len([words for words in night.words if "a slipped vertebra" in words]) == 1


def test_who_has_left_that_stretch_out_hears_the_warning_before_the_next_one() -> None:
    night = two_bends().passes(6).says("next")
    assert night.last == "And last, the high."
    assert "a slipped vertebra" in night.passes(4).last


def test_the_last_words_of_an_evening_come_when_there_was_time_to_lie_down() -> None:
    legs = stretch("legs", position=Position.LEGS_UP)
    routine = replace(BEDTIME, entries=(Entry(legs, Dose(hold=Amount(300, 300, Unit.SECONDS))),), when=When.BEDTIME)
    knows = replace(knowledge(), routines={"bedtime": routine}, stretches={"legs": legs})
    night = Night(at_rest(knows=knows)).says("start bedtime routine").until("put your pillow back")
    lies_down_s = night.now_s
    night.until("Sleep tight.", 60)
    assert night.now_s - lies_down_s > SETTLES_S
    assert night.passes(20).mode is Mode.ASLEEP


def test_back_goes_to_the_stretch_before() -> None:
    assert at_the_bridge().says("go back").last == "We begin with the hug."


def test_back_at_the_first_stretch_begins_it_anew() -> None:
    night = in_the_first_hold().says("back")
    assert night.last.startswith("Let go. This is the first one.")
    assert "We begin with the hug." in night.passes(6).words[-2:]


def test_until_next_goes_on_for_as_long_as_is_liked() -> None:
    night = at_the_bridge().says("once more")
    assert night.last == "Back into the bridge."
    night.until("Once more, or next").says("one more please").until("Once more, or next").says("next")
    assert night.last == "Now comes the child."
    assert night.notes.count(("stretch done", "bridge")) == 1


@pytest.mark.parametrize("words", ["", "continue", "done", "ready"])
def test_who_does_not_ask_for_more_of_an_open_end_is_led_through_no_more_of_it(words: str) -> None:
    night = at_the_bridge()
    asked = night.now_s
    night = night.says(words) if words else night.until("Now comes the child.", 20)
    assert "Now comes the child." in night.since(asked)
    assert night.words.count("Lift your hips") == 1
    assert language().prompts.plenty not in night.words
    assert night.notes.count(("stretch done", "bridge")) == 1


def test_an_open_end_ends_by_itself_after_a_dose_that_suits_it() -> None:
    night, enough = at_the_bridge(), language().prompts.plenty
    for _ in range(8):
        night.says("again").passes(22)
        if enough in night.words:
            break
    assert enough in night.words
    assert night.words.count("Back into the bridge.") < 8
    assert "Now comes the child." in night.until("Come onto your knees", 20).words
    assert ("stretch done", "bridge") in night.notes


def test_ready_ends_the_time_to_move() -> None:
    night = started().until("Lie on your back").passes(3).says("ready")
    assert night.last == "Draw your right knee in."


def test_who_moves_on_before_the_position_is_reached_is_led_into_the_next_one() -> None:
    night = at_the_bridge().says("next").until("Come onto your knees.").says("back").until("Come into the bridge")
    assert "Lie on your back." in night.words[-4:], "nobody knows how far they had got"


def test_who_goes_back_to_another_position_is_led_into_it() -> None:
    night = at_the_last_stretch().until("Let your knees fall").says("back").until("Come onto your knees.").passes(0.1)
    night.until("Come into the child")


def test_a_position_that_is_kept_is_not_explained_again() -> None:
    night = at_the_bridge()
    assert night.words.count("Lie on your back.") == 1


def test_how_long_is_right_at_any_pace() -> None:
    night = Night(at_rest(pace=1.7)).says("start morning").until("Breathe in").until("Breathe in").passes(15)
    assert night.says("how long").last == "One breath more here. Then less than a minute to the end."


# --- pause, stop, repeat ----------------------------------------------------------------------------------------------


def test_a_pause_of_two_minutes_keeps_the_second() -> None:
    night = in_the_first_hold().passes(0.5).says("pause").passes(120)
    assert night.mode is Mode.PAUSED
    paused = night.now_s
    night.says("continue").until("six")
    assert "five" not in night.since(paused)
    assert any("Draw your" not in words and "knee" in words for words in night.since(paused)), "told what was held"
    on = next(one.at_s for one in night.sounded if one.at_s > paused and one.sound == "six")
    seven = night.until("seven").when("seven")
    assert seven - on == pytest.approx(1.5)


def test_stop_is_silent_at_once_and_can_be_continued() -> None:
    night = in_the_first_hold().says("stop")
    stopped = night.now_s
    assert night.passes(1.9).since(stopped + 0.01) == []
    assert night.until("Shall we go on").passes(4).says("yes").until("six").mode is Mode.GUIDING


def test_done_after_stop_means_the_end() -> None:
    night = in_the_first_hold().says("stop").until("Shall we go on").passes(4).says("i am done")
    assert night.last == "Let go. Then we end here. Rest well."


def test_done_in_a_pause_is_asked_about() -> None:
    night = in_the_first_hold().says("pause").passes(10).says("done")
    assert night.last == "Your routine is waiting. Shall we go on? Yes or no?"


def test_starting_the_routine_that_is_paused_goes_on_with_it() -> None:
    night = in_the_first_hold().says("pause").passes(10).says("start bedtime routine").until("six")
    assert night.mode is Mode.GUIDING


def test_the_greeting_is_said_again_after_something_was_said_into_it() -> None:
    night = started().passes(1).says("quieter").passes(3)
    assert night.last.startswith("Here is the bedtime routine")
    assert night.until("We begin with").mode is Mode.GUIDING


def test_the_greeting_is_said_after_a_question_that_was_asked_into_it() -> None:
    night = started().passes(1).says("remind me").passes(4).says("three")
    assert night.last == "I will remind you in three hours."
    assert night.passes(4).last.startswith("Here is the bedtime routine")
    assert night.mode is Mode.GREETING


def test_a_question_stays_open_when_the_volume_is_changed() -> None:
    night = in_the_first_hold().says("never again").passes(1).says("quieter").passes(3)
    assert night.last == "Shall I leave out the hug for good? Yes or no?"
    assert night.passes(4).says("yes").last == "I will leave it out from now on."


def test_stop_twice_ends_the_session() -> None:
    night = in_the_first_hold().says("stop").passes(1).says("stop")
    assert night.last == "five", "silent at once, also the second time"
    assert night.passes(2.1).last == "Let go. Then we end here. Rest well."
    assert night.passes(10).mode is Mode.REST
    assert ("session ended early", "bedtime") in night.notes


def test_stop_and_silence_ends_without_another_word() -> None:
    night = in_the_first_hold().says("stop").until("Shall we go on")
    asked = night.now_s
    night.passes(120)
    assert night.mode is Mode.REST
    assert night.since(asked + 0.2) == []


@pytest.mark.parametrize("again", ["repeat", "say that again"])
def test_repeat_says_the_sentence_again_and_keeps_the_place(again: str) -> None:
    night = in_the_first_hold().says(again)
    assert night.last == "Draw your right knee in."
    repeated = night.now_s
    night.until("six")
    assert "five" not in night.since(repeated)


def test_repeat_in_a_hold_says_what_to_do_and_not_the_last_remark() -> None:
    bow = stretch("bow", breathing="Breathe softly.")
    plan = replace(BEDTIME, entries=(Entry(bow, Dose(hold=Amount(10, 10, Unit.COUNTS))),))
    rest = at_rest()
    night = Night(replace(rest, knows=replace(rest.knows, routines={"bedtime": plan})))
    night.says("start bedtime").until("Breathe softly.").passes(0.3).says("repeat")
    assert night.last == "Breathe softly."
    assert night.until("three").says("repeat").last == "Come into the bow."


def test_once_more_does_the_stretch_again_without_its_introduction() -> None:
    night = in_the_first_hold().says("once more")
    assert night.last == "Let go. Here is the hug from its beginning."
    assert night.passes(5).last == "Draw your right knee in."


def test_a_long_pause_asks_once_and_then_leaves_the_sleeper() -> None:
    night = in_the_first_hold().says("pause").passes(1000)
    assert night.words.count("We are still resting. Tell me to continue when you like.") == 1
    assert night.mode is Mode.ASLEEP


# --- questions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how many left", "There are three stretches after this one."),
        ("what's next", "After this comes the bridge."),
        ("where are we", "This is the hug, stretch one of four, on the right side."),
        ("why", "The hug eases the back."),
        ("easier", "Do less of the hug."),
        ("harder", "Do more of the hug."),
        ("how long", "Seven seconds more here. Then about four minutes to the end."),
        ("how long in all", "It is about four minutes to the end."),
        ("help", language().prompts.help),
        ("how am i doing", f"{language().prompts.progress_none} {TOO_EARLY}"),
    ],
)  # fmt: skip
def test_an_answer_is_given_and_the_count_goes_on(question: str, answer: str) -> None:
    night = in_the_first_hold().says(question)
    assert night.last.lower() == answer.lower()
    asked = night.now_s
    night.until("six")
    assert "five" not in night.since(asked)


def test_answers_in_a_pause_leave_it_a_pause() -> None:
    night = in_the_first_hold().says("pause").passes(5).says("how long").passes(60)
    assert night.mode is Mode.PAUSED


# --- changes ----------------------------------------------------------------------------------------------------------


def test_longer_adds_to_this_hold_and_to_the_other_side() -> None:
    night = in_the_first_hold().says("longer").until("Let go.")
    assert "fifteen" in night.words
    night.until("Now the left knee.").until("fifteen")


def test_shorter_ends_the_hold_sooner() -> None:
    night = in_the_first_hold().says("shorter").until("Let go.")
    assert "six" not in night.words


def test_what_cannot_be_shorter_is_said_to_be_so() -> None:
    night = in_the_first_hold().says("shorter").passes(3).says("shorter").passes(3).says("shorter")
    assert night.last == "This is as little as it can be."


def test_slower_draws_out_the_count() -> None:
    night = in_the_first_hold().says("slower").until("seven").until("eight")
    assert night.when("eight") - night.when("seven") == pytest.approx(1.5 * 1.2)


def test_louder_and_quieter_move_the_volume() -> None:
    night = Night(at_rest(volume_db=-8.0)).says("quieter").passes(3).says("louder").passes(3).says("louder")
    assert night.volumes_db == [-12.0, -8.0, -4.0]


@pytest.mark.parametrize("begins_db", [-40.0, -25.0, -23.0, -9.0, -8.0])
def test_louder_is_a_step_and_quieter_takes_it_back_wherever_the_settings_begin(begins_db: float) -> None:
    night = Night(at_rest(volume_db=begins_db))
    night.says("louder").passes(3).says("louder").passes(3).says("quieter").passes(3).says("quieter").passes(3)
    assert night.volumes_db == [begins_db + 4, begins_db + 8, begins_db + 4, begins_db]


def test_at_the_ends_the_volume_stays_and_no_step_is_larger_than_a_step() -> None:
    night = Night(at_rest(volume_db=-38.0)).says("quieter").passes(3)
    assert night.last == "This is as quiet as I get."
    for _ in range(11):
        night.says("louder").passes(3)
    assert night.volumes_db == [*(float(db) for db in range(-34, 0, 4)), 0.0]
    assert night.last == "This is as loud as I get."


def test_less_talk_leaves_out_what_is_known() -> None:
    night = started().says("less talk").until("Say once more for another")
    assert "Now the right knee." in night.words
    assert "Draw your right knee in." not in night.words


def test_least_talk_chimes_instead_of_counting() -> None:
    night = Night(at_rest(talk=TalkLevel.LEAST)).says("start morning").passes(120)
    assert "(in)" in night.words
    assert "(out)" in night.words
    assert "two" not in night.words


def test_never_again_asks_and_leaves_out_for_good() -> None:
    night = in_the_first_hold().says("never again").passes(5).says("yes").passes(10)
    assert ("left out", "hug") in night.notes
    assert "Now comes the bridge." in night.words
    night.says("stop").says("stop").passes(10).says("start bedtime").until("We begin with")
    assert night.last == "We begin with the bridge."


def test_what_was_left_out_is_not_come_back_to() -> None:
    night = at_the_bridge().says("never again").passes(5).says("yes").passes(5).says("go back")
    assert night.last == "We begin with the hug."


def test_leaving_out_in_a_pause_leaves_it_a_pause() -> None:
    night = in_the_first_hold().says("pause").passes(5).says("never again").passes(5).says("yes").passes(20)
    assert night.mode is Mode.PAUSED
    night.says("continue").passes(3)
    assert "Now comes the bridge." in night.words[-2:]


def test_the_last_stretch_can_be_left_out() -> None:
    night = at_the_last_stretch().says("never again").passes(5).says("yes")
    assert night.last.startswith("Bend forward, and put your hands down")
    assert night.last.endswith(
        "lie down on that side, and shift to the middle. I will leave it out from now on. That was all. Sleep tight."
    )
    assert night.passes(20).mode is Mode.REST


def test_never_again_and_no_keeps_the_stretch_and_the_place() -> None:
    night = in_the_first_hold().says("never again").passes(4).says("no").until("six")
    assert night.state.tonight.person.left_out == frozenset()


def test_what_was_left_out_can_be_brought_back() -> None:
    night = in_the_first_hold().says("never again").passes(5).says("yes").passes(3)
    night.says("stop").says("stop").passes(10).says("bring it back")
    assert night.last == "The hug is left out. Shall I bring it back?"
    assert night.passes(6).says("yes").last == "It is in again."
    night.passes(5).says("start bedtime").until("We begin with")
    assert night.last == "We begin with the hug."


def test_several_stretches_are_named_and_brought_back_together() -> None:
    night = in_the_first_hold().says("never again").passes(5).says("yes").until("Lift your hips")
    night.says("never again").passes(5).says("yes").passes(3).says("stop").says("stop").passes(10)
    assert night.says("bring them back").last == "The bridge and the hug are left out. Shall I bring them back?"
    assert night.passes(6).says("yes").last == "They are in again."


def test_what_was_left_out_stays_so_unless_the_listener_agrees() -> None:
    night = in_the_first_hold().says("never again").passes(5).says("yes").passes(5).says("bring it back").passes(6)
    night.says("no")
    assert night.last == "Then nothing changes."
    assert night.state.tonight.person.left_out == {"hug"}


def test_another_routine_in_a_pause_is_asked_about() -> None:
    night = in_the_first_hold().says("pause").passes(5).says("start morning routine")
    assert night.last == "Shall we leave this and begin the morning routine? Yes or no?"
    assert night.says("yes").last.startswith("Here is the morning routine: one stretch")


def test_a_command_instead_of_an_answer_is_done() -> None:
    assert in_the_first_hold().says("never again").says("next").passes(1.5).last == "Now comes the bridge."


# --- safety -----------------------------------------------------------------------------------------------------------


def test_that_hurts_leads_out_of_the_stretch_and_offers_a_choice() -> None:
    night = in_the_first_hold().says("that hurts")
    assert night.last.startswith("Come out of the hug slowly.")
    assert night.mode is Mode.HURT
    assert ("hurt", "hug") in night.notes


def test_after_pain_easier_begins_the_side_anew() -> None:
    night = in_the_first_hold().says("ouch").passes(8).says("easier")
    assert night.last == "Only if it feels right. Do less of the hug."
    assert night.passes(5).last == "Draw your right knee in."


def test_after_pain_next_leaves_the_stretch() -> None:
    assert in_the_first_hold().says("that hurts").passes(8).says("skip").last == "Now comes the bridge."


def test_after_pain_stop_ends() -> None:
    night = in_the_first_hold().says("that hurts").passes(8).says("stop").passes(10)
    assert night.mode is Mode.REST


def test_after_pain_nothing_goes_on_by_itself() -> None:
    night = in_the_first_hold().says("that hurts").passes(300)
    assert night.mode is Mode.REST
    assert night.words.count("Easier, next, or end here?") == 1
    assert "six" not in night.words


@pytest.mark.parametrize("words", ["numb", "tingling", "i can't feel my legs"])
def test_a_red_flag_ends_the_routine_with_the_fixed_sentence(words: str) -> None:
    night = in_the_first_hold().says(words)
    assert night.last.startswith("We end here. Numbness between the legs")
    night.says("next").says("louder").says("that hurts")
    assert night.last.startswith("We end here. Numbness between the legs"), "nothing cuts it short"
    night.passes(30).says("say that again")
    assert night.last.startswith("We end here. Numbness between the legs"), "it can be heard again"
    assert night.passes(120).mode is Mode.REST


def test_the_way_out_of_a_stretch_is_heard_whole_whatever_is_said_into_it() -> None:
    night = in_the_first_hold().says("ouch").passes(0.8).says("that hurts")
    assert night.last.startswith("Come out of the hug slowly."), "from its beginning"
    night.passes(1).says("quieter").passes(3)
    assert night.last.startswith("Come out of the hug slowly."), "again after the answer"
    stopped = night.passes(0.5).says("stop").now_s
    assert night.passes(1.9).since(stopped + 0.01) == [], "silent at once"
    assert night.passes(0.2).last == "Come out of the hug slowly. Then we end here. Rest well."


@pytest.mark.parametrize("choice", ["easier", "next", "end here"])
def test_everything_that_is_offered_after_pain_can_be_said(choice: str) -> None:
    night = in_the_first_hold().says("that hurts").passes(10).says(choice)
    assert night.mode is not Mode.HURT


def test_after_pain_a_pause_is_followed_by_the_easier_form() -> None:
    night = in_the_first_hold().says("that hurts").passes(8).says("pause").passes(30).says("continue")
    assert night.last == "Only if it feels right. Do less of the hug."


def test_who_comes_back_to_what_hurt_is_offered_the_easier_form() -> None:
    night = in_the_first_hold().says("that hurts").passes(8).says("next").passes(5).says("back")
    night.until("Only if it feels right. Do less of the hug.").until("Draw your right knee in.")
    assert night.words[-3:] == [
        "We begin with the hug.", "Only if it feels right. Do less of the hug.", "Draw your right knee in.",
    ]  # fmt: skip


# --- at rest ----------------------------------------------------------------------------------------------------------


def test_good_night_ends_everything() -> None:
    night = in_the_first_hold().says("good night")
    assert night.last == "Let go. Sleep well. I am quiet now."
    assert night.passes(10).mode is Mode.ASLEEP


def test_asleep_only_a_start_phrase_wakes_the_coach() -> None:
    night = Night().says("good night").passes(10).says("how am i doing").says("what can you do").passes(10)
    assert night.last == "Sleep well. I am quiet now."
    assert night.says("start bedtime").mode is Mode.GREETING


def test_a_reminder_comes_after_the_hours_asked_for() -> None:
    night = Night().says("remind me").passes(5).says("two").passes(5)
    assert night.last == "I will remind you in two hours."
    night.passes(2 * 3600)
    assert night.last == "Ready for your bedtime routine?"


def test_a_reminder_survives_a_session_and_other_talk() -> None:
    night = Night().says("remind me").passes(5).says("one").passes(5).says("what can you do").passes(20)
    night.says("start morning").passes(600).until("Ready for your bedtime routine", 3600)


def test_a_reminder_that_comes_due_in_a_session_wakes_nobody() -> None:
    night = Night().says("remind me").passes(5).says("one").passes(3590).says("start bedtime routine").passes(40)
    night.says("good night").passes(20_000)
    assert night.last == "Let go. Sleep well. I am quiet now."


def test_after_a_night_the_coach_listens_for_everything_again() -> None:
    night = Night().says("good night").passes(9 * 3600).says("how am i doing")
    assert night.last.startswith("No sessions")


def test_the_last_session_counts_as_progress() -> None:
    night = Night().says("start morning").until("good day").passes(20).says("how am i doing")
    assert night.last.startswith("In the last seven days you have done one session.")
