"""What is said in need is heeded wherever it is said, at once, and leads nobody on."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import (
    ALL_ANSWERED,
    BEDTIME,
    STRETCHES,
    at_rest,
    knowledge,
    language,
    phrasebook,
    phrasings,
    stretch,
    with_sphinx,
)

from voicecoach.assembly import Assembly
from voicecoach.dialogue.handlers.need import CRAMP_S, TINGLING_S
from voicecoach.dialogue.handlers.warning import CALL_AGAIN_S, CALLS, STAYS_S
from voicecoach.dialogue.machine import valid_commands, valid_phrases
from voicecoach.dialogue.state import Mode, Question, State
from voicecoach.dialogue.table import COMMANDS
from voicecoach.languages.commands import EMERGENCIES, SAFETY, Command
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = language().prompts
CALL = WORDS.emergency.format(digits="one one two")


def in_a_hold(state: State | None = None) -> Night:
    return Night(state).says("start bedtime routine").until("five")


SAID_IN: dict[Mode, Callable[[], Night]] = {
    Mode.REST: Night,
    Mode.ASLEEP: lambda: Night().says("good night").passes(10),
    Mode.GREETING: lambda: Night().says("start bedtime routine").passes(1),
    Mode.GUIDING: in_a_hold,
    Mode.PAUSED: lambda: in_a_hold().says("pause").passes(6),
    Mode.STOPPED: lambda: in_a_hold().says("stop").passes(1),
    Mode.ASKING: lambda: in_a_hold().says("never again").passes(2),
    Mode.HURT: lambda: in_a_hold().says("that hurts").passes(12),
    Mode.CLOSING: lambda: in_a_hold().says("good night").passes(0.5),
    Mode.WARNING: lambda: in_a_hold().says("numb").passes(1),
}
"""A moment in each mode."""


def said_first(night: Night, words: str) -> str:
    """What the coach begins to say when it hears ``words``."""
    since = night.now_s
    night.says(words)
    return next(iter(night.passes(3).since(since)), "")


@cache
def one_phrase(command: Command) -> str:
    return min(phrasebook().phrases_for({command}))


# --- every word in every mode -----------------------------------------------------------------------------------------

OUT = "Come out of the hug slowly."
AT_REST = (Mode.REST, Mode.ASLEEP, Mode.CLOSING)
HEARD_AT_REST = {
    Command.HURTS: WORDS.hurt_resting,
    Command.SHARP_PAIN: WORDS.hurt_resting,
    Command.PAIN_DOWN_THE_LEG: f"{WORDS.sorry} {WORDS.leg_pain}",
    Command.CRAMP: WORDS.cramp,
    Command.TINGLING: WORDS.tingling,
    Command.TOO_HARD: WORDS.need_nothing,
    Command.CANNOT_KNEEL: f"{WORDS.done_without} {WORDS.ask_no_kneeling}",
    Command.CANNOT_LIE_ON_FRONT: WORDS.done_without,
    Command.DIZZY: f"{WORDS.dizzy} {WORDS.dizzy_after}",
    Command.RED_FLAG: WORDS.red_flag,
    Command.CHEST: f"{CALL} {WORDS.emergency_chest}",
    Command.FELL: f"{CALL} {WORDS.emergency_fell}",
    Command.CALL_FOR_HELP: CALL,
}
HEARD_IN_A_STRETCH = HEARD_AT_REST | {
    Command.HURTS: f"{OUT} Breathe quietly. Shall I make it easier",
    Command.SHARP_PAIN: f"{OUT} Breathe quietly. We leave this one out for tonight.",
    Command.PAIN_DOWN_THE_LEG: f"{OUT} {WORDS.leg_pain}",
    Command.CRAMP: f"{OUT} {WORDS.cramp}",
    Command.TINGLING: f"{OUT} {WORDS.tingling}",
    Command.TOO_HARD: f"{OUT} That is all right. Shall I make it easier",
    Command.DIZZY: f"{OUT} {WORDS.dizzy}",
}
IN_NEED = sorted(SAFETY - {Command.STOP}, key=str)
IN_A_STRETCH = sorted(set(IN_NEED) - {Command.CANNOT_KNEEL, Command.CANNOT_LIE_ON_FRONT}, key=str)
NEEDS_NO_SECOND_WAY_OUT = {Command.CRAMP, Command.TINGLING, Command.TOO_HARD, Command.DIZZY}
"""In a pause they have been led out already; whom it hurts is told again, in the words for that."""


@pytest.mark.parametrize("mode", AT_REST)
@pytest.mark.parametrize("command", IN_NEED, ids=str)
def test_what_is_said_at_rest(command: Command, mode: Mode) -> None:
    night = SAID_IN[mode]()
    assert night.mode is mode
    assert said_first(night, one_phrase(command)).startswith(HEARD_AT_REST[command])


@pytest.mark.parametrize("mode", [Mode.GUIDING, Mode.STOPPED, Mode.PAUSED, Mode.ASKING])
@pytest.mark.parametrize("command", IN_A_STRETCH, ids=str)
def test_what_is_said_in_a_stretch_begins_with_the_way_out(command: Command, mode: Mode) -> None:
    night = SAID_IN[mode]()
    assert night.mode is mode
    said = said_first(night, one_phrase(command))
    expected = HEARD_IN_A_STRETCH[command]
    if mode is Mode.PAUSED and command in NEEDS_NO_SECOND_WAY_OUT:
        expected = expected.removeprefix(f"{OUT} ")
    assert said.startswith(expected)


@pytest.mark.parametrize(
    ("mode", "on_knees", "on_front"),
    [
        (Mode.GUIDING, "Let go. ", ""),  # a question is asked; where there is none, the stretch goes on
        (Mode.STOPPED, "Let go. ", "Let go. "),
        (Mode.PAUSED, "", ""),  # has let go
        (Mode.ASKING, "Let go. ", "Let go. "),
    ],
)
def test_who_cannot_do_what_comes_later_lets_go_of_this_while_they_are_asked(
    mode: Mode, on_knees: str, on_front: str
) -> None:
    """The hug needs neither knees nor front."""
    for command, out in ((Command.CANNOT_KNEEL, on_knees), (Command.CANNOT_LIE_ON_FRONT, on_front)):
        assert said_first(SAID_IN[mode](), one_phrase(command)).startswith(f"{out}{WORDS.done_without}")


@pytest.mark.parametrize("command", IN_NEED, ids=str)
def test_before_the_first_stretch_there_is_nothing_to_come_out_of(command: Command) -> None:
    said = said_first(SAID_IN[Mode.GREETING](), one_phrase(command))
    assert said
    assert OUT not in said


@pytest.mark.parametrize("command", IN_NEED, ids=str)
def test_after_that_hurts_the_way_out_is_not_told_again(command: Command) -> None:
    night = SAID_IN[Mode.HURT]()
    while night.state.playing:
        night.passes(1)
    said = said_first(night, one_phrase(command))
    assert said
    assert OUT not in said


@pytest.mark.parametrize("command", IN_NEED, ids=str)
def test_into_a_warning_only_an_emergency_is_answered_anew(command: Command) -> None:
    night = SAID_IN[Mode.WARNING]()
    since = night.now_s
    night.says(one_phrase(command)).passes(2)
    said = night.since(since)
    assert said == ([HEARD_AT_REST[command]] if command in EMERGENCIES else [])
    assert night.mode is Mode.WARNING


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("command", IN_NEED, ids=str)
def test_nobody_is_led_on_who_says_nothing_more(command: Command, mode: Mode) -> None:
    """Whatever was going on, half an hour later it has ended; no count and no cue was heard in between."""
    night = SAID_IN[mode]()
    since = night.now_s
    night.says(one_phrase(command)).passes(1800)
    if night.state.asked or night.mode not in (Mode.REST, Mode.ASLEEP):
        night.passes(3600)
    assert night.mode in (Mode.REST, Mode.ASLEEP)
    cues = {"six", "seven", "Now the left knee.", "Let go."}
    could_go_on = command in (Command.CANNOT_KNEEL, Command.CANNOT_LIE_ON_FRONT)  # in a stretch that needs neither
    assert could_go_on or not cues & set(night.since(since))


nights = st.lists(
    st.tuples(
        st.sampled_from(COMMANDS).flatmap(lambda one: st.sampled_from(phrasings(one))),
        st.sampled_from([0.0, 0.3, 1.7, 4.0, 11.0, 35.0, 400.0]),
    ),
    max_size=20,
)


@settings(max_examples=150, deadline=None)
@given(nights, st.sampled_from(IN_NEED))
def test_one_step_after_a_word_of_need_everything_else_has_ended(
    events: list[tuple[str, float]], need: Command
) -> None:
    night = in_a_hold()
    for phrase, seconds in events:
        night.says(phrase).passes(seconds)
    before = night.state
    since, playing = night.now_s, before.playing
    night.says(one_phrase(need))
    after = night.state
    assert after.token > before.token or (before.mode is Mode.WARNING and playing), "something is said to it"
    if need in EMERGENCIES:
        assert (after.mode, after.session) == (Mode.WARNING, None)
    stays = need in (Command.CANNOT_KNEEL, Command.CANNOT_LIE_ON_FRONT)
    assert stays or after.mode not in (Mode.GUIDING, Mode.GREETING, Mode.PAUSED, Mode.STOPPED)
    said = night.passes(0.4).since(since)
    assert all(sound != "six" for sound in said)


@pytest.mark.parametrize("mode", [Mode.REST, Mode.ASLEEP])
def test_they_are_heard_in_the_silence_of_a_night(mode: Mode) -> None:
    state = replace(at_rest(), mode=mode)
    assert phrasebook().phrases_for(SAFETY) <= valid_phrases(state, phrasebook())


def test_no_cry_begins_another_one_that_is_worse() -> None:
    """What is urgent is tried as soon as it stands; where more may follow, the coach waits (`EndpointRules`)."""
    cries = phrasebook().phrases_for(SAFETY)
    begins = {
        (one, other)
        for one in cries
        for other in phrasebook().phrases_for(COMMANDS)
        if other.startswith(f"{one} ") and phrasebook().meaning(one) != phrasebook().meaning(other)
    }
    commands = {(phrasebook().meaning(one).command, phrasebook().meaning(two).command) for one, two in begins}
    assert {pair for pair in commands if pair[0] != Command.STOP} == {(Command.SHARP_PAIN, Command.PAIN_DOWN_THE_LEG)}
    begun = {phrasebook().meaning(other).command for one, other in begins if " " not in one}
    assert begun == {Command.STOP_LISTENING}, "a single word of need is never waited with: that one follows"


def test_the_coach_cries_for_nothing_itself() -> None:
    """What is protected is believed over the coach's own voice, so it must not say it, not even within a sentence."""
    house = Assembly(Settings())
    cries = house.phrasebook.phrases_for(SAFETY - {Command.STOP})
    said = {
        " ".join(re.findall(r"[a-z']+", text.lower())) for text in (*house.sentences(), *house.possible_sentences())
    }
    heard = {cry for cry in cries for text in said if f" {cry} " in f" {text} "}
    assert heard == {"it hurts", "numbness"}, "these two were there before"


# --- cramp ------------------------------------------------------------------------------------------------------------


def test_a_cramp_is_given_time_and_then_it_is_asked_whether_to_go_on() -> None:
    night = in_a_hold().says("my leg has seized up").passes(8)
    assert night.last == f"{OUT} {WORDS.cramp}"
    assert WORDS.ask_cramp not in night.passes(CRAMP_S - 8).words
    night.until(WORDS.ask_cramp)
    assert night.says("yes").until("Draw your right knee in.").until("one").mode is Mode.GUIDING
    assert ("cramp", "hug") in night.notes


@pytest.mark.parametrize("answer", ["no", ""])
def test_with_a_cramp_that_stays_it_stays_quiet(answer: str) -> None:
    night = in_a_hold().says("my leg has seized up").until(WORDS.ask_cramp)
    night = night.says(answer) if answer else night.until("We rest here")
    assert night.mode is Mode.PAUSED
    assert night.says("continue").until("Draw your right knee in.").mode is Mode.GUIDING


def test_who_is_well_sooner_need_not_wait_for_the_question() -> None:
    night = in_a_hold().says("my leg has seized up").passes(8).says("i am fine")
    assert night.until("Draw your right knee in.").mode is Mode.GUIDING


def test_first_aid_that_was_cut_short_is_said_again() -> None:
    night = in_a_hold().says("my leg has seized up").passes(1).says("louder").passes(4)
    assert night.last == f"{OUT} {WORDS.cramp}"
    assert in_a_hold().says("my leg has seized up").passes(1).says("repeat").last == f"{OUT} {WORDS.cramp}"


def test_who_says_stop_to_a_cramp_is_left_in_silence() -> None:
    night = in_a_hold().says("my leg has seized up").passes(3).says("stop")
    assert not night.state.playing
    assert night.passes(60).mode is Mode.REST


# --- pain that is sharp, or runs down the leg -------------------------------------------------------------------------


def test_what_hurt_sharply_does_not_come_back_tonight() -> None:
    night = in_a_hold().says("it's a sharp pain").passes(15).says("continue")
    assert night.last == WORDS.hurt_twice_again
    night.says("next").passes(1).says("back").passes(20)
    assert "We begin with the hug." not in night.words[night.words.index("Now comes the bridge.") :]
    assert ("hurt", "hug") in night.notes


def test_pain_down_the_leg_is_for_a_professional() -> None:
    night = in_a_hold().says("the pain runs down my leg")
    assert night.last == WORDS.hurt_twice.format(come_out=f"{OUT} {WORDS.leg_pain}")


# --- pins and needles -------------------------------------------------------------------------------------------------


def test_pins_and_needles_are_asked_for_after_another_position() -> None:
    night = in_a_hold().says("my foot is asleep").passes(5)
    assert night.last == f"{OUT} {WORDS.tingling}"
    assert WORDS.ask_tingling not in night.passes(TINGLING_S - 5).words
    night.until(WORDS.ask_tingling)
    assert night.says("yes").mode is Mode.PAUSED
    assert night.last == WORDS.tingling_gone


@pytest.mark.parametrize("answer", ["no", ""])
@pytest.mark.parametrize("mode", [Mode.REST, Mode.GUIDING])
def test_pins_and_needles_that_stay_are_a_red_flag(mode: Mode, answer: str) -> None:
    night = SAID_IN[mode]().says("my foot is asleep").until(WORDS.ask_tingling)
    night = night.says(answer) if answer else night.until(WORDS.red_flag)
    assert (night.mode, night.last) == (Mode.WARNING, WORDS.red_flag)
    assert night.state.session is None


def test_no_before_it_is_asked_is_no_answer() -> None:
    night = in_a_hold().says("my foot is asleep").passes(15).says("no")
    assert (night.mode, night.last) == (Mode.ASKING, WORDS.ask_tingling)
    assert night.says("no").mode is Mode.WARNING


def test_no_into_the_way_out_is_no_answer_either_and_the_way_out_is_told_again() -> None:
    night = in_a_hold().says("my foot is asleep").passes(1).says("no")
    assert (night.mode, night.last) == (Mode.ASKING, f"{OUT} {WORDS.ask_tingling}")
    assert night.says("no").mode is Mode.WARNING


def test_what_is_said_into_first_aid_is_answered_without_the_way_out_which_follows() -> None:
    night = in_a_hold().says("my foot is asleep").passes(1).says("what can i say")
    assert night.last == f"{OUT} {WORDS.tingling}"
    night = in_a_hold().says("my foot is asleep").passes(1)
    since = night.now_s
    night.says("louder").passes(4)
    assert night.since(since)[-1] == f"{OUT} {WORDS.tingling}"
    assert not [said for said in night.since(since)[:-1] if OUT in said]


def test_at_rest_it_is_enough_that_they_have_gone() -> None:
    night = Night().says("my foot is asleep").passes(10).says("it has gone")
    assert (night.mode, night.last) == (Mode.REST, WORDS.fine)


@pytest.mark.parametrize("words", ["numb", "my leg is numb", "i am numb between my legs", "my legs are tingling"])
def test_numbness_that_was_a_red_flag_still_is(words: str) -> None:
    assert in_a_hold().says(words).last == WORDS.red_flag


# --- dizzy ------------------------------------------------------------------------------------------------------------


def test_somebody_dizzy_lies_still_and_then_the_session_is_over() -> None:
    night = in_a_hold().says("i feel faint").passes(20)
    assert night.mode is Mode.CLOSING
    assert night.until(WORDS.ended_for_tonight).passes(12).mode is Mode.REST
    assert [fact for fact, _ in night.notes][-2:] == ["dizzy", "session ended early"]


def test_last_words_that_were_broken_into_are_said_after_a_while() -> None:
    night = in_a_hold().says("i feel faint").passes(2).says("louder").passes(60)
    assert night.last == f"{WORDS.ended_for_tonight} {WORDS.dizzy_after}"


# --- what cannot be done ----------------------------------------------------------------------------------------------


def test_what_cannot_be_done_is_offered_in_its_easier_form_and_then_left() -> None:
    night = in_a_hold().says("i can't do this").passes(12).says("easier").until("Draw your right knee in.")
    night.until("two").says("i can't do this")
    assert night.last == WORDS.too_hard_twice.format(come_out=OUT)
    assert night.passes(15).says("continue").last == WORDS.hurt_twice_again
    assert night.says("next").last == "Now comes the bridge."
    assert ("easier", "hug") in night.notes
    assert ("hurt", "hug") not in night.notes


def kneeling() -> Night:
    return Night(with_sphinx()).says("start bedtime routine").until("Breathe in")


def stretches_of(night: Night) -> list[str]:
    session = night.state.session
    assert session is not None
    return [step.stretch.key for step in session.plan.steps]


def test_who_cannot_kneel_is_led_out_asked_once_and_goes_on_without() -> None:
    night = kneeling().says("i can't get on my knees")
    assert night.last == f"Come out of the child slowly. {WORDS.done_without}"
    night.until(WORDS.ask_no_kneeling).says("yes").until("Come into the sphinx.")
    assert stretches_of(night) == ["sphinx", "twist"]
    assert night.history[-1].what is not Fact.LEFT_OUT
    answered = [one for one in night.history if one.what is Fact.ANSWERED and one.about == Condition.KNEELING.value]
    assert answered[-1].value == 1


@pytest.mark.parametrize("answer", ["no", "next"])
def test_only_for_tonight_nothing_is_remembered(answer: str) -> None:
    night = kneeling().says("i can't get on my knees").until(WORDS.ask_no_kneeling).says(answer)
    night.until("Come into the sphinx.")
    assert stretches_of(night) == ["sphinx", "twist"]
    assert night.history[-1].about != Condition.KNEELING.value


def test_what_serves_instead_of_kneeling_takes_its_place() -> None:
    low = stretch("low child", name="the low child")
    child = replace(BEDTIME.entries[2], stretch=replace(STRETCHES["child"], instead="low child"))
    routine = replace(BEDTIME, entries=(*BEDTIME.entries[:2], child, BEDTIME.entries[3]))
    stretches = {**STRETCHES, "child": child.stretch, "low child": low}
    night = in_a_hold(at_rest(knows=replace(knowledge(), routines={"bedtime": routine}, stretches=stretches)))
    assert night.says("i can't get on my knees").last == f"Let go. {WORDS.done_without} {WORDS.ask_no_kneeling}"
    assert night.says("no").passes(3).mode is Mode.GUIDING
    assert stretches_of(night) == ["hug", "bridge", "low child", "twist"]


def test_who_cannot_lie_on_the_front_can_leave_that_out_for_good_and_bring_it_back() -> None:
    night = kneeling().says("next").until("Come into the sphinx.").says("i can't lie on my front")
    night.until(WORDS.ask_no_front).says("yes").until("Breathe in")
    assert stretches_of(night) == ["child", "child", "twist"]
    assert ("left out", "sphinx") in night.notes
    assert "The sphinx is left out." in night.says("bring it back").last


def test_it_is_not_asked_again_what_is_known() -> None:
    knows_it = Record(ALL_ANSWERED[0].at, Fact.ANSWERED, Condition.KNEELING.value, value=1)
    night = Night(history=(*ALL_ANSWERED, knows_it)).says("how am i doing").passes(20).says("i can't get on my knees")
    assert (night.mode, night.last) == (Mode.REST, WORDS.done_without)


# --- emergencies ------------------------------------------------------------------------------------------------------


def test_whom_to_call_is_said_again_until_somebody_speaks_and_the_coach_listens_on() -> None:
    night = in_a_hold().says("i can't breathe").passes(CALLS * (CALL_AGAIN_S + 30))
    assert sum(words.startswith(CALL) for words in night.words) == 1 + CALLS
    assert night.last.endswith(WORDS.emergency_over)
    assert night.mode is Mode.WARNING
    assert night.says("repeat").last == f"{CALL} {WORDS.emergency_chest}"
    assert night.passes(2 * STAYS_S).mode is Mode.REST


@pytest.mark.parametrize("words", ["i am fine", "i'm okay", "stop"])
def test_it_ends_with_a_word(words: str) -> None:
    night = in_a_hold().says("i fell").passes(3).says(words)
    assert night.mode is Mode.REST
    assert night.passes(120).last == (CALL + " " + WORDS.emergency_fell if words == "stop" else WORDS.fine)


def test_the_session_is_over_and_it_is_asked_for_red_flags_before_the_next_one() -> None:
    night = in_a_hold().says("chest pain").passes(5).says("i am fine").passes(10)
    assert [fact for fact, _ in night.notes][-2:] == ["emergency", "session ended early"]
    assert night.place_kept is None
    night.says("start bedtime routine")
    assert night.state.asked is not None
    assert night.state.asked.question is Question.SCREEN
    assert night.state.asked.about.startswith(Condition.RED_FLAGS.value)


def test_the_number_is_said_digit_by_digit() -> None:
    night = Night(at_rest(knows=knowledge(emergency_number="911"))).says("call an ambulance")
    assert "call nine one one now" in night.last


def test_an_emergency_is_no_answer_and_drops_what_was_wanted() -> None:
    night = Night(history=()).says("start bedtime routine").passes(2).says("i need help")
    assert (night.mode, night.state.wanted, night.state.asked) == (Mode.WARNING, None, None)


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in {Mode.WARNING, Mode.HURT}])
def test_i_am_fine_is_heeded_only_where_somebody_may_not_be(mode: Mode) -> None:
    assert Command.FINE not in valid_commands(SAID_IN[mode]().state)
