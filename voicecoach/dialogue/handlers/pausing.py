"""Quiet in the middle of a session: for as long as it is wanted, or after an open end that nobody has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import end, note_done, rest
from voicecoach.dialogue.leading import is_led_out, let_go, way_down
from voicecoach.dialogue.state import Mode
from voicecoach.person.facts import Fact
from voicecoach.routine.plan import Again

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

DOZE_S = 120.0
"""How long "next" is waited for, where nobody has ended an open end; then somebody sleeps, and is not spoken to."""
PAUSE_S = 300.0
"""How long a pause may last before the coach says once that it is still there, and again before it leaves."""
UP_S = 1800.0
"""How long it waits for somebody who had to get up, without a word; then the session is over."""


def grow_quiet(t: Transition) -> None:
    """The session waits from now on."""
    if t.session.left_at_s is None:
        t.state = replace(t.state, session=replace(t.session, left_at_s=t.now_s))


@handler(Mode.PAUSED)
def pause(t: Transition) -> None:
    t.stop_playback()
    t.enter(Mode.PAUSED)
    grow_quiet(t)
    let_go(t)
    t.say(t.words.paused, remember=False)


@handler(stays=True)
def wait_on(t: Transition) -> None:
    """Something said while the coach waits is over, or "pause" was said into a pause: the listener has time again."""
    if t.state.playing:  # that is heard out first; it may tell how to lie down
        return
    if may_doze(t):
        t.wait_in_quiet(DOZE_S)
        return
    t.wait_in_quiet(UP_S if t.session.is_up and not t.state.deaf else PAUSE_S)


@handler(Mode.CLOSING, Mode.REST, Mode.ASLEEP, stays=True)
def pause_lasts(t: Transition) -> None:
    """Nothing was said for a long time: once a word, then somebody fell asleep.  Or they spoke, and were not heard.

    Who got up and has not come back is told nothing.
    """
    if t.state.deaf:
        end(t, Fact.SESSION_ENDED_EARLY, t.words.muted_long if t.state.muted else t.words.deaf_long)
        return
    if may_doze(t):
        note_done(t)
        t.note(Fact.FELL_ASLEEP, t.session.plan.routine.key)
        rest(t, Mode.ASLEEP)
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


def may_doze(t: Transition) -> bool:
    """Whether nobody has said a word since an open end was reached, of a stretch in which one can fall asleep.

    Who moves is awake, and so is who does this in the morning or by day.
    """
    session, beat = t.session, t.session.beat
    if t.state.deaf or not isinstance(beat, Again):
        return False
    is_silent = session.heard_s is None or session.opened_s is None or session.heard_s < session.opened_s
    return is_silent and not session.step.stretch.phases and session.plan.routine.when.ends_in_sleep


def rest_until_next(t: Transition) -> None:
    """An open end that nobody ends: nobody is led on in their sleep, and whoever is awake has time."""
    out = way_down(t)
    t.enter(Mode.PAUSED)
    grow_quiet(t)
    is_led_out(t, out)
    t.say(f"{out.words} {t.words.rest_until_next}".strip(), remember=False)
