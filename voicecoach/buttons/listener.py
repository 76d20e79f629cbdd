"""The thread that listens to keys and puts what they mean into the inbox."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final

from voicecoach.buttons.presses import Presses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from voicecoach.buttons.mapping import Button
    from voicecoach.buttons.port import Keys
    from voicecoach.buttons.presses import Kind
    from voicecoach.by_hand import Inbox, Request

IDLE_S: Final = 0.5
ALERT_S: Final = 0.05
"""How long it waits for keys while time alone may tell one press from two."""
LEAVE_S: Final = 2.0
_LOG: Final = logging.getLogger(__name__)


class ButtonListener:
    """Listens until it is closed; an error costs the buttons and nothing else."""

    def __init__(
        self,
        keys: Keys,
        buttons: Sequence[tuple[Button, Mapping[Kind, Request]]],
        inbox: Inbox,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Listen to nothing before `start`.

        Args:
            keys: Reads keys.
            buttons: What each means.
            inbox: Where to put what is asked for.
            clock: Seconds that nobody sets.
        """
        self._keys, self._buttons, self._inbox, self._clock = keys, buttons, inbox, clock
        self._presses = Presses({str(number): means.keys() for number, (_, means) in enumerate(buttons)})
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="buttons", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._ending = True
        self._thread.join(LEAVE_S)

    def turn(self) -> None:
        """Wait for keys a moment, and put what was pressed into the inbox."""
        for event in self._keys.read(ALERT_S if self._presses.is_waiting else IDLE_S):
            for number, (button, _) in enumerate(self._buttons):
                if button.fits(event.device, event.key):
                    self._put(number, down=event.down)
                    break
        for press in self._presses.due(self._clock()):
            self._inbox.put(self._buttons[int(press.key)][1][press.kind])

    def _put(self, number: int, *, down: bool) -> None:
        for press in self._presses.take(str(number), self._clock(), down=down):
            self._inbox.put(self._buttons[number][1][press.kind])

    def _work(self) -> None:
        try:
            while not self._ending:
                self.turn()
        except Exception:  # noqa: BLE001 - the session goes on without them
            _LOG.exception("the buttons failed; the session goes on without them")
        finally:
            self._keys.close()
