"""Gives memory that was freed back to the system, when a session is over and nobody is spoken to.

The C library keeps what was freed, in pieces between what is still used: 40 of 200 MB after three hours of sessions.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.state import Mode
from voicecoach.session_events import Entered

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.session_events import SessionEvent

OVER: Final = frozenset({Mode.REST.value, Mode.ASLEEP.value})
"""Modes in which a session is over."""


def trim() -> None:
    """Give it back: some milliseconds.  Elsewhere than with glibc nothing happens."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(ctypes.c_size_t(0))


class FreedMemory:
    """An observer of the coach."""

    def __init__(self, give_back: Callable[[], None] = trim) -> None:
        """Give memory back with ``give_back``."""
        self._give_back = give_back

    def __call__(self, event: SessionEvent) -> None:
        """Give it back, where the coach has come to rest."""
        if isinstance(event, Entered) and event.mode in OVER:
            self._give_back()
