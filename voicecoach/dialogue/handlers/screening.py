"""The questions of the first evening: what is answered, what somebody is not sure of, and what stays open.

A condition may be asked about in several short questions.  The first yes settles it; otherwise the last answer does.
What nobody answered is not written down: it is asked again another evening, and until then `person.screening.carefully`
takes it as though it held.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.asking import asked
from voicecoach.dialogue.handlers.starting import ask_next, begin, wanted
from voicecoach.dialogue.screening_parts import condition_of, parts_of, words_of
from voicecoach.dialogue.state import Question, Wanted
from voicecoach.person.facts import NOT_SURE, Fact
from voicecoach.person.person import Answer, Condition
from voicecoach.person.screening import MAY_BE_NEW

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

SILENT_IN_A_ROW = 2
"""When nobody answered so many questions in a row, each asked twice, no more are asked that evening."""


def screening_prompt(t: Transition, part: str) -> str:
    return words_of(part, t.language)


# --- after a break ----------------------------------------------------------------------------------------------------


def nothing_new(t: Transition) -> None:
    """What was answered still holds, and is known again from now on."""
    answer = t.person.answers[Condition.RED_FLAGS]
    if answer.sure:
        t.note(Fact.ANSWERED, Condition.RED_FLAGS.value, value=float(answer.yes))
        now = replace(answer, at=t.time_of_day)
        t.remember(replace(t.person, answers={**t.person.answers, Condition.RED_FLAGS: now}))
    ask_next(t)


def ask_what_is_new(t: Transition) -> None:
    """Something is new, or may be: what matters of it is asked in its own questions, and not sure until then."""
    unsure = Answer(yes=True, at=t.time_of_day, sure=False)
    for condition in MAY_BE_NEW:
        t.note(Fact.ANSWERED, condition.value, value=NOT_SURE)
    t.remember(replace(t.person, answers={**t.person.answers, **dict.fromkeys(MAY_BE_NEW, unsure)}))
    _ask_about_news(t, silent=0)


def ask_what_may_be_new(t: Transition) -> None:
    """Nobody answers whether anything is new: the same, but silence is no fact, and it is asked again next time."""
    _ask_about_news(t, silent=1)


def _ask_about_news(t: Transition, *, silent: int) -> None:
    session = wanted(t)
    parts = tuple((Question.SCREEN, part) for part in parts_of(MAY_BE_NEW, t.language))
    t.state = replace(t.state, wanted=replace(session, questions=(*parts, *session.questions), silent=silent))
    ask_next(t)


# --- answers ----------------------------------------------------------------------------------------------------------


def condition_holds(t: Transition) -> None:
    """A condition holds for the person: nothing more is asked about it."""
    condition, session = _condition(t), wanted(t)
    others = tuple(one for one in session.questions if not _is_about(one, condition))
    t.state = replace(t.state, wanted=replace(session, questions=others, silent=0))
    _note(t, condition, 1.0)


def condition_does_not_hold(t: Transition) -> None:
    """Not this; whether the condition holds is known when all its questions have been asked."""
    _take(t, replace(wanted(t), silent=0))


def condition_unsure(t: Transition) -> None:
    """Not sure is taken as a yes, and asked again sooner."""
    session = wanted(t)
    _take(t, replace(session, unsure=session.unsure | {_condition(t)}, silent=0))


def leave_open(t: Transition) -> None:
    """ "Skip": it stays open, and is taken carefully tonight."""
    session = wanted(t)
    _take(t, replace(session, skipped=session.skipped | {_condition(t)}, silent=0))


def take_carefully(t: Transition) -> None:
    """Nobody answers: it stays open, and the next question follows; where nobody seems to be there, no more of them."""
    session = wanted(t)
    silent = session.silent + 1
    if silent >= SILENT_IN_A_ROW:
        begin(t, replace(session, questions=(), gentle=True))
    else:
        _take(t, replace(session, skipped=session.skipped | {_condition(t)}, silent=silent))


def _take(t: Transition, session: Wanted) -> None:
    """An answer to one question has been added to ``session``; with the last one about a condition, that is settled."""
    condition = _condition(t)
    t.state = replace(t.state, wanted=session)
    if any(_is_about(one, condition) for one in session.questions):
        ask_next(t)
    elif condition in session.unsure:
        _note(t, condition, NOT_SURE)
    elif condition in session.skipped:
        ask_next(t)
    else:
        _note(t, condition, 0.0)


def _condition(t: Transition) -> Condition:
    return condition_of(asked(t).about)


def _is_about(one: tuple[Question, str], condition: Condition) -> bool:
    question, about = one
    return question is Question.SCREEN and condition_of(about) is condition


def _note(t: Transition, condition: Condition, value: float) -> None:
    """Write an answer down and go on; where there may be a red flag, a professional comes before any stretch."""
    t.note(Fact.ANSWERED, condition.value, value=value)
    answer = Answer(yes=value > 0, at=t.time_of_day, sure=value != NOT_SURE)
    t.remember(replace(t.person, answers={**t.person.answers, condition: answer}))
    if answer.yes and condition is Condition.RED_FLAGS:
        t.ask(Question.ONLY_BREATHE, wanted(t).routine)
        t.state = replace(t.state, wanted=None)
    else:
        ask_next(t)


# --- a red flag -------------------------------------------------------------------------------------------------------


def only_breathe_prompt(t: Transition, _: str) -> str:
    """A doctor first; in other words to somebody who is not sure."""
    answer = t.person.answers.get(Condition.RED_FLAGS)
    unsure = answer is not None and not answer.sure
    return t.words.screen_red_flag_unsure if unsure else t.words.screen_red_flag


def only_breathe(t: Transition) -> None:
    """The plan of this night has nothing but breathing in it (`screening.only_breathing`)."""
    begin(t, Wanted(asked(t).about))
