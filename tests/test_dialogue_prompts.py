"""A prompt is known by its number and not by its words: what has to be heard whole is, and nothing else is repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from night import Night
from small_house import at_rest, knowledge, language

from voicecoach.dialogue.state import Mode, State

HOURS = "In how many hours shall I remind you?"


def in_other_words(**prompts: Any) -> State:  # noqa: ANN401 - any prompt
    """At rest, in a language with some prompts of its own."""
    words = replace(language(), prompts=replace(language().prompts, **prompts))
    return at_rest(knows=replace(knowledge(), language=words))


def test_a_remark_that_ends_like_the_question_is_not_the_question() -> None:
    night = Night(in_other_words(ask_remind=HOURS, like_this=f"Softer. {HOURS}")).says("remind me later").passes(1)
    night.says("quieter").passes(8)
    assert night.words[-2:] == [f"Softer. {HOURS}", HOURS]


def test_a_remark_with_the_very_words_of_the_greeting_is_not_the_greeting() -> None:
    greeting = Night().says("start bedtime routine").passes(1).last
    night = Night(in_other_words(like_this=greeting)).says("start bedtime routine").passes(3)
    night.says("quieter").passes(40)
    assert night.words[:3] == [greeting] * 3


def test_repeat_says_the_same_prompt_again() -> None:
    night = Night().says("start bedtime routine").passes(3).says("repeat")
    assert night.passes(60).words.count(night.words[0]) == 2


def test_a_question_that_was_dropped_is_not_what_has_to_be_heard_after() -> None:
    """While a question was open the greeting waited; "how long" takes its place, and the greeting is heard after."""
    night = Night().says("start bedtime routine").passes(3)
    night.says("remind me").passes(1).says("how long").passes(8)
    assert night.words[-1] == night.words[0]
    assert night.words.count(night.words[-3]) == 1, "the question is not asked again"


def test_the_way_out_of_what_hurts_is_not_lost_behind_a_question() -> None:
    night = Night().says("start bedtime routine").until("five").says("that hurts").passes(1)
    way_out = night.last
    night.says("never again").passes(1)
    assert night.mode is Mode.ASKING
    assert night.says("that hurts").passes(1).last == way_out


def test_the_way_out_is_said_again_after_the_answer() -> None:
    night = Night().says("start bedtime routine").until("five").says("that hurts").passes(1)
    way_out = night.last
    night.says("never again").passes(5).says("no").passes(8)
    assert night.words[-2:] == ["Then it stays.", way_out]


def test_and_where_nobody_answers() -> None:
    night = Night().says("start bedtime routine").until("five").says("that hurts").passes(1)
    way_out = night.last
    night.says("never again").passes(5)
    assert night.until(way_out, within_s=40).mode is Mode.HURT


def test_what_was_heard_whole_before_a_question_is_not_said_again_after_it() -> None:
    night = Night().says("start bedtime routine").until("five").says("that hurts").passes(20)
    way_out = night.last
    night.says("never again").passes(1).says("that hurts").passes(1)
    assert night.last != way_out
    assert night.words.count(way_out) == 1
