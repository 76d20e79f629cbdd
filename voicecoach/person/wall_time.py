"""Reckoning with what clocks on the wall show, where that is not reckoning with time: they are set twice a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

A_DAY = timedelta(days=1)
_TWELVE_HOURS_MIN = 12 * 60


def local(moment: datetime, zone: tzinfo) -> datetime:
    """``moment`` by the clocks of ``zone``, with the offset that holds then as its zone.

    So two of them differ by the time between them.  Python takes two moments in one zone that knows of summer apart as
    their clocks show them, which is an hour wrong over the night in which they are set.
    """
    there = moment.astimezone(zone)
    offset = there.utcoffset() or timedelta()
    return there.replace(tzinfo=timezone(offset, there.tzname() or ""), fold=0)


def when_clocks_show(hour: time, day: date, zone: tzinfo) -> datetime:
    """The moment of ``day`` at which clocks in ``zone`` show ``hour``.

    The first one, where they show it twice.  Where they never do, it comes as much after the gap as the hour lies in
    it: half past two is then half past three.
    """
    return local(datetime.combine(day, hour.replace(fold=0), zone).astimezone(UTC), zone)


def next_time(now: datetime, minutes: int, zone: tzinfo) -> datetime:
    """The next moment at which a clock with twelve hours shows so many minutes after twelve.

    Args:
        now: With its zone.
        minutes: 0 to 719.
        zone: Where the clock hangs.
    """
    today = local(now, zone).date()
    found = (
        moment
        for day in (today, today + A_DAY)
        for half in range(2)
        for moment in _all_showing(*divmod(half * _TWELVE_HOURS_MIN + minutes, 60), day, zone)
        if moment > now
    )
    return min(found)


def _all_showing(hour: int, minute: int, day: date, zone: tzinfo) -> tuple[datetime, ...]:
    """One moment, or two on the night in which an hour comes twice."""
    first = when_clocks_show(time(hour, minute), day, zone)
    again = local(datetime.combine(day, time(hour, minute, fold=1), zone).astimezone(UTC), zone)
    return (first, again) if again > first else (first,)
