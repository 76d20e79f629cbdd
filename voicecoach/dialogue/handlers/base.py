"""What a move is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.dialogue.state import Mode
    from voicecoach.dialogue.transition import Transition


@dataclass(frozen=True, slots=True)
class Handler:
    """Something that a cell of the table does."""

    name: str
    apply: Callable[[Transition], None]
    to: frozenset[Mode]
    """The modes it may lead to."""
    stays: bool
    """Whether it may also stay in the mode it began in."""
    heeded: bool = True
    """False for the one move that does nothing: what it stands for is not even listened for."""
    drops: bool = False
    """Whether a command that does not answer the open question drops it, and is done by the mode behind it."""


def handler(*to: Mode, stays: bool = False, drops: bool = False) -> Callable[[Callable[[Transition], None]], Handler]:
    """Make a move of a function; ``to`` and ``stays`` declare where it may lead."""

    def declare(apply: Callable[[Transition], None]) -> Handler:
        return Handler(apply.__name__.rstrip("_"), apply, frozenset(to), stays, drops=drops)

    return declare
