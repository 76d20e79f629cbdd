"""Rain, or brown noise, after the last word of an evening: played, and over when something begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.events import NightSound, PlayNightSound
from voicecoach.dialogue.state import Mode
from voicecoach.routine.stretch import When

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

QUIET: Final = frozenset({Mode.REST, Mode.ASLEEP})
"""The modes in which it is heard; in any other it ends."""


def after_the_last_word(t: Transition, when: When) -> None:
    """The last words of a session have been heard; after a morning's nobody goes to sleep."""
    if when is not When.MORNING:
        play_night_sound(t)


def end_night_sound(t: Transition) -> None:
    """Let it fade."""
    if t.state.night_sounds:
        t.actions.append(PlayNightSound(NightSound.NONE))
        t.state = replace(t.state, night_sounds=False)


def end_where_something_begins(t: Transition) -> None:
    """It is for falling asleep, and not for listening over."""
    if t.state.mode not in QUIET:
        end_night_sound(t)


def play_night_sound(t: Transition) -> None:
    """Let it be heard, if one was asked for or set."""
    wanted = t.state.knows.night_sound
    if t.state.night_sound is not None:
        wanted = replace(wanted, sound=t.state.night_sound)
    if wanted.sound is not NightSound.NONE:
        t.actions.append(wanted)
        t.state = replace(t.state, night_sounds=True)
