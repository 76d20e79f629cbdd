"""A copy of the history a day, and the way back from it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from voicecoach.journal import files
from voicecoach.journal.database import check
from voicecoach.journal.schema import version_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

KEPT = 2
"""How many copies are kept: should the latest be damaged too, there is one more."""


def copy_once_a_day(db: sqlite3.Connection, path: Path, today: date) -> None:
    """`copy_now`, unless that was done today."""
    if not files.copy_of(path, today).exists():
        copy_now(db, path, today)


def copy_now(db: sqlite3.Connection, path: Path, today: date) -> None:
    """Copy the history, in the place of the copy that was made earlier today; older copies go.

    A file that is damaged is not copied, so that it never takes the place of a sound one.  The earlier copy stays until
    the new one is whole.  What somebody has deleted while the coach runs is not brought back.

    Args:
        db: The open history.
        path: Where it lies; the copy is made beside it.
        today: The day by which the copy is named.

    Raises:
        DamagedError: The history is damaged.
        sqlite3.Error: It cannot be read or copied just now.
        OSError: The copy cannot be made.
    """
    check(db)
    if not version_of(db) or not path.exists():
        return  # there is nothing in it yet
    part = files.unfinished(path)
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(part)) as target:
        db.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, which needs no log beside it
    part.replace(files.copy_of(path, today))
    for old in _fullest_first(path)[KEPT:]:
        old.unlink()


def latest_sound_copy(path: Path) -> Path | None:
    """The latest copy that is whole."""
    return next((copy for copy in _fullest_first(path) if _is_sound(copy)), None)


def begin_from_copy(path: Path, moment: datetime) -> tuple[Path, Path | None]:
    """Set a damaged history aside and put the latest sound copy in its place.

    Returns:
        Where the damaged file is now, and the copy that was used; None where there was none, and nothing is there now.

    Raises:
        OSError: A file cannot be moved or written.
    """
    copy = latest_sound_copy(path)
    if copy is None:
        return files.set_aside(path, moment), None
    part = files.unfinished(path)
    with copy.open("rb") as source, part.open("wb") as target:
        os.fchmod(target.fileno(), 0o600)
        shutil.copyfileobj(source, target)
        target.flush()
        os.fsync(target.fileno())
    aside = files.set_aside(path, moment)
    part.replace(path)
    return aside, copy


def _fullest_first(path: Path) -> list[Path]:
    """The copies, latest first: the one that has most lines, whatever day it is named by.

    A clock that was wrong for a night names its copy by a day that has yet to come; lines are only ever added.
    """
    return sorted(files.copies(path), key=lambda copy: (_last_line(copy), copy.name), reverse=True)


def _last_line(copy: Path) -> int:
    """The number of its last line; 0 for a copy without any, or that cannot be read."""
    try:
        with closing(_opened(copy)) as db:
            return int(db.execute("SELECT coalesce(max(id), 0) FROM fact").fetchone()[0])
    except sqlite3.Error:
        return 0


def _opened(copy: Path) -> sqlite3.Connection:
    """Immutable: nothing is made beside it."""
    return sqlite3.connect(f"{copy.absolute().as_uri()}?immutable=1", uri=True)


def _is_sound(copy: Path) -> bool:
    try:
        with closing(_opened(copy)) as db:
            check(db)
            return version_of(db) > 0
    except sqlite3.Error:
        return False
