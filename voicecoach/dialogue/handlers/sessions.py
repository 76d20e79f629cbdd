"""How a session ends, and what the coach does while none is on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import SetVolume
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.night_sounds import after_the_last_word, end_night_sound
from voicecoach.dialogue.leading import set_body, way_down
from voicecoach.dialogue.script import closing, greeting, only_breathes
from voicecoach.dialogue.state import Mode, Question
from voicecoach.dialogue.telling import changes_told, progress_told
from voicecoach.person.choosing import offered, time_of_day
from voicecoach.person.facts import Fact
from voicecoach.person.person import DayPart
from voicecoach.person.tips import tip_for
from voicecoach.routine.plan import Cycle, Hold, nominal_s
from voicecoach.routine.stretch import When

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


AFTER_SESSION_S = 1800.0
"""A reminder that would come so soon after a session is dropped: nobody is woken to do what has been done."""
NIGHT_S = 8 * 3600.0
"""Asleep for so long, the coach listens for everything again."""
ASLEEP_AFTER_S = 600.0
"""Who has not said a word for so long at the end of a routine may have fallen asleep on the way."""
SETTLES_S = 15.0
"""How long somebody is given to get to their pillow, before the last words of an evening that ends in sleep."""
QUIET_END_S = 180.0
"""Nor is anybody asked who has lain still for so long at its end, as with the legs up the wall."""
BEFORE_LAST_WORDS_S = 30.0
"""How long somebody who is unwell lies still before the session ends."""
A_MOMENT_S = 5.0
"""How long it is quiet at least before a reminder that is overdue."""
LOOK_S = 30.0
"""At rest, the coach looks up what time it is so often: somebody may have set the clock."""


# --- the last words ---------------------------------------------------------------------------------------------------


def say_greeting(t: Transition) -> None:
    """Name the routine and how long it takes; it is heard whole before the first stretch."""
    session, knows = t.session, t.state.knows
    news = changes_told(session.changes, knows)
    t.say(greeting(session.plan, t.language, t.state.pace, news, greeted=session.greeted), must=True)


def note_done(t: Transition) -> None:
    step = t.session.step
    t.note(Fact.STRETCH_DONE, step.stretch.key, value=step.level)
    t.state = replace(t.state, session=replace(t.session, done=t.session.done | {step.stretch.key}))


def close(t: Transition, fact: Fact, *, asleep: bool = False) -> None:
    """A session comes to its end; its last words, with the way out where one is needed, have yet to be said."""
    t.note(fact, t.session.plan.routine.key)
    t.enter(Mode.CLOSING)
    set_body(t, replace(t.session.body, owed=None))
    t.state = replace(t.state, falls_asleep=asleep)


def end(t: Transition, fact: Fact, words: str, *, asleep: bool = False) -> None:
    """Say the last words of a session; it is over when they have been said."""
    t.keep_place()
    close(t, fact, asleep=asleep)
    t.say(words)


def finish(t: Transition, remark: str = "") -> None:
    """Every stretch has been gone through.  Who told how the back was before is asked how it is now.

    But nobody is asked anything, or told a tip, who has only been resting, or who may be asleep.
    """
    t.keep_place()
    out = way_down(t).words
    remark = f"{out} {remark}".strip()
    restful, asleep = _only_rested(t), _may_be_asleep(t)
    close(t, Fact.SESSION_FINISHED, asleep=restful or asleep)
    if (restful or asleep) and out:
        t.say_in_two(remark, SETTLES_S, closing(t.session.plan, t.language))
    elif restful or asleep:
        t.say(f"{remark} {closing(t.session.plan, t.language)}".strip())
    elif t.session.pain_before is not None and t.person.rating:
        if out:  # nobody feels how their back is while they lie down
            t.ask_after(remark, Question.PAIN_AFTER)
        else:
            t.ask(Question.PAIN_AFTER, before=remark)
    else:
        say_farewell(t, remark)


def _only_rested(t: Transition) -> bool:
    return all(step.stretch.restful for step in t.session.plan.steps)


def _may_be_asleep(t: Transition) -> bool:
    """Whether somebody may be asleep, at the end of an evening's routine.

    They have not said a word for long, or have lain still without one.
    """
    session = t.session
    if not session.plan.routine.when.ends_in_sleep:
        return False
    heard_s = session.began_s if session.heard_s is None else session.heard_s
    still = [beat for beat in session.plan.steps[-1].beats if isinstance(beat, Hold | Cycle)]
    lies_still = not session.plan.steps[-1].stretch.phases and any(nominal_s(beat) >= QUIET_END_S for beat in still)
    return t.now_s - heard_s >= (QUIET_END_S if lies_still else ASLEEP_AFTER_S)


def say_quiet_farewell(t: Transition) -> None:
    """The last words for somebody who does not answer any more, and may be asleep: no tip, and nothing is asked."""
    if t.state.mode is not Mode.CLOSING:
        t.enter(Mode.CLOSING)
    t.say(closing(t.session.plan, t.language))
    t.state = replace(t.state, falls_asleep=True)


def say_farewell(t: Transition, remark: str = "") -> None:
    """The last words of a routine that was gone through, after one tip a night; few, when the back feels worse."""
    if t.state.mode is not Mode.CLOSING:
        t.enter(Mode.CLOSING)
    session = t.session
    if session.felt_worse:
        t.say(remark or t.words.rest_then)
        return
    tip = "" if only_breathes(session.plan) else _tip(t, session.plan.routine.key)
    t.say(" ".join(words for words in (remark, tip, closing(session.plan, t.language)) if words))


def _tip(t: Transition, routine: str) -> str:
    tip = tip_for(t.state.knows.tips, t.tonight, routine) if t.person.tips else None
    if tip is None:
        return ""
    t.note(Fact.TIP_TOLD, tip.key)
    t.remember(replace(t.person, tips_told={**t.person.tips_told, tip.key: t.time_of_day}))
    return t.words.tip.format(tip=tip.text)


@handler(Mode.CLOSING)
def say_good_night(t: Transition) -> None:
    end(t, Fact.SESSION_ENDED_EARLY, come_out_first(t, t.words.sleep_well), asleep=True)


def come_out_first(t: Transition, words: str = "") -> str:
    """``words``, after the way out of a stretch that nobody should be left in, as with the legs up the wall.

    Nor in one that hurts; there the way out has mostly been told.
    """
    if t.state.mode is Mode.HURT and t.state.pending_prompt is None:
        return words
    return f"{way_down(t).words} {words}".strip()


@handler(stays=True)
def sleep_after_this(t: Transition) -> None:
    """ "Good night" into the last words, or instead of an answer before them: they are said, then all is quiet."""
    if not t.state.playing and t.state.deadline_s is None:
        say_farewell(t)
    t.state = replace(t.state, falls_asleep=True)


@handler(Mode.REST, Mode.ASLEEP, stays=True)
def farewell_said(t: Transition) -> None:
    """The last words have been said, or something before them."""
    last = t.state.pending_prompt
    if last is not None and not t.is_saying(last):
        t.wait_in_quiet(BEFORE_LAST_WORDS_S)
    else:
        when = t.session.plan.routine.when
        rest(t, Mode.ASLEEP if t.state.falls_asleep else Mode.REST)
        after_the_last_word(t, when)


@handler(Mode.REST)
def fall_silent(t: Transition) -> None:
    """ "Stop" into the last words of a session."""
    t.stop_playback()
    rest(t)


# --- no session is on -------------------------------------------------------------------------------------------------


def rest(t: Transition, mode: Mode = Mode.REST) -> None:
    """No session is on any more; a reminder that was asked for still stands, and waits for a moment of quiet."""
    if t.state.session is not None:
        _drop_reminder_so_soon(t)
    t.enter(mode)
    t.state = replace(t.state, session=None, wanted=None, falls_asleep=False)
    asleep = mode is Mode.ASLEEP
    t.state = replace(t.state, wakes_s=(t.state.wakes_s or t.now_s + NIGHT_S) if asleep else None)
    wait_at_rest(t)
    t.state = replace(t.state, deadline_s=max(t.now_s + A_MOMENT_S, t.state.deadline_s or 0.0))


def wait_at_rest(t: Transition) -> None:
    """Until the next reminder, the end of the night, or until it is time to look at the clock again."""
    seconds = [LOOK_S]
    if t.state.wakes_s is not None:
        seconds.append(t.state.wakes_s - t.now_s)
    if knows_when_to_remind(t):
        seconds.append(seconds_to_reminder(t))
    t.wait(max(0.0, min(seconds)))


def seconds_to_reminder(t: Transition) -> float:
    """Seconds until somebody is to be reminded, below zero when that is over; for ever where nobody is."""
    remind_at = t.person.remind_at
    return remind_at.timestamp() - t.time_of_day.timestamp() if remind_at else float("inf")


def knows_when_to_remind(t: Transition) -> bool:
    """Whether there is a reminder, and the clock can be believed as far as it matters for it."""
    return t.person.remind_at is not None and (t.tonight.time_is_known or t.person.remind_after)


def _drop_reminder_so_soon(t: Transition) -> None:
    """A session is what it was to remind of."""
    if knows_when_to_remind(t) and seconds_to_reminder(t) < AFTER_SESSION_S:
        call_off(t)


def call_off(t: Transition) -> None:
    """No reminder any more, at least not this one."""
    t.note(Fact.REMIND_AT, value=0)
    t.state = replace(t.state, called_off=t.person.remind_at or t.state.called_off)
    t.remember(replace(t.person, remind_at=None, remind_after=False))


@handler(Mode.ASLEEP)
def go_to_sleep(t: Transition) -> None:
    """ "Good night" when no session is on."""
    t.say(t.words.sleep_well)
    rest(t, Mode.ASLEEP)


@handler(stays=True)
def stop_playback(t: Transition) -> None:
    """ "Stop" while nothing is on: whatever is heard ends."""
    t.stop_playback()
    end_night_sound(t)
    rest(t, t.state.mode)


@handler(stays=True, looks_up=True)
def welcome(t: Transition) -> None:
    """Somebody who cannot see a lamp wants to hear that the coach is there."""
    take_volume(t)
    say_welcome(t)


def say_welcome(t: Transition) -> None:
    knows = t.state.knows
    if t.state.muted:
        t.say(t.words.welcome_muted)
        return
    t.say(t.words.welcome.format(routine=knows.routines[knows.usual_routine].name))


def take_volume(t: Transition) -> None:
    """As loud as was asked for at this time of day, or as usual."""
    volume_db = t.person.volumes_db.get(DayPart.of(t.time_of_day), t.state.knows.volume_db)
    if volume_db != t.state.volume_db:
        t.state = replace(t.state, volume_db=volume_db)
        t.actions.append(SetVolume(volume_db))


@handler(stays=True)
def rest_on(t: Transition) -> None:
    """Something said at rest is over: on to the next reminder, if there is one."""
    rest(t, t.state.mode)


@handler(stays=True)
def say_routines(t: Transition) -> None:
    """What there is, at bedtime without what is for the day; by its name that is begun all the same."""
    late = time_of_day(t.time_of_day.hour) is When.BEDTIME
    names = t.language.listed(offered(t.state.knows.routines.values(), late=late))
    t.say(t.words.can_do.format(routines=names))


@handler(stays=True, looks_up=True)
def say_progress(t: Transition) -> None:
    t.say(progress_told(t.tonight, t.language))
