"""Feeds the service manager's watchdog, but only while everything that should move has moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.service.notify import ServiceManager

OFTEN = 3
"""So many times within the manager's patience it is told that the process is alive."""
HUNG = 2 / 3
"""The share of the manager's patience after which what stands still is taken for hung here too."""


class WatchdogFeed:
    """One process's way to its manager's watchdog.  For one thread, which looks several times a second."""

    def __init__(
        self, manager: ServiceManager, clock: Callable[[], float], hung: Callable[[], None] = lambda: None
    ) -> None:
        """Begin now.

        Args:
            manager: Is told.
            clock: Seconds that never run backwards.
            hung: Called once when something has stood still for so long that the manager is about to end the process.
        """
        self._manager, self._clock, self._hung = manager, clock, hung
        self._counts: tuple[int | None, ...] = ()
        """How far everything had come when the manager was last told."""
        self._due_s = self._told_s = clock()
        self._is_hung = False

    def look(self, *counts: int | None) -> None:
        """Tell the manager, if it is time and nothing has stood still since the last time.

        Args:
            counts: For each thing that must move how far it has come; None for one that has nothing to do just now.
                Always the same things; none at all where whoever looks is all that must move.
        """
        if self._manager.watchdog_s is None or (now_s := self._clock()) < self._due_s:
            return
        before = self._counts if len(self._counts) == len(counts) else (None,) * len(counts)
        if any(count is not None and count == last for count, last in zip(counts, before, strict=True)):
            if not self._is_hung and now_s - self._told_s > self._manager.watchdog_s * HUNG:
                self._is_hung = True
                self._hung()
            return
        self._counts, self._told_s, self._is_hung = counts, now_s, False
        self._due_s = now_s + self._manager.watchdog_s / OFTEN
        self._manager.alive()
