"""Two weeks of nights beside a machine whose clock is wrong until somebody sets it.

Every reminder comes once, at the right time by the clocks of the bedroom, or as soon as that is known.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from wrong_clock import FUTURE, NO_CLOCK, Home, Machine, WrongNight

from voicecoach.person.facts import Fact
from voicecoach.person.progress import day_of, rows_of_days

if TYPE_CHECKING:
    from pathlib import Path

AN_HOUR = 3600.0
EVERY_DAY = frozenset(range(7))
TEN_THIRTY = ((EVERY_DAY, time(22, 30)),)
ZONES = {  # and a day within two weeks before their clocks are set
    "Europe/Berlin": (date(2027, 3, 22), date(2027, 10, 25)),
    "America/New_York": (date(2027, 3, 8), date(2027, 11, 1)),
    "Asia/Kolkata": (date(2027, 3, 22), date(2027, 10, 25)),
    "Australia/Lord_Howe": (date(2027, 3, 29), date(2027, 9, 27)),
    "UTC": (date(2027, 3, 22), date(2027, 10, 25)),
}
NIGHTS = [(zone, begins) for zone, days in ZONES.items() for begins in days]
STARTS = ("1970", "the last shutdown", "2099", "two hours ahead")
SECOND = timedelta(seconds=1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, UTC)


def shown(start: str, on: datetime, switched_off: datetime) -> datetime:
    """What the clock shows when the machine is switched on."""
    ahead = on + timedelta(hours=2, minutes=4)
    return {"1970": NO_CLOCK, "the last shutdown": switched_off, "2099": FUTURE, "two hours ahead": ahead}[start]


@pytest.mark.long
@pytest.mark.parametrize("set_after_s", [30.0, 2 * AN_HOUR])
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(("zone", "begins"), NIGHTS)
def test_two_weeks_of_nights(tmp_path: Path, zone: str, begins: date, start: str, set_after_s: float) -> None:
    """Switched on at 22:25 to remind at 22:30; every second night the person gets ready for a session."""
    home = Home(tmp_path, ZoneInfo(zone))
    switched_off = home.at(begins - timedelta(days=1), time(23))
    home.begin(switched_off)
    days = [begins + timedelta(days=number) for number in range(14)]
    stretched = days[::2]
    for day in days:
        on = home.at(day, time(22, 25))
        machine = Machine(on, shown(start, on, switched_off), set_after_s, tells=day.day % 2 == 0)
        with closing(home.journal(machine)) as journal:
            night = WrongNight(machine, journal, TEN_THIRTY).opens()
            known = on + timedelta(seconds=set_after_s)
            due = max(home.at(day, time(22, 30)), known)
            night.passes((due - on).total_seconds()).until("ready for", 60).passes(3)
            assert timedelta() <= night.reminded[0] - due <= timedelta(seconds=34)
            if day in stretched:
                night.says("yes").passes(60).says("good night")
            night.passes(AN_HOUR)
            assert len(night.reminded) == 1, "once a night"
            switched_off = night.time
            assert [row.days for row in rows_of_days(journal.person(), night.time)] == [1] * len(
                [one for one in stretched if one <= day]
            )
    with closing(home.journal(Machine(switched_off, switched_off, 0.0))) as journal:
        person = journal.person()
    assert [day_of(session.began) for session in person.sessions] == stretched
    assert all(abs(session.ended - session.began) < timedelta(minutes=3) for session in person.sessions)


# --- a table of evenings ----------------------------------------------------------------------------------------------

EVENING = datetime(2026, 12, 7, 22, 25, tzinfo=UTC)
SHUT_DOWN = datetime(2026, 12, 7, 20, 0, tzinfo=UTC)


def evening(home: Home, shows: datetime, set_after_s: float = 30.0, **knows: object) -> WrongNight:
    """Switched on at 22:25, with a reminder at 22:30 every day."""
    home.begin(SHUT_DOWN - timedelta(hours=1))
    machine = Machine(EVENING, shows, set_after_s)
    return WrongNight(machine, home.journal(machine), TEN_THIRTY, **knows).opens()


@pytest.mark.parametrize("shows", [SHUT_DOWN, NO_CLOCK, FUTURE, EVENING + timedelta(hours=2)])
def test_what_is_asked_for_in_hours_comes_after_hours_though_the_clock_is_set_meanwhile(
    home: Home, shows: datetime
) -> None:
    night = evening(home, shows, 2 * AN_HOUR).says("remind me").passes(4).says("one").passes(5 * AN_HOUR)
    assert [at - EVENING for at in night.reminded] == [pytest.approx(timedelta(seconds=3605), abs=timedelta(seconds=3))]


@pytest.mark.parametrize("shows", [SHUT_DOWN, NO_CLOCK, FUTURE, EVENING + timedelta(hours=2)])
def test_what_is_asked_for_by_the_clock_waits_until_it_is_known(home: Home, shows: datetime) -> None:
    night = evening(home, shows, AN_HOUR).says("remind me at half past eleven")
    assert night.last == "I will remind you at half past eleven."
    night.passes(3 * AN_HOUR)
    assert [(at.hour, at.minute) for at in night.reminded] == [(23, 30)]


@pytest.mark.parametrize("shows", [SHUT_DOWN, NO_CLOCK, FUTURE, EVENING + timedelta(hours=2)])
def test_what_becomes_known_in_quiet_hours_stays_quiet(home: Home, shows: datetime) -> None:
    quiet = (time(23), time(7))
    assert evening(home, shows, AN_HOUR, quiet_hours=quiet).passes(4 * AN_HOUR).reminded == []


def test_a_clock_that_nobody_sets_is_believed_in_the_end(home: Home) -> None:
    night = evening(home, SHUT_DOWN, 1e9).passes(24 * AN_HOUR)
    shown = [at - EVENING + SHUT_DOWN for at in night.reminded]
    assert [(at.hour, at.minute) for at in shown] == [(23, 0)], "three hours after the start; then a day has passed"


JUMPS = [  # what the clock shows, what it is really, and when the reminder of 22:30 comes
    (SHUT_DOWN, EVENING, EVENING.replace(minute=30)),
    (NO_CLOCK, EVENING, EVENING.replace(minute=30)),
    (FUTURE, EVENING, EVENING.replace(minute=30)),
    (EVENING.replace(minute=29), SHUT_DOWN, SHUT_DOWN.replace(hour=22, minute=30)),
    (EVENING.replace(minute=45), SHUT_DOWN, SHUT_DOWN.replace(hour=22, minute=30)),
]


@pytest.mark.parametrize(("shows", "really", "comes"), JUMPS)
def test_a_clock_that_is_believed_and_jumps(home: Home, shows: datetime, really: datetime, comes: datetime) -> None:
    """Where nothing tells that it is wrong: what was set by it is set anew by what it shows now."""
    home.begin(SHUT_DOWN - timedelta(hours=1))
    machine = Machine(really, shows, 30.0)
    journal = home.believing(machine)
    night = WrongNight(machine, journal, TEN_THIRTY).opens().passes(5 * AN_HOUR)
    assert [at.replace(second=0) for at in night.reminded] == [comes]


def test_one_that_was_given_is_not_given_again_when_the_clock_goes_back(home: Home) -> None:
    home.begin(SHUT_DOWN)
    really = EVENING.replace(hour=21, minute=10)
    machine = Machine(really, EVENING.replace(minute=29), 120.0)
    night = WrongNight(machine, home.believing(machine), TEN_THIRTY).opens().passes(26 * AN_HOUR)
    assert [at - really for at in night.reminded] == [
        pytest.approx(timedelta(seconds=61), abs=2 * SECOND),
        pytest.approx(timedelta(hours=25, minutes=20), abs=2 * SECOND),
    ]


# --- the clocks of the bedroom are set --------------------------------------------------------------------------------

GAP_AT = 2
"""Where clocks go forward in spring, they do at two o'clock."""
HOURS = (time(2, 0), time(2, 30), time(9, 0), time(22, 30))


@pytest.mark.long
@pytest.mark.parametrize("hour", HOURS, ids=str)
@pytest.mark.parametrize(("zone", "begins"), NIGHTS)
def test_over_the_night_in_which_the_clocks_are_set(tmp_path: Path, zone: str, begins: date, hour: time) -> None:
    """Once a day by the clock on the wall; half past two, where there is none, is as much after two."""
    home = Home(tmp_path, ZoneInfo(zone))
    offsets = [home.at(begins + timedelta(days=day), time(12)).utcoffset() for day in range(14)]
    changes = [day for day in range(1, 14) if offsets[day] != offsets[day - 1]] or [7]
    days = [begins + timedelta(days=changes[0] + day) for day in (-1, 0, 1)]
    on = home.at(days[0], time(1, 0))
    home.begin(on)
    machine = Machine(on, on, 0.0)
    with closing(home.journal(machine)) as journal:
        night = WrongNight(machine, journal, ((EVERY_DAY, hour),)).opens()
        night.passes((home.at(days[-1], time(23, 30)) - on).total_seconds())
    assert [at.date() for at in night.reminded] == days
    expected = [home.at(day, hour) for day in days]
    assert all(timedelta() <= at - due <= 3 * SECOND for at, due in zip(night.reminded, expected, strict=True))
    shown = [at.time().replace(second=0) for at in night.reminded]
    assert shown[0] == shown[2] == hour
    assert shown[1] == hour or hour.hour == GAP_AT


# --- what a clock of the future has left in the journal ---------------------------------------------------------------


def test_a_session_of_the_future_silences_no_reminder(home: Home) -> None:
    home.begin(SHUT_DOWN - timedelta(days=3))
    with closing(home.believing(Machine(FUTURE, FUTURE, 0.0))) as journal:
        journal.write(Fact.SESSION_STARTED, "bedtime")
        journal.write(Fact.SESSION_FINISHED, "bedtime")
        journal.write(Fact.REMIND_AT, value=(FUTURE + timedelta(days=1)).timestamp())
    for day in range(3):
        machine = Machine(EVENING + timedelta(days=day), SHUT_DOWN, 0.0)
        with closing(home.believing(machine)) as journal:
            assert len(WrongNight(machine, journal, TEN_THIRTY).opens().passes(AN_HOUR).reminded) == 1
