"""A scenario: who is in which room, what they say and when, and what the coach must do then.

Frozen values: `turns.py` has the turns, `scenario_file.py` reads a scenario, `scenario_writing.py` writes one,
`rehearsal.py` plays it.  All lengths are seconds, all levels decibels.
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
from voicecoach.simulation.turns import Ends, OnWords, SmallTalk, Speak

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.languages.language import Language
    from voicecoach.routine.stretch import Routine
    from voicecoach.simulation.turns import Turn

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


def usual_night(routine: Routine, language: Language) -> Scenario:
    """The scenario where there is no file: "start <routine>", then "next" or "ready" wherever the coach asks for it."""
    here = "the usual night"
    name = max(routine.say, key=len)
    start, on, ready = (language.phrases[command][0] for command in (Command.START, Command.NEXT, Command.READY))
    asks_ready = language.plan.rounds.ready
    return Scenario(
        title=f"A usual night: {routine.title}",
        routine=routine.key,
        turns=(Speak(here, start.replace("{routine}", name), after_s=1.0), Ends(here, None, LIMIT_S)),
        answers=(
            Speak(here, on, on=OnWords(language.plan.until_next, ended=True), after_s=2.0),
            Speak(here, ready, on=OnWords(asks_ready, ended=True), after_s=3.0),
        ),
    )
