"""Whether a dose can be done with a stretch, and whether it stays within reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.problems import Problems
from voicecoach.routine.plan import COUNT_S
from voicecoach.routine.resting import A_BREATH_S
from voicecoach.routine.spoken import SLOT
from voicecoach.routine.stretch import Sides, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from voicecoach.errors import BadFileError
    from voicecoach.routine.stretch import Dose, Stretch
    from voicecoach.yamlfile import Node

LONGEST_STRETCH_S = 3600
"""Of one stretch with all its rounds; what is longer is a slip of the pen."""
_ON_BOTH = frozenset({Sides.EACH, Sides.LEFT_FIRST, Sides.ALTERNATING, Sides.EACH_THEN_BOTH})


def misfits(
    entry: Node, parts: Mapping[str, Node], dose: Dose, stretch: Stretch, stretches: Mapping[str, Stretch]
) -> Sequence[BadFileError]:
    """What is wrong with a dose that each of its values allows.

    Args:
        entry: A line of a routine.
        parts: Its values by key.
        dose: What they say.
        stretch: The stretch of the entry.
        stretches: All stretches, by key: what may take its place must be done with the same dose.
    """
    problems, called = Problems(), f'the stretch "{stretch.key}"'
    with problems:
        check_hold_fits(entry, parts, dose, stretch, called)
    with problems:
        _check_sides_fit(entry, parts, dose, stretch, called)
    if not problems.found:
        with problems:
            _check_length(entry, dose, stretch, called)
        for why, key in (("on a soft bed", stretch.soft_bed), ("for whom it is ruled out", stretch.instead)):
            other = stretches.get(key or "")
            if other and other.in_place is None:
                with problems:
                    check_hold_fits(entry, parts, dose, other, f'{why}, the stretch "{other.key}"')
    return problems.found


def check_hold_fits(entry: Node, parts: Mapping[str, Node], dose: Dose, stretch: Stretch, called: str) -> None:
    """Refuse a hold that ``stretch`` cannot have, and the lack of one that it needs.

    Args:
        entry: What the dose belongs to.
        parts: Its values by key.
        dose: What they say.
        stretch: What is done so.
        called: How it is named to the reader.

    Raises:
        BadFileError: They do not go together.
    """
    open_phases = [phase for phase in stretch.phases if phase.seconds is None]
    if dose.hold is None and not stretch.phases:
        raise entry.error(f'{called} is held, but for how long? add for example "hold: 20 seconds"')
    if dose.hold is None and open_phases:
        raise entry.error(f'{called} has a part that lasts as long as the hold; add for example "hold: 5 seconds"')
    if dose.hold and stretch.phases and not open_phases:
        raise parts["hold"].error(f'{called} moves, each part with a length of its own; leave out "hold"')
    if dose.hold and open_phases and dose.hold.unit is Unit.BREATHS:
        raise parts["hold"].error(f"{called} moves, and cannot be held for breaths; write counts or seconds")


def _check_sides_fit(entry: Node, parts: Mapping[str, Node], dose: Dose, stretch: Stretch, called: str) -> None:
    if dose.sides is Sides.NONE and stretch.sided:
        raise entry.error(f'{called} is done on one side at a time; add "sides: each" or "sides: alternating"')
    if dose.sides is Sides.NONE:
        return
    name = "side" if "side" in parts else "sides"
    if not stretch.sided:
        raise parts[name].error(f'{called} has no sides (its cues never say {{side}}); leave out "{name}"')
    if dose.sides is Sides.EACH_THEN_BOTH:
        if stretch.cue_both is None:
            raise parts["sides"].error(f'{called} has no words for both at once; write "sides: each"')
        if stretch.phases or SLOT.search(stretch.release + stretch.breathing):
            raise parts["sides"].error(f'{called} is said one side at a time; write "sides: each"')


def _check_length(entry: Node, dose: Dose, stretch: Stretch, called: str) -> None:
    """Refuse what would last for hours, though no figure of it is too large by itself."""
    seconds = _longest_s(dose, stretch)
    if seconds > LONGEST_STRETCH_S:
        raise entry.error(
            f"{called} would last {round(seconds / 60)} minutes in all its rounds; write less, so that it stays within "
            f"{LONGEST_STRETCH_S // 60}"
        )


def _longest_s(dose: Dose, stretch: Stretch) -> float:
    """About how many seconds the dose lasts at its upper end; of an open end, what is done at least."""
    hold_s = (
        dose.hold.high * {Unit.COUNTS: COUNT_S, Unit.BREATHS: A_BREATH_S}.get(dose.hold.unit, 1.0) if dose.hold else 0
    )
    once_s = sum(phase.seconds or hold_s for phase in stretch.phases) if stretch.phases else hold_s
    times = dose.repeat.high if dose.repeat else dose.at_most or 1
    sides = 3 if dose.sides is Sides.EACH_THEN_BOTH else 2 if dose.sides in _ON_BOTH else 1
    sets = dose.sets + dose.more_sets
    return sets * sides * times * once_s + (sets - 1) * (A_BREATH_S if dose.rest_s is None else dose.rest_s)
