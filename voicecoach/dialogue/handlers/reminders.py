"""Reminders: asked for in hours or by the clock, set for every week; never in quiet hours, and never a second word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Chime
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import call_off, rest, seconds_to_reminder, wait_at_rest
from voicecoach.dialogue.handlers.starting import heard_number, want
from voicecoach.dialogue.reminding import is_quiet, is_slot, next_slot, next_time
from voicecoach.dialogue.state import Mode, Question
from voicecoach.languages.language import HALF_DAY_MIN, QUARTER_MIN
from voicecoach.person.facts import DONE, Fact

if TYPE_CHECKING:
    from datetime import datetime

    from voicecoach.dialogue.transition import Transition

OVERDUE_S = 2 * 3600.0
"""A reminder that could not be given for so long (the coach was switched off) is not given any more."""
LATER = timedelta(minutes=10)
MOST_LATERS = 3
DONE_LATELY = timedelta(hours=6)
"""Nobody is reminded by the week's plan of what they did within this time."""
_ON_TIME_S = 1.0
"""Seconds by which the coach's clock and the system's may differ."""


@handler(Mode.ASKING)
def ask_hours(t: Transition) -> None:
    t.ask(Question.REMIND)


def remind_in_hours(t: Transition) -> None:
    """So many hours until the reminder; zero means not at all."""
    hours = heard_number(t)
    if not hours:
        no_reminder(t)
        return
    spoken = t.language.counted(t.words.hours, hours)
    go_back(t, _set(t, t.time_of_day + timedelta(hours=hours), t.words.will_remind.format(hours=spoken)))


def no_reminder(t: Transition) -> None:
    call_off(t)
    go_back(t, t.words.kept_quiet)


@handler(stays=True, looks_up=True)
def remind_at(t: Transition) -> None:
    """ "Remind me at half past ten": at the next such time."""
    minutes = heard_number(t, HALF_DAY_MIN - QUARTER_MIN)
    spoken = t.language.times(minutes)[0]
    remark = _set(t, next_time(t.time_of_day, minutes), t.words.will_remind_at.format(time=spoken))
    t.say(remark, remember=False)


def _set(t: Transition, at: datetime, remark: str) -> str:
    """Remind at that time; returns ``remark``, or what is said instead where nobody is to be disturbed then."""
    if is_quiet(at, t.state.knows.quiet_hours):
        return t.words.quiet_then
    t.note(Fact.REMIND_AT, value=at.timestamp())
    t.remember(replace(t.person, remind_at=at))
    t.state = replace(t.state, laters=0)
    return remark


@handler(stays=True)
def look_ahead(t: Transition) -> None:
    """What time it is has been learned at rest: a reminder of the week that comes within a day is written down.

    So it is not missed when the coach is switched off and on meanwhile.
    """
    if t.person.remind_at is None:
        at = next_slot(t.time_of_day, t.state.knows.reminders)
        if at not in (None, t.state.called_off) and not is_quiet(at, t.state.knows.quiet_hours):
            t.note(Fact.REMIND_AT, value=at.timestamp())
            t.remember(replace(t.person, remind_at=at))
    if not t.state.playing:
        wait_at_rest(t)


@handler(Mode.REST, Mode.ASKING, stays=True, looks_up=True)
def rested_long(t: Transition) -> None:
    """The time of a reminder has come, or the night is over, or just an hour."""
    if seconds_to_reminder(t) <= _ON_TIME_S:
        _remind(t)
    else:
        night_over = t.state.wakes_s is not None and t.now_s >= t.state.wakes_s
        rest(t, Mode.REST if night_over else t.state.mode)


def _remind(t: Transition) -> None:
    """A soft chime and a question; nothing at all where it would disturb or comes too late."""
    knows, due, now = t.state.knows, t.person.remind_at, t.time_of_day
    overdue = seconds_to_reminder(t) < -OVERDUE_S
    t.note(Fact.REMINDED)
    t.remember(replace(t.person, remind_at=None))
    done = t.person.sessions and t.person.sessions[-1]
    done_lately = done and done.ending in DONE and now - done.ended < DONE_LATELY
    needless = due is not None and is_slot(due, knows.reminders) and done_lately
    if overdue or needless or is_quiet(now, knows.quiet_hours):
        rest(t, t.state.mode)
        return
    t.ask(Question.READY, knows.usual_routine, chime=Chime.DONE)


def begin_reminded(t: Transition) -> None:
    want(t, asked(t).about)


def not_now(t: Transition) -> None:
    go_back(t, t.words.kept_quiet)


def put_off(t: Transition) -> None:
    """ "Later": in ten minutes, but not for ever."""
    if t.state.laters >= MOST_LATERS:
        go_back(t, t.words.late_enough)
        return
    laters = t.state.laters + 1
    remark = _set(t, t.time_of_day + LATER, t.words.ask_later)
    t.state = replace(t.state, laters=laters)
    go_back(t, remark)
