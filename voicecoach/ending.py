"""How the live coach is asked to end: Ctrl-C, a service manager, a closed terminal.  All of them mean good night."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


class EndRequested(BaseException):
    """Somebody asked the coach to end.  It is no error; only what began the work catches it."""


def signals() -> list[signal.Signals]:
    """Those that ask for an end; that of a closing terminal only where nobody chose to ignore it, as ``nohup`` does."""
    asking = [signal.SIGINT, signal.SIGTERM]
    return asking if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else [*asking, signal.SIGHUP]


@contextmanager
def signals_go_to(note: Callable[[], None]) -> Iterator[None]:
    """Within it, ``note`` is called for each of the signals, in the main thread, wherever that happens to be."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        note()

    before = {number: signal.signal(number, handle) for number in signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Ending:
    """Turns the first of the signals into `EndRequested`, so that all is closed on the way out; others change nothing.

    Within ``with`` it swallows `EndRequested`; `asked` says afterwards whether there was one.
    """

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Within it, signals count."""
        try:
            with signals_go_to(self._raise_once):
                yield
        except EndRequested:
            pass

    def expected(self) -> None:
        """From here on the coach ends in any case: nothing is broken off any more."""
        self.asked = True

    def _raise_once(self) -> None:
        if not self.asked:
            self.asked = True
            raise EndRequested
