"""Open questions, whatever they are about: said to the end, asked again, dropped.  `answering` has the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import take_up, wait_on
from voicecoach.dialogue.handlers.safety import choice_after_pain, stopped_waits
from voicecoach.dialogue.handlers.sessions import rest, say_farewell, say_greeting
from voicecoach.dialogue.state import Asked, Mode

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

ANSWER_S = 10.0
"""How long an answer is waited for before the question is asked a second time, or dropped."""


def asked(t: Transition) -> Asked:
    """The open question; only moves of `Mode.ASKING` want it."""
    if t.state.asked is None:
        raise AssertionError("nothing has been asked")
    return t.state.asked


def go_back(t: Transition, remark: str = "") -> None:
    """Back to what waited behind the question."""
    behind = asked(t).behind
    if behind is Mode.GUIDING:
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
        t.enter(Mode.HURT)
        remark = f"{remark} {choice_after_pain(t)}".strip()
    elif behind is Mode.STOPPED:
        t.enter(Mode.STOPPED)
        stopped_waits.apply(t)
    else:
        t.enter(behind)
        wait_on.apply(t)
    if remark:
        t.say(remark, remember=False)


@handler(stays=True)
def ask_again(t: Transition) -> None:
    t.say(asked(t).text)


@handler(stays=True)
def wait_for_answer(t: Transition) -> None:
    """The question has been said, or something that was said into it: then it is said again."""
    text = asked(t).text
    if t.state.saying.endswith(text):
        t.wait_in_quiet(ANSWER_S)
    else:
        t.say(text)


@handler(stays=True, drops=True)
def instead(t: Transition) -> None:
    """Another command than an answer: the question is dropped, the command is done as if it had not been asked.

    `machine.step` does this by itself: it puts the mode behind the question back and looks into its column.
    """
    raise AssertionError(f"{t.state.mode.value!r} never does this by itself")
