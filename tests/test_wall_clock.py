"""Whether a machine's clock can be believed, what time it is where not, and how old a kept place is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from voicecoach.containment import contained_memory
from voicecoach.errors import MissingPartError
from voicecoach.journal import wall_clock
from voicecoach.journal.chronology import Chronology
from voicecoach.journal.clock_check import examine_clock
from voicecoach.journal.place import UNKNOWN_S, KeptPlace, age_s
from voicecoach.journal.store import Journal
from voicecoach.journal.wall_clock import PATIENCE_S, RELEASED, TOO_LATE, SystemClock
from voicecoach.person.facts import Fact
from voicecoach.person.tonight import Tonight
from voicecoach.surroundings import Memory

if TYPE_CHECKING:
    from pathlib import Path

EVENING = RELEASED + timedelta(days=30, hours=22)
CHIPLESS_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Machine:
    """What a clock looks at."""

    shows: datetime = EVENING
    on_s: float = 60.0
    synchronized: bool = False
    chip: bool = False
    boot: str = "this time"

    def clock(self) -> SystemClock:
        return SystemClock(
            self.wall,
            lambda: self.on_s,
            is_synchronized=lambda: self.synchronized,
            has_chip=lambda: self.chip,
            boot=self.boot,
        )

    def wall(self) -> float:
        return self.shows.timestamp()

    def passes(self, seconds: float) -> None:
        self.on_s += seconds
        self.shows += timedelta(seconds=seconds)


# --- believed or not --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("machine", "known"),
    [
        (Machine(), False),
        (Machine(synchronized=True), True),
        (Machine(chip=True), True),
        (Machine(on_s=PATIENCE_S), True),
        (Machine(on_s=PATIENCE_S - 1), False),
        (Machine(CHIPLESS_START, synchronized=True, chip=True, on_s=PATIENCE_S), False),
        (Machine(RELEASED - timedelta(seconds=1), chip=True), False),
        (Machine(RELEASED, chip=True), True),
        (Machine(TOO_LATE, chip=True), False),
        (Machine(datetime(2099, 1, 1, tzinfo=UTC), chip=True), False),
    ],
)
def test_when_a_clock_is_believed(machine: Machine, known: bool) -> None:  # noqa: FBT001 - a column of the table
    assert machine.clock().is_known() is known


def test_a_clock_that_was_set_is_believed_whoever_has_set_it() -> None:
    machine = Machine(CHIPLESS_START)
    clock = machine.clock()
    assert not clock.is_known()
    machine.shows = EVENING
    assert clock.is_known()
    machine.passes(60)
    assert clock.is_known()


def test_a_clock_that_drifts_was_not_set() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.passes(600)
    machine.on_s += 0.5
    assert not clock.is_known()


@pytest.mark.parametrize("seconds", [float("inf"), float("nan"), -1e18, 1e18])
def test_a_time_that_no_calendar_has_is_not_believed(seconds: float) -> None:
    clock = SystemClock(lambda: seconds, lambda: 0.0, is_synchronized=lambda: True, has_chip=lambda: True, boot="")
    assert not clock.is_known()


def test_of_this_machine_it_is_known_how_long_it_has_been_on() -> None:
    first, second = SystemClock(), SystemClock()
    assert first.boot == second.boot
    assert 0.0 < first.uptime_s() <= second.uptime_s()
    assert first().tzinfo is UTC


@pytest.mark.parametrize(
    ("hctosys", "since_epoch", "sets_it"),
    [
        ("1\n", f"{EVENING.timestamp():.0f}\n", True),
        ("0\n", f"{EVENING.timestamp():.0f}\n", False),
        ("1\n", "35\n", False),
        ("1\n", "", False),
    ],
    ids=["a chip", "one that was not asked", "one without a battery", "one that cannot be read"],
)
def test_a_chip_is_believed_that_has_a_battery(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hctosys: str,
    since_epoch: str,
    sets_it: bool,  # noqa: FBT001 - a column of the table
) -> None:
    chip = tmp_path / "rtc0"
    chip.mkdir()
    (chip / "hctosys").write_text(hctosys, encoding="ascii")
    (chip / "since_epoch").write_text(since_epoch, encoding="ascii")
    monkeypatch.setattr(wall_clock, "_CHIPS", tmp_path)
    clock = SystemClock(EVENING.timestamp, lambda: 60.0, is_synchronized=lambda: False, boot="")
    assert clock.is_known() is sets_it


# --- what time it is meanwhile ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shows", "latest", "guess"),
    [
        (CHIPLESS_START, EVENING, EVENING),
        (CHIPLESS_START, None, RELEASED),
        (datetime(2099, 1, 1, tzinfo=UTC), EVENING, EVENING),
        (EVENING - timedelta(hours=2), EVENING, EVENING),
        (EVENING + timedelta(hours=2), EVENING, EVENING + timedelta(hours=2)),
    ],
)
def test_a_guess_is_not_before_what_was_done(shows: datetime, latest: datetime | None, guess: datetime) -> None:
    machine = Machine(shows)
    chronology = Chronology(machine.clock())
    chronology.begin_after(latest)
    assert chronology.told() == (guess, False)
    machine.passes(90)
    assert chronology.told() == (guess + timedelta(seconds=90), False)


def test_the_time_that_is_known_is_the_clocks() -> None:
    machine = Machine(EVENING - timedelta(days=9), synchronized=True)
    chronology = Chronology(machine.clock())
    chronology.begin_after(EVENING)
    assert chronology.told() == (EVENING - timedelta(days=9), True)


def test_where_nobody_can_be_looked_up_time_goes_on() -> None:
    answers = iter([Tonight(EVENING)])  # the second time there is none
    passed = [5.0]
    memory = Memory(lambda _: None, lambda: next(answers), lambda _: None, lambda: None, lambda: None)
    tonight = contained_memory(memory, lambda: passed[0]).tonight
    assert tonight().now == EVENING
    passed[0] += 90
    assert tonight().now == EVENING + timedelta(seconds=90)


# --- how old a place is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("machine", "kept", "seconds"),
    [
        (Machine(CHIPLESS_START, 95), KeptPlace(EVENING, "", "this time", 60.0), 35.0),
        (Machine(EVENING, 95), KeptPlace(EVENING + timedelta(days=9), "", "this time", 60.0), 35.0),
        (Machine(chip=True), KeptPlace(EVENING - timedelta(minutes=3), "", "before", 60.0), 180.0),
        (Machine(chip=True), KeptPlace(EVENING - timedelta(days=3), "", "before", 60.0), 3 * 86400.0),
        (Machine(chip=True), KeptPlace(EVENING + timedelta(minutes=3), "", "before", 60.0), UNKNOWN_S),
        (Machine(), KeptPlace(EVENING - timedelta(minutes=3), "", "before", 60.0), UNKNOWN_S),
        (Machine(CHIPLESS_START), KeptPlace(EVENING, "", "before", 60.0), UNKNOWN_S),
        (
            Machine(chip=True),
            KeptPlace(EVENING - timedelta(days=3), "", "before", 60.0, time_was_known=False),
            UNKNOWN_S,
        ),
    ],
    ids=[
        "on all the time, and no clock",
        "on all the time, and the clock was set",
        "a power cut",
        "a power cut of days",
        "the clock went back over it",
        "not known now",
        "1970 now",
        "not known then",
    ],
)
def test_the_age_of_a_place(machine: Machine, kept: KeptPlace, seconds: float) -> None:
    assert age_s(kept, machine.clock()) == pytest.approx(seconds)


def test_a_place_is_kept_with_what_tells_its_age(tmp_path: Path) -> None:
    machine = Machine(CHIPLESS_START)
    journal = Journal(tmp_path / "journal", pytest.fail, machine.clock(), UTC)
    journal.keep_place("here")
    machine.passes(20)
    machine.shows = EVENING
    kept = journal.kept_place()
    assert kept is not None
    assert journal.age_s(kept) == pytest.approx(20.0)
    journal.close()
    later = Machine(EVENING + timedelta(minutes=5), 1.0, synchronized=True, boot="next time")
    assert Journal(tmp_path / "journal", pytest.fail, later.clock(), UTC).age_s(kept) == UNKNOWN_S


# --- the doctor -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("machine", "told"),
    [
        (Machine(synchronized=True), "29 December 2026, 22:00"),
        (Machine(), "nobody has confirmed since the start; reminders wait for a network, 3 hours at most"),
        (Machine(EVENING - timedelta(days=3), synchronized=True), "1 lines of the history are later"),
    ],
)
def test_what_the_doctor_says_of_a_clock(tmp_path: Path, machine: Machine, told: str) -> None:
    history = _history(tmp_path)
    assert told in examine_clock(machine.clock(), history)


@pytest.mark.parametrize(
    ("machine", "told"),
    [
        (Machine(CHIPLESS_START, synchronized=True), "it shows 1 January 1970"),
        (Machine(datetime(2099, 1, 1, tzinfo=UTC)), "it shows 1 January 2099"),
        (Machine(EVENING - timedelta(days=3)), "the history has lines that are later"),
    ],
)
def test_a_clock_that_cannot_be_right_needs_help(tmp_path: Path, machine: Machine, told: str) -> None:
    with pytest.raises(MissingPartError, match=told) as raised:
        examine_clock(machine.clock(), _history(tmp_path))
    assert "timedatectl set-time" in str(raised.value)


def _history(folder: Path) -> Path:
    """One line, of an hour before the evening."""
    path = folder / "journal.sqlite3"
    journal = Journal(path, pytest.fail, lambda: EVENING - timedelta(hours=1), UTC)
    journal.write(Fact.SESSION_STARTED, "bedtime")
    journal.close()
    return path
