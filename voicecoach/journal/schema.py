"""The versions of the history's file, and the way from each to the next.

A version, once published, never changes: whatever is wanted next is a further step at the end of `MIGRATIONS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    # 0 to 1: one line for each fact.  Version 1 made the table and wrote its number in two strokes, so that a file in
    # which a power cut came between them says 0 and has the table.
    (
        """
        CREATE TABLE IF NOT EXISTS fact (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,     -- UTC, ISO 8601
            what TEXT NOT NULL,   -- the value of a person.facts.Fact
            about TEXT NOT NULL   -- key of a stretch, routine, condition ..., or empty
        )
        """,
    ),
    # 1 to 2: more of a fact, as person.facts.Record describes it; and the place that a session has come to.
    # There is no index: facts are read in the order of their ids, and each of them once.
    (
        "ALTER TABLE fact ADD COLUMN side TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE fact ADD COLUMN second REAL",
        "ALTER TABLE fact ADD COLUMN value REAL",
        """
        CREATE TABLE place (
            id INTEGER PRIMARY KEY CHECK (id = 1),  -- there is one, or none
            at TEXT NOT NULL,                       -- UTC, ISO 8601
            text TEXT NOT NULL                      -- as the dialogue wrote it
        )
        """,
    ),
    # 2 to 3: how long the machine had been on.  Where its clock was wrong, that tells the true time once it is known.
    (
        "ALTER TABLE fact ADD COLUMN boot TEXT",  # names the time that the machine was on; journal.wall_clock.Clock
        "ALTER TABLE fact ADD COLUMN uptime REAL",  # seconds since its start
        "ALTER TABLE place ADD COLUMN boot TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE place ADD COLUMN uptime REAL NOT NULL DEFAULT 0",
        "ALTER TABLE place ADD COLUMN known INTEGER NOT NULL DEFAULT 1",  # whether the clock could be believed
    ),
)
"""Step ``n`` leads from version ``n`` to version ``n + 1``."""
VERSION = len(MIGRATIONS)


def version_of(db: sqlite3.Connection) -> int:
    """The version that a file says it has; 0 for one that is empty."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def bring_up_to_date(db: sqlite3.Connection) -> None:
    """Take all steps that are still to be taken, or none of them.

    Args:
        db: A connection in autocommit mode (``isolation_level=None``).

    Raises:
        sqlite3.OperationalError: The file was written by a newer coach, is locked, cannot be written, or its disk is
            full.  It is as it was.
    """
    if version_of(db) == VERSION:
        return
    with db:
        db.execute("BEGIN IMMEDIATE")  # before looking: two coaches may have been started at once
        for step in MIGRATIONS[version_of(db) :]:
            for statement in step:
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
