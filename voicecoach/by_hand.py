"""What somebody asks for by hand: a button by the bed, a switch or a slider of the house.

It comes from other threads, and at any rate.  `Inbox` keeps a few requests for as long as they are fresh; the coach
takes one with each block of sound, and makes of it the event that a phrase would have been.  So nobody who presses, and
nothing that floods, can hold the coach up.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.events import Adjusted, Heard, Muted, Unmuted
from voicecoach.dialogue.machine import valid_commands
from voicecoach.languages.commands import SAFETY

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.dialogue.events import Adjustable, Event
    from voicecoach.dialogue.state import State
    from voicecoach.languages.commands import Meaning

MOST_WAITING: Final = 8
FRESH_S: Final = 5.0
"""What could not be done for so long, because there was no speaker, is not done any more: it would startle."""


@dataclass(frozen=True, slots=True)
class Do:
    """What a phrase would mean."""

    meanings: tuple[Meaning, ...]
    """The first that is valid is done: one button can pause, and go on."""
    minutes: int | None = None
    """How long a session may last that is begun by it."""


@dataclass(frozen=True, slots=True)
class Listen:
    """The microphone is to be on, or off."""

    on: bool | None
    """None: whichever it is not."""


@dataclass(frozen=True, slots=True)
class Adjust:
    """Something is to have a value."""

    what: Adjustable
    value: float


Request = Do | Listen | Adjust


class Inbox:
    """Requests that wait for the coach.  `put` is for any thread, and never waits long; `take` is for the coach's."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin empty.

        Args:
            clock: Seconds that nobody sets.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: deque[tuple[float, Request]] = deque()

    def put(self, request: Request) -> bool:
        """Hand in a request; whether there was room.

        There always is for safety, before which everything that waits is dropped but the microphone's switch; and for
        that, of which the latest counts.
        """
        with self._lock:
            if is_urgent(request):
                dropped = Listen if isinstance(request, Listen) else Do | Adjust
                self._waiting = deque(one for one in self._waiting if not isinstance(one[1], dropped))
            elif len(self._waiting) >= MOST_WAITING:
                return False
            self._waiting.append((self._clock(), request))
        return True

    def take(self) -> Request | None:
        """The oldest request that is still fresh; None where there is none."""
        if not self._waiting:  # asked fifty times a second
            return None
        with self._lock:
            while self._waiting:
                put_s, request = self._waiting.popleft()
                if self._clock() - put_s <= FRESH_S or isinstance(request, Listen):
                    return request
        return None


def event_of(request: Request, state: State, at_s: float) -> Event:
    """What ``request`` is to the dialogue, in ``state``, at second ``at_s`` of the coach's clock."""
    match request:
        case Do(meanings=meanings, minutes=minutes):
            valid = valid_commands(state)
            meaning = next((one for one in meanings if one.command in valid), meanings[0])
            return Heard(meaning, at_s, spoken=False, minutes=minutes)
        case Listen(on=on):
            on = state.muted if on is None else on
            return Unmuted(at_s) if on else Muted(at_s)
        case Adjust(what=what, value=value):
            return Adjusted(what, value, at_s)


def is_urgent(request: Request) -> bool:
    """Whether it is a matter of safety, or of the microphone."""
    return isinstance(request, Listen) or (isinstance(request, Do) and request.meanings[0].command in SAFETY)
