"""``voicecoach history``: take the history along, or delete it."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import AlreadyRunningError, BadRequestError, CannotCreateError, NoFileError, VoicecoachError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.journal.lines import FactRow

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415

COLUMNS = ("time", "what", "about", "side", "second", "value")
"""Of what is exported: the time is local, with its offset; the rest is as in `person.facts.Record`."""
_STDOUT = "-"


def add_parser(commands: Commands) -> None:
    """Add ``history`` to the commands."""
    history = commands.add_parser("history", help="take the history with you, or delete it")
    ways = history.add_subparsers(title="commands", metavar="COMMAND", required=True)

    export = ways.add_parser("export", help="write every line of the history into a file")
    form = export.add_mutually_exclusive_group(required=True)
    form.add_argument("--csv", metavar="FILE", help="as a table, for a spreadsheet; - prints it")
    form.add_argument("--json", metavar="FILE", help="as a list of objects; - prints it")
    export.set_defaults(handler=_export)

    delete = ways.add_parser("delete", help="delete the history and all copies of it, for good")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(handler=_delete)


def _history() -> Path:
    from voicecoach.journal.files import FILE
    from voicecoach.settings import data_folder

    return data_folder() / FILE


# --- export -----------------------------------------------------------------------------------------------------------


def _export(options: argparse.Namespace, _: Assembly) -> int:
    from voicecoach.journal.looking import lines_in

    history = _history()
    lines = lines_in(history)
    if not lines:
        raise NoFileError(f"there is no history in {history} yet; it begins with the first session")
    rows = [_readable(line) for line in lines]
    wanted, text = (options.csv, _as_csv(rows)) if options.csv else (options.json, _as_json(rows))
    if wanted == _STDOUT:
        sys.stdout.write(text)
        return 0
    file = Path(wanted).resolve()
    if file.parent == history.parent.resolve() and file.name.startswith(history.name):
        raise BadRequestError(f"{wanted} belongs to the history itself; name another file")
    _write_whole(file, text)
    print(f"{len(rows)} lines are in {wanted}.")
    return 0


def _readable(line: FactRow) -> dict[str, str | float | None]:
    """One line by the names of its columns; a time that cannot be read stays as it stands."""
    from voicecoach.journal.lines import time_of
    from voicecoach.journal.local_time import HERE

    at = line.at
    with contextlib.suppress(ValueError, TypeError):
        at = time_of(line.at).astimezone(HERE).isoformat()
    numbers = (_number(line.second), _number(line.value))
    return dict(zip(COLUMNS, (at, line.what, line.about, line.side, *numbers), strict=True))


def _number(number: float | None) -> float | None:
    """3 and not 3.0."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _as_csv(rows: Sequence[dict[str, str | float | None]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _as_json(rows: Sequence[dict[str, str | float | None]]) -> str:
    lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows)
    return f"[\n{lines}\n]\n"


def _write_whole(file: Path, text: str) -> None:
    """Write beside the file and move it there: either all of it is there or what was there before.

    Only its owner may read it: it tells of somebody's health.

    Raises:
        BadRequestError: There is something that is no file.
        VoicecoachError: It cannot be written.
    """
    if file.exists() and not file.is_file():
        raise BadRequestError(f"{file} is no file; name one, or - to print")
    try:
        descriptor, unfinished = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            Path(unfinished).replace(file)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotCreateError(f"{file} cannot be written ({error.strerror}); name another file") from error


# --- delete -----------------------------------------------------------------------------------------------------------


def _delete(options: argparse.Namespace, _: Assembly) -> int:
    from voicecoach.journal.files import all_of

    history = _history()
    there = all_of(history)
    if not there:
        print("There is no history to delete.")
        return 0
    _refuse_while_it_is_used(history)
    if not options.yes and not _is_meant(history):
        print("Nothing was deleted.")
        return 1
    for file in all_of(history):
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise VoicecoachError(f"{file} cannot be deleted ({error.strerror}); see who may write there") from error
    print("The history is gone, and all copies of it.")
    return 0


def _is_meant(history: Path) -> bool:
    if not sys.stdin.isatty():
        raise BadRequestError("nobody can be asked here whether the history is to be deleted; add --yes")
    print(f"This deletes the history in {history} and all copies of it. It cannot be brought back.")
    try:
        return input("To delete it, type yes: ").strip().lower() == "yes"
    except EOFError:
        print()
        return False


def _refuse_while_it_is_used(history: Path) -> None:
    """A coach that goes on would remember everything, and write it into a file that nobody sees.

    Raises:
        VoicecoachError: A coach has the history open.
    """
    if not history.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(history, timeout=0, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = DELETE")  # only who is alone with a file can take its log away
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise AlreadyRunningError(f"a coach is using the history in {history}; end it first") from error
    except sqlite3.DatabaseError:
        pass  # damaged, and to be deleted all the same
