"""The history's file: brought up to date, copied once a day, mended from its copy, whole whenever the power goes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from voicecoach.errors import VoicecoachError
from voicecoach.journal.looking import lines_in, person_in, records_in
from voicecoach.journal.schema import MIGRATIONS, VERSION
from voicecoach.journal.store import Journal
from voicecoach.person.facts import Fact, Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENING = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
OLD_FACTS = [
    ("2026-11-20T22:00:00+00:00", "session started", "bedtime"),
    ("2026-11-20T22:05:00+00:00", "stretch done", "bridge"),
    ("2026-11-20T22:06:00+00:00", "left out", "cobra"),
    ("2026-11-20T22:09:00+00:00", "fell asleep", "bedtime"),
]
VERSION_1 = """
CREATE TABLE IF NOT EXISTS fact (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,      -- UTC, ISO 8601
    what TEXT NOT NULL,    -- a value of dialogue.events.Fact
    about TEXT NOT NULL    -- key of the stretch or routine, or empty
);
"""
"""As the first coach made it."""


class Warnings(list[str]):
    def __call__(self, line: str) -> None:
        self.append(line)


class Clock:
    now = EVENING

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
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def opened(path: Path, warnings: Warnings, clock: Clock) -> Callable[[], Journal]:
    return lambda: Journal(path, warnings, clock, UTC)


def write_version_1(path: Path, version: int = 1) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(VERSION_1)
        db.executemany("INSERT INTO fact (at, what, about) VALUES (?, ?, ?)", OLD_FACTS)
        db.execute(f"PRAGMA user_version = {version}")


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def schema_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master ORDER BY name")]
        return [f"{table}: {column}" for table in tables for column in db.execute(f"PRAGMA table_info({table})")]


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def damage(path: Path) -> None:
    """Write over the pages after the first, as a worn card does: the file opens as if it were well."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))


def cut_the_power(journal: Journal) -> None:
    """The coach is gone without a word."""
    journal._db.close()  # noqa: SLF001 - what the machine would do


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, 1])
def test_the_first_version_goes_on(path: Path, opened: Callable[[], Journal], warnings: Warnings, version: int) -> None:
    """Version 0 has the table where the power went while the first coach made it."""
    write_version_1(path, version)
    journal = opened()
    journal.write(Fact.HURT, "bridge", side="left", second=12.5)
    journal.keep_place("bridge")
    assert journal.records()[:2] == [
        Record(datetime.fromisoformat(OLD_FACTS[0][0]), Fact.SESSION_STARTED, "bedtime"),
        Record(datetime.fromisoformat(OLD_FACTS[1][0]), Fact.STRETCH_DONE, "bridge"),
    ]
    assert journal.records()[-1] == Record(EVENING, Fact.HURT, "bridge", "left", 12.5)
    assert journal.person().left_out == {"cobra"}
    assert journal.person().sessions[0].ending is Fact.FELL_ASLEEP
    journal.close()
    assert version_of(path) == VERSION
    assert not warnings


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_every_earlier_version_becomes_the_same_file(
    tmp_path: Path, path: Path, opened: Callable[[], Journal], version: int
) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for step in MIGRATIONS[:version]:
            for statement in step:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")
    opened().close()
    new = tmp_path / "new.sqlite3"
    Journal(new, lambda _: None).close()
    assert schema_of(path) == schema_of(new)
    assert version_of(path) == version_of(new)


def test_an_empty_file_is_a_new_history(path: Path, opened: Callable[[], Journal], warnings: Warnings) -> None:
    path.touch()
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    journal.close()
    assert [record.about for record in records_in(path)] == ["cobra"]
    assert not warnings


def test_a_step_that_fails_leaves_the_old_file(path: Path, opened: Callable[[], Journal], warnings: Warnings) -> None:
    write_version_1(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE place (in_the_way)")  # the last statement of the step will find it
    before = schema_of(path)
    journal = opened()
    journal.write(Fact.LEFT_OUT, "bridge")
    journal.close()
    assert schema_of(path) == before
    assert version_of(path) == 1
    (warning,) = warnings
    assert "is not written down" in warning


def test_a_history_of_a_newer_coach_is_left_alone(
    path: Path, opened: Callable[[], Journal], warnings: Warnings
) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    opened().write(Fact.SESSION_FINISHED, "bedtime")
    assert path.read_bytes() == before
    assert names(path) == [path.name]
    (warning,) = warnings
    assert "newer" in warning


# --- a copy a day -----------------------------------------------------------------------------------------------------


def test_the_history_is_copied_on_the_first_opening_of_a_day(
    path: Path, opened: Callable[[], Journal], clock: Clock
) -> None:
    for day in range(4):
        clock.now = EVENING + day * A_DAY
        for stretch in ("bridge", "cobra"):
            journal = opened()
            journal.write(Fact.STRETCH_DONE, f"{stretch}-{day}")
            cut_the_power(journal)
    copies = ["journal.sqlite3.copy-20261123", "journal.sqlite3.copy-20261124"]
    assert names(path) == [path.name, *copies], "two are kept"
    assert [record.about for record in records_in(path.with_name(copies[0]))] == [
        "bridge-0", "cobra-0", "bridge-1", "cobra-1",
    ]  # fmt: skip


def test_a_coach_that_runs_for_months_copies_when_a_session_is_over(
    path: Path, opened: Callable[[], Journal], clock: Clock
) -> None:
    journal = opened()
    clock.now += A_DAY
    journal.write(Fact.SESSION_STARTED, "bedtime")
    journal.write(Fact.STRETCH_DONE, "bridge")
    copy = path.with_name("journal.sqlite3.copy-20261122")
    assert not copy.exists(), "not while somebody waits"
    journal.write(Fact.FELL_ASLEEP, "bedtime")
    assert [record.what for record in records_in(copy)][-1] is Fact.FELL_ASLEEP


AFTERWARDS = [(Fact.PAIN_AFTER, ""), (Fact.SUGGESTED_REST, ""), (Fact.TIP_TOLD, "pillow")]


@pytest.mark.parametrize(("what", "about"), AFTERWARDS)
def test_what_is_told_after_a_session_is_in_the_copy_too(
    path: Path, opened: Callable[[], Journal], what: Fact, about: str
) -> None:
    journal = opened()
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    journal.write(what, about, value=3)
    cut_the_power(journal)
    copy = path.with_name("journal.sqlite3.copy-20261121")
    assert [record.what for record in records_in(copy)] == [Fact.SESSION_FINISHED, what]
    assert names(path) == [path.name, copy.name], "nothing is left half done"


def test_what_was_written_since_is_copied_when_the_coach_is_stopped(path: Path, opened: Callable[[], Journal]) -> None:
    for stretch in ("bridge", "cobra"):
        journal = opened()
        journal.write(Fact.LEFT_OUT, stretch)
        journal.close()
    copy = path.with_name("journal.sqlite3.copy-20261121")
    assert [record.about for record in records_in(copy)] == ["bridge", "cobra"]
    damage(path)
    assert opened().person().left_out == {"bridge", "cobra"}


def test_nothing_is_copied_where_nothing_was_written(path: Path, opened: Callable[[], Journal], clock: Clock) -> None:
    opened().close()
    journal = opened()
    before = path.with_name("journal.sqlite3.copy-20261121").stat().st_ino
    clock.now += A_DAY
    journal.close()
    assert names(path) == [path.name, "journal.sqlite3.copy-20261121"]
    assert path.with_name("journal.sqlite3.copy-20261121").stat().st_ino == before


def test_a_copy_that_cannot_be_renewed_stays_as_it_was(
    path: Path, opened: Callable[[], Journal], warnings: Warnings
) -> None:
    journal = opened()
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    copy = path.with_name("journal.sqlite3.copy-20261121")
    before = copy.read_bytes()
    path.with_name("journal.sqlite3.part").mkdir()
    journal.write(Fact.PAIN_AFTER, value=3)
    journal.close()
    assert copy.read_bytes() == before
    assert records_in(path)[-1].what is Fact.PAIN_AFTER
    (warning,) = warnings
    assert "could not be copied today" in warning


def test_what_was_deleted_is_not_brought_back(path: Path, opened: Callable[[], Journal]) -> None:
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    for file in path.parent.iterdir():
        file.unlink()
    journal.close()
    assert names(path) == []


def test_the_copy_is_made_before_a_new_version_changes_the_file(path: Path, opened: Callable[[], Journal]) -> None:
    write_version_1(path)
    opened().close()
    assert version_of(path.with_name("journal.sqlite3.copy-20261121")) == 1


def test_days_are_those_of_the_person(path: Path, warnings: Warnings) -> None:
    there = timezone(timedelta(hours=9))
    for _ in range(2):
        Journal(path, warnings, lambda: EVENING, there).close()
    assert names(path) == [path.name, "journal.sqlite3.copy-20261122"]


def test_a_copy_that_cannot_be_made_costs_nothing_else(
    path: Path, opened: Callable[[], Journal], warnings: Warnings
) -> None:
    opened().close()
    path.with_name("journal.sqlite3.part").mkdir()
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    journal.close()
    assert [record.about for record in records_in(path)] == ["cobra"]
    (warning,) = warnings
    assert "could not be copied today" in warning


# --- damage -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_days(path: Path, opened: Callable[[], Journal], clock: Clock) -> Callable[[], Journal]:
    """A history with a copy of the second day, in which bridge is left out; cobra is in the file only."""
    for stretch in ("bridge", "cobra"):
        journal = opened()
        journal.write(Fact.LEFT_OUT, stretch)
        cut_the_power(journal)
        clock.now += A_DAY
    assert path.with_name("journal.sqlite3.copy-20261122").exists()
    return opened


def written_over(path: Path) -> None:
    path.write_bytes(b"this is not a database, whatever its name says" * 50)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


HARMS = [damage, written_over, cut_off, emptied]


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_file_is_set_aside_and_its_latest_copy_goes_on(
    path: Path, two_days: Callable[[], Journal], warnings: Warnings, harm: Callable[[Path], None]
) -> None:
    harm(path)
    harmed = path.read_bytes()
    journal = two_days()
    assert journal.person().left_out == {"bridge"}
    journal.write(Fact.LEFT_OUT, "pigeon")
    journal.close()
    assert two_days().person().left_out == {"bridge", "pigeon"}
    aside = path.with_name("journal.sqlite3.damaged-20261123-220000")
    assert aside.read_bytes() == harmed
    (warning,) = warnings
    assert f"set aside as {aside.name}, and the copy of 22 November 2026 goes on" in warning
    assert "\n" not in warning


@pytest.mark.parametrize("harm", [damage, written_over, cut_off])
def test_without_a_sound_copy_a_new_history_begins(
    path: Path, two_days: Callable[[], Journal], warnings: Warnings, harm: Callable[[Path], None]
) -> None:
    for file in (path, path.with_name("journal.sqlite3.copy-20261122")):
        harm(file)
    journal = two_days()
    assert not journal.person().left_out
    journal.write(Fact.LEFT_OUT, "pigeon")
    journal.close()
    assert person_in(path).left_out == {"pigeon"}
    (warning,) = warnings
    assert warning.endswith("a new one begins")


def test_of_two_copies_the_latest_sound_one_goes_on(path: Path, two_days: Callable[[], Journal], clock: Clock) -> None:
    cut_the_power(two_days())  # copies both stretches
    clock.now += A_DAY
    damage(path)
    written_over(path.with_name("journal.sqlite3.copy-20261123"))
    assert two_days().person().left_out == {"bridge"}


def test_the_log_of_a_damaged_file_goes_with_it(path: Path, two_days: Callable[[], Journal]) -> None:
    """Played into the copy that takes its place, it would damage that too."""
    emptied(path)
    log = path.with_name("journal.sqlite3-wal")
    log.write_bytes(b"a log of what was")
    two_days().close()
    assert not log.exists()
    assert path.with_name("journal.sqlite3.damaged-20261123-220000-wal").read_bytes() == b"a log of what was"


def test_damage_that_shows_later_is_mended_where_it_shows(
    path: Path, two_days: Callable[[], Journal], warnings: Warnings, clock: Clock
) -> None:
    journal = two_days()
    damage(path)
    journal._db.execute("PRAGMA shrink_memory")  # noqa: SLF001 - what it has read of the file is forgotten
    assert journal.person().left_out == {"bridge", "cobra"}, "the copy of this morning"
    journal.write(Fact.LEFT_OUT, "pigeon")
    assert journal.person().left_out == {"bridge", "cobra", "pigeon"}
    (warning,) = warnings
    assert "the copy of 23 November 2026 goes on" in warning
    clock.now += A_DAY
    journal.close()
    assert person_in(path).left_out == {"bridge", "cobra", "pigeon"}


def test_a_damaged_file_is_not_copied_and_mended_once_the_session_is_over(
    path: Path, two_days: Callable[[], Journal], warnings: Warnings, clock: Clock
) -> None:
    journal = two_days()
    for number in range(300):
        journal.write(Fact.STRETCH_DONE, f"stretch-{number}")
    journal._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # noqa: SLF001 - nothing of the file is in its log
    journal._db.execute("PRAGMA shrink_memory")  # noqa: SLF001 - nor in memory
    clock.now += A_DAY
    with path.open("r+b") as file:
        file.seek(4 * 4096)  # facts of long ago, which no new one touches
        file.write(b"\xa5" * 4096)
    journal.write(Fact.STRETCH_DONE, "bridge")
    assert not warnings
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    (warning,) = warnings
    assert "the copy of 23 November 2026 goes on" in warning
    assert journal.person().left_out == {"bridge", "cobra"}
    journal.close()
    assert person_in(path.with_name("journal.sqlite3.copy-20261124")).left_out == {"bridge", "cobra"}


# --- a look from outside ----------------------------------------------------------------------------------------------


def test_one_can_look_while_a_coach_writes(path: Path, opened: Callable[[], Journal]) -> None:
    journal = opened()
    journal.write(Fact.LEFT_OUT, "cobra")
    before = names(path)
    assert person_in(path).left_out == {"cobra"}
    assert names(path) == before
    journal.write(Fact.LEFT_OUT, "bridge")
    assert person_in(path).left_out == {"cobra", "bridge"}


def test_who_looks_at_an_old_version_leaves_it_so(path: Path) -> None:
    write_version_1(path)
    before = path.read_bytes()
    assert [line.about for line in lines_in(path)] == ["bedtime", "bridge", "cobra", "bedtime"]
    assert path.read_bytes() == before
    assert names(path) == [path.name]


def test_where_there_is_nothing_nothing_is_made(path: Path) -> None:
    assert records_in(path) == []
    assert not path.exists()


def test_who_looks_at_a_damaged_file_is_told_and_changes_nothing(path: Path, two_days: Callable[[], Journal]) -> None:
    del two_days
    damage(path)
    before, harmed = names(path), path.read_bytes()
    with pytest.raises(VoicecoachError, match=r"is damaged .*; start the coach"):
        records_in(path)
    assert names(path) == before
    assert path.read_bytes() == harmed


# --- the power goes ---------------------------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from voicecoach.journal.store import Journal
from voicecoach.person.facts import Fact

journal = Journal(Path(sys.argv[1]), print)
for number in range(100_000):
    journal.write(Fact.STRETCH_DONE, str(number))
    journal.keep_place(str(number))
    print(number, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 7, 40])
def test_a_coach_that_is_killed_loses_nothing_that_it_wrote(
    path: Path, opened: Callable[[], Journal], warnings: Warnings, lines: int
) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        told = [writer.stdout.readline().strip() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
    journal = opened()
    written = [record.about for record in journal.records()]
    assert written == [str(number) for number in range(len(written))]
    assert written[: len(told)] == told
    place = journal.kept_place()
    assert place
    assert int(place.text) in (len(written) - 1, len(written) - 2)
    assert not warnings
