"""A plan: the steps of one session, made of timed beats.

More than 300 lines: beats, the steps that are made of them, and how long they last know one another.

A beat is the smallest thing a session can be at: a sentence, a pause to move, a hold, some rounds of a movement.  Plans
are values; "longer" and "shorter" make a new plan with one step changed (`amounts.py`).  `planning.py` makes plans of
routines.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from voicecoach.routine.stretch import Position, Unit
from voicecoach.routine.ways import LYING, way, way_s

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from voicecoach.routine.pace import SpeechDurations
    from voicecoach.routine.stretch import Dose, Phase, Routine, Side, Stretch
    from voicecoach.routine.ways import Movement, Places

COUNT_S = 1.5
"""Seconds from one number of a slow count to the next, at pace 1."""
READY_S = 90.0
"""How long "ready" is waited for, in seconds; after that the session rests, as in any pause."""
READY_SOON_S = 5.0
"""When it is said, for an estimate: who lies as they should does not let anybody wait for long."""

ANSWER_S = 6.0
"""Quiet time after "say once more for another", before another round begins."""


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
    """The end of one round of "as many times as is comfortable": back to beat ``to`` on request, ``most`` times.

    Who says nothing is led through no more of it.
    """

    to: int
    most: int
    prompt: Say
    """Said after the first round: what to say for another, or to move on."""
    another: Say
    """The same in fewer words, after a later round."""


@dataclass(frozen=True, slots=True)
class Way:
    """The words that lead over into another position, from wherever the listener is."""

    to: Position
    movements: Mapping[Movement, Say]
    """The words for each movement."""
    known: bool = False
    """Whether the listener knows the way: then it is told in few words."""
    moved: frozenset[Movement] = frozenset()
    """The movements that earlier steps lead through: who was told of them needs few words."""

    def begun_at(self, start: Places, told: Collection[Movement] | None = None) -> Say:
        """What is said to somebody who may be in ``start``; nothing where no way is needed.

        In few words, each movement is named.

        Args:
            start: Where the listener may be.
            told: The movements that they have been told of in this session; None: of all in earlier steps.
        """
        chain = way(start, self.to)
        known = self.moved if told is None else self.moved.intersection(told)
        said = [self.movements[movement] for movement in chain]
        brief = [one.brief for one in said]
        full = [one.brief if movement in known else one.text for movement, one in zip(chain, said, strict=True)]
        return Say(" ".join(brief if self.known else full), " ".join(brief))


@dataclass(frozen=True, slots=True)
class Rest:
    """Quiet time between two rounds of a stretch, out of it; "ready" ends it."""

    seconds: float
    lies: Position | None = None
    """Where the listener has been led to rest, where nobody could rest in the position itself."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Waiting for "ready"."""

    reminder: Say
    """Said once into the quiet."""


Beat = Say | Wait | Hold | Cycle | Again | Way | Rest | Ready
TimedBeat = Wait | Hold | Cycle | Rest | Ready
"""What lasts for some seconds, and can be taken up again within them."""


@dataclass(frozen=True, slots=True)
class Round:
    """Where one round of a stretch lies among the beats of its step."""

    rests_at: int
    """The first beat of the rest before it; of the first round, which has none, its beginning."""
    begins_at: int
    """The first beat that it is done with, after the one that names it."""
    lies: Position | None = None
    """Where the listener rests before it, if not in the position of the stretch."""

    @property
    def named_at(self) -> int:
        """The beat that names it; of the first round, which has no name, its beginning."""
        return max(self.rests_at, self.begins_at - 1)


def lying_down(start: Places, movements: Mapping[Movement, Say]) -> str:
    """How to lie down, for somebody who may be where nobody can be left to rest; nothing for somebody who lies."""
    return "" if start <= LYING else Way(Position.ON_SIDE, movements).begun_at(start).text


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a session with its beats."""

    stretch: Stretch
    dose: Dose
    beats: tuple[Beat, ...]
    side_of_beat: tuple[Side, ...]
    """For each beat the side it belongs to."""
    cue_of_beat: tuple[int | None, ...]
    """For each beat the index of the cue that has led into what is held or moved then, up to the words that lead out of
    it; None where the body is out of the stretch, and in stretches in which one only rests."""
    setup_beats: int
    """How many beats at the beginning name the stretch and bring the listener into position."""
    moves_at: int
    """Index of the `Way` into the position; the stretch's own setup and the time to get there follow it."""
    comes_from: Places
    """Where a listener may be who comes from the step before, or to the first one."""
    level: int = 0
    """The level of the dose, as the entry has it; what is written down when the step is done."""
    rounds: tuple[Round, ...] = ()
    """All rounds of the dose, at least one."""

    @property
    def arrives_at(self) -> int:
        """Index of the time to get into the position."""
        return self.moves_at + 2

    def leads_out(self, index: int) -> bool:
        """Whether the beat is the words that lead out of what was held or moved."""
        is_over = index > 0 and isinstance(self.beats[index - 1], Hold | Cycle)
        return self.cue_of_beat[index] is not None and is_over and isinstance(self.beats[index], Say)

    def settles_at(self, index: int) -> int:
        """Index of the quiet time to follow the cue that has led into the beat at ``index``."""
        cue = self.cue_of_beat[index]
        return next(later for later in range(cue or 0, len(self.beats)) if isinstance(self.beats[later], Wait))

    def round_at(self, beat: int) -> int:
        """The round, from 0, that ``beat`` belongs to; the rest before a round is a part of it."""
        return max(0, sum(one.rests_at <= beat for one in self.rounds) - 1)

    def is_between_rounds(self, beat: int) -> bool:
        """Whether ``beat`` leads out of one round, rests, or names the next one."""
        return any(one.rests_at <= beat < one.begins_at for one in self.rounds)

    def is_out_at(self, beat: int) -> bool:
        """Whether the listener has come out of the stretch, between two rounds: the way out has been told."""
        return self.is_between_rounds(beat) and any(
            isinstance(one, Rest) for one in self.beats[self.rounds[self.round_at(beat)].rests_at : beat + 2]
        )

    def lies_before(self, beat: int) -> Position | None:
        """Where somebody lay down to rest who begins a round with ``beat``."""
        return next((one.lies for one in self.rounds if one.begins_at == beat), None)

    def is_ready_at(self, beat: int) -> bool:
        """Whether "ready" is waited for at ``beat``."""
        return beat < len(self.beats) and isinstance(self.beats[beat], Ready)

    def past_ready(self, beat: int) -> int:
        """The beat to go on with at ``beat`` where "ready" has been said."""
        found = next((index for index in (beat, beat + 1) if self.is_ready_at(index)), None)
        return beat if found is None else found + 1

    def short_cue(self, side: Side) -> str:
        """The cue of ``side`` in its short form; "" where nothing is said of it."""
        ahead = zip(self.beats, self.side_of_beat, strict=True)
        said = (beat for beat, of in islice(ahead, self.setup_beats, None) if of is side and isinstance(beat, Say))
        return next((beat.brief for beat in said), "")

    def beat_from(
        self, start: Places, index: int, *, again: bool = False, told: Collection[Movement] | None = None
    ) -> Beat:
        """The beat at ``index`` for somebody who is led into the position from ``start``.

        Where that is not for the first time (``again``), in few words and without the stretch's own setup.  ``told`` is
        as in `Way.begun_at`.
        """
        beat = self.beats[index]
        if isinstance(beat, Way):
            way_in = beat.begun_at(start, told)
            return Say(way_in.brief, way_in.brief) if again else way_in
        if again and index == self.moves_at + 1:
            return Say("")
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
    ending: tuple[Say, ...] = ()
    """How somebody lies down after the last step; nothing for somebody who lies already."""


def nominal_s(beat: Beat) -> float:
    """Length of a timed beat at pace 1, in seconds; 0.0 for a sentence."""
    match beat:
        case Wait(seconds=seconds) | Rest(seconds=seconds):
            return seconds
        case Ready():
            return READY_S
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
            return durations.speech_s(prompt.text) + ANSWER_S
        case Ready():
            return READY_SOON_S
        case _:
            return nominal_s(beat) * (pace if follows_pace(beat) else 1.0)


def remaining_s(  # noqa: PLR0913, PLR0917 - a place has so many parts
    plan: Plan, step: int, beat: int, offset_s: float, pace: float, then: int | None = None
) -> float:
    """Estimated seconds from a place to the last words, when an "as many times as is comfortable" is done once.

    Args:
        plan: The plan.
        step: Index of the step.
        beat: Index of the beat within the step.
        offset_s: Seconds of that beat that are over, at pace 1.
        pace: The pace of counts and breaths.
        then: While the listener is led into the position again: the beat that follows.
    """
    here = plan.steps[step]
    ahead = [*once(here, beat)] if then is None else [*_led_in_again(here, beat), *once(here, then)]
    ahead += (b for later in plan.steps[step + 1 :] for b in once(later))
    ahead += plan.ending
    current = here.beats[beat]
    over_s = offset_s * (pace if follows_pace(current) else 1.0)
    if isinstance(current, Ready):
        over_s = min(over_s, READY_SOON_S)
    return max(0.0, sum(beat_s(b, pace, plan.durations) for b in ahead) - over_s)


def once(step: Step, beat: int = 0) -> Iterator[Beat]:
    """The beats of ``step`` from ``beat`` on, for a listener who comes from the step before.

    An "as many times as is comfortable" is gone through once.
    """
    is_there = step.comes_from == {step.stretch.position}
    for index in range(beat, len(step.beats)):
        if not (is_there and step.moves_at <= index <= step.arrives_at):
            yield step.beat_from(step.comes_from, index)
        if isinstance(step.beats[index], Again):
            return
        if step.lies_before(index + 1) is not None:
            yield from _led_in_again(step, step.moves_at)


def _led_in_again(step: Step, beat: int) -> Iterator[Beat]:
    """From ``beat`` of the way into the position on, for somebody who comes from lying down between two rounds."""
    start = next((frozenset({one.lies}) for one in step.rounds if one.lies), step.comes_from)
    for index in range(beat, step.arrives_at + 1):
        yield step.beat_from(start, index, again=True)
