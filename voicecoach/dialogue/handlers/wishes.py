"""What the person wants from now on, beside how a stretch is done: tips, props, what is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import ImpossibleEventError
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import go_to_step, take_out
from voicecoach.dialogue.handlers.starting import heard
from voicecoach.dialogue.state import Mode, Place, Question
from voicecoach.dialogue.telling import named
from voicecoach.languages.language import capitalised
from voicecoach.person.facts import Fact
from voicecoach.person.levels import course_of, outings_by_stretch
from voicecoach.routine.stretch import PROPS

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


def _switch_tips(t: Transition, *, on: bool) -> None:
    t.note(Fact.TIPS, value=float(on))
    t.remember(replace(t.person, tips=on))


@handler(stays=True)
def tips(t: Transition) -> None:
    _switch_tips(t, on=True)
    t.say(t.words.tips_on, remember=False)


@handler(stays=True)
def no_tips(t: Transition) -> None:
    _switch_tips(t, on=False)
    t.say(t.words.tips_off, remember=False)


@handler(stays=True)
def no_tips_after_this(t: Transition) -> None:
    """Into the last words, which go on."""
    _switch_tips(t, on=False)


@handler(stays=True)
def ask_anew(t: Transition) -> None:
    """Forget the answers of the first evening: they are asked for at the next session."""
    t.note(Fact.ASK_AGAIN)
    t.remember(replace(t.person, answers={}))
    t.say(t.words.will_ask_anew, remember=False)


@handler(stays=True)
def has_prop(t: Transition) -> None:
    prop = _prop(t)
    t.note(Fact.PROP, prop, value=1)
    t.remember(replace(t.person, props=t.person.props | {prop}))
    t.say(t.words.has_prop.format(prop=t.language.props[prop]), remember=False)


@handler(stays=True)
def has_no_prop(t: Transition) -> None:
    prop = _prop(t)
    t.note(Fact.PROP, prop, value=0)
    t.remember(replace(t.person, props=t.person.props - {prop}))
    t.say(t.words.has_no_prop.format(prop=t.language.props[prop]), remember=False)


def _prop(t: Transition) -> str:
    prop = heard(t)
    if not isinstance(prop, str) or prop not in PROPS:
        raise ImpossibleEventError(f"{prop!r} is no prop")
    return prop


# --- leaving out and bringing back ------------------------------------------------------------------------------------


@handler(Mode.ASKING, stays=True)
def ask_leave_out(t: Transition) -> None:
    """ "Never again": for good is long, so it is asked."""
    t.ask(Question.LEAVE_OUT, t.session.step.stretch.key)


def leave_out(t: Transition) -> None:
    about = asked(t).about
    t.note(Fact.LEFT_OUT, about)
    t.remember(replace(t.person, left_out=t.person.left_out | {about}))
    _go_on_without(t, t.words.left_out)


def leave_out_tonight(t: Transition) -> None:
    """Nobody says that it is for good: it is not come back to tonight."""
    session, question = t.session, asked(t)
    t.state = replace(t.state, session=replace(session, dropped=session.dropped | {question.about}))
    if question.behind is Mode.HURT:  # how to come out of it is still to be told, or what to do now to be chosen
        go_back(t, t.words.left_out_tonight)
    else:
        _go_on_without(t, t.words.left_out_tonight)


def _go_on_without(t: Transition, remark: str) -> None:
    question = asked(t)
    follows = take_out(t, question.about)
    if follows < len(t.session.plan.steps) and question.behind in (Mode.PAUSED, Mode.STOPPED):
        t.put(Place(follows))
        go_back(t, remark)
    else:
        go_to_step(t, follows, remark)


def keep(t: Transition) -> None:
    go_back(t, t.words.kept)


@handler(Mode.ASKING, stays=True, looks_up=True)
def ask_bring_back(t: Transition) -> None:
    """Have in again what was left out; it may have been left out for a good reason, so it is asked."""
    if _left_out(t):
        t.ask(Question.BRING_BACK)
    else:
        t.say(t.words.nothing_to_bring_back, remember=False)


def bring_back_prompt(t: Transition, _: str) -> str:
    names = named(_left_out(t), t.state.knows)
    text = t.words.ask_bring_back.of(len(names)).format(stretches=t.language.listed(names))
    return capitalised(text)


def bring_back(t: Transition) -> None:
    """All of it is in again."""
    remark = t.words.brought_back.of(len(_left_out(t)))
    t.note(Fact.BROUGHT_BACK)
    back = {**t.person.brought_back, "": t.time_of_day}
    t.remember(replace(t.person, left_out=frozenset(), brought_back=back))
    go_back(t, remark)


def bring_nothing_back(t: Transition) -> None:
    go_back(t, t.words.still_left_out)


def _left_out(t: Transition) -> list[str]:
    """Keys of what the person or pain has left out, in an order that is always the same."""
    return sorted(t.person.left_out | _left_out_for_pain(t))


def _left_out_for_pain(t: Transition) -> set[str]:
    histories, person, now = outings_by_stretch(t.tonight), t.person, t.time_of_day
    return {key for key, history in histories.items() if course_of(history, key, person, now, 0).left_out_since}
