"""When somebody is to be reminded: pure reckoning with the time of day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import time

HALF_A_DAY = timedelta(hours=12)
A_DAY = timedelta(days=1)

Slot = tuple[frozenset[int], "time"]
"""On which weekdays (0 is Monday), and when."""


def next_time(now: datetime, minutes: int) -> datetime:
    """The next moment at which a clock with twelve hours shows so many minutes after twelve."""
    twelve = now.replace(hour=0, minute=0, second=0, microsecond=0)
    times = (twelve + timedelta(minutes=minutes) + half * HALF_A_DAY for half in range(4))
    return next(at for at in times if at > now)


def next_slot(now: datetime, slots: Iterable[Slot]) -> datetime | None:
    """The next of the times that are set for every week, if it comes within a day."""
    found = (
        at
        for weekdays, hour in slots
        for day in (now, now + A_DAY)
        if (at := _at(day, hour)).weekday() in weekdays and now < at <= now + A_DAY
    )
    return min(found, default=None)


def is_slot(at: datetime, slots: Iterable[Slot]) -> bool:
    """Whether ``at`` is one of the times that are set for every week."""
    return any(at.weekday() in weekdays and _at(at, hour) == at for weekdays, hour in slots)


def is_quiet(at: datetime, hours: tuple[time, time] | None) -> bool:
    """Whether ``at`` falls into the quiet hours, which may last over midnight."""
    if hours is None:
        return False
    begin, end = hours
    now = at.time()
    return begin <= now < end if begin <= end else now >= begin or now < end


def _at(day: datetime, hour: time) -> datetime:
    return day.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
