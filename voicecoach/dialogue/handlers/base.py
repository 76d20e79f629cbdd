"""What a handler is: the function of a cell of the table, and what has to be known of it without calling it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.dialogue.state import Mode
    from voicecoach.dialogue.transition import Transition


@dataclass(frozen=True, slots=True)
class Handler:
    """What a cell of the table does."""

    name: str
    apply: Callable[[Transition], None]
    to: frozenset[Mode]
    """The modes it may lead to."""
    stays: bool
    """Whether it may also stay in the mode it began in."""
    heeded: bool = True
    """False for the one handler that does nothing: what it stands for is not even listened for."""
    drops: bool = False
    """Whether a command that does not answer the open question drops it, and is done by the mode behind it."""
    looks_up: bool = False
    """Whether it has to know who is there and what time it is, as the journal and the clock say now."""
    says: str | None = None
    """The prompt of a handler that was made by `saying`."""


def handler(
    *to: Mode, stays: bool = False, drops: bool = False, looks_up: bool = False
) -> Callable[[Callable[[Transition], None]], Handler]:
    """Make a handler of a function; ``to`` and ``stays`` declare where it may lead, the rest is as in `Handler`."""

    def declare(apply: Callable[[Transition], None]) -> Handler:
        name = apply.__name__.rstrip("_")
        return Handler(name, apply, frozenset(to), stays, drops=drops, looks_up=looks_up)

    return declare


def saying(sentence: str) -> Handler:
    """Make a handler that says one sentence in between, and leaves everything as it is.

    Args:
        sentence: The id of a prompt without slots in ``prompts.yaml``; that a row says it is its declaration.
    """

    def apply(t: Transition) -> None:
        t.say(t.language.sentences[sentence], remember=False)

    return Handler(f"say {sentence}", apply, frozenset(), stays=True, says=sentence)
