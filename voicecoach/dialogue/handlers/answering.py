"""The column `Mode.ASKING` of the table: a question is said to the end, answered, asked again, dropped.

What is an answer to which question, and what follows from it, is read in `dialogue/questions.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Heard, NotUnderstood
from voicecoach.dialogue.handlers.asking import ask_at_last, asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import rest
from voicecoach.dialogue.handlers.unheard import UNHEARD_S
from voicecoach.dialogue.questions import MOST_TIMES, QUESTIONS, answer_to, is_answer
from voicecoach.dialogue.state import Mode
from voicecoach.languages.commands import Command

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

LAST_WORD_S = 0.6
"""Who begins to speak so shortly before the end of a question has understood it."""
UNCLEAR_S = 2.5
"""So long after something that does not count as an answer it is asked again: whoever thinks aloud may go on."""

_SAYS = {Command.YES, Command.ALL_RIGHT, Command.NO, Command.LIKELY, Command.UNSURE}
"""Answers that are no answer to half a question."""
_ANYWHERE = (
    Mode.REST,
    Mode.ASLEEP,
    Mode.GREETING,
    Mode.GUIDING,
    Mode.PAUSED,
    Mode.STOPPED,
    Mode.HURT,
    Mode.CLOSING,
    Mode.WARNING,
)


@handler(*_ANYWHERE, stays=True)
def answer(t: Transition) -> None:
    """What was said is an answer to the open question; not to one that has to be heard whole and has not been."""
    question = asked(t)
    row = QUESTIONS[question.question]
    match t.event:
        case Heard(meaning=meaning) if row.whole and meaning.command in _SAYS and not _answers_all_of_it(t):
            t.state = replace(t.state, asked=replace(question, spoke=True))
        case Heard(meaning=meaning) if follows := answer_to(question, meaning.command):
            follows(t)
        case other:
            raise AssertionError(f"{other} is no answer")


def _answers_all_of_it(t: Transition) -> bool:
    """Whether what was said was begun when the question had been said, but perhaps for its last word."""
    said_s = asked(t).said_s
    return not t.state.playing and said_s is not None and _began_s(t) >= said_s - LAST_WORD_S


def _began_s(t: Transition) -> float:
    """When what was said was begun."""
    began_s = t.event.began_s if isinstance(t.event, Heard | NotUnderstood) else None
    return t.now_s if began_s is None else began_s


@handler(*_ANYWHERE, stays=True, drops=True)
def answer_or_instead(t: Transition) -> None:
    """An answer to some questions; `instead` of an answer to the others."""
    answer.apply(t)


@handler(*_ANYWHERE, stays=True)
def answer_or_go_back(t: Transition) -> None:
    """ "Continue": back to what was going on, unless it is an answer."""
    if is_answer(asked(t), Command.CONTINUE):
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
    t.say_prompt(asked(t).first or asked(t).prompt)


@handler(stays=True)
def explain(t: Transition) -> None:
    """ "Help": what can be answered."""
    question = asked(t)
    t.say_prompt(question.first or replace(question.prompt, text=_explained(t)))


@handler(stays=True)
def wait_for_answer(t: Transition) -> None:
    """The question has been said, or something that was said into it: then it is said again."""
    question = asked(t)
    if t.state.deaf:
        t.wait_in_quiet(UNHEARD_S)
    elif t.is_saying(question.prompt):
        t.state = replace(t.state, asked=replace(question, said_s=t.now_s))
        too_early = question.spoke and question.times < MOST_TIMES
        t.wait_in_quiet(UNCLEAR_S if too_early else QUESTIONS[question.question].wait_s)
    elif question.first is None:
        t.say_prompt(question.prompt)
    elif t.is_saying(question.first):
        _grow_quiet_before(t, QUESTIONS[question.question].quiet_s)
    else:
        t.say_prompt(question.first)


def _grow_quiet_before(t: Transition, quiet_s: float) -> None:
    """What comes before the question has been heard whole."""
    t.state = replace(t.state, asked=replace(asked(t), pending_behind=None))
    if quiet_s:
        t.wait_in_quiet(quiet_s)
    else:
        ask_at_last(t)


@handler(stays=True)
def not_understood(t: Transition) -> None:
    """Something was said that is no answer.  It is soon asked again, unless it has been asked often enough.

    What was begun while the question was being said may be the coach's own voice.
    """
    question = asked(t)
    said_s = question.said_s
    if t.state.deaf or t.state.playing or said_s is None or _began_s(t) < said_s or question.times >= MOST_TIMES:
        return
    if question.is_put_off:
        return
    until_s = min(t.now_s + UNCLEAR_S, said_s + QUESTIONS[question.question].wait_s)
    t.state = replace(t.state, asked=replace(question, spoke=True), deadline_s=max(t.now_s, until_s))


@handler(*_ANYWHERE, stays=True)
def no_answer(t: Transition) -> None:
    """Once more, where that is kind; then silence is the answer.  Where nobody can be heard, it means nothing."""
    question = asked(t)
    row = QUESTIONS[question.question]
    if t.state.deaf:
        rest(t, question.behind)
    elif question.first is not None:
        ask_at_last(t)
    elif question.is_put_off:
        t.say_prompt(question.prompt)
        t.state = replace(t.state, asked=replace(question, is_put_off=False))
    elif question.spoke and question.times < MOST_TIMES:
        _ask_in_other_words(t, row.again(t, question.about))
    elif row.twice and question.times == 1:
        _ask_in_other_words(t, _explained(t))
    else:
        row.silence(t)


def _explained(t: Transition) -> str:
    """What can be answered, and the question, both in a few words."""
    question = asked(t)
    row = QUESTIONS[question.question]
    heard = question.said_s is not None
    text = row.shorter(t, question.about) if row.shorter and heard else question.prompt.text
    return f"{row.again(t, question.about)} {text}"


def _ask_in_other_words(t: Transition, text: str) -> None:
    question = asked(t)
    t.say_prompt(replace(question.prompt, text=text))
    t.state = replace(t.state, asked=replace(question, times=question.times + 1, spoke=False))
