"""What clocks on the wall show, in the nights in which they are set and where they differ by half hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.dialogue.reminding import is_quiet, is_slot, next_slot
from voicecoach.journal.local_time import HERE
from voicecoach.person.wall_time import local, next_time, when_clocks_show

BERLIN, LORD_HOWE = "Europe/Berlin", "Australia/Lord_Howe"
ZONES = (BERLIN, "America/New_York", "Asia/Kolkata", LORD_HOWE, "UTC", "Africa/Cairo", "America/St_Johns")
EVERY_DAY = frozenset(range(7))

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside
minutes = st.integers(0, 47).map(lambda quarter: quarter * 15)
hours = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@pytest.mark.parametrize(
    ("zone", "day", "hour", "shown_at"),
    [
        (BERLIN, date(2027, 3, 28), time(2, 30), "03:30+02:00"),  # there is none
        (BERLIN, date(2027, 3, 28), time(3, 0), "03:00+02:00"),
        (BERLIN, date(2027, 10, 31), time(2, 30), "02:30+02:00"),  # it comes twice
        (BERLIN, date(2027, 10, 31), time(9, 0), "09:00+01:00"),
        ("America/New_York", date(2027, 3, 14), time(2, 30), "03:30-04:00"),
        ("America/New_York", date(2027, 11, 7), time(1, 30), "01:30-04:00"),
        (LORD_HOWE, date(2027, 10, 3), time(2, 15), "02:45+11:00"),  # half an hour is left out
        (LORD_HOWE, date(2027, 4, 4), time(1, 45), "01:45+11:00"),  # half an hour comes twice
        ("Asia/Kolkata", date(2027, 3, 28), time(2, 30), "02:30+05:30"),
        ("UTC", date(2027, 3, 28), time(2, 30), "02:30+00:00"),
    ],
)
def test_when_clocks_show_an_hour(zone: str, day: date, hour: time, shown_at: str) -> None:
    assert when_clocks_show(hour, day, ZoneInfo(zone)).isoformat(timespec="minutes") == f"{day}T{shown_at}"


def test_two_local_times_differ_by_the_time_between_them() -> None:
    berlin = ZoneInfo(BERLIN)
    evening, morning = datetime(2027, 3, 27, 22, tzinfo=berlin), datetime(2027, 3, 28, 8, tzinfo=berlin)
    assert morning - evening == timedelta(hours=10), "as Python takes them apart"
    assert local(morning, berlin) - local(evening, berlin) == timedelta(hours=9)


@given(moments, minutes, zones)
def test_the_next_time_shows_what_was_said_and_is_the_first_to_do_so(
    now: datetime, wanted: int, zone: ZoneInfo
) -> None:
    then = next_time(now, wanted, zone)
    assert timedelta() < then - now <= timedelta(hours=13)
    shows = then.hour % 12 * 60 + then.minute
    left_out = local(then - timedelta(hours=1), zone).utcoffset() != then.utcoffset()
    assert shows == wanted or left_out
    earlier = [local(now + timedelta(minutes=step), zone) for step in range(1, int((then - now).total_seconds() // 60))]
    assert not any((at.hour % 12 * 60 + at.minute) == wanted and at > now + timedelta(minutes=1) for at in earlier)


@given(moments, hours, zones)
def test_an_hour_of_every_day_comes_once_a_day(now: datetime, hour: time, zone: ZoneInfo) -> None:
    slots = ((EVERY_DAY, hour),)
    found = []
    for minute in range(0, 4 * 24 * 60, 30):
        at = next_slot(now + timedelta(minutes=minute), slots, zone)
        if at is not None and at not in found:
            found.append(at)
    days = [at.date() for at in found]
    assert len(days) == len(set(days))
    assert {local(now, zone).date() + timedelta(days=day) for day in (1, 2, 3)} <= set(days)
    assert all(is_slot(at, slots, zone) for at in found)


def test_a_time_that_came_while_nobody_looked_is_the_next_one() -> None:
    now = datetime(2027, 3, 2, 23, 0, tzinfo=UTC)
    slots = ((EVERY_DAY, time(22, 30)),)
    assert next_slot(now, slots, UTC) == now + timedelta(hours=23, minutes=30)
    assert next_slot(now, slots, UTC, timedelta(hours=1)) == now - timedelta(minutes=30)
    assert next_slot(now, slots, UTC, timedelta(minutes=20)) == now + timedelta(hours=23, minutes=30)


def test_quiet_hours_are_those_of_the_clock_on_the_wall() -> None:
    """Quiet until seven: on the morning after the clocks were set too."""
    for day in (date(2027, 3, 28), date(2027, 10, 31)):
        before, after = (when_clocks_show(time(*at), day, ZoneInfo(BERLIN)) for at in ((6, 59), (7, 1)))
        assert is_quiet(before, (time(23), time(7)))
        assert not is_quiet(after, (time(23), time(7)))


def test_here_is_a_zone_like_others() -> None:
    now = datetime(2027, 7, 1, 20, 30, tzinfo=UTC)
    assert local(now, HERE) == now
    assert when_clocks_show(time(9), date(2027, 7, 1), HERE).time() == time(9)
