"""The port of keys: what is wanted of whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A key has been pressed down, or let go."""

    device: str
    """The name of what it is a key of."""
    key: str
    """Its name in Linux: ``KEY_PLAYPAUSE``."""
    down: bool


class Keys(Protocol):
    """Keys of all that is plugged in, whatever comes and goes.  For one thread."""

    def read(self, seconds: float) -> Sequence[KeyEvent]:
        """What has happened to keys; waits for something no longer than ``seconds``."""

    def close(self) -> None:
        """Give all devices back."""
