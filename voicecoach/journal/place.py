"""The place that a session has come to, and how long ago that was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from voicecoach.journal.wall_clock import Clock

UNKNOWN_S: Final = 600.0
"""What counts where nobody can tell: somebody may still lie there, and has perhaps got up meanwhile."""


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """Where a session had come to, in the dialogue's own words."""

    at: datetime
    """When it was kept, with its time zone."""
    text: str
    boot: str = field(default="", compare=False)
    """As in `Clock`, then."""
    uptime_s: float = field(default=0.0, compare=False)
    """As in `Clock`, then."""
    time_was_known: bool = field(default=True, compare=False)


def age_s(kept: KeptPlace, clock: Clock) -> float:
    """How many seconds ago ``kept`` was kept.

    As long as the machine has been on without a break, that needs no clock on the wall.  Over a power cut it does;
    where that cannot be believed, now or then, or says that the place is yet to be kept, it is `UNKNOWN_S`.
    """
    if kept.boot == clock.boot:
        return max(0.0, clock.uptime_s() - kept.uptime_s)
    ago_s = (clock() - kept.at).total_seconds()
    if clock.is_known() and kept.time_was_known and ago_s >= 0:
        return ago_s
    return UNKNOWN_S
