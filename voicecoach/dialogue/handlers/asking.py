"""The open question, and the way back to what waits behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.guiding import take_up
from voicecoach.dialogue.handlers.pausing import wait_on
from voicecoach.dialogue.handlers.safety import choice_after_pain, stopped_waits
from voicecoach.dialogue.handlers.sessions import rest, say_farewell, say_greeting
from voicecoach.dialogue.leading import leave_off
from voicecoach.dialogue.state import Asked, Mode

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


MOMENT_S = 60.0
"""How long somebody who has asked for a moment is given."""
UP_S = 300.0
"""The same for somebody who has to get up."""


def asked(t: Transition) -> Asked:
    """The open question; only handlers of `Mode.ASKING` want it."""
    if t.state.asked is None:
        raise AssertionError("nothing has been asked")
    return t.state.asked


def give_time(t: Transition) -> None:
    """ "One moment": quiet, and the question once more after a while."""
    _give(t, MOMENT_S)


def give_time_to_get_up(t: Transition) -> None:
    """The same for somebody who has to get up first."""
    _give(t, UP_S)


def _give(t: Transition, seconds: float) -> None:
    t.stop_playback()
    t.state = replace(t.state, asked=replace(asked(t), is_put_off=True))
    t.wait(seconds)


def ask_at_last(t: Transition) -> None:
    """Ask what was to be asked after something else."""
    question = replace(asked(t), first=None)
    t.state = replace(t.state, asked=question)
    t.say_prompt(question.prompt)


def go_back(t: Transition, remark: str = "") -> None:
    """Back to what waited behind the question."""
    behind = asked(t).behind
    if behind is Mode.GUIDING:
        leave_off(t)
        take_up(t, remark)
        return
    if behind is Mode.CLOSING:
        say_farewell(t, remark)
        return
    if t.state.playing:
        t.stop_playback()
    if behind in (Mode.REST, Mode.ASLEEP):
        rest(t, behind)
    elif behind is Mode.GREETING:
        t.enter(Mode.GREETING)
        say_greeting(t)  # after the remark, where there is one
    elif behind is Mode.HURT:
        _go_back_to_pain(t, remark)
        return
    elif behind is Mode.STOPPED:
        t.enter(Mode.STOPPED)
        stopped_waits.apply(t)
    else:
        t.enter(behind)
        wait_on.apply(t)
    if remark:
        t.say(remark, remember=False)


def _go_back_to_pain(t: Transition, remark: str) -> None:
    """The choice again; where the question cut short how to come out of the stretch, that."""
    way_out = asked(t).pending_behind
    t.enter(Mode.HURT)
    if way_out is None:
        t.say(f"{remark} {choice_after_pain(t)}".strip(), remember=False)
    elif remark:  # the way out follows it
        t.state = replace(t.state, pending_prompt=way_out)
        t.say(remark, remember=False)
    else:
        t.say_prompt(way_out, must=True)
