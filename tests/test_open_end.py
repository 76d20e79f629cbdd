""" "As many times as is comfortable": who has fallen asleep in it is left alone, and who is awake loses nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from night import Night
from small_house import BEDTIME, BRIDGE, STRETCHES, at_rest, knowledge, language, stretch

from voicecoach.dialogue.handlers.pausing import DOZE_S
from voicecoach.dialogue.state import Mode
from voicecoach.routine.stretch import Amount, Dose, Entry, Position, Stretch, Unit, When

SOLES = stretch("soles")
FOLD = stretch("fold", position=Position.HANDS_AND_KNEES)
REST = language().prompts.rest_until_next


def evening(first: Stretch, when: When = When.BEDTIME, most: int = 2) -> Night:
    """A stretch with an open end, and one that follows, with somebody who says nothing more."""
    open_end = Entry(first, Dose(hold=Amount(5, 5, Unit.COUNTS), until_next=True, at_most=most))
    follows = Entry(STRETCHES["hug"], Dose(hold=Amount(5, 5, Unit.COUNTS)))
    routine = replace(BEDTIME, entries=(open_end, follows), when=when)
    house = knowledge()
    rest = at_rest(knows=replace(house, routines={**house.routines, "bedtime": routine}))
    return Night(rest).says("start bedtime routine").until("Say once more for another")


def test_who_says_nothing_is_left_to_rest_and_then_to_sleep() -> None:
    night = evening(SOLES).until(REST)
    said = len(night.sounded)
    assert night.passes(DOZE_S + 20).mode is Mode.ASLEEP
    assert len(night.sounded) == said, "nobody is spoken to who sleeps"
    assert ("fell asleep", "bedtime") in night.notes
    assert ("stretch done", "soles") in night.notes


@pytest.mark.parametrize("words", ["next", "continue", "ready", "done"])
def test_who_is_awake_goes_on_with_a_word(words: str) -> None:
    night = evening(SOLES).until(REST).passes(60).says(words).passes(1)
    if words == "done":
        night.passes(3).says("yes").passes(1)
    assert night.words[-1] == "And last, the hug."
    assert night.notes.count(("stretch done", "soles")) == 1


def test_who_has_said_a_word_in_it_is_led_on() -> None:
    night = evening(SOLES).passes(6).says("how long").until("And last, the hug.", 120)
    assert REST not in night.words


def test_who_falls_asleep_in_the_second_round_is_not_led_on() -> None:
    night = evening(SOLES, most=4).passes(2).says("once more").until(REST, 120)
    assert night.passes(DOZE_S + 20).mode is Mode.ASLEEP


def test_another_round_can_be_had_from_the_rest_too() -> None:
    night = evening(SOLES, most=4).until(REST).passes(20)
    begun = night.now_s
    night.says("once more").until("Once more, or next?", 120)
    assert night.since(begun)[:2] == ["Back into the soles.", "one"]


def test_who_was_led_out_of_it_is_led_in_again_and_the_rounds_are_counted_on() -> None:
    night = evening(FOLD, most=3).until("say next when you would like to go on").passes(20).says("once more")
    night.until("Once more, or next?", 160).says("once more").until("That will do for now.", 160)


def test_in_a_movement_nobody_sleeps() -> None:
    assert REST not in evening(BRIDGE).until("And last, the hug.", 120).words


def test_in_the_morning_nobody_is_left_to_sleep() -> None:
    assert REST not in evening(SOLES, When.MORNING).until("And last, the hug.", 120).words


def test_nobody_is_left_to_rest_on_all_fours() -> None:
    night = evening(FOLD).until("say next when you would like to go on")
    assert (
        night.last
        == f"Let your hips down to the side with more room, lie down on that side, and shift to the middle. {REST}"
    )
    begun = night.passes(20).now_s
    night.says("next").until("Lie on your back")
    assert "Roll slowly onto your back in the middle." in night.since(begun)
