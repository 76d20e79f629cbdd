"""Rain is asked for, or not wanted any more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import NightSound
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.night_sounds import QUIET, end_night_sound, play_night_sound
from voicecoach.dialogue.handlers.sessions import wait_at_rest
from voicecoach.dialogue.state import Mode

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(stays=True)
def rain(t: Transition) -> None:
    """At rest it rains at once, which is answer enough."""
    t.state = replace(t.state, night_sound=NightSound.RAIN)
    if t.state.mode in QUIET:
        play_night_sound(t)
        _go_on_resting(t)
    elif t.state.mode is not Mode.CLOSING:  # the last words go on
        t.say(t.words.rain_later, remember=False)


@handler(stays=True)
def no_rain(t: Transition) -> None:
    """Neither later nor now; at rest the silence is answer enough."""
    t.state = replace(t.state, night_sound=NightSound.NONE)
    end_night_sound(t)
    if t.state.mode in QUIET:
        _go_on_resting(t)
    elif t.state.mode is not Mode.CLOSING:
        t.say(t.words.no_rain, remember=False)


def _go_on_resting(t: Transition) -> None:
    if not t.state.playing:
        wait_at_rest(t)
