"""Ways from one position to another: which movements a body makes on the way, and how much time they take.

Each language has words for the single movements; a way is one of them or a chain.  Nobody sits up straight from lying,
or lies down straight from all fours: that goes by way of the side, which spares the back.

Where a listener is, is a set: the positions in which they may be.  It has one member for somebody who was led there and
had time, and more for somebody who is on the way.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.routine.stretch import Position

if TYPE_CHECKING:
    from collections.abc import Mapping

Places: TypeAlias = "frozenset[Position]"
"""The positions in which a listener may be; never empty."""
Movement: TypeAlias = "tuple[Position | None, Position]"
"""From where and to where; None: from anywhere."""

ARRANGE_S = 5.0
"""Time to lie or kneel as a stretch wants it, where the position itself is reached."""
UNKNOWN_S = 3.0
"""What is added where nobody knows how the listener lies."""

_BACK, _SIDE, _FRONT = Position.ON_BACK, Position.ON_SIDE, Position.ON_FRONT
_ALL_FOURS, _KNEELING = Position.HANDS_AND_KNEES, Position.KNEELING
_SITTING, _STANDING, _WALL = Position.SITTING, Position.STANDING, Position.LEGS_UP

ON_THE_BACK = frozenset({Position.ON_BACK, Position.ON_BACK_KNEES_BENT, Position.ON_BACK_SHINS_LEVEL})
"""Positions of the legs of somebody who lies on the back; in these one can be left to fall asleep."""

FEET_UP = frozenset({Position.ON_BACK_SHINS_LEVEL})
"""Positions of these in which the feet are in the air: they have to be put down in the end."""

LYING = ON_THE_BACK | {Position.ON_SIDE, Position.ON_FRONT}
"""Where somebody may be who lies in bed, nobody knows how."""
ANYWHERE = frozenset(Position)

MOVEMENTS_S: Mapping[Movement, float] = {
    (_BACK, _SIDE): 4.0,
    (_SIDE, _BACK): 4.0,
    (_SIDE, _FRONT): 4.0,
    (_FRONT, _SIDE): 6.0,
    (_SIDE, _ALL_FOURS): 4.0,
    (_ALL_FOURS, _SIDE): 5.0,
    (_FRONT, _ALL_FOURS): 5.0,
    (_ALL_FOURS, _FRONT): 5.0,
    (_ALL_FOURS, _KNEELING): 4.0,
    (_KNEELING, _ALL_FOURS): 4.0,
    (_SIDE, _SITTING): 6.0,
    (_SITTING, _SIDE): 5.0,
    (_SITTING, _ALL_FOURS): 5.0,
    (_ALL_FOURS, _SITTING): 5.0,
    (_SITTING, _WALL): 8.0,
    (_SITTING, _STANDING): 6.0,
    (_STANDING, _SITTING): 8.0,
    (_WALL, _SIDE): 12.0,
    (None, _SIDE): 6.0,
}
"""Each movement and its time in seconds, in the dark, with a sore back, beside that of its words."""

RESTS_IN: Mapping[Position, Position] = {
    _ALL_FOURS: _SIDE,
    _KNEELING: _SIDE,
    _SITTING: _BACK,
    _STANDING: _SIDE,
    _WALL: _SIDE,
}
"""Where the words that lead out of a stretch (`Stretch.come_out`) leave the listener; elsewhere they stay."""


def rests_in(position: Position) -> Position:
    """The position in which somebody lies who was led out of a stretch in ``position``."""
    return RESTS_IN.get(position, position)


def body(position: Position) -> Position:
    """How the trunk lies, which is what a way is for; how the legs lie is said by a stretch's setup."""
    return _BACK if position in ON_THE_BACK else position


def begins_at(start: Places) -> Position | None:
    """The position for which the words of a way from ``start`` begin; None: they have to be right from anywhere.

    Whoever lies, nobody knows how, is told the way from the back: it begins with rolling onto the side.
    """
    bodies = {body(position) for position in start}
    if len(bodies) == 1:
        return bodies.pop()
    return _BACK if start <= LYING else None


@cache
def way(start: Places, to: Position) -> tuple[Movement, ...]:
    """The movements from ``start`` to ``to``, of all ways the shortest in time; empty where the trunk stays."""
    begin = begins_at(start)
    if begin is None:
        return ((None, _SIDE), *_shortest(_SIDE, body(to)))
    return _shortest(begin, body(to))


def _shortest(begin: Position, end: Position) -> tuple[Movement, ...]:
    best: dict[Position, tuple[float, tuple[Movement, ...]]] = {begin: (0.0, ())}
    open_ends = [begin]
    while open_ends:
        here = min(open_ends, key=lambda one: best[one][0])
        open_ends.remove(here)
        for movement, seconds in MOVEMENTS_S.items():
            after, total_s = movement[1], best[here][0] + seconds
            if movement[0] is here and total_s < best.get(after, (float("inf"),))[0]:
                best[after] = (total_s, (*best[here][1], movement))
                open_ends.append(after)
    return best[end][1]


def on_the_way(start: Places, to: Position) -> Places:
    """Where somebody may be who is on the way from ``start`` to ``to``."""
    return start | {end for _, end in way(start, to)} | {to}


def way_s(start: Places, to: Position) -> float:
    """How many seconds somebody has to get from ``start`` to ``to`` after the last word that leads there."""
    moving_s = sum(MOVEMENTS_S[movement] for movement in way(start, to))
    is_known = len({body(position) for position in start}) == 1
    return ARRANGE_S + moving_s + (0.0 if is_known else UNKNOWN_S)
