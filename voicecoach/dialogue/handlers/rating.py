"""From zero to ten: how the back is before and after a session, and how the night was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Heard
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.starting import ask_next, heard_number, wanted
from voicecoach.dialogue.state import Question
from voicecoach.languages.commands import Command
from voicecoach.person.facts import Fact
from voicecoach.person.progress import needs_rest

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


EXPLAINED = 3
"""So many times it is said which end of the scale is pain."""

_NAMED = {Command.NO_PAIN: 0, Command.HALF: 5}
"""Ratings that are said without a number."""

# --- whether it is asked ----------------------------------------------------------------------------------------------


def _switch(t: Transition, *, on: bool) -> None:
    """Whether pain is asked for before and after."""
    t.note(Fact.RATING, value=float(on))
    t.remember(replace(t.person, rating=on))


@handler(stays=True)
def rate_pain(t: Transition) -> None:
    _switch(t, on=True)
    t.say(t.words.rating_on, remember=False)


@handler(stays=True)
def rate_no_pain(t: Transition) -> None:
    _switch(t, on=False)
    t.say(t.words.rating_off, remember=False)


def _rating(t: Transition) -> int:
    """From zero to ten, as it was said."""
    named = _NAMED.get(t.event.meaning.command) if isinstance(t.event, Heard) else None
    return heard_number(t) if named is None else named


# --- answers ----------------------------------------------------------------------------------------------------------


def note_sleep(t: Transition) -> None:
    """How the night was, from zero to ten."""
    value = _rating(t)
    t.note(Fact.SLEPT, value=value)
    t.remember(replace(t.person, slept=(*t.person.slept, (t.time_of_day, value))))
    ask_next(t)


def pain_before_prompt(t: Transition, _: str) -> str:
    """How the back is; the first times with what the ends of the scale mean."""
    rated = sum(session.pain_before is not None for session in t.person.sessions)
    words = t.words
    return words.ask_pain_before if rated >= EXPLAINED else f"{words.pain_scale} {words.ask_pain_before}"


def which_pain(t: Transition, _: str) -> str:
    """The same in other words."""
    return f"{t.words.pain_scale} {t.words.which_number}"


def how_much(t: Transition) -> None:
    """ "It hurts" is no number yet: it is asked anew."""
    times = asked(t).times
    t.ask(asked(t).question, before=t.words.sorry)
    t.state = replace(t.state, asked=replace(asked(t), times=times + 1))


def note_pain_before(t: Transition) -> None:
    """How the back is, from zero to ten."""
    t.state = replace(t.state, wanted=replace(wanted(t), pain_before=_rating(t)))
    ask_next(t)


def be_gentle(t: Transition) -> None:
    """Nobody knows how the back is: every dose is at its low end tonight."""
    t.state = replace(t.state, wanted=replace(wanted(t), gentle=True))
    ask_next(t)


def ask_nothing_before(t: Transition) -> None:
    _switch(t, on=False)
    ask_next(t)


def note_pain_after(t: Transition) -> None:
    """Pain that was higher afterwards is answered with a kind word, twice in a row with rest."""
    value, sessions = _rating(t), t.person.sessions
    t.note(Fact.PAIN_AFTER, value=value)
    t.state = replace(t.state, session=replace(t.session, pain_after=value))
    remark = t.words.sorry_worse if t.session.felt_worse else ""
    if sessions:
        rated = (*sessions[:-1], replace(sessions[-1], pain_after=value))
        t.remember(replace(t.person, sessions=rated))
    if needs_rest(t.person, t.time_of_day):
        t.note(Fact.SUGGESTED_REST)
        t.remember(replace(t.person, suggested_rest=t.time_of_day))
        t.ask(Question.REST, t.session.plan.routine.key, before=remark)
    else:
        go_back(t, remark)


def ask_nothing_after(t: Transition) -> None:
    _switch(t, on=False)
    go_back(t, t.words.rating_off)


def rest_instead(t: Transition) -> None:
    go_back(t, t.words.rest_then)
