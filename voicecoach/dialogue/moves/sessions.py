"""How a session begins and ends, and what the coach does while none is on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import DONE, Fact, Heard, ImpossibleEventError
from voicecoach.dialogue.moves.base import move
from voicecoach.dialogue.script import greeting
from voicecoach.dialogue.state import Mode, Question, Session
from voicecoach.routine.planning import make_plan

if TYPE_CHECKING:
    from voicecoach.dialogue.turn import Turn


AFTER_SESSION_S = 1800.0
"""A reminder that would come so soon after a session is dropped: nobody is woken to do what has been done."""
NIGHT_S = 8 * 3600.0
"""Asleep for so long, the coach listens for everything again."""


def begin(t: Turn, key: str) -> None:
    """Begin the routine ``key``: name it, say how long it takes."""
    knows = t.state.knows
    routine = knows.routines[key]
    plan = make_plan(routine, t.state.preferences, t.language.plan, knows.stretches)
    if not plan.steps:
        rest(t)
        t.say(t.words.nothing_left)
        return
    t.state = replace(t.state, session=Session(plan), falls_asleep=False)
    t.note(Fact.SESSION_STARTED, routine.key)
    t.enter(Mode.GREETING)
    say_greeting(t)


def say_greeting(t: Turn) -> None:
    """Name the routine and how long it takes; it is heard whole before the first stretch."""
    t.say(greeting(t.session.plan, t.language, t.state.pace), must=True)


def close(t: Turn, fact: Fact, *, asleep: bool = False) -> None:
    """A session comes to its end; its last words have yet to be said."""
    t.note(fact, t.session.plan.routine.key)
    t.enter(Mode.CLOSING)
    done = t.state.sessions_this_week + (fact in DONE)
    t.state = replace(t.state, falls_asleep=asleep, sessions_this_week=done)


def end(t: Turn, fact: Fact, words: str, *, asleep: bool = False) -> None:
    """Say the last words of a session; it is over when they have been said."""
    t.keep_place()
    close(t, fact, asleep=asleep)
    t.say(words)


def rest(t: Turn, mode: Mode = Mode.REST) -> None:
    """No session is on any more; a reminder that was asked for still stands."""
    remind_at_s = t.state.remind_at_s
    if t.state.session is not None and remind_at_s is not None and remind_at_s < t.now_s + AFTER_SESSION_S:
        remind_at_s = None  # a session is what it was to remind of
    t.enter(mode)
    t.state = replace(t.state, session=None, falls_asleep=False, remind_at_s=remind_at_s)
    if remind_at_s is not None:
        t.wait(max(0.0, remind_at_s - t.now_s))
    elif mode is Mode.ASLEEP:
        t.wait(NIGHT_S)


@move(Mode.GREETING, Mode.REST)
def greet(t: Turn) -> None:
    begin(t, asked_routine(t))


def asked_routine(t: Turn) -> str:
    """Key of the routine that the listener has asked for; the usual one where none was named."""
    event = t.event
    argument = event.meaning.argument if isinstance(event, Heard) else None
    key = str(argument or t.state.knows.usual_routine)
    if key not in t.state.knows.routines:
        raise ImpossibleEventError(f"there is no routine {key!r}")
    return key


@move(Mode.CLOSING)
def say_good_night(t: Turn) -> None:
    end(t, Fact.SESSION_ENDED_EARLY, t.words.sleep_well, asleep=True)


@move(Mode.ASLEEP)
def go_to_sleep(t: Turn) -> None:
    """ "Good night" when no session is on."""
    t.say(t.words.sleep_well)
    rest(t, Mode.ASLEEP)


@move(stays=True)
def sleep_after_this(t: Turn) -> None:
    """ "Good night" into the last words: they are said to the end, then all is quiet."""
    t.state = replace(t.state, falls_asleep=True)


@move(Mode.REST, Mode.ASLEEP)
def farewell_said(t: Turn) -> None:
    rest(t, Mode.ASLEEP if t.state.falls_asleep else Mode.REST)


@move(Mode.REST)
def fall_silent(t: Turn) -> None:
    """ "Stop" into the last words of a session."""
    t.hush()
    rest(t)


@move(stays=True)
def hush(t: Turn) -> None:
    """ "Stop" while nothing is on: whatever is being said ends."""
    t.hush()
    rest(t, t.state.mode)


@move(stays=True)
def welcome(t: Turn) -> None:
    """Somebody who cannot see a lamp wants to hear that the coach is there."""
    knows = t.state.knows
    t.say(t.words.welcome.format(routine=knows.routines[knows.usual_routine].name))


@move(stays=True)
def rest_on(t: Turn) -> None:
    """Something said at rest is over: on to the next reminder, if there is one."""
    rest(t, t.state.mode)


@move(Mode.REST, stays=True)
def remind(t: Turn) -> None:
    """The time of a reminder has come, or the night is over."""
    due = t.state.remind_at_s is not None
    t.state = replace(t.state, remind_at_s=None)
    rest(t)
    if due:
        t.say(t.words.reminder)


@move(Mode.ASKING)
def ask_hours(t: Turn) -> None:
    t.ask(Question.REMIND, t.words.ask_remind)


@move(stays=True)
def tell_routines(t: Turn) -> None:
    names = t.language.listed(routine.say[0] for routine in t.state.knows.routines.values())
    t.say(t.words.can_do.format(routines=names))


@move(stays=True)
def tell_progress(t: Turn) -> None:
    count, words = t.state.sessions_this_week, t.words
    sessions = t.language.counted(count, words.sessions_one, words.sessions_many)
    t.say(words.progress.format(sessions=sessions) if count else words.progress_none)
