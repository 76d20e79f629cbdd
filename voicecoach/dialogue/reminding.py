"""When somebody is to be reminded: pure reckoning with the time of day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.person.wall_time import A_DAY, local, when_clocks_show

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, time, tzinfo

Slot = tuple[frozenset[int], "time"]
"""On which weekdays (0 is Monday), and when."""


def next_slot(now: datetime, slots: Iterable[Slot], zone: tzinfo, missed: timedelta = timedelta()) -> datetime | None:
    """The next of the times that are set for every week, if it comes within a day.

    Args:
        now: With its zone.
        slots: What is set.
        zone: By whose clocks.
        missed: For how long before ``now`` nobody has looked: a time that came meanwhile is the next one.
    """
    today = local(now, zone).date()
    found = (
        at
        for weekdays, hour in slots
        for day in (today - A_DAY, today, today + A_DAY)
        if day.weekday() in weekdays and now - missed < (at := when_clocks_show(hour, day, zone)) <= now + A_DAY
    )
    return min(found, default=None)


def is_slot(at: datetime, slots: Iterable[Slot], zone: tzinfo) -> bool:
    """Whether ``at`` is one of the times that are set for every week."""
    day = local(at, zone).date()
    return any(day.weekday() in weekdays and when_clocks_show(hour, day, zone) == at for weekdays, hour in slots)


def is_quiet(at: datetime, hours: tuple[time, time] | None) -> bool:
    """Whether ``at``, a local time, falls into the quiet hours, which may last over midnight."""
    if hours is None:
        return False
    begin, end = hours
    now = at.time()
    return begin <= now < end if begin <= end else now >= begin or now < end
