"""What time it is for the journal: the clock, or a guess where it cannot be believed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from voicecoach.journal.wall_clock import RELEASED, is_plausible

if TYPE_CHECKING:
    from voicecoach.journal.wall_clock import Clock

SLIP_S: Final = 30.0
"""Lines that are dated wrong by more are dated anew, once the time is known."""


class Chronology:
    """The time of day, as well as it can be told.

    As long as the clock cannot be believed, it is as late as the latest line that was written down, and later by as
    much as has passed since; or as the clock says, where that is later and can be.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._latest: datetime = RELEASED
        self._latest_uptime_s = clock.uptime_s()
        self._seen: tuple[bool, float] | None = None

    def begin_after(self, latest: datetime | None) -> None:
        """It is later than this, the latest line's date; None: there is no line whose date can be."""
        self._latest, self._latest_uptime_s = latest or RELEASED, self.clock.uptime_s()

    def now(self) -> datetime:
        """What time it is."""
        return self.told()[0]

    def told(self) -> tuple[datetime, bool]:
        """What time it is, and whether that is known."""
        shown = self.clock()
        if self.clock.is_known():
            return shown, True
        guess = self._latest + timedelta(seconds=self.clock.uptime_s() - self._latest_uptime_s)
        return (max(guess, shown) if is_plausible(shown) else guess), False

    def was_set(self) -> bool:
        """Whether the time has become known, or is another one, since this was last asked."""
        is_known = self.clock.is_known()
        offset_s = self.clock().timestamp() - self.clock.uptime_s()
        before, self._seen = self._seen, (is_known, offset_s)
        if not is_known:
            return False
        return before is None or not before[0] or abs(offset_s - before[1]) > SLIP_S

    def at_uptime(self, uptime_s: float) -> datetime:
        """What time it was in this time of the machine's being on, by what the clock says now."""
        return self.clock() - timedelta(seconds=self.clock.uptime_s() - uptime_s)
