"""Open questions: yes, no, a number, or no answer at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Fact, Heard, ImpossibleEventError
from voicecoach.dialogue.moves.base import move
from voicecoach.dialogue.moves.guiding import go_on, go_to_step, take_up, wait_on
from voicecoach.dialogue.moves.safety import stopped_waits
from voicecoach.dialogue.moves.sessions import asked_routine, begin, end, rest, say_greeting
from voicecoach.dialogue.state import Asked, Mode, Place, Question
from voicecoach.language.wording import LARGEST_NUMBER
from voicecoach.routine.plan import Again

if TYPE_CHECKING:
    from voicecoach.dialogue.turn import Turn

ANSWER_S = 10.0
"""How long an answer is waited for before the question is asked a second time, and then dropped."""
_HOUR_S = 3600.0


def asked(t: Turn) -> Asked:
    """The open question; only moves of `Mode.ASKING` want it."""
    if t.state.asked is None:
        raise AssertionError("nothing has been asked")
    return t.state.asked


def _go_back(t: Turn, remark: str = "") -> None:
    """Back to what waited behind the question."""
    behind = asked(t).behind
    if behind is Mode.GUIDING:
        take_up(t, remark)
        return
    if t.state.playing:
        t.hush()
    if behind in (Mode.REST, Mode.ASLEEP):
        rest(t, behind)
    elif behind is Mode.GREETING:
        t.enter(Mode.GREETING)
        say_greeting(t)  # after the remark, where there is one
    elif behind is Mode.HURT:
        t.enter(Mode.HURT)
        remark = f"{remark} {t.words.hurt_again}".strip()
    elif behind is Mode.STOPPED:
        t.enter(Mode.STOPPED)
        stopped_waits.apply(t)
    else:
        t.enter(behind)
        wait_on.apply(t)
    if remark:
        t.say(remark, remember=False)


@move(Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.HURT, Mode.CLOSING, Mode.GREETING, Mode.REST, Mode.ASLEEP)
def yes(t: Turn) -> None:
    question = asked(t)
    match question.question:
        case Question.LEAVE_OUT:
            _leave_out(t, question.about)
        case Question.SWITCH:
            t.note(Fact.SESSION_ENDED_EARLY, t.session.plan.routine.key)
            begin(t, question.about)
        case Question.STILL_THERE:
            t.note(Fact.STRETCH_DONE, t.session.step.stretch.key)
            go_to_step(t, t.session.place.step + 1)
        case Question.BRING_BACK:
            t.note(Fact.BROUGHT_BACK)
            t.state = replace(t.state, preferences=replace(t.state.preferences, left_out=frozenset()))
            _go_back(t, t.words.brought_back)
        case Question.REMIND:
            raise ImpossibleEventError('"yes" is no number of hours')


def _leave_out(t: Turn, key: str) -> None:
    t.note(Fact.LEFT_OUT, key)
    preferences = t.state.preferences
    t.state = replace(t.state, preferences=replace(preferences, left_out=preferences.left_out | {key}))
    session = t.session
    steps, here = session.plan.steps, session.place.step
    kept = tuple(step for step in steps if step.stretch.key != key)
    follows = sum(step.stretch.key != key for step in steps[:here])
    if follows == len(kept):  # nothing comes after it: the session keeps its last step, and ends
        go_to_step(t, len(steps), t.words.left_out)
        return
    t.state = replace(t.state, session=replace(session, plan=replace(session.plan, steps=kept), place=Place()))
    if asked(t).behind in (Mode.PAUSED, Mode.STOPPED):
        t.put(Place(follows))
        _go_back(t, t.words.left_out)
        return
    go_to_step(t, follows, t.words.left_out)


@move(Mode.GREETING, Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.HURT, Mode.REST, Mode.ASLEEP)
def no(t: Turn) -> None:
    match asked(t).question:
        case Question.LEAVE_OUT:
            _go_back(t, t.words.kept)
        case Question.BRING_BACK:
            _go_back(t, t.words.still_left_out)
        case Question.STILL_THERE:
            another_round.apply(t)
        case Question.SWITCH:
            _go_back(t, t.words.on_then if asked(t).behind is Mode.GUIDING else "")
        case Question.REMIND:
            t.state = replace(t.state, remind_at_s=None)
            _go_back(t, t.words.kept_quiet)


@move(Mode.GREETING, Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.HURT, Mode.REST, Mode.ASLEEP)
def another_round(t: Turn) -> None:
    """ "Continue" to a question: back to what was going on; an open end has another round."""
    session = t.state.session
    if session is not None and asked(t).question is Question.STILL_THERE and isinstance(session.beat, Again):
        t.put(Place(session.place.step, session.beat.to, 0.0, 1))
    _go_back(t)


@move(Mode.GREETING, Mode.GUIDING, Mode.PAUSED, Mode.STOPPED, Mode.HURT, Mode.REST, Mode.ASLEEP)
def number(t: Turn) -> None:
    """So many hours until the reminder; zero means not at all."""
    event = t.event
    hours = event.meaning.argument if isinstance(event, Heard) else None
    if not isinstance(hours, int) or not 0 <= hours <= LARGEST_NUMBER:
        raise ImpossibleEventError(f"{hours!r} is no number from 0 to {LARGEST_NUMBER}")
    t.state = replace(t.state, remind_at_s=t.now_s + hours * _HOUR_S if hours else None)
    spoken = t.language.counted(hours, t.words.hours_one, t.words.hours_many)
    _go_back(t, t.words.will_remind.format(hours=spoken) if hours else t.words.kept_quiet)


@move(stays=True)
def ask_again(t: Turn) -> None:
    t.say(asked(t).text)


@move(stays=True)
def wait_for_answer(t: Turn) -> None:
    """The question has been said, or something that was said into it: then it is said again."""
    text = asked(t).text
    if t.state.saying == text:
        t.wait_in_quiet(ANSWER_S)
    else:
        t.say(text)


@move(
    Mode.GREETING,
    Mode.GUIDING,
    Mode.PAUSED,
    Mode.STOPPED,
    Mode.HURT,
    Mode.REST,
    Mode.ASLEEP,
    Mode.CLOSING,
    stays=True,
)
def no_answer(t: Turn) -> None:
    """Once more, then the question is dropped; who does not say "next" for so long has fallen asleep."""
    if not t.state.prompts:
        t.say(asked(t).text)
        t.state = replace(t.state, prompts=t.state.prompts + 1)
    elif asked(t).question is Question.STILL_THERE:
        end(t, Fact.FELL_ASLEEP, t.words.resting_now, asleep=True)
    else:
        _go_back(t)


@move(Mode.ASKING, Mode.GUIDING)
def offer_switch(t: Turn) -> None:
    """Another routine is asked for in the middle of one; the same one goes on."""
    key = asked_routine(t)
    if key == t.session.plan.routine.key:
        go_on.apply(t)
        return
    t.ask(Question.SWITCH, t.words.ask_switch.format(routine=t.state.knows.routines[key].name), key)


@move(Mode.ASKING, stays=True)
def ask_leave_out(t: Turn) -> None:
    """ "Never again": for good is long, so it is asked."""
    stretch = t.session.step.stretch
    t.ask(Question.LEAVE_OUT, t.words.ask_leave_out.format(name=stretch.name), stretch.key)


@move(Mode.ASKING, stays=True)
def bring_back(t: Turn) -> None:
    """Have in again what was left out; it may have been left out for a good reason, so it is asked."""
    count = len(t.state.preferences.left_out)
    if not count:
        t.say(t.words.nothing_to_bring_back, remember=False)
        return
    stretches = t.language.counted(count, t.words.stretches_one, t.words.stretches_many)
    t.ask(Question.BRING_BACK, t.words.ask_bring_back.format(stretches=stretches))


@move(Mode.ASKING, stays=True)
def instead(t: Turn) -> None:
    """Another command than an answer: the question is dropped, the command is done as if it had not been asked.

    `machine.step` does this by itself: it puts the mode behind the question back and looks into its column.
    """
    raise AssertionError(f"{t.state.mode.value!r} never does this by itself")
