"""``voicecoach history``: all of it can be taken along, and all of it can be made to be gone."""

from __future__ import annotations

import argparse
import csv
import io
import json
import stat
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from voicecoach.cli import history as history_cli
from voicecoach.errors import BadRequestError, VoicecoachError
from voicecoach.journal.store import Journal
from voicecoach.person.facts import Fact
from voicecoach.settings import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVENING = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
IN_PARIS = "2026-11-21T22:30:00+01:00"
TABLE = f"""\
time,what,about,side,second,value
{IN_PARIS},session started,bedtime,,,10
{IN_PARIS},hurt,bridge,left,94.5,
{IN_PARIS},session finished,bedtime,,,
"""


@pytest.fixture(autouse=True)
def a_home_in_paris(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody's history is read or deleted by a test."""
    with monkeypatch.context() as home:
        home.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        home.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def history() -> Path:
    path = data_folder() / "journal.sqlite3"
    journal = open_journal(path)
    journal.write(Fact.SESSION_STARTED, "bedtime", value=10)
    journal.write(Fact.HURT, "bridge", side="left", second=94.5)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    journal.close()
    return path


def open_journal(path: Path) -> Journal:
    return Journal(path, pytest.fail, lambda: EVENING)


def typed(*arguments: str) -> int:
    """Run ``voicecoach history`` with ``arguments``; returns the exit code."""
    parser = argparse.ArgumentParser()
    history_cli.add_parser(parser.add_subparsers())
    options = parser.parse_args(["history", *arguments])
    code = options.handler(options, None)  # no command looks at the house
    assert isinstance(code, int)
    return code


def typing(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Somebody sits at a terminal and types ``answer``."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(answer))


# --- export -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("history")
def test_the_history_is_exported_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "history.csv"
    file.write_text("what was here before")
    assert typed("export", "--csv", str(file)) == 0
    assert file.read_text() == TABLE
    assert capsys.readouterr().out == f"3 lines are in {file}.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["history.csv"]


@pytest.mark.usefixtures("history")
def test_the_history_is_exported_as_objects(tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    assert typed("export", "--json", str(file)) == 0
    lines = json.loads(file.read_text())
    assert lines[1] == {
        "time": IN_PARIS, "what": "hurt", "about": "bridge", "side": "left", "second": 94.5, "value": None,
    }  # fmt: skip
    assert [line["what"] for line in lines] == ["session started", "hurt", "session finished"]


@pytest.mark.usefixtures("history")
def test_a_dash_prints_the_export_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("export", "--csv", "-") == 0
    assert capsys.readouterr().out == TABLE
    assert typed("export", "--json", "-") == 0
    assert len(json.loads(capsys.readouterr().out)) == 3


def test_the_history_is_exported_while_the_coach_runs(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    coach = open_journal(history)
    coach.write(Fact.LEFT_OUT, "cobra")
    assert typed("export", "--csv", "-") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows[-1]["about"] == "cobra"
    coach.close()


def test_a_line_that_nobody_understands_is_exported_as_it_stands(
    history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coach = open_journal(history)
    coach._db.execute("INSERT INTO fact (at, what, about) VALUES ('some day', 'flew', 'to the moon')")  # noqa: SLF001
    coach.close()
    assert typed("export", "--csv", "-") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "some day,flew,to the moon,,,"


def test_without_a_history_no_file_is_written(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    with pytest.raises(VoicecoachError, match="there is no history"):
        typed("export", "--csv", str(file))
    assert not file.exists()


@pytest.mark.usefixtures("history")
def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(VoicecoachError, match="cannot be written"):
        typed("export", "--csv", str(tmp_path / "nowhere" / "history.csv"))
    with pytest.raises(BadRequestError, match="is no file"):
        typed("export", "--json", str(tmp_path))


@pytest.mark.parametrize("name", ["journal.sqlite3", "journal.sqlite3-wal"])
def test_an_export_never_takes_the_place_of_the_history(history: Path, name: str) -> None:
    before = history.read_bytes()
    with pytest.raises(BadRequestError, match="belongs to the history"):
        typed("export", "--csv", str(history.with_name(name)))
    assert history.read_bytes() == before


@pytest.mark.parametrize("arguments", [[], ["export"], ["export", "--csv", "a", "--json", "b"]])
def test_what_is_wanted_must_be_said(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        typed(*arguments)


# --- delete -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def much(history: Path) -> Path:
    """A history with all that can lie beside it, and something that does not belong to it."""
    for name in ("-wal", "-shm", ".copy-20261120", ".damaged-20261119-220000", ".damaged-20261119-220000-wal", ".part"):
        history.with_name(history.name + name).write_bytes(b"")
    history.with_name("model.txt").write_text("chosen")
    return history


def left(history: Path) -> list[str]:
    return [file.name for file in history.parent.iterdir()]


def test_yes_deletes_all_of_it_and_nothing_else(
    much: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "yes\n")
    assert typed("delete") == 0
    assert left(much) == ["model.txt"]
    assert "It cannot be brought back." in capsys.readouterr().out


@pytest.mark.parametrize("answer", ["", "\n", "no\n", "y\n"])
def test_anything_else_deletes_nothing(
    history: Path, monkeypatch: pytest.MonkeyPatch, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = left(history)
    typing(monkeypatch, answer)
    assert typed("delete") == 1
    assert left(history) == before
    assert capsys.readouterr().out.endswith("Nothing was deleted.\n")


def test_where_nobody_can_be_asked_yes_must_be_given(much: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    with pytest.raises(BadRequestError, match="add --yes"):
        typed("delete")
    assert much.exists()
    assert typed("delete", "--yes") == 0
    assert left(much) == ["model.txt"]


def test_what_is_gone_does_not_come_back(history: Path) -> None:
    assert typed("delete", "--yes") == 0
    coach = open_journal(history)
    assert coach.records() == []
    coach.close()


def test_a_coach_that_runs_keeps_its_history(history: Path) -> None:
    coach = open_journal(history)
    with pytest.raises(VoicecoachError, match="a coach is using the history"):
        typed("delete", "--yes")
    assert len(coach.records()) == 3
    coach.close()
    assert typed("delete", "--yes") == 0
    assert left(history) == []


def test_a_damaged_history_can_be_deleted(history: Path) -> None:
    history.write_bytes(b"no database" * 500)
    assert typed("delete", "--yes") == 0
    assert left(history) == []


def test_copies_go_also_where_the_history_itself_is_gone(much: Path) -> None:
    much.unlink()
    assert typed("delete", "--yes") == 0
    assert left(much) == ["model.txt"]


def test_nothing_to_delete_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("delete") == 0
    assert capsys.readouterr().out == "There is no history to delete.\n"
