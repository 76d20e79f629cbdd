"""Reminders: asked for in hours or by the clock, set for every week; never in quiet hours, and never a second word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Chime
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import (
    call_off,
    knows_when_to_remind,
    rest,
    seconds_to_reminder,
    wait_at_rest,
)
from voicecoach.dialogue.handlers.starting import heard_number, want
from voicecoach.dialogue.reminding import is_quiet, is_slot, next_slot
from voicecoach.dialogue.state import Mode, Question
from voicecoach.languages.commands import LENGTHS
from voicecoach.languages.language import HALF_DAY_MIN, QUARTER_MIN
from voicecoach.person.facts import DONE, Fact
from voicecoach.person.wall_time import A_DAY, local, next_time

if TYPE_CHECKING:
    from datetime import datetime

    from voicecoach.dialogue.transition import Transition

OVERDUE_S = 2 * 3600.0
"""A reminder that could not be given for so long (the coach was switched off) is not given any more."""
FURTHEST = A_DAY + timedelta(hours=1)
"""No reminder is further away, but for one that was written down by a clock that was wrong."""
LATER = timedelta(minutes=10)
MOST_LATERS = 3
DONE_LATELY = timedelta(hours=6)
"""Nobody is reminded by the week's plan of what they did within this time."""
UNHEARD_S = 60.0
"""How often to look whether an answer to a reminder that has come could be heard."""
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
    go_back(t, _remind_in(t, timedelta(hours=hours), t.words.will_remind.format(hours=spoken)))


def no_new_reminder(t: Transition) -> None:
    """Nobody knows when: one that was asked for before still stands."""
    go_back(t, t.words.no_new_reminder)


def no_reminder(t: Transition) -> None:
    call_off(t)
    go_back(t, t.words.kept_quiet)


@handler(stays=True, looks_up=True)
def remind_in(t: Transition) -> None:
    """ "Remind me in half an hour": no more is asked."""
    t.say(_in_minutes(t, t.words.will_remind), remember=False)


def remind_then(t: Transition) -> None:
    """ "In half an hour", where so many hours were asked for."""
    go_back(t, _in_minutes(t, t.words.will_remind))


def put_off_by(t: Transition) -> None:
    """ "In half an hour" to a reminder: then, however often that was said; it is told when."""
    go_back(t, _in_minutes(t, t.words.ask_later_by))


def _in_minutes(t: Transition, remark: str) -> str:
    minutes = heard_number(t, max(LENGTHS))
    spoken = t.language.heard_lengths[minutes][0] if minutes in LENGTHS else t.language.minutes(minutes * 60)
    return _remind_in(t, timedelta(minutes=minutes), remark.format(hours=spoken))


@handler(stays=True, looks_up=True)
def remind_at(t: Transition) -> None:
    """ "Remind me at half past ten": at the next such time."""
    minutes = heard_number(t, HALF_DAY_MIN - QUARTER_MIN)
    spoken = t.language.times(minutes)[0]
    at = next_time(t.time_of_day, minutes, t.tonight.clocks)
    # In the morning or in the evening?  As long as nobody can tell, quiet hours are looked at when it is time.
    quiet = t.tonight.time_is_known and is_quiet(at, t.state.knows.quiet_hours)
    if not quiet:
        _set(t, at, Fact.REMIND_WHEN, minutes)
    t.say(t.words.quiet_then if quiet else t.words.will_remind_at.format(time=spoken), remember=False)


def _remind_in(t: Transition, length: timedelta, remark: str) -> str:
    """Remind after that time; returns ``remark``, or what is said instead where nobody is to be disturbed then."""
    at = local(t.time_of_day + length, t.tonight.clocks)
    if t.tonight.time_is_known and is_quiet(at, t.state.knows.quiet_hours):
        return t.words.quiet_then
    _set(t, at, Fact.REMIND_IN, length.total_seconds())
    return remark


def _set(t: Transition, at: datetime, fact: Fact, value: float) -> None:
    """Remind at that time, which the journal is told as it was asked for."""
    t.note(fact, value=value)
    t.remember(replace(t.person, remind_at=at, remind_after=fact is Fact.REMIND_IN))
    t.state = replace(t.state, laters=0)


@handler(stays=True)
def look_ahead(t: Transition) -> None:
    """What time it is has been learned at rest: a reminder of the week that comes within a day is written down.

    So it is not missed when the coach is switched off and on meanwhile.
    """
    _look_ahead(t)
    if not t.state.playing:
        wait_at_rest(t)


def _look_ahead(t: Transition) -> None:
    """Set the next reminder of the week, unless one is open, or nobody can tell what time it is.

    One that came while nobody could is the next one, if it is not too late.
    """
    if not t.tonight.time_is_known:
        return
    now, clocks, knows, open_at = t.time_of_day, t.tonight.clocks, t.state.knows, t.person.remind_at
    if open_at is not None and open_at - now <= FURTHEST:
        return
    unknown_s = 0.0 if t.state.unknown_since_s is None else min(t.now_s - t.state.unknown_since_s, OVERDUE_S)
    at = next_slot(now, knows.reminders, clocks, timedelta(seconds=unknown_s))
    if at is not None and at != t.state.called_off and not is_quiet(at, knows.quiet_hours):
        t.note(Fact.REMIND_AT, value=at.timestamp())
        t.remember(replace(t.person, remind_at=at, remind_after=False))
    elif open_at is not None:
        t.note(Fact.REMIND_AT, value=0)
        t.remember(replace(t.person, remind_at=None, remind_after=False))
    t.state = replace(t.state, unknown_since_s=None)


@handler(Mode.REST, Mode.ASKING, stays=True, looks_up=True)
def rested_long(t: Transition) -> None:
    """The time of a reminder has come, or the night is over, or it is time to look at the clock again.

    Nobody is asked who could not be heard; once they can be, the reminder comes, unless that is too late.
    """
    due = knows_when_to_remind(t) and seconds_to_reminder(t) <= _ON_TIME_S
    if due and t.state.deaf:
        t.wait(UNHEARD_S)
    elif due:
        _remind(t)
    else:
        night_over = t.state.wakes_s is not None and t.now_s >= t.state.wakes_s
        rest(t, Mode.REST if night_over else t.state.mode)


def _remind(t: Transition) -> None:
    """A soft chime and a question; nothing at all where it would disturb or comes too late."""
    knows, due, now = t.state.knows, t.person.remind_at, t.time_of_day
    overdue = seconds_to_reminder(t) < -OVERDUE_S
    of_the_week = due is not None and is_slot(due, knows.reminders, t.tonight.clocks)
    t.note(Fact.REMINDED)
    t.remember(replace(t.person, remind_at=None, remind_after=False))
    if of_the_week:
        t.state = replace(t.state, called_off=due)  # not set anew, should the clock go back
    done = t.person.sessions and t.person.sessions[-1]
    done_lately = done and done.ending in DONE and timedelta() <= now - done.ended < DONE_LATELY
    quiet = t.tonight.time_is_known and is_quiet(now, knows.quiet_hours)
    if overdue or (of_the_week and done_lately) or quiet:
        rest(t, t.state.mode)
        return
    t.state = replace(t.state, unknown_since_s=None if t.tonight.time_is_known else t.now_s)  # what came before is done
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
    remark = _remind_in(t, LATER, t.words.ask_later)
    t.state = replace(t.state, laters=laters)
    go_back(t, remark)
