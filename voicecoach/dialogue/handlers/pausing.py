"""Quiet in the middle of a session, for as long as it is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import end, rest
from voicecoach.dialogue.state import Mode
from voicecoach.person.facts import Fact

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

PAUSE_S = 300.0
"""How long a pause may last before the coach says once that it is still there, and again before it leaves."""
UP_S = 1800.0
"""How long it waits for somebody who had to get up, without a word; then the session is over."""


@handler(stays=True)
def wait_on(t: Transition) -> None:
    """Something said while the coach waits is over: the listener has time again."""
    t.wait_in_quiet(UP_S if t.session.is_up and not t.state.deaf else PAUSE_S)


@handler(Mode.CLOSING, Mode.REST, stays=True)
def pause_lasts(t: Transition) -> None:
    """Nothing was said for a long time: once a word, then somebody fell asleep.  Or they spoke, and were not heard.

    Who got up and has not come back is told nothing.
    """
    if t.state.deaf:
        end(t, Fact.SESSION_ENDED_EARLY, t.words.muted_long if t.state.muted else t.words.deaf_long)
        return
    if t.session.is_up:
        t.note(Fact.SESSION_ENDED_EARLY, t.session.plan.routine.key)
        rest(t)
        return
    if t.state.unanswered:
        begun = t.session.place.step > 0
        end(t, Fact.FELL_ASLEEP if begun else Fact.SESSION_ENDED_EARLY, t.words.resting_now, asleep=True)
        return
    t.say(t.words.still_paused, remember=False)
    t.state = replace(t.state, unanswered=t.state.unanswered + 1)


@handler(Mode.STOPPED)
def ask_whether(t: Transition) -> None:
    """ "Done", in a pause: with the pause, or with everything?"""
    t.enter(Mode.STOPPED)
    t.say(t.words.ask_go_on, must=True)
