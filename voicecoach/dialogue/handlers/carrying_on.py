"""After a power cut: "We were at child's pose. Shall we go on?"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import ForgetPlace, Heard, ImpossibleEventError, Resume
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import take_up
from voicecoach.dialogue.handlers.sessions import rest, say_welcome, take_volume
from voicecoach.dialogue.handlers.starting import take_habits
from voicecoach.dialogue.resuming import read_session
from voicecoach.dialogue.state import Mode, Question
from voicecoach.person.facts import Fact

if TYPE_CHECKING:
    from voicecoach.dialogue.state import Session
    from voicecoach.dialogue.transition import Transition

RESUME_WITHIN_S = 2 * 3600.0
"""After a longer time nobody lies in the middle of a stretch any more."""


@handler(Mode.ASKING, stays=True, looks_up=True)
def offer_to_go_on(t: Transition) -> None:
    """The coach has been switched on, and was switched off in a session; one that is long ago is over.

    So is one that nobody could answer for, because the microphone has been turned off.
    """
    event = t.event
    if not isinstance(event, Resume):
        raise ImpossibleEventError(f"{event} tells of no session")
    take_volume(t)
    session = _session(t, event.text)
    if session is None or t.state.muted or not 0 <= event.ago_s <= RESUME_WITHIN_S:
        t.actions.append(ForgetPlace())
        say_welcome(t)
        return
    t.ask(Question.RESUME, event.text)


def resume_prompt(t: Transition, text: str) -> str:
    session = _session(t, text)
    if session is None:
        raise AssertionError("only a place that can be gone on from is asked about")
    name = session.step.stretch.name
    if session.round:
        return t.words.ask_resume_round.format(name=name, number=t.language.number(session.round + 1))
    return t.words.ask_resume.format(name=name)


def _session(t: Transition, text: str) -> Session | None:
    knows = t.state.knows
    return read_session(text, knows.routines, knows.stretches, t.tonight, t.language.plan, t.state.pace, t.now_s)


def carry_on_there(t: Transition) -> None:
    """On from the beginning of the side that it was at, after the way into the position."""
    session = None if t.state.asked is None else _session(t, t.state.asked.about)
    if session is None:  # what was planned has changed since the question was asked
        leave_it_there(t)
        return
    take_habits(t)
    t.state = replace(t.state, session=replace(session, place=session.side_start), laters=0, wakes_s=None)
    take_up(t, t.words.go_on.format(cue="").strip())


def leave_it_there(t: Transition) -> None:
    """The session is over."""
    session = None if t.state.asked is None else _session(t, t.state.asked.about)
    if session is not None:
        t.note(Fact.SESSION_ENDED_EARLY, session.plan.routine.key)
    t.stop_playback()
    rest(t)
    if isinstance(t.event, Heard):
        t.say(t.words.resume_not)
