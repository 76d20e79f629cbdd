"""The journal: facts are kept, whatever happens to the file."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from voicecoach.dialogue.events import Fact
from voicecoach.journal.store import Journal

if TYPE_CHECKING:
    from pathlib import Path

EVENING = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)


class Warnings(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


@pytest.fixture
def warnings() -> Warnings:
    return Warnings()


def test_sessions_of_the_last_seven_days_are_counted(tmp_path: Path, warnings: Warnings) -> None:
    now = [EVENING]
    journal = Journal(tmp_path / "journal.sqlite3", warnings, lambda: now[0])
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    now[0] += timedelta(days=6)
    journal.write(Fact.FELL_ASLEEP, "bedtime")
    journal.write(Fact.SESSION_ENDED_EARLY, "bedtime")
    assert journal.sessions_this_week() == 2
    now[0] += timedelta(days=2)
    assert journal.sessions_this_week() == 1
    assert not warnings


def test_what_is_left_out_stays_so_until_it_is_brought_back(tmp_path: Path, warnings: Warnings) -> None:
    path = tmp_path / "deep" / "journal.sqlite3"
    journal = Journal(path, warnings)
    journal.write(Fact.LEFT_OUT, "pigeon")
    journal.write(Fact.LEFT_OUT, "cobra")
    journal.close()
    journal = Journal(path, warnings)
    assert journal.left_out() == {"pigeon", "cobra"}
    journal.write(Fact.BROUGHT_BACK, "")
    assert journal.left_out() == set()


def test_a_stretch_done_three_times_is_familiar(tmp_path: Path, warnings: Warnings) -> None:
    journal = Journal(tmp_path / "journal.sqlite3", warnings)
    for _ in range(2):
        journal.write(Fact.STRETCH_DONE, "bridge")
    journal.write(Fact.STRETCH_SKIPPED, "bridge")
    assert journal.familiar() == set()
    journal.write(Fact.STRETCH_DONE, "bridge")
    assert journal.familiar() == {"bridge"}


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, warnings: Warnings) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"this is not a database, whatever its name says" * 50)
    journal = Journal(path, warnings, lambda: EVENING)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    assert journal.sessions_this_week() == 1
    assert (tmp_path / "journal.sqlite3.damaged-20261121-220000").exists()
    assert len(warnings) == 1
    assert "set aside" in warnings[0]


def test_a_journal_of_a_newer_coach_is_left_alone(tmp_path: Path, warnings: Warnings) -> None:
    path = tmp_path / "journal.sqlite3"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.commit()
    db.close()
    before = path.read_bytes()
    Journal(path, warnings).write(Fact.SESSION_FINISHED, "bedtime")
    assert path.read_bytes() == before
    assert "newer" in warnings[0]


def test_a_file_that_somebody_else_has_locked_never_stops_a_session(tmp_path: Path, warnings: Warnings) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path, warnings)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert journal.sessions_this_week() == 0
    assert journal.left_out() == journal.familiar() == frozenset()
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    assert len(warnings) == 1
    other.execute("ROLLBACK")
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    assert journal.sessions_this_week() == 1


def test_a_folder_that_cannot_be_made_costs_the_history_and_not_the_session(tmp_path: Path, warnings: Warnings) -> None:
    (tmp_path / "file").write_text("in the way")
    journal = Journal(tmp_path / "file" / "journal.sqlite3", warnings)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    assert journal.sessions_this_week() == 1
    assert len(warnings) == 1


def test_a_full_disk_costs_the_line_and_not_the_session(tmp_path: Path, warnings: Warnings) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path, warnings)
    journal._db.execute("PRAGMA max_page_count = 2")  # noqa: SLF001 - the smallest disk there is
    for _ in range(200):
        journal.write(Fact.STRETCH_DONE, "a-stretch-with-a-long-name" * 10)
    assert warnings
    assert "full" in warnings[0]
    assert len(warnings) == 1, "it is said once"
