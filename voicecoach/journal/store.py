"""The journal: one line for each fact of a session, in a SQLite file of the user's.

It is append-only; everything else (how many sessions this week, which stretches are left out) is read from the facts.
"""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from voicecoach.dialogue.events import DONE, Fact

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,      -- UTC, ISO 8601
    what TEXT NOT NULL,    -- a value of dialogue.events.Fact
    about TEXT NOT NULL    -- key of the stretch or routine, or empty
);
"""
FAMILIAR_FROM = 3
"""A stretch that was done so often is known: its words of caution are not said any more."""
PATIENCE_S = 0.05
"""How long a file that somebody else has locked is waited for: the coach's own thread waits here."""
_A_WEEK = timedelta(days=7)


class Journal:
    """Facts of sessions, oldest first.

    A journal that cannot be opened or written never ends a session: it says so once, in one plain line, and remembers
    in memory for as long as the coach runs.
    """

    def __init__(
        self, path: Path | None, warn: Callable[[str], None], now: Callable[[], datetime] | None = None
    ) -> None:
        """Open the journal, or begin one.

        Args:
            path: The file; None keeps it in memory only (rehearsals).
            warn: Is given one plain line when the file cannot be used.
            now: The time of day; tests bring their own.
        """
        self._warn = warn
        self._now = now or (lambda: datetime.now(UTC))
        self._told = False
        self._db = self._open(path) if path else _connect(":memory:")

    def _open(self, path: Path) -> sqlite3.Connection:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            return _connect(str(path))
        except sqlite3.DatabaseError as error:
            return self._begin_anew(path, error)
        except OSError as error:
            self._warn(f"the history cannot be kept in {path}: {error.strerror or error}; free or open that folder")
        return _connect(":memory:")

    def _begin_anew(self, path: Path, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        if isinstance(error, sqlite3.OperationalError):  # locked, read-only, full: the file itself may be well
            self._warn(f"the history in {path} cannot be opened ({error}); this session is not written down")
            return _connect(":memory:")
        aside = path.with_name(f"{path.name}.damaged-{self._now():%Y%m%d-%H%M%S}")
        try:
            path.rename(aside)
            db = _connect(str(path))
        except (OSError, sqlite3.Error):
            self._warn(f"the history in {path} is damaged ({error}); this session is not written down")
            return _connect(":memory:")
        self._warn(f"the history in {path} is damaged ({error}); it was set aside as {aside.name}, a new one begins")
        return db

    def write(self, fact: Fact, about: str) -> None:
        """Write ``fact`` down; a full disk costs the line, never the session."""
        try:
            with self._db:
                self._db.execute(
                    "INSERT INTO fact (at, what, about) VALUES (?, ?, ?)",
                    (self._now().isoformat(timespec="seconds"), fact.value, about),
                )
        except sqlite3.Error as error:
            self._warn_once(f"the history could not be written ({error}); the session goes on")

    def sessions_this_week(self) -> int:
        """How many sessions were gone through, or slept into, in the last seven days."""
        since = (self._now() - _A_WEEK).isoformat(timespec="seconds")
        wanted = ",".join("?" for _ in DONE)
        query = f"SELECT count(*) FROM fact WHERE at >= ? AND what IN ({wanted})"  # noqa: S608 - only question marks
        rows = self._read(query, (since, *(fact.value for fact in DONE)))
        return int(str(rows[0][0])) if rows else 0

    def left_out(self) -> frozenset[str]:
        """Keys of the stretches that the person never wants again."""
        keys: set[str] = set()
        for what, about in self._read("SELECT what, about FROM fact ORDER BY id"):
            if what == Fact.LEFT_OUT.value:
                keys.add(str(about))
            elif what == Fact.BROUGHT_BACK.value:
                keys.clear()
        return frozenset(keys)

    def familiar(self) -> frozenset[str]:
        """Keys of the stretches that were done at least `FAMILIAR_FROM` times."""
        query = "SELECT about FROM fact WHERE what = ? GROUP BY about HAVING count(*) >= ?"
        rows = self._read(query, (Fact.STRETCH_DONE.value, FAMILIAR_FROM))
        return frozenset(str(about) for (about,) in rows)

    def _read(self, query: str, values: tuple[str | int, ...] = ()) -> list[tuple[object, ...]]:
        """What the file says; one that cannot be read says nothing, and never ends a session."""
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._warn_once(f"the history could not be read ({error}); the session goes on")
            return []

    def _warn_once(self, line: str) -> None:
        if not self._told:
            self._warn(line)
        self._told = True

    def close(self) -> None:
        """Close the file; nothing is waiting to be written."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()


def _connect(path: str) -> sqlite3.Connection:
    # The coach's own thread writes; the thread that opened the journal only closes it, after that one has ended.
    db = sqlite3.connect(path, timeout=PATIENCE_S, check_same_thread=False)
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > _SCHEMA_VERSION:
        raise sqlite3.OperationalError(f"it was written by a newer voicecoach, with schema {version}")
    with db:
        db.executescript(_SCHEMA)
        db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
    return db
