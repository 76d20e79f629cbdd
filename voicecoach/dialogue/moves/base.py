"""What a move is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.dialogue.state import Mode
    from voicecoach.dialogue.turn import Turn


@dataclass(frozen=True, slots=True)
class Move:
    """Something that a cell of the table does."""

    name: str
    apply: Callable[[Turn], None]
    to: frozenset[Mode]
    """The modes it may lead to."""
    stays: bool
    """Whether it may also stay in the mode it began in."""
    heeded: bool = True
    """False for the one move that does nothing: what it stands for is not even listened for."""
    drops: bool = False
    """Whether a command that does not answer the open question drops it, and is done by the mode behind it."""


def move(*to: Mode, stays: bool = False, drops: bool = False) -> Callable[[Callable[[Turn], None]], Move]:
    """Make a move of a function; ``to`` and ``stays`` declare where it may lead."""

    def declare(apply: Callable[[Turn], None]) -> Move:
        return Move(apply.__name__.rstrip("_"), apply, frozenset(to), stays, drops=drops)

    return declare
