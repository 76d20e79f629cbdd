"""The machine's clock, and whether it can be believed.

A Raspberry Pi has no clock chip.  It starts in 1970, or with the time at which it was last switched off, until the
network tells it better, perhaps hours later.  What the clock says until then is no time of day; how long the machine
has been on, it always knows.
"""

from __future__ import annotations

import time
import uuid
from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

RELEASED: Final = datetime(2026, 11, 29, tzinfo=UTC)
"""When this version was released: no clock that is right shows an earlier time."""
TOO_LATE: Final = RELEASED + timedelta(days=30 * 365)
"""Nor a later one than this."""
PATIENCE_S: Final = 3 * 3600.0
"""So long after the start a clock that nobody has set is believed: there may never be a network, and no better one."""
STEP_S: Final = 2.0
"""A clock that has moved by more beside the time since the start was set; what is less is put right bit by bit."""
SYNCHRONIZED: Final = Path("/run/systemd/timesync/synchronized")
"""There as soon as systemd-timesyncd has asked the network."""
_CHIPS: Final = Path("/sys/class/rtc")
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


def is_plausible(at: datetime) -> bool:
    """Whether a clock of somebody who has this version can show ``at``."""
    return RELEASED <= at < TOO_LATE


class Clock(ABC):
    """A clock that may be wrong, beside one that is never set."""

    boot: str
    """Names the time that the machine has been on; another one after each start."""

    @abstractmethod
    def __call__(self) -> datetime:
        """What the clock shows, with its zone."""

    @abstractmethod
    def uptime_s(self) -> float:
        """Seconds since the machine was started."""

    @abstractmethod
    def is_known(self) -> bool:
        """Whether what the clock shows can be believed."""


class TrueClock(Clock):
    """A clock that is right from the beginning: in rehearsals, and where the time is given."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.boot = uuid.uuid4().hex

    def __call__(self) -> datetime:
        return self._now()

    def uptime_s(self) -> float:
        return self._now().timestamp()

    def is_known(self) -> bool:
        return True


class SystemClock(Clock):
    """The clock of this machine.

    It is believed when the network has set it, when a clock chip has, when it was set while this looked on (by chrony,
    or by hand), or when the machine has been on for `PATIENCE_S`; and never when it shows a time that cannot be.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        uptime_s: Callable[[], float] | None = None,
        *,
        is_synchronized: Callable[[], bool] = SYNCHRONIZED.exists,
        has_chip: Callable[[], bool] | None = None,
        boot: str | None = None,
    ) -> None:
        """Look at the machine; tests bring their own.

        Args:
            wall: Seconds since 1970.
            uptime_s: Seconds since the start, also of those in which the machine slept.
            is_synchronized: Whether the network has set the clock.
            has_chip: Whether a clock chip has.
            boot: See `Clock`.
        """
        self._wall = wall
        self._uptime_s = uptime_s or _seconds_since_boot
        self._is_synchronized = is_synchronized
        self._has_chip = (has_chip or _chip_set_the_clock)()
        self._first_offset_s = self._offset_s()
        self._was_set = False
        self.boot = boot or _boot()

    def __call__(self) -> datetime:
        try:
            return datetime.fromtimestamp(self._wall(), UTC)
        except (ValueError, OverflowError, OSError):  # a clock may show what no calendar has
            return datetime.fromtimestamp(0, UTC)

    def uptime_s(self) -> float:
        return self._uptime_s()

    def is_known(self) -> bool:
        self._was_set = self._was_set or abs(self._offset_s() - self._first_offset_s) > STEP_S
        if not is_plausible(self()):
            return False
        return self._has_chip or self._was_set or self._uptime_s() >= PATIENCE_S or self._is_synchronized()

    def _offset_s(self) -> float:
        return self._wall() - self._uptime_s()


def _seconds_since_boot() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _boot() -> str:
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return uuid.uuid4().hex  # then this process is all that is known to be of one start


def _chip_set_the_clock() -> bool:
    """Whether the clock was set by a chip that is right itself: that of a Pi 5 without a battery begins in 1970."""
    for chip in _CHIPS.glob("*"):
        try:
            set_the_clock = (chip / "hctosys").read_text(encoding="ascii").strip() == "1"
            shows_s = int((chip / "since_epoch").read_text(encoding="ascii"))
            if set_the_clock and is_plausible(datetime.fromtimestamp(shows_s, UTC)):
                return True
        except (OSError, ValueError, OverflowError):
            continue
    return False
