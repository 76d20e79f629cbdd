"""The turns of a scenario: what happens in the room, and what is asked of the coach.

Played in order.  A turn begins when the one before is done; `where` is its place in the file and `str(turn)` what it
asks for; together they are a message.  All lengths are seconds, all levels decibels.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from voicecoach.session_trace import PERSON
from voicecoach.simulation.acoustic_scene import MicrophoneFault

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.languages.commands import Command
    from voicecoach.simulation.disturbance import Disturbance


@dataclass(frozen=True, slots=True)
class OnWords:
    """The moment at which the coach says some words."""

    words: str
    ended: bool
    """Whether to wait until the whole sentence has been said, or only until it begins."""

    def __str__(self) -> str:
        return f'when the coach {"has said" if self.ended else "says"} "{self.words}"'


@dataclass(frozen=True, slots=True)
class Speak:
    """Somebody says something; done when the person has said it, or as soon as another one begins to."""

    where: str
    words: str
    """What is said; with a recording, what the recording says (or nothing, where nobody needs to know)."""
    recording: Path | None = None
    on: OnWords | None = None
    """What is waited for; None: it is not waited."""
    after_s: float = 0.0
    """Seconds from there on."""
    by: str = PERSON
    """Who: the person, or a name in `Scenario.others`."""
    level_db: float | None = None
    """Of the speech at the microphone; None: as loud as they usually are."""
    whispered: bool = False

    def __str__(self) -> str:
        how = "whisper" if self.whispered else "say"
        return f'{_subject(self.by)}to {how} "{self.words}" {_when(self.on, self.after_s)}'


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Somebody talks of this and that for a while; done when the person has, or as soon as another one begins to."""

    where: str
    for_s: float
    by: str = PERSON
    on: OnWords | None = None
    after_s: float = 0.0
    level_db: float | None = None
    """This and the three above as in `Speak`."""

    def __str__(self) -> str:
        return f"{_subject(self.by)}to talk for {self.for_s:g} s {_when(self.on, self.after_s)}"


@dataclass(frozen=True, slots=True)
class Disturb:
    """Something other than a voice is heard; done as soon as it begins."""

    where: str
    sound: Disturbance
    for_s: float | None = None
    """Again and again for so long; None: once."""
    on: OnWords | None = None
    after_s: float = 0.0
    level_db: float | None = None
    """At the microphone; None: as loud as such a thing usually is."""

    def __str__(self) -> str:
        return f"a {self.sound.value} {_when(self.on, self.after_s)}"


@dataclass(frozen=True, slots=True)
class Mute:
    """The microphone gives no sound for a while; done as soon as that begins."""

    where: str
    for_s: float
    on: OnWords | None = None
    after_s: float = 0.0
    fault: MicrophoneFault = MicrophoneFault.MUTED
    """What it gives instead."""

    def __str__(self) -> str:
        return f"the microphone {self.fault.value} for {self.for_s:g} s {_when(self.on, self.after_s)}"


@dataclass(frozen=True, slots=True)
class PowerCut:
    """The coach has no power for a while, and is then switched on again; done as soon as that begins."""

    where: str
    for_s: float
    on: OnWords | None = None
    after_s: float = 0.0

    def __str__(self) -> str:
        return f"no power for {self.for_s:g} s {_when(self.on, self.after_s)}"


@dataclass(frozen=True, slots=True)
class ExpectWords:
    """The coach must begin a sentence with these words in it; done when it begins."""

    where: str
    words: str
    within_s: float

    def __str__(self) -> str:
        return f'expected "{self.words}" within {self.within_s:g} s'


@dataclass(frozen=True, slots=True)
class ExpectCommand:
    """The coach must understand this command; done when it does."""

    where: str
    command: Command
    within_s: float

    def __str__(self) -> str:
        return f'expected the command "{self.command.key}" within {self.within_s:g} s'


@dataclass(frozen=True, slots=True)
class ExpectMode:
    """The dialogue must come to be in this mode; done when it is."""

    where: str
    mode: str
    within_s: float

    def __str__(self) -> str:
        return f'expected the mode "{self.mode}" within {self.within_s:g} s'


class Loudness(Enum):
    """How the coach may speak."""

    SOFT = "soft"
    """More softly than its volume says."""
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class ExpectVoice:
    """The coach must come to speak like this; done when it does."""

    where: str
    loudness: Loudness
    within_s: float

    def __str__(self) -> str:
        return f"expected a {self.loudness.value} voice within {self.within_s:g} s"


@dataclass(frozen=True, slots=True)
class ExpectSilence:
    """The coach must fall silent, and stay so for a while; done after that while."""

    where: str
    within_s: float
    for_s: float

    def __str__(self) -> str:
        return f"expected silence within {self.within_s:g} s, for {self.for_s:g} s"


@dataclass(frozen=True, slots=True)
class AbsentWords:
    """The coach must not say these words for a while; done after that while."""

    where: str
    words: str
    for_s: float

    def __str__(self) -> str:
        return f'expected no "{self.words}" for {self.for_s:g} s'


@dataclass(frozen=True, slots=True)
class AbsentCommand:
    """The coach must not understand this command (None: any command) for a while; done after that while."""

    where: str
    command: Command | None
    for_s: float

    def __str__(self) -> str:
        return f"expected no {self.command.key if self.command else 'command'} for {self.for_s:g} s"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody says anything, and anything may happen."""

    where: str
    seconds: float

    def __str__(self) -> str:
        return f"to wait {self.seconds:g} s"


@dataclass(frozen=True, slots=True)
class Ends:
    """The session must come to its end in this mode, or in any (None); done when it has."""

    where: str
    mode: str | None
    within_s: float

    def __str__(self) -> str:
        where = "" if self.mode is None else f' in "{self.mode}"'
        return f"expected the session to end{where} within {self.within_s:g} s"


Act = Speak | SmallTalk | Disturb | Mute | PowerCut
"""What happens in the bedroom without the coach."""
Expectation = (
    ExpectWords | ExpectCommand | ExpectMode | ExpectVoice | ExpectSilence | AbsentWords | AbsentCommand | Ends
)
"""What is asked of the coach."""
Turn = Act | Expectation | Wait


def _subject(by: str) -> str:
    return "" if by == PERSON else f"{by} "


def _when(on: OnWords | None, after_s: float) -> str:
    return f"after {after_s:g} s" if on is None else str(on)
