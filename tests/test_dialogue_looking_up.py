"""What depends on the person or on the time of day is put off until both are known; what is said in need never is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from night import Night
from small_house import at_rest

from voicecoach.dialogue.events import Heard, Learned, LookUp, Opened, Reached
from voicecoach.dialogue.machine import step
from voicecoach.dialogue.questions import QUESTIONS
from voicecoach.dialogue.state import Asked, Mode, Prompt, Question, State
from voicecoach.dialogue.table import TABLE
from voicecoach.languages.commands import SAFETY, Command, Meaning

BEHIND = (Mode.REST, Mode.ASLEEP, Mode.GREETING, Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.HURT, Mode.CLOSING)
START = Heard(Meaning(Command.START, "bedtime"), 1.0)


def asking(question: Question, behind: Mode) -> State:
    return replace(at_rest(), mode=Mode.ASKING, asked=Asked(question, behind, prompt=Prompt(1, "Well?")))


@pytest.mark.parametrize("event", [START, Opened(1.0), Heard(Meaning(Command("how am i doing")), 1.0)])
def test_what_depends_on_the_person_is_put_off(event: Heard | Opened) -> None:
    before = at_rest()
    assert step(before, event) == (replace(before, now_s=1.0), (LookUp(event),))


def test_what_was_put_off_happens_with_what_was_looked_up() -> None:
    state, _ = step(at_rest(), START)
    state, actions = step(state, Learned(state.tonight, 1.0, START))
    assert state.mode is Mode.GREETING
    assert not [action for action in actions if isinstance(action, LookUp)], "nothing is looked up for ever"


def test_what_was_put_off_does_nothing_where_it_means_nothing_any_more() -> None:
    state, _ = step(at_rest(), START)
    state, _ = step(state, Learned(state.tonight, 1.0, START))
    again, _ = step(state, Learned(state.tonight, 2.0, START))
    assert again == replace(state, learned_s=2.0, now_s=2.0), "in a greeting nobody is greeted"


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("command", sorted(SAFETY, key=str), ids=str)
def test_what_is_said_in_need_waits_for_no_journal(command: Command, mode: Mode) -> None:
    assert not TABLE[command, mode].looks_up


@pytest.mark.parametrize("command", sorted(SAFETY, key=str), ids=str)
def test_nor_does_it_instead_of_an_answer(command: Command) -> None:
    assert TABLE[command, Mode.ASKING].drops, "so it is done by the cell of the mode behind, as in the test above"
    for question in Question:
        assert command not in QUESTIONS[question].answers
        for behind in (Mode.REST, Mode.ASLEEP):  # the others want a session
            _, actions = step(asking(question, behind), Heard(Meaning(command), 1.0))
            assert not [action for action in actions if isinstance(action, LookUp)]


@pytest.mark.parametrize("command", sorted(SAFETY, key=str), ids=str)
def test_in_a_session_too(command: Command) -> None:
    night = Night().says("start bedtime routine").until("five")
    _, actions = step(night.state, Heard(Meaning(command), night.now_s))
    assert not [action for action in actions if isinstance(action, LookUp)]


@pytest.mark.parametrize("question", Question)
def test_an_answer_is_put_off_where_the_question_says_so(question: Question) -> None:
    if not QUESTIONS[question].looks_up:
        return
    for command in QUESTIONS[question].answers:
        heard = Heard(Meaning(command, 3 if command == Command.NUMBER else None), 1.0)
        assert step(asking(question, Mode.REST), heard)[1] == (LookUp(heard),)


def test_a_command_instead_of_an_answer_is_put_off_as_if_nothing_had_been_asked() -> None:
    state = asking(Question.REMIND, Mode.REST)
    heard = Heard(Meaning(Command("how am i doing")), 1.0)
    assert step(state, heard)[1] == (LookUp(heard),)
    help_ = Heard(Meaning(Command("no more tips")), 1.0)
    assert LookUp(help_) not in step(state, help_)[1]


def test_at_rest_the_time_of_day_is_what_is_waited_for() -> None:
    state = replace(at_rest(), deadline_s=5.0)
    assert step(state, Reached(5.0))[1] == (LookUp(Reached(5.0)),)
    assert step(state, Reached(4.0))[1] == (), "it has not come"
