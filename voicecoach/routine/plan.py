"""A plan: the steps of one session, made of timed beats.

A beat is the smallest thing a session can be at: a sentence, a pause to move, a hold, some rounds of a movement.  Plans
are values; "longer" and "shorter" make a new plan with one step changed.  `planning.py` makes plans of routines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicecoach.routine.stretch import Position, Unit
from voicecoach.routine.ways import RESTS_IN, way, way_s

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicecoach.routine.pace import SpeechDurations
    from voicecoach.routine.stretch import Dose, Phase, Routine, Side, Stretch
    from voicecoach.routine.ways import Movement

COUNT_S = 1.5
"""Seconds from one number of a slow count to the next, at pace 1."""


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence.  ``brief`` is said instead when the listener wants less talk; empty: nothing is said then."""

    text: str
    brief: str = ""
    once: bool = False
    """Whether it is said once in a session, however often the listener comes back to it: words of caution."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Quiet time to move; "ready" ends it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """A position held still for ``amount`` seconds or slow counts."""

    amount: int
    unit: Unit
    """SECONDS or COUNTS."""

    def __post_init__(self) -> None:
        if self.unit not in (Unit.SECONDS, Unit.COUNTS):
            raise ValueError(f"a hold is measured in seconds or counts, not {self.unit.value}")


@dataclass(frozen=True, slots=True)
class Cycle:
    """``rounds`` rounds of a movement or of breathing, each made of phases with a length in seconds."""

    rounds: int
    phases: tuple[Phase, ...]
    breathing: bool = False
    """Whether the rounds are breaths and nothing else."""

    def __post_init__(self) -> None:
        if any(phase.seconds is None for phase in self.phases):
            raise ValueError("every phase of a planned movement has its length")

    @property
    def round_s(self) -> float:
        """Length of one round at pace 1."""
        return sum(phase.seconds or 0.0 for phase in self.phases)


@dataclass(frozen=True, slots=True)
class Again:
    """The end of one round of "as many times as is comfortable": back to beat ``to``, at most ``most`` times."""

    to: int
    most: int
    prompt: Say
    """Said after the first round and now and then: what to say to move on."""
    another: Say
    """Said in between: one more round begins."""


@dataclass(frozen=True, slots=True)
class Way:
    """The words that lead over into another position, from wherever the listener is."""

    to: Position
    movements: Mapping[Movement, Say]
    """The words for each movement."""
    known: bool = False
    """Whether the listener knows the way: then it is told in few words."""

    def begun_at(self, start: Position | None) -> Say:
        """What is said to somebody who is in ``start`` (None: lies, nobody knows how); nothing where no way is needed.

        In few words, the last movement says where the way leads.
        """
        said = [self.movements[movement] for movement in way(start, self.to)]
        brief = said[-1].brief if said else ""
        return Say(brief if self.known else " ".join(one.text for one in said), brief)


Beat = Say | Wait | Hold | Cycle | Again | Way


def lying_down(position: Position | None, movements: Mapping[Movement, Say]) -> str:
    """How to lie down, for somebody who is where nobody can be left to rest; nothing elsewhere."""
    return Way(Position.ON_SIDE, movements).begun_at(position).text if position in RESTS_IN else ""


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a session with its beats."""

    stretch: Stretch
    dose: Dose
    beats: tuple[Beat, ...]
    side_of_beat: tuple[Side, ...]
    """For each beat the side it belongs to."""
    setup_beats: int
    """How many beats at the beginning name the stretch and bring the listener into position."""
    moves_at: int
    """Index of the `Way` into the position; the stretch's own setup and the time to get there follow it."""
    comes_from: Position | None
    """The position of a listener who comes from the step before; None where there is none."""
    level: int = 0
    """The level of the dose, as the entry has it; what is written down when the step is done."""

    @property
    def arrives_at(self) -> int:
        """Index of the time to get into the position."""
        return self.moves_at + 2

    def beat_from(self, start: Position | None, index: int) -> Beat:
        """The beat at ``index`` for somebody who is led into the position from ``start``."""
        beat = self.beats[index]
        if isinstance(beat, Way):
            return beat.begun_at(start)
        if index == self.arrives_at:
            return Wait(way_s(start, self.stretch.position))
        return beat


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of a session of one routine."""

    routine: Routine
    steps: tuple[Step, ...]
    durations: SpeechDurations
    """How long its sentences last."""


def nominal_s(beat: Beat) -> float:
    """Length of a timed beat at pace 1, in seconds; 0.0 for a sentence."""
    match beat:
        case Wait(seconds=seconds):
            return seconds
        case Hold(amount=amount, unit=unit):
            return amount * (COUNT_S if unit is Unit.COUNTS else 1.0)
        case Cycle(rounds=rounds):
            return rounds * beat.round_s
        case _:
            return 0.0


def follows_pace(beat: Beat) -> bool:
    """Whether "slower" and "faster" stretch this beat: counts and breaths yes, seconds no."""
    return isinstance(beat, Cycle) or (isinstance(beat, Hold) and beat.unit is Unit.COUNTS)


def beat_s(beat: Beat, pace: float, durations: SpeechDurations) -> float:
    """Length of a beat in seconds at ``pace`` (1.2 is a fifth slower); sentences are estimated."""
    match beat:
        case Say(text=text):
            return durations.speech_s(text) if text else 0.0
        case Again(prompt=prompt):
            return durations.speech_s(prompt.text)
        case _:
            return nominal_s(beat) * (pace if follows_pace(beat) else 1.0)


def remaining_s(plan: Plan, step: int, beat: int, offset_s: float, pace: float) -> float:
    """Estimated seconds from a place to the end, when an "as many times as is comfortable" is done once.

    Args:
        plan: The plan.
        step: Index of the step.
        beat: Index of the beat within the step.
        offset_s: Seconds of that beat that are over, at pace 1.
        pace: The pace of counts and breaths.
    """
    ahead = [*once(plan.steps[step], beat), *(b for later in plan.steps[step + 1 :] for b in once(later))]
    over_s = offset_s * (pace if follows_pace(plan.steps[step].beats[beat]) else 1.0)
    return max(0.0, sum(beat_s(b, pace, plan.durations) for b in ahead) - over_s)


def once(step: Step, beat: int = 0) -> Iterator[Beat]:
    """The beats of ``step`` from ``beat`` on, for a listener who comes from the step before.

    An "as many times as is comfortable" is gone through once.
    """
    is_there = step.comes_from is step.stretch.position
    for index in range(beat, len(step.beats)):
        if not (is_there and step.moves_at <= index <= step.arrives_at):
            yield step.beat_from(step.comes_from, index)
        if isinstance(step.beats[index], Again):
            return


_LONGER = {Unit.SECONDS: 10, Unit.COUNTS: 5}
_SHORTEST = {Unit.SECONDS: 5, Unit.COUNTS: 3}
_LONGEST_S = 600
_MOST_ROUNDS = 60


def with_more(step: Step, direction: int) -> Step:
    """``step`` with longer (``direction`` 1) or shorter (-1) holds and more or fewer rounds, within reason."""
    return replace(step, beats=tuple(_more(beat, direction) for beat in step.beats))


def _more(beat: Beat, direction: int) -> Beat:
    match beat:
        case Hold(amount=amount, unit=unit):
            changed = amount + direction * _LONGER[unit]
            return replace(beat, amount=max(min(amount, _SHORTEST[unit]), min(changed, max(amount, _LONGEST_S))))
        case Cycle(rounds=rounds) if rounds > 1 or direction > 0:
            changed = rounds + direction * (2 if rounds > 2 else 1)  # noqa: PLR2004 - two of many, one of few
            return replace(beat, rounds=max(1, min(changed, max(rounds, _MOST_ROUNDS))))
        case _:
            return beat
