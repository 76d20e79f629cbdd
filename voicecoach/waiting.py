"""Waits for microphone and speaker, where nobody is at hand who could plug them in or look at a screen.

Whoever started the coach is told how it fares all along: a service manager in its own way, everybody in plain lines.
"""

from __future__ import annotations

import itertools
import time
from functools import partial
from typing import TYPE_CHECKING

from voicecoach.engines.audio_io.devices import open_error
from voicecoach.engines.audio_io.port import SoundCardError
from voicecoach.errors import MissingPartError
from voicecoach.service.watchdog_feed import WatchdogFeed

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.ending import Ending
    from voicecoach.engines.audio_io.devices import OpenCard
    from voicecoach.errors import VoicecoachError
    from voicecoach.service.notify import ServiceManager

BACK_OFF_S = (1.0, 2.0, 3.0, 5.0)
"""How long to wait before each look; the last one again and again.  A look takes up to a second of a small machine's
time, and whoever has just plugged something in waits no longer than this."""


def problem_now(in_name: str | None, out_name: str | None, open_card: OpenCard) -> VoicecoachError | None:
    """What keeps the coach from running live with these two devices, after looking for devices anew; None: nothing."""
    try:
        open_card().restart()
    except MissingPartError as error:
        return error
    except SoundCardError:
        pass  # said better by what follows
    return open_error(in_name, out_name, open_card)


def wait_for_devices(
    problem: Callable[[], Exception | None],
    tell: Callable[[str], None],
    alive: Callable[[], None],
    wait: Callable[[float], None],
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Look again and again until microphone and speaker can be opened.

    Args:
        problem: Looks once, and gives what is wrong.
        tell: Is given a line for the person whenever that is something else than before.
        alive: Called before each look.
        wait: Lets so many seconds pass.
        meanwhile: What can be done without them; called once, when they are not there.
    """
    told = ""
    for pause_s in itertools.chain(BACK_OFF_S, itertools.repeat(BACK_OFF_S[-1])):
        alive()
        found = problem()
        if found is None:
            return
        if str(found) != told:
            is_first, told = not told, str(found)
            tell(f"waiting for microphone and speaker: {told}")
            if is_first:
                meanwhile()
        wait(pause_s)


class Watch:
    """Over one evening: who is told how the coach fares, whether it waits for devices, and how it is asked to end."""

    def __init__(  # noqa: PLR0913 - the last two stand for time, and only tests replace them
        self,
        ending: Ending,
        manager: ServiceManager,
        warn: Callable[[str], None],
        *,
        patient: bool,
        hung: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Watch.

        Args:
            ending: Is told when the coach ends by itself.
            manager: Is told how it fares.
            warn: Is given the same lines, for a person.
            patient: Whether devices are waited for.
            hung: Called when a thread stands still and the manager is about to end the process.
            clock: Seconds that never run backwards.
            wait: Lets so many seconds pass.
        """
        self._ending, self._manager, self._warn, self._wait = ending, manager, warn, wait
        self.patient = patient
        self._told = ""
        self.watchdog_feed = WatchdogFeed(manager, clock, hung)

    def is_up(self) -> None:
        """From here on the coach goes on by itself, whatever it still has to wait for."""
        self._manager.ready("getting ready")
        self.watchdog_feed.look()

    def wait_for_devices(
        self, in_name: str | None, out_name: str | None, open_card: OpenCard, meanwhile: Callable[[], object]
    ) -> None:
        """Wait until both can be opened, where that was wanted; see `wait_for_devices`."""

        def work() -> None:
            meanwhile()
            self._manager.status(self._told)

        if self.patient:
            look = partial(problem_now, in_name, out_name, open_card)
            wait_for_devices(look, self.tell, self.watchdog_feed.look, self._wait, work)

    def at_work(self, words: str) -> None:
        """The coach gets on with something that takes long."""
        self._manager.status(words)
        self.watchdog_feed.look()

    def tell(self, line: str) -> None:
        """A line for the person, which is also what the service is at."""
        self._told = line
        self._manager.status(line)
        self._warn(line)

    def listens(self) -> None:
        """Somebody may speak now."""
        self._manager.status("listening")

    def is_deaf(self) -> None:
        """Somebody has turned the microphone off."""
        self._manager.status("the microphone is off, as somebody wanted it")

    def is_over(self) -> None:
        """The coach ends; what it still has to do is not broken off."""
        self._ending.expected()
        self._manager.stopping()
