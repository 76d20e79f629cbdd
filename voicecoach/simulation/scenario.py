"""A scenario: one night on paper.  Who lies in which bedroom, what they say and when, and what the coach must do then.

These are the words of the scenario files as frozen values; `scenario_file.py` reads them, `rehearsal.py` plays them.
All lengths are seconds, all levels decibels.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import log10
from typing import TYPE_CHECKING, Final

from voicecoach.engines.synthesis.port import Voice
from voicecoach.languages.commands import Command
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.session_trace import PERSON
from voicecoach.simulation.acoustic_scene import RoomAcoustics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voicecoach.languages.language import Language
    from voicecoach.routine.stretch import Routine
    from voicecoach.simulation.disturbance import Disturbance

LIMIT_S: Final = 60 * 60.0
"""No rehearsal lasts longer unless its scenario says so."""
ROOM: Final = "room"
"""Who coughs, slams doors, mutes the microphone and cuts the power."""
EVENING: Final = datetime(2026, 1, 15, 22, 0, tzinfo=UTC)
"""When a night begins that says nothing else."""


def answered(at: datetime, *yes: Condition) -> tuple[Record, ...]:
    """The answers of somebody's first evening: all are no, but for those named."""
    return tuple(Record(at, Fact.ANSWERED, one.value, value=float(one in yes)) for one in Condition)


ALL_ANSWERED: Final = (
    *answered(EVENING),
    Record(EVENING, Fact.RATING, value=0),
    Record(EVENING, Fact.TIPS, value=0),
)
"""Somebody who is asked nothing before a session and told nothing after it: the stretches, and nothing else."""


@dataclass(frozen=True, slots=True)
class Talker:
    """Somebody who speaks, as far as a microphone knows."""

    voice: Voice = field(default_factory=lambda: Voice("en-us+m3", 150))
    level_db: float = -26.0
    """Level (RMS) of their speech a metre from the microphone, relative to full scale."""
    distance_m: float = 1.0

    @property
    def level_at_microphone_db(self) -> float:
        """Twice as far is 6 dB quieter."""
        return self.level_db - 20.0 * log10(self.distance_m)


@dataclass(frozen=True, slots=True)
class OnWords:
    """The moment at which the coach says some words."""

    words: str
    ended: bool
    """Whether to wait until the whole sentence has been said, or only until it begins."""

    def __str__(self) -> str:
        return f'when the coach {"has said" if self.ended else "says"} "{self.words}"'


# --- turns ------------------------------------------------------------------------------------------------------------
# Played in order.  A turn begins when the one before is done; `where` is its place in the file and
# `str(turn)` what it asks for; together they are a message.


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

    def __str__(self) -> str:
        return f'{_subject(self.by)}to say "{self.words}" {_when(self.on, self.after_s)}'


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
    """The microphone gives nothing but silence for a while; done as soon as that begins."""

    where: str
    for_s: float
    on: OnWords | None = None
    after_s: float = 0.0

    def __str__(self) -> str:
        return f"the microphone muted for {self.for_s:g} s {_when(self.on, self.after_s)}"


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
        return f'expected the command "{self.command.value}" within {self.within_s:g} s'


@dataclass(frozen=True, slots=True)
class ExpectMode:
    """The dialogue must come to be in this mode; done when it is."""

    where: str
    mode: str
    within_s: float

    def __str__(self) -> str:
        return f'expected the mode "{self.mode}" within {self.within_s:g} s'


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
        return f"expected no {self.command.value if self.command else 'command'} for {self.for_s:g} s"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody says anything, and anything may happen."""

    where: str
    seconds: float

    def __str__(self) -> str:
        return f"to wait {self.seconds:g} s"


@dataclass(frozen=True, slots=True)
class Ends:
    """The session must come to its end in this mode; done when it has."""

    where: str
    mode: str
    within_s: float

    def __str__(self) -> str:
        return f'expected the session to end in "{self.mode}" within {self.within_s:g} s'


Act = Speak | SmallTalk | Disturb | Mute | PowerCut
"""What happens in the bedroom without the coach."""
Expectation = ExpectWords | ExpectCommand | ExpectMode | ExpectSilence | AbsentWords | AbsentCommand | Ends
"""What is asked of the coach."""
Turn = Act | Expectation | Wait


@dataclass(frozen=True, slots=True)
class Scenario:
    """One night."""

    title: str
    routine: str
    """Key of the routine that it is about."""
    turns: tuple[Turn, ...]
    answers: tuple[Speak, ...] = ()
    """What is said beside the turns, every time the coach says certain words."""
    person: Talker = field(default_factory=Talker)
    others: Mapping[str, Talker] = field(default_factory=dict)
    """Who else can be heard, a partner or a radio, by name."""
    room: RoomAcoustics = field(default_factory=RoomAcoustics)
    soft_bed: bool = False
    left_out: frozenset[str] = frozenset()
    """Keys of stretches that the person never wants again."""
    at: datetime = EVENING
    """What time it is when the night begins."""
    history: tuple[Record, ...] = ALL_ANSWERED
    """What the journal knows by then, oldest first."""
    limit_s: float = LIMIT_S

    def spoken(self, by: str = PERSON) -> tuple[Speak | SmallTalk, ...]:
        """Everything that one of them may say."""
        return tuple(
            turn for turn in (*self.turns, *self.answers) if isinstance(turn, Speak | SmallTalk) and turn.by == by
        )


def _subject(by: str) -> str:
    return "" if by == PERSON else f"{by} "


def _when(on: OnWords | None, after_s: float) -> str:
    return f"after {after_s:g} s" if on is None else str(on)


def usual_night(routine: Routine, language: Language) -> Scenario:
    """The scenario where there is no file: "start <routine>", then "next" wherever the coach asks for it."""
    here = "the usual night"
    name = max(routine.say, key=len)
    start, on = (language.phrases[command][0] for command in (Command.START, Command.NEXT))
    return Scenario(
        title=f"A usual night: {routine.title}",
        routine=routine.key,
        turns=(Speak(here, start.replace("{routine}", name), after_s=1.0), Ends(here, "rest", LIMIT_S)),
        answers=(Speak(here, on, on=OnWords(language.plan.until_next, ended=True), after_s=2.0),),
    )
