"""The journal: facts and the place of a session are kept, and what cannot be kept never ends a session."""

from __future__ import annotations

import sqlite3
import stat
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from voicecoach.journal.looking import lines_in
from voicecoach.journal.place import KeptPlace
from voicecoach.journal.store import Journal
from voicecoach.person.facts import DONE, Fact, Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENING = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


class Warnings(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


class Clock:
    def __init__(self, now: datetime = EVENING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def warnings() -> Warnings:
    return Warnings()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "journal.sqlite3"


@pytest.fixture
def opened(path: Path, warnings: Warnings, clock: Clock) -> Callable[[], Journal]:
    """Opens the journal, as often as one likes."""
    return lambda: Journal(path, warnings, clock, UTC)


def sessions_done(journal: Journal) -> int:
    return sum(session.ending in DONE for session in journal.person().sessions)


# --- facts ------------------------------------------------------------------------------------------------------------


def test_all_of_a_fact_is_there_again_after_a_restart(opened: Callable[[], Journal], clock: Clock) -> None:
    journal = opened()
    journal.write(Fact.SESSION_STARTED, "bedtime", value=10)
    clock.now += timedelta(seconds=95)
    journal.write(Fact.HURT, "bridge", side="left", second=94.5)
    journal.close()
    assert opened().records() == [
        Record(EVENING, Fact.SESSION_STARTED, "bedtime", value=10),
        Record(EVENING + timedelta(seconds=95), Fact.HURT, "bridge", "left", 94.5),
    ]


def test_times_are_universal_wherever_the_clock_is(path: Path, opened: Callable[[], Journal], clock: Clock) -> None:
    clock.now = EVENING.astimezone(timezone(timedelta(hours=9)))
    journal = opened()
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    (line,) = lines_in(path)
    assert line.at == "2026-11-21T22:00:00+00:00"


def test_what_is_written_is_known_of_the_person_at_once(opened: Callable[[], Journal], clock: Clock) -> None:
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    assert journal.person().left_out == {"cobra"}
    journal.write(Fact.SESSION_STARTED, "bedtime")
    journal.write(Fact.STRETCH_DONE, "bridge", value=2)
    assert not journal.person().sessions[0].ending
    clock.now += timedelta(minutes=9)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    (session,) = journal.person().sessions
    assert (session.began, session.ended, session.ending) == (EVENING, clock.now, Fact.SESSION_FINISHED)
    assert [(outing.key, outing.level) for outing in session.outings] == [("bridge", 2)]
    journal.close()
    assert opened().person() == journal.person()


def test_however_often_it_is_read_a_line_counts_once(opened: Callable[[], Journal]) -> None:
    journal = opened()
    for times in range(1, 4):
        journal.write(Fact.LONGER, "bridge")
        assert journal.person().lengths == journal.person().lengths == {"bridge": times}


def test_what_another_process_writes_is_known_too(opened: Callable[[], Journal]) -> None:
    coach, other = opened(), opened()
    assert not coach.person().left_out
    other.write(Fact.LEFT_OUT, "cobra")
    assert coach.person().left_out == {"cobra"}


def test_hours_are_told_by_the_clocks_where_the_person_lives(path: Path, warnings: Warnings, clock: Clock) -> None:
    journal = Journal(path, warnings, clock, timezone(timedelta(hours=9)))
    journal.write(Fact.SESSION_FINISHED, "morning")
    (session,) = journal.person().sessions
    assert session.began.hour == 7


@pytest.mark.parametrize(
    "broken",
    [
        ("2031-01-01T00:00:00+00:00", "what a newer coach writes", "", None),
        ("some day", Fact.LEFT_OUT.value, "bridge", None),
        ("9999-12-31T23:59:59+00:00", Fact.SESSION_STARTED.value, "bridge", None),
        ("0001-01-01T00:00:00+00:00", Fact.SESSION_STARTED.value, "bridge", None),
        (b"\xff", Fact.LEFT_OUT.value, "bridge", None),
        (EVENING.isoformat(), Fact.PACE.value, b"\xff", None),
        (EVENING.isoformat(), Fact.PACE.value, "", "fast"),
    ],
)
def test_a_line_that_nobody_understands_is_passed_over(
    path: Path, opened: Callable[[], Journal], broken: tuple[object, ...]
) -> None:
    opened().close()
    db = sqlite3.connect(path)
    db.execute("INSERT INTO fact (at, what, about, value) VALUES (?, ?, ?, ?)", broken)
    db.commit()
    db.close()
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    assert journal.person().left_out == {"cobra"}
    assert journal.person().pace is None
    assert len(journal.records()) == 1


def test_a_moment_without_a_zone_is_universal_time(path: Path, opened: Callable[[], Journal]) -> None:
    opened().close()
    db = sqlite3.connect(path)
    db.execute("INSERT INTO fact (at, what, about) VALUES ('2026-11-21T22:00:00', 'left out', 'cobra')")
    db.commit()
    db.close()
    assert opened().records() == [Record(EVENING, Fact.LEFT_OUT, "cobra")]


# --- the kept place ---------------------------------------------------------------------------------------------------


def test_the_latest_place_is_kept_until_it_is_forgotten(opened: Callable[[], Journal], clock: Clock) -> None:
    journal = opened()
    assert journal.kept_place() is None
    journal.keep_place("bridge, first side")
    clock.now += timedelta(minutes=1)
    journal.keep_place("bridge, other side")
    journal.close()
    journal = opened()
    assert journal.kept_place() == KeptPlace(clock.now, "bridge, other side")
    journal.forget_place()
    journal.close()
    assert opened().kept_place() is None


def test_a_place_is_no_fact(opened: Callable[[], Journal]) -> None:
    journal = opened()
    journal.keep_place("bridge")
    assert journal.records() == []


# --- what cannot be kept ----------------------------------------------------------------------------------------------


def test_a_rehearsal_leaves_nothing_behind(tmp_path: Path, warnings: Warnings) -> None:
    journal = Journal(None, warnings)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    journal.keep_place("bridge")
    assert sessions_done(journal) == 1
    assert journal.kept_place() is not None
    assert not list(tmp_path.iterdir())


def test_a_file_that_somebody_else_has_locked_never_stops_a_session(
    path: Path, opened: Callable[[], Journal], warnings: Warnings
) -> None:
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    journal.keep_place("bridge")
    assert journal.person().left_out == {"cobra"}, "who writes is in no reader's way"
    assert journal.kept_place() is None
    assert len(warnings) == 1
    assert "locked" in warnings[0]
    other.execute("ROLLBACK")
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    assert sessions_done(journal) == 1


def test_who_reads_is_not_in_the_way_of_the_coach(
    path: Path, opened: Callable[[], Journal], warnings: Warnings
) -> None:
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM fact").fetchone()
    journal.write(Fact.LEFT_OUT, "bridge")
    assert journal.person().left_out == {"cobra", "bridge"}
    assert not warnings


def test_a_folder_that_cannot_be_made_costs_the_history_and_not_the_session(tmp_path: Path, warnings: Warnings) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = Journal(tmp_path / "file" / "journal.sqlite3", warnings)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    assert sessions_done(journal) == 1
    assert len(warnings) == 1


def test_a_full_disk_costs_the_line_and_not_the_session(opened: Callable[[], Journal], warnings: Warnings) -> None:
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    journal._db.execute("PRAGMA max_page_count = 3")  # noqa: SLF001 - the smallest disk there is
    for _ in range(200):
        journal.write(Fact.STRETCH_DONE, "a-stretch-with-a-long-name" * 10)
    (warning,) = warnings
    assert "full" in warning
    assert journal.person().left_out == {"cobra"}


def test_only_its_owner_may_read_what_is_kept(path: Path, opened: Callable[[], Journal], clock: Clock) -> None:
    journal = opened()
    journal.write(Fact.PAIN_BEFORE, value=6)
    clock.now += timedelta(days=1)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    assert len(list(path.parent.iterdir())) == 4, "the file, its log, the log's index, and a copy"
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
