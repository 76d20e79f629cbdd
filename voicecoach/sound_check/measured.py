"""What the sound check finds, in numbers, and as lines for the person at the screen."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from voicecoach.sound_check.echo_return import EchoReturn

MARGIN_DB: Final = 15.0
"""Noise, and what is left of the echo, should lie so far below the voice; the card of a speech model tells how much it
loses with less."""
SOFT_VOICE_DB: Final = -30.0
"""A soft voice at a microphone that is well placed, in dBFS; the room is judged by it until the person has spoken."""
STANDS_OUT_DB: Final = 6.0
"""What is louder than the noise by this is somebody or something, not the noise itself."""


@dataclass(frozen=True, slots=True)
class VoiceLevel:
    """Something that the person said."""

    phrase: str | None
    """What was understood; None when it was no phrase."""
    confidence: float
    level_db: float
    """At the microphone, in dBFS."""


@dataclass(frozen=True, slots=True)
class Measured:
    """All that the sound check found; levels are at the microphone, in dBFS."""

    silent: bool
    """Whether not one sample of the microphone was anything but zero."""
    noise_db: float
    echo: EchoReturn | None
    """None when nothing of the coach's voice came back."""
    removed_db: float | None
    """How much of that the coach's own canceller took away; None where it has none, or there was nothing to remove."""
    own_words: tuple[str, ...]
    """Phrases that were understood while only the coach spoke."""
    voices: tuple[VoiceLevel, ...]
    loudest_db: float
    """The loudest that was heard when it was the person's turn, understood or not."""
    talk_clipped: bool
    """Whether the microphone was overdriven while the coach spoke."""
    voice_clipped: bool
    """The same while the person spoke."""
    expected: tuple[str, ...]
    """The phrases that the person was asked to say."""

    @property
    def voice_db(self) -> float | None:
        """How loud the person is; None when nothing was heard that stands out of the noise."""
        if self.voices:
            return median(voice.level_db for voice in self.voices)
        return self.loudest_db if self.loudest_db >= self.noise_db + STANDS_OUT_DB else None


def noise_line(noise_db: float) -> str:
    """The noise of the room, and whether it will do."""
    fine = noise_db <= SOFT_VOICE_DB - MARGIN_DB
    return f"noise      {noise_db:.0f} dBFS, {'quiet enough' if fine else 'loud for a soft voice'}"


def own_voice_line(echo: EchoReturn | None, removed_db: float | None) -> str:
    """How the coach hears itself."""
    if echo is None:
        return "my voice   does not come back to the microphone"
    removed = "" if removed_db is None else f"; {removed_db:.0f} dB of it can be removed"
    return (
        f"my voice   comes back at {echo.level_db:.0f} dBFS ({echo.relative_db:+.0f} dB of what was played), "
        f"{echo.delay_s * 1000:.0f} ms late{removed}"
    )


def voice_line(voice: VoiceLevel, noise_db: float, echo: EchoReturn | None) -> str:
    """Something that the person said."""
    understood = f"{voice.phrase}, {voice.confidence:.2f} sure" if voice.phrase else "(no command)"
    beside_echo = "" if echo is None else f", {beside(voice.level_db - echo.level_db)} my own"
    level = f"{voice.level_db:.0f} dBFS, {beside(voice.level_db - noise_db)} the noise{beside_echo}"
    return f"you        {understood:<24} {level}"


def beside(db: float) -> str:
    """One level beside another: "3 dB above", "10 dB below", "as loud as"."""
    whole = round(db)
    if whole == 0:
        return "as loud as"
    return f"{abs(whole)} dB {'above' if whole > 0 else 'below'}"
