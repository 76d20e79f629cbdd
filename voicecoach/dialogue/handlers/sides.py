"""Right and left: which side is on, and over to the other one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import take_up
from voicecoach.dialogue.handlers.safety import is_dropped, offer_again
from voicecoach.dialogue.state import Mode, Place
from voicecoach.routine.plan import Cycle, Hold
from voicecoach.routine.stretch import Side, Sides

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

_OTHER = {Side.RIGHT: Side.LEFT, Side.LEFT: Side.RIGHT}


@handler(stays=True)
def which_side(t: Transition) -> None:
    """The side, and to somebody who is in it, what is done with it in a few words."""
    side = _side(t)
    if side in _OTHER:
        cue = t.session.step.short_cue(side) if t.session.is_holding else ""
        t.say(f"{t.language.plan.on_side(t.words.this_side, side)} {cue}".strip(), remember=False)
    else:
        t.say(_without_sides(t, side), remember=False)


@handler(Mode.GUIDING, stays=True)
def other_side(t: Transition) -> None:
    """The other side from its beginning, now; nothing changes where there is none, or where it has been done."""
    t.keep_place()
    session, side, beat = t.session, _side(t), _other_side(t)
    if beat is None:
        t.say(t.words.second_side if side in _OTHER else _without_sides(t, side), remember=False)
        return
    held = isinstance(session.beat, Hold | Cycle) and session.is_in_position
    release = t.language.plan.on_side(session.step.stretch.release_of(side), side) if held else ""
    t.put(Place(session.place.step, beat, rounds=session.place.rounds))
    take_up(t, release)


@handler(Mode.GUIDING, stays=True)
def side_after_pain(t: Transition) -> None:
    """The other side, in the easier form; never of what hurt once too often."""
    beat = _other_side(t)
    if beat is None or is_dropped(t):
        offer_again.apply(t)
    else:
        t.put(Place(t.session.place.step, beat, rounds=t.session.place.rounds))
        take_up(t)


def _without_sides(t: Transition, side: Side) -> str:
    if side is Side.BOTH:
        return t.words.both_sides
    return t.words.sides_in_turn if t.session.step.dose.sides is Sides.ALTERNATING else t.words.no_sides


def _side(t: Transition) -> Side:
    """The side that is on, or the one that comes first while the way there is told; between rounds, the last one."""
    step, place = t.session.step, t.session.place
    here = max(place.aims_at, step.setup_beats)
    ahead, before = step.side_of_beat[here:], step.side_of_beat[:here][::-1]
    if step.dose.sides is Sides.ALTERNATING and t.session.side is Side.NONE and here == place.aims_at:
        return Side.NONE  # one movement to each side
    return next((side for side in (*ahead, *before) if side is not Side.NONE), Side.NONE)


def _other_side(t: Transition) -> int | None:
    """The beat with which the other side begins, of those of this round that are still to come."""
    session, step, other = t.session, t.session.step, _OTHER.get(_side(t))
    start = max(session.place.aims_at, session.round_start.beat)
    ends = [one.rests_at for one in step.rounds[session.round + 1 :]]
    end = next(iter(ends), len(step.beats))
    return next((index for index in range(start, end) if step.side_of_beat[index] is other), None)
