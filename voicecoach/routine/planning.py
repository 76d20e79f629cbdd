"""Makes a plan of a routine: every dose becomes beats, every cue finds its place.

A step is built as: its name, the way into its position and time for it, then for every side the cue, time to follow
it, the dose, and the way out.  What a routine remarks comes when the cue has told what is done.  Everything is said in
full the first time and short when it comes again.  Between two rounds the listener is out of the stretch: where nobody
could rest in its position, they lie down, and are led into it anew.

More than 300 lines: a plan is built in one class.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicecoach.routine.plan import (
    COUNT_S,
    Again,
    Beat,
    Cycle,
    Hold,
    Plan,
    Ready,
    Round,
    Say,
    Step,
    Wait,
    Way,
    lying_down,
    nominal_s,
)
from voicecoach.routine.resting import rest_before
from voicecoach.routine.stretch import Amount, Form, Phase, Side, Sides, Unit
from voicecoach.routine.ways import FEET_UP, LYING, way, way_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.routine.plan_words import PlanWords
    from voicecoach.routine.stretch import Condition, Dose, Entry, Routine, Stretch
    from voicecoach.routine.ways import Movement, Places

SUITED_S = 8.0
"""Time to find the easier or the harder form, or to put a pillow where it helps."""
LEAVE_OUT_S = 5.0
"""Time to leave a stretch out, after it has been told who should."""
LONG_HOLD_S = 10.0
"""A hold within a movement that is at least so long is counted down at its end."""
UNTIL_NEXT_LIMIT_S = 120.0
"""An "as many times as is comfortable" goes on for this long at most, where the routine does not say how often."""
_FEWEST_ROUNDS, _MOST_ROUNDS = 2, 8


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is known of the person and the bed when a plan is made."""

    left_out: frozenset[str] = frozenset()
    """Keys of stretches that the person never wants again."""
    soft_bed: bool = False
    familiar: frozenset[str] = frozenset()
    """Keys of stretches that the person has done often enough to need no word of caution any more."""
    met: frozenset[str] = frozenset()
    """Keys of stretches that the person has done before: who should leave them out has been told."""
    answered: frozenset[Condition] = frozenset()
    """What the person has been asked about and does not have."""


def make_plan(
    routine: Routine, preferences: Preferences, words: PlanWords, stretches: Mapping[str, Stretch] | None = None
) -> Plan:
    """The plan of ``routine`` for a person with ``preferences``.

    Args:
        routine: A routine; its stretches that are left out are passed over.
        preferences: What is known of the person and the bed.
        words: The joining words.
        stretches: Where the stretches named by ``soft_bed`` are found; without it nothing is swapped.
    """
    entries = [_on_this_bed(entry, preferences, stretches or {}) for entry in routine.entries]
    wanted = [entry for entry in entries if entry.stretch.key not in preferences.left_out]
    steps: list[Step] = []
    here: Places = LYING
    moved: frozenset[Movement] = frozenset()
    for number, entry in enumerate(wanted):
        naming = words.first if number == 0 else words.last if number == len(wanted) - 1 else words.then
        builder = _Builder(entry, words, preferences)
        steps.append(builder.step(naming, comes_from=here, moved=moved))
        moved = moved.union(way(here, entry.stretch.position))
        here = frozenset({entry.stretch.position})
    down = lying_down(here, words.ways)
    return Plan(routine, tuple(steps), words.durations, (_always(down),) if down else ())


def swapped(entry: Entry, other: Stretch) -> Entry:
    """``entry`` with another stretch in the place of its own.

    What was to be remarked belongs to the old one, and so do sides: what has none is done once, what has them, on each.
    As much is done as of the old one, unless the new one has a dose for this.
    """
    sides = entry.dose.sides
    if not other.sided:
        sides = Sides.NONE
    elif sides not in (Sides.ALTERNATING, Sides.LEFT_FIRST, Sides.RIGHT, Sides.LEFT):
        sides = Sides.EACH
    return replace(entry, stretch=other, dose=replace(other.in_place or entry.dose, sides=sides), remark="")


def _on_this_bed(entry: Entry, preferences: Preferences, stretches: Mapping[str, Stretch]) -> Entry:
    other = stretches.get(entry.stretch.soft_bed or "")
    return swapped(entry, other) if preferences.soft_bed and other else entry


class _Builder:
    """Collects the beats of one step, each with the side it belongs to."""

    def __init__(self, entry: Entry, words: PlanWords, preferences: Preferences) -> None:
        self._entry, self._words = entry, words
        self._stretch, self._dose = entry.stretch, entry.dose
        self._familiar = entry.stretch.key in preferences.familiar
        self._cautions = not self._familiar or "caution" in entry.stretch.every_time
        tells = entry.stretch.key not in preferences.met | preferences.familiar or "not_for" in entry.stretch.every_time
        reasons = (one.said for one in entry.stretch.not_for if one.condition not in preferences.answered)
        self._reasons = tuple(reasons) if tells else ()
        self._beats: list[Beat] = []
        self._sides: list[Side] = []
        self._side = Side.NONE
        self._cues: list[int | None] = []
        self._cue_at: int | None = None

    def step(self, naming: str, *, comes_from: Places, moved: frozenset[Movement]) -> Step:
        moves_at = self._name_it(naming, comes_from, moved)
        setup_beats = len(self._beats)
        rounds = [Round(setup_beats, setup_beats)]
        self._round(first=True)
        for number in range(2, self._dose.sets + 1):
            rounds.append(self._rest_before(number))
            self._round(first=False)
        if self._dose.until_next:
            self._again()
        if self._stretch.position in FEET_UP:
            self._side = Side.NONE
            self._add(_always(self._words.feet_down))
        beats, sides, cues = tuple(self._beats), tuple(self._sides), tuple(self._cues)
        where = (setup_beats, moves_at, comes_from, self._entry.level, tuple(rounds))
        return Step(self._stretch, self._dose, beats, sides, cues, *where)

    def _add(self, *beats: Beat) -> None:
        self._beats.extend(beats)
        self._sides.extend(self._side for _ in beats)
        self._cues.extend(self._cue_at for _ in beats)

    def _name_it(self, naming: str, comes_from: Places, moved: frozenset[Movement]) -> int:
        """The words that lead into the stretch; returns where those lie that lead into its position."""
        self._add(_always(naming.format(name=self._stretch.name)))
        if self._reasons:
            self._add(Say(self._words.not_for.format(reasons=self._words.any_of.joined(self._reasons)), once=True))
            self._add(Wait(LEAVE_OUT_S))
        moves_at, position = len(self._beats), self._stretch.position
        self._add(Way(position, self._words.ways, self._familiar, moved))
        self._add(_always(self._stretch.setup), Wait(way_s(comes_from, position)))
        self._wait_until_ready()
        if self._stretch.caution and self._cautions:
            self._add(Say(self._stretch.caution, once=True))
        return moves_at

    def _wait_until_ready(self) -> None:
        if self._dose.ready:
            words = self._words.rounds
            self._add(_always(words.ready), Ready(_always(words.ready_reminder)))

    def _rest_before(self, number: int) -> Round:
        """What comes before round ``number``, from 2 up."""
        self._side = Side.NONE
        rests_at = len(self._beats)
        beats, lies = rest_before(number, self._dose, self._stretch, self._words)
        self._add(*beats)
        begins_at = len(self._beats)
        self._wait_until_ready()
        return Round(rests_at, begins_at, lies)

    def _again(self) -> None:
        """An open end: the round just planned, then short rounds for as long as the listener likes."""
        self._side = Side.NONE
        prompt, another = _always(self._words.until_next), _always(self._words.another)
        most = self._dose.at_most
        self._add(Again(len(self._beats) + 1, 1 if most is None else min(1, most - 1), prompt, another))
        start = len(self._beats)
        self._round(first=False)
        self._side = Side.NONE
        round_s = sum(nominal_s(beat) for beat in self._beats[start:])
        if most is None:
            most = max(_FEWEST_ROUNDS, min(round(UNTIL_NEXT_LIMIT_S / max(1.0, round_s)), _MOST_ROUNDS))
        self._add(Again(start, most - 1, prompt, another))

    def _round(self, *, first: bool) -> None:
        """The whole dose once, on all its sides."""
        match self._dose.sides:
            case Sides.NONE:
                self._on_side(Side.NONE, first=first)
            case Sides.RIGHT:
                self._on_side(Side.RIGHT, first=first)
            case Sides.LEFT:
                self._on_side(Side.LEFT, first=first)
            case Sides.LEFT_FIRST:
                self._on_side(Side.LEFT, first=first)
                self._on_side(Side.RIGHT, first=False)
            case Sides.EACH | Sides.EACH_THEN_BOTH:
                self._on_side(Side.RIGHT, first=first)
                self._on_side(Side.LEFT, first=False)
                if self._dose.sides is Sides.EACH_THEN_BOTH:
                    self._on_side(Side.BOTH, first=first)
            case Sides.ALTERNATING:
                self._alternate(first=first)

    def _on_side(self, side: Side, *, first: bool) -> None:
        self._side = side
        if self._stretch.phases:
            self._cue(side, first=first)
            self._add(Cycle(_rounds(self._dose), self._phases(side)))
            self._release(side)
            return
        for number in range(_rounds(self._dose)):
            self._cue(side, first=first and number == 0, again=number > 0)
            self._hold()
            self._release(side)

    def _alternate(self, *, first: bool) -> None:
        right, left = Side.RIGHT, Side.LEFT
        if self._stretch.phases:
            self._side = right
            self._cue(right, first=first)
            self._side = Side.NONE
            self._add(Cycle(_rounds(self._dose), self._phases(right) + self._phases(left)))
            self._release(left)
            return
        for number in range(_rounds(self._dose)):
            for side in (right, left):
                self._side = side
                self._cue(side, first=first and number == 0 and side is right, again=number > 0 and side is right)
                self._hold()
                self._release(side)

    def _cue(self, side: Side, *, first: bool, again: bool = False) -> None:
        short = self._words.on_side(self._stretch.cue_short, side)
        full = self._words.on_side(self._stretch.cue, side)
        if side is Side.BOTH and self._stretch.cue_both:
            full = short = self._stretch.cue_both
        self._cue_at = None if self._stretch.restful else len(self._beats)
        later = self._words.once_more.format(cue=short) if again else short
        self._add(Say(full if first else later, short))
        if first and self._stretch.breathing:
            self._add(Say(self._words.on_side(self._stretch.breathing, side)))
        if first and self._entry.remark and side is not Side.BOTH:
            self._add(Say(self._entry.remark, once=True))
        suited = self._suited() if first and side is not Side.BOTH else []
        self._add(*suited, Wait(max(self._stretch.settle_s, SUITED_S) if suited else self._stretch.settle_s))

    def _suited(self) -> list[Say]:
        """What suits the stretch to this person: its easier or harder form, and the props that are at hand."""
        stretch = self._stretch
        form, asked_for = {
            Form.EASIER: (stretch.easier, stretch.easier_props),
            Form.HARDER: (stretch.harder, stretch.harder_props),
        }.get(self._entry.form, ("", frozenset[str]()))
        aids = [aid for aid in stretch.aids if aid.prop in self._entry.props - asked_for]
        return [*([_always(form)] if form else []), *(Say(aid.say) for aid in aids)]

    def _hold(self) -> None:
        hold = self._dose.hold
        if hold is None:
            return
        if hold.unit is Unit.BREATHS:
            self._add(Cycle(hold.low, (self._words.breathe_in, self._words.breathe_out), breathing=True))
        else:
            self._add(Hold(hold.low, hold.unit))

    def _release(self, side: Side) -> None:
        release = self._words.on_side(self._stretch.release_of(side), side)
        if release:
            self._add(_always(release))
        self._cue_at = None
        if self._stretch.recover_s:
            self._add(Wait(self._stretch.recover_s))

    def _phases(self, side: Side) -> tuple[Phase, ...]:
        hold_s = _hold_s(self._dose.hold)
        counted = self._dose.hold is not None and self._dose.hold.unit is Unit.COUNTS
        return tuple(
            replace(
                phase,
                say=self._words.on_side(phase.say, side),
                brief=self._words.on_side(phase.brief, side),
                seconds=hold_s if phase.seconds is None else phase.seconds,
                counted=phase.counted or (phase.seconds is None and counted),
                is_hold=phase.seconds is None and not counted and hold_s >= LONG_HOLD_S,
                count_s=COUNT_S if phase.seconds is None and counted else phase.count_s,
            )
            for phase in self._stretch.phases
        )


def _always(text: str) -> Say:
    """A sentence that is said however little the listener wants to hear."""
    return Say(text, text)


def _rounds(dose: Dose) -> int:
    return dose.repeat.low if dose.repeat else 1


def _hold_s(hold: Amount | None) -> float:
    if hold is None:
        return 0.0
    return hold.low * (COUNT_S if hold.unit is Unit.COUNTS else 1.0)
