"""The microphone is turned off, and on again: what is said of it, and what becomes of a session.

Off means that its stream is closed.  Who cannot be heard is not led on, so a session rests until it is on again; what
somebody presses in the meantime can quieten and end, and begins nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.events import Chime, CloseMicrophone, OpenMicrophone, Unmuted
from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.sessions import rest
from voicecoach.dialogue.handlers.unheard import rest_saying
from voicecoach.dialogue.state import Mode
from voicecoach.languages.commands import SAFETY, Command

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

WHILE_MUTED: Final = SAFETY | {Command(key) for key in ("pause", "good night", "louder", "quieter")}
"""What can be asked for by hand while the microphone is off."""


def muted_words(t: Transition) -> str:
    """That the microphone is off, and until when."""
    hours = t.state.knows.mute_hours
    if not hours:
        return t.words.muted
    return t.words.muted_for.format(hours=t.language.counted(t.words.hours, hours))


@handler(stays=True)
def mute_at_rest(t: Transition) -> None:
    _mute(t)
    t.say(muted_words(t), remember=False)


@handler(Mode.PAUSED, Mode.CLOSING, stays=True)
def mute_and_rest(t: Transition) -> None:
    """In a session: out of the stretch, and a rest."""
    _mute(t)
    words = muted_words(t)
    rest_saying(t, f"{words} {t.words.muted_rest}", words)


@handler(Mode.REST, Mode.ASLEEP, Mode.PAUSED, Mode.CLOSING)
def mute_and_drop_question(t: Transition) -> None:
    """Nobody could answer."""
    question = asked(t)
    _mute(t)
    if t.state.session is None:
        rest(t, question.behind)
        t.say(muted_words(t), remember=False)
    elif question.behind is Mode.CLOSING:
        go_back(t, muted_words(t))
    else:
        t.state = replace(t.state, mode=question.behind, asked=None, pending_prompt=question.pending_behind)
        words = muted_words(t)
        rest_saying(t, f"{words} {t.words.muted_rest}", words)


@handler(stays=True)
def mute_after_this(t: Transition) -> None:
    """In the last words of a session: they make room."""
    _mute(t)
    t.say(muted_words(t), remember=False)


@handler(stays=True)
def mute_quietly(t: Transition) -> None:
    """The fixed sentence about red flags is heard whole all the same."""
    _mute(t)


@handler(stays=True)
def say_muted(t: Transition) -> None:
    t.say(t.words.still_muted, remember=False)


@handler(stays=True)
def unmute(t: Transition) -> None:
    """Said where somebody turned it on; where the time has come, in the middle of a night, a soft chime says it."""
    t.actions.append(OpenMicrophone())
    t.state = replace(t.state, muted=False, deaf=False, unmutes_s=None)
    if t.state.mode is Mode.WARNING:
        return
    if isinstance(t.event, Unmuted) and not t.event.by_hand:
        t.sound(Chime.DONE)
    elif t.state.mode is Mode.PAUSED:
        t.say(t.words.unmuted_continue, remember=False)
        t.state = replace(t.state, unanswered=0)
    else:
        t.say(t.words.unmuted, remember=False)


def _mute(t: Transition) -> None:
    hours = t.state.knows.mute_hours
    for_s = hours * 3600.0 if hours else None
    t.actions.append(CloseMicrophone(for_s))
    unmutes_s = None if for_s is None else t.now_s + for_s
    t.state = replace(t.state, muted=True, deaf=True, unmutes_s=unmutes_s, wanted=None)
