"""The answers, question by question: a second table, for the column `Mode.ASKING` of the first.

What is not an answer to the open question is another command, and drops it (`instead`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Heard
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.carrying_on import carry_on_there, leave_it_there
from voicecoach.dialogue.handlers.guiding import go_on, go_to_step, take_out
from voicecoach.dialogue.handlers.reminders import cancel, put_off, told_hours
from voicecoach.dialogue.handlers.sessions import end
from voicecoach.dialogue.handlers.starting import (
    ask_next,
    asked_routine,
    begin,
    heard_number,
    screened,
    skip_screening,
    told_pain,
    told_sleep,
    want,
)
from voicecoach.dialogue.handlers.wishes import bring_back, switch_rating
from voicecoach.dialogue.state import Mode, Place, Question, Wanted
from voicecoach.languages.commands import Command as C  # noqa: N817 - short, as in `table.py`
from voicecoach.person.facts import Fact
from voicecoach.person.person import Condition
from voicecoach.person.progress import needs_rest
from voicecoach.routine.plan import Again

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.dialogue.transition import Transition

AnswerHandler = Callable[["Transition"], None]

# --- leaving out, bringing back, another routine ----------------------------------------------------------------------


def _leave_out(t: Transition) -> None:
    question = asked(t)
    t.note(Fact.LEFT_OUT, question.about)
    t.remember(replace(t.person, left_out=t.person.left_out | {question.about}))
    follows = take_out(t, question.about)
    if follows < len(t.session.plan.steps) and question.behind in (Mode.PAUSED, Mode.STOPPED):
        t.put(Place(follows))
        go_back(t, t.words.left_out)
    else:
        go_to_step(t, follows, t.words.left_out)


def _keep(t: Transition) -> None:
    go_back(t, t.words.kept)


def _bring_back(t: Transition) -> None:
    go_back(t, bring_back(t))


def _bring_nothing_back(t: Transition) -> None:
    go_back(t, t.words.still_left_out)


def _switch(t: Transition) -> None:
    routine = asked(t).about
    t.note(Fact.SESSION_ENDED_EARLY, t.session.plan.routine.key)
    want(t, routine)


def _stay(t: Transition) -> None:
    go_back(t, t.words.on_then if asked(t).behind is Mode.GUIDING else "")


@handler(Mode.ASKING, Mode.GUIDING)
def offer_switch(t: Transition) -> None:
    """Another routine is asked for in the middle of one; the same one goes on."""
    key = asked_routine(t)
    if key == t.session.plan.routine.key:
        go_on.apply(t)
        return
    t.ask(Question.SWITCH, t.words.ask_switch.format(routine=t.state.knows.routines[key].name), key)


# --- is anybody there? ------------------------------------------------------------------------------------------------


def _enough(t: Transition) -> None:
    t.note(Fact.STRETCH_DONE, t.session.step.stretch.key, value=t.session.step.level)
    go_to_step(t, t.session.place.step + 1)


def _another_round(t: Transition) -> None:
    session = t.session
    if isinstance(session.beat, Again):
        t.put(Place(session.place.step, session.beat.to, 0.0, 1))
    go_back(t)


def _fell_asleep(t: Transition) -> None:
    """Who does not say "next" for so long has fallen asleep."""
    end(t, Fact.FELL_ASLEEP, t.words.resting_now, asleep=True)


# --- before and after a session ---------------------------------------------------------------------------------------


def _yes_it_holds(t: Transition) -> None:
    screened(t, Condition(asked(t).about), yes=True)


def _no_it_does_not(t: Transition) -> None:
    screened(t, Condition(asked(t).about), yes=False)


def _ask_nothing_before(t: Transition) -> None:
    switch_rating(t, on=False)
    ask_next(t)


def _ask_nothing_after(t: Transition) -> None:
    switch_rating(t, on=False)
    go_back(t, t.words.rating_off)


def _told_pain_after(t: Transition) -> None:
    """Pain that was higher afterwards is answered with a kind word, twice in a row with rest."""
    value, sessions = heard_number(t), t.person.sessions
    t.note(Fact.PAIN_AFTER, value=value)
    t.state = replace(t.state, session=replace(t.session, pain_after=value))
    remark = t.words.sorry_worse if t.session.felt_worse else ""
    if sessions:
        rated = (*sessions[:-1], replace(sessions[-1], pain_after=value))
        t.remember(replace(t.person, sessions=rated))
    if needs_rest(t.person, t.time_of_day):
        t.note(Fact.SUGGESTED_REST)
        t.remember(replace(t.person, suggested_rest=t.time_of_day))
        t.ask(Question.ONLY_BREATHE, t.words.ask_rest, t.session.plan.routine.key, before=remark)
    else:
        go_back(t, remark)


def _only_breathe(t: Transition) -> None:
    """The plan of this night has nothing but breathing in it (`screening.only_breathing`)."""
    begin(t, Wanted(asked(t).about))


def _rest_instead(t: Transition) -> None:
    go_back(t, t.words.rest_then)


# --- reminders --------------------------------------------------------------------------------------------------------


def _in_hours(t: Transition) -> None:
    go_back(t, told_hours(t))


def _no_reminder(t: Transition) -> None:
    go_back(t, cancel(t))


def _ready(t: Transition) -> None:
    want(t, asked(t).about)


def _not_ready(t: Transition) -> None:
    go_back(t, t.words.kept_quiet)


def _later(t: Transition) -> None:
    go_back(t, put_off(t))


# --- the table --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answers:
    """What can be answered to a question."""

    answers: Mapping[C, AnswerHandler]
    silence: AnswerHandler
    """What follows when there is no answer."""
    twice: bool = True
    """Whether it is asked a second time before."""


_A_NUMBER_OR_NONE = (C.NO, C.NEXT)
ANSWERS: Mapping[Question, Answers] = {
    Question.LEAVE_OUT: Answers({C.YES: _leave_out, C.NO: _keep}, go_back),
    Question.BRING_BACK: Answers({C.YES: _bring_back, C.NO: _bring_nothing_back}, go_back),
    Question.SWITCH: Answers({C.YES: _switch, C.NO: _stay}, go_back),
    Question.STILL_THERE: Answers({C.YES: _enough, C.NO: _another_round, C.CONTINUE: _another_round}, _fell_asleep),
    Question.REMIND: Answers({C.NUMBER: _in_hours, C.NO: _no_reminder}, go_back),
    Question.READY: Answers(
        {C.YES: _ready, C.READY: _ready, C.NO: _not_ready, C.LATER: _later, C.REMIND_ME: _later}, go_back, twice=False
    ),
    Question.RESUME: Answers({C.YES: carry_on_there, C.CONTINUE: carry_on_there, C.NO: leave_it_there}, leave_it_there),
    Question.SCREEN: Answers({C.YES: _yes_it_holds, C.NO: _no_it_does_not, C.NEXT: ask_next}, skip_screening),
    Question.SLEPT: Answers({C.NUMBER: told_sleep} | dict.fromkeys(_A_NUMBER_OR_NONE, ask_next), ask_next, twice=False),
    Question.PAIN_BEFORE: Answers(
        {C.NUMBER: told_pain, C.RATING_OFF: _ask_nothing_before} | dict.fromkeys(_A_NUMBER_OR_NONE, ask_next),
        ask_next,
        twice=False,
    ),
    Question.PAIN_AFTER: Answers(
        {C.NUMBER: _told_pain_after, C.RATING_OFF: _ask_nothing_after} | dict.fromkeys(_A_NUMBER_OR_NONE, go_back),
        go_back,
        twice=False,
    ),
    Question.ONLY_BREATHE: Answers({C.YES: _only_breathe, C.NO: _rest_instead}, go_back),
}
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


def is_answer(question: Question, command: C) -> bool:
    """Whether ``command`` answers ``question``."""
    return command in ANSWERS[question].answers


@handler(*_ANYWHERE, stays=True)
def answer(t: Transition) -> None:
    """What was said is an answer to the open question."""
    match t.event:
        case Heard(meaning=meaning):
            ANSWERS[asked(t).question].answers[meaning.command](t)
        case other:
            raise AssertionError(f"{other} is no answer")


@handler(*_ANYWHERE, stays=True, drops=True)
def answer_or_instead(t: Transition) -> None:
    """An answer to some questions; `instead` of an answer to the others."""
    answer.apply(t)


@handler(*_ANYWHERE, stays=True)
def answer_or_go_back(t: Transition) -> None:
    """ "Continue": back to what was going on, unless it is an answer."""
    if is_answer(asked(t).question, C.CONTINUE):
        answer.apply(t)
    else:
        go_back(t)


@handler(*_ANYWHERE, stays=True)
def no_answer(t: Transition) -> None:
    """Once more, where that is kind; then the question is dropped."""
    answers = ANSWERS[asked(t).question]
    if answers.twice and not t.state.prompts:
        t.say(asked(t).text)
        t.state = replace(t.state, prompts=t.state.prompts + 1)
    else:
        answers.silence(t)
