"""The verdict of the sound check: what is well, and what to do about the rest."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from voicecoach.doctor import Finding
from voicecoach.invocation import typed
from voicecoach.microphone_check import GAIN, MUTED
from voicecoach.settings import EchoMode
from voicecoach.sound_check.measured import MARGIN_DB, SOFT_VOICE_DB, beside

if TYPE_CHECKING:
    from voicecoach.sound_check.measured import Measured

TOO_SOFT_DB: Final = -50.0
"""A voice below this is lost in the noise of most microphones; the detector in front of the recogniser was tried down
to -55 dBFS (hearing/activity.py)."""
ECHO_OVER_VOICE_DB: Final = 0.0
"""The echo should be no louder at the microphone than the person: what removes it leaves a little of it, and takes
along some of the words that lie far below."""
LATEST_ECHO_S: Final = 0.6
"""Up to here it was measured that the coach does not obey its own voice.  A later one is removed too, up to a second,
but what is heard at the bed is then so far behind that "stop" seems not to be obeyed."""

_PAGE: Final = "see docs/placement.md"
_APART: Final = "turn the speaker down or move the microphone away from it"


def verdict(measured: Measured, mode: str) -> list[Finding]:
    """What is well, and what to do about the rest.

    Args:
        measured: What was found.
        mode: Who is to remove the coach's own voice: the setting ``echo``.
    """
    if measured.silent:
        return [Finding("microphone", well=False, words=MUTED)]
    return [_microphone(measured), _room(measured), _own_voice(measured, mode), _understanding(measured)]


def _microphone(measured: Measured) -> Finding:
    voice_db = measured.voice_db
    problem = None
    if measured.voice_clipped:
        problem = f"your voice overdrives it: turn its gain down {GAIN}, or move it away from you"
    elif voice_db is None:
        problem = (
            "you were not heard: move it nearer to you, and speak a little louder; if you did speak, turn its gain up "
            f"{GAIN}"
        )
    elif voice_db < TOO_SOFT_DB:
        problem = f"your voice is only {voice_db:.0f} dBFS: turn its gain up {GAIN}, or move it nearer to you"
    return Finding("microphone", well=problem is None, words=problem or f"your voice is at {voice_db:.0f} dBFS")


def _room(measured: Measured) -> Finding:
    voice_db = SOFT_VOICE_DB if measured.voice_db is None else measured.voice_db
    whose = "a soft voice" if measured.voice_db is None else "your voice"
    below_db = voice_db - measured.noise_db
    words = f"the noise is {beside(-below_db)} {whose}"
    if below_db >= MARGIN_DB:
        return Finding("room", well=True, words=words)
    words += f" and should be {MARGIN_DB:.0f} dB below: move the microphone nearer to you, and away from what makes it"
    return Finding("room", well=False, words=words)


def _own_voice(measured: Measured, mode: str) -> Finding:
    problem = _self_hearing(measured, mode) or _echo_beside_voice(measured, mode)
    if problem is not None:
        return Finding("own voice", well=False, words=problem)
    if measured.echo is not None:
        return Finding("own voice", well=True, words="it does not drown yours")
    words = "nothing of it comes back"
    if mode == EchoMode.SYSTEM:
        return Finding("own voice", well=True, words=f"{words}: the system's canceller is at work")
    words += f"; if you did not hear me either, the speaker is off, or another is meant ({typed('devices')})"
    return Finding("own voice", well=True, words=words)


def _self_hearing(measured: Measured, mode: str) -> str | None:
    """What is wrong with the coach's voice, whoever else speaks."""
    if measured.talk_clipped:
        return f"it overdrives the microphone: {_APART}"
    if measured.own_words:
        words = " and ".join(f'"{phrase}"' for phrase in dict.fromkeys(measured.own_words))
        return f"I took it for {words}: {_advice(mode)}"
    if (
        measured.echo is not None
        and mode not in {EchoMode.SYSTEM, EchoMode.OFF}
        and measured.echo.delay_s > LATEST_ECHO_S
    ):
        return (
            f"it comes {measured.echo.delay_s * 1000:.0f} ms late, and falls silent as late when you say stop: take a "
            "speaker with a wire"
        )
    return None


def _echo_beside_voice(measured: Measured, mode: str) -> str | None:
    """What is wrong with the coach's voice where the person speaks over it."""
    if measured.echo is None or measured.voice_db is None:
        return None
    over_db = measured.echo.level_db - measured.voice_db
    if over_db > ECHO_OVER_VOICE_DB:
        return (
            f"it is {beside(over_db)} yours: turn the speaker down by {ceil(over_db)} dB, or move the microphone away "
            "from it and nearer to you"
        )
    left_over_db = over_db - (measured.removed_db or 0.0)
    if left_over_db > -MARGIN_DB:
        return f"what is left of it is {beside(left_over_db)} yours, which is too loud: {_advice(mode)}"
    return None


def _advice(mode: str) -> str:
    """What helps where too much of the coach's voice is left, by who is to remove it."""
    match mode:
        case EchoMode.OFF:
            return f"nothing removes it now; take `echo: off` out of the settings, or {_APART}"
        case EchoMode.SYSTEM:
            return f"the system's canceller is not at work, or not enough; {_PAGE}, or {_APART}"
        case _:
            return f"{_APART}; where that cannot be, let the system remove it with `echo: system`, {_PAGE}"


def _understanding(measured: Measured) -> Finding:
    understood = {voice.phrase for voice in measured.voices}
    missed = " and ".join(f'"{phrase}"' for phrase in measured.expected if phrase not in understood)
    if not missed:
        return Finding("understanding", well=True, words="I understood every command")
    words = f"I did not hear {missed}; mend what is wrong above, if anything is, and try once more"
    return Finding("understanding", well=False, words=words)
