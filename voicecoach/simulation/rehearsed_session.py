"""What came of a rehearsal, as values: its trace, and the acts beside the coach, to be played again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.session_trace import REHEARSAL, Header

if TYPE_CHECKING:
    from voicecoach.engines.synthesis.port import Voice
    from voicecoach.session_events import SessionEvent
    from voicecoach.session_trace import Said, Trace
    from voicecoach.simulation.scenario import Scenario
    from voicecoach.simulation.turns import Act


@dataclass(frozen=True, slots=True)
class PerformedAct:
    """An act of a scenario, and when it took place."""

    act: Act
    began_s: float
    ended_s: float


@dataclass(frozen=True, slots=True)
class RehearsedSession:
    """What came of a rehearsal."""

    scenario: Scenario
    trace: Trace
    acts: tuple[PerformedAct, ...] = ()
    """Everything that was said and happened beside the coach, in the order in which it began to be done."""

    @property
    def events(self) -> tuple[SessionEvent, ...]:
        return self.trace.events

    @property
    def said(self) -> tuple[Said, ...]:
        return self.trace.said

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each turn of the scenario that did not come about; empty when all is well."""
        return self.trace.failures

    @property
    def lasted_s(self) -> float:
        return self.trace.lasted_s

    @property
    def mode(self) -> str:
        """The mode of the dialogue at the end."""
        return self.trace.mode


def header_of(
    scenario: Scenario,
    seed: int,
    routine: str = "",
    coach_voice: Voice | None = None,
    spare_voice: Voice | None = None,
) -> Header:
    """What is known of a rehearsal when it begins.

    Args:
        scenario: What is played.
        seed: What decides all that is left to chance.
        routine: Title of the scenario's routine; empty: its key will do.
        coach_voice: None: it is rehearsed as text.
        spare_voice: None: no voice pack speaks.
    """
    room = scenario.room
    noise = "no noise" if room.noise.value == "none" else f"{room.noise.value} noise at {room.noise_db:g} dB"
    return Header(
        source=REHEARSAL,
        title=scenario.title,
        routine=routine or scenario.routine,
        seed=seed,
        coach_voice=coach_voice,
        spare_voice=spare_voice,
        person_voice=scenario.person.voice if coach_voice else None,
        other_voices={name: one.voice for name, one in scenario.others.items()} if coach_voice else {},
        person_level_db=scenario.person.level_at_microphone_db if coach_voice else None,
        room=f"{noise}, {'no echo' if room.echo_db is None else f'echo at {room.echo_db:g} dB'}",
    )
