"""The column `Mode.ASKING` of the table: a question is said to the end, answered, asked again, dropped.

What is an answer to which question, and what follows from it, is read in `dialogue/questions.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Heard
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import rest
from voicecoach.dialogue.handlers.unheard import UNHEARD_S
from voicecoach.dialogue.questions import QUESTIONS, is_answer
from voicecoach.dialogue.state import Mode
from voicecoach.languages.commands import Command

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

_ANYWHERE = (
    Mode.REST,
    Mode.ASLEEP,
    Mode.GREETING,
    Mode.GUIDING,
    Mode.PAUSED,
    Mode.STOPPED,
    Mode.HURT,
    Mode.CLOSING,
)


@handler(*_ANYWHERE, stays=True)
def answer(t: Transition) -> None:
    """What was said is an answer to the open question."""
    match t.event:
        case Heard(meaning=meaning):
            QUESTIONS[asked(t).question].answers[meaning.command](t)
        case other:
            raise AssertionError(f"{other} is no answer")


@handler(*_ANYWHERE, stays=True, drops=True)
def answer_or_instead(t: Transition) -> None:
    """An answer to some questions; `instead` of an answer to the others."""
    answer.apply(t)


@handler(*_ANYWHERE, stays=True)
def answer_or_go_back(t: Transition) -> None:
    """ "Continue": back to what was going on, unless it is an answer."""
    if is_answer(asked(t).question, Command.CONTINUE):
        answer.apply(t)
    else:
        go_back(t)


@handler(stays=True, drops=True)
def instead(t: Transition) -> None:
    """Another command than an answer: the question is dropped, the command is done as if it had not been asked.

    `machine.step` does this by itself: it puts the mode behind the question back and looks into its column.
    """
    raise AssertionError(f"{t.state.mode.value!r} never does this by itself")


@handler(stays=True)
def ask_again(t: Transition) -> None:
    t.say_prompt(asked(t).prompt)


@handler(stays=True)
def wait_for_answer(t: Transition) -> None:
    """The question has been said, or something that was said into it: then it is said again."""
    open_question = asked(t)
    if t.state.deaf:
        t.wait_in_quiet(UNHEARD_S)
    elif t.is_saying(open_question.prompt):
        t.wait_in_quiet(QUESTIONS[open_question.question].wait_s)
    else:
        t.say_prompt(open_question.prompt)


@handler(*_ANYWHERE, stays=True)
def no_answer(t: Transition) -> None:
    """Once more, where that is kind; then silence is the answer.  Where nobody can be heard, it means nothing."""
    row = QUESTIONS[asked(t).question]
    if t.state.deaf:
        rest(t, asked(t).behind)
    elif row.twice and not t.state.unanswered:
        t.say_prompt(asked(t).prompt)
        t.state = replace(t.state, unanswered=t.state.unanswered + 1)
    else:
        row.silence(t)
