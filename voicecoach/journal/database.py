"""How the history's file is opened: what is asked of SQLite, and what tells a sound file from a damaged one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from voicecoach.journal.files import copies
from voicecoach.journal.schema import VERSION, bring_up_to_date, version_of

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 0.05
"""How long a file that somebody else has locked is waited for: the coach's own thread waits here."""
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class DamagedError(sqlite3.DatabaseError):
    """The file does not hold what was written; the message says how that shows."""


def tells_damage(error: sqlite3.Error) -> bool:
    """Whether the file is damaged, and not only locked, full or read-only just now."""
    return isinstance(error, DamagedError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def connect(path: Path) -> sqlite3.Connection:
    """Open the file to write, or begin an empty one, which nobody else on this machine may read.

    Nothing is changed yet: `prepare` does that.

    Raises:
        DamagedError: It is damaged.
        sqlite3.Error: It cannot be opened just now, or a newer coach has written it; it may be well.
        OSError: It cannot be made.
    """
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    elif not path.stat().st_size and copies(path):
        raise DamagedError("it is empty, and was not")
    db = _connect(str(path))
    try:
        check(db)
    except sqlite3.Error:
        db.close()
        raise
    return db


def connect_memory() -> sqlite3.Connection:
    """A history that lasts as long as the coach runs."""
    db = _connect(":memory:")
    bring_up_to_date(db)
    return db


def prepare(db: sqlite3.Connection) -> None:
    """Bring the file up to date, and make it fit to be written at any moment.

    Raises:
        sqlite3.OperationalError: It cannot be written; it is as it was.
    """
    bring_up_to_date(db)
    # A write-ahead log: whoever reads in another process (voicecoach progress) neither waits for the coach nor makes it
    # wait, and a fact costs one write to the disk and not three.  A process that is killed loses nothing.  FULL, so
    # that a fact that was written has reached the disk, and a power cut loses nothing either: the place to carry on
    # from is kept for just that case.  (NORMAL would leave the file whole too, but lose the last facts.)
    # Where there can be no such log (a network's disk), SQLite goes on with its older way, which is as safe.
    with contextlib.suppress(sqlite3.OperationalError):
        db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")


def check(db: sqlite3.Connection) -> None:
    """Read the whole file once: is every page of it what it should be?

    Raises:
        DamagedError: No.
        sqlite3.Error: It cannot be read just now, or a newer coach has written it.
    """
    try:
        version = version_of(db)
        if version > VERSION:
            raise sqlite3.OperationalError(f"it was written by a newer voicecoach, with schema {version}")
        found = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        if tells_damage(error):
            raise DamagedError(str(error)) from error
        raise
    if found != ("ok",):
        raise DamagedError("a part of it cannot be read")


def _connect(name: str) -> sqlite3.Connection:
    # The coach's own thread writes; the thread that opened the journal only closes it, after that one has ended.
    # Without an isolation level every statement is a transaction of its own: written wholly or not at all.
    return sqlite3.connect(name, timeout=PATIENCE_S, check_same_thread=False, isolation_level=None)
