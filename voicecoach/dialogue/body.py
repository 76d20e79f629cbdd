"""What is known of the listener's body: where it may be, and whether it is still in the stretch.

Nobody is seen.  A position is reached when all of the way to it has been said and the time for it is over; on the way
the listener may be anywhere along it, and whatever is said next has to be right from there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicecoach.routine.ways import ANYWHERE, LYING, ON_THE_BACK, on_the_way

if TYPE_CHECKING:
    from voicecoach.routine.stretch import Position
    from voicecoach.routine.ways import Places


@dataclass(frozen=True, slots=True)
class Body:
    """What is known of the listener's body; of somebody in bed at first no more than that it lies."""

    may_be: Places = LYING
    way_from: Places | None = None
    """While the listener is led into a position: from where that way begins."""
    has_let_go: bool = False
    """Whether the way out of what was held or moved has been told, and the way back in has not."""
    may_hold: bool = False
    """Whether the listener may be in it all the same: the way out was cut short, or the way back in is being told."""
    owed: WayOut | None = None
    """A way out that has been begun, until it has been heard whole: what is said next begins with it."""

    def is_in(self, position: Position) -> bool:
        """Whether the listener has reached ``position``."""
        return self.way_from is None and self.may_be == {position}

    @property
    def lies(self) -> bool:
        """Whether it lies in bed, wherever it is."""
        return self.may_be <= LYING

    @property
    def came_from(self) -> Places:
        """From where the listener is led, or will be."""
        return self.may_be if self.way_from is None else self.way_from

    def led_to(self, position: Position) -> Body:
        """On the way to ``position``; a way that is told again begins where it began."""
        start = self.came_from
        return replace(self, may_be=self.may_be | on_the_way(start, position), way_from=start)

    def left_the_way(self) -> Body:
        """The way that was being told is not the one that follows."""
        return replace(self, way_from=None)

    def rested(self) -> Body:
        """After a long rest: nobody stays on hands and knees for so long; on the back one just lies on."""
        if self.may_be <= ON_THE_BACK and self.way_from is None:
            return self
        return Body(LYING if self.lies else ANYWHERE)


@dataclass(frozen=True, slots=True)
class WayOut:
    """Words that lead out of a stretch, or back into it, and where they leave the listener."""

    words: str
    leads_to: Body


def in_position(position: Position, *, has_let_go: bool = False) -> Body:
    """A body that has reached ``position``."""
    return Body(frozenset({position}), has_let_go=has_let_go)
