"""Dates of lines that were written before the time was known: how long the machine had been on tells them better."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.journal.chronology import SLIP_S
from voicecoach.journal.lines import as_text, time_of
from voicecoach.journal.wall_clock import is_plausible

if TYPE_CHECKING:
    from datetime import datetime

    from voicecoach.journal.chronology import Chronology

_ENOUGH_LINES = 200
"""So many of the latest lines are looked through for one whose date can be."""


def date_anew(db: sqlite3.Connection, chronology: Chronology) -> sqlite3.Cursor:
    """Give the lines of this time of the machine's being on their true dates; all of them or none.

    Raises:
        sqlite3.Error: It cannot be written just now.
    """
    written = db.execute("SELECT id, at, uptime FROM fact WHERE boot = ?", (chronology.clock.boot,)).fetchall()
    dates = ((number, at, chronology.at_uptime(uptime)) for number, at, uptime in written)
    wrong = [(as_text(true), number) for number, at, true in dates if _differ(at, true)]
    if wrong:
        with db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany("UPDATE fact SET at = ? WHERE id = ?", wrong)
    return db.execute("SELECT 1 WHERE 0")


def latest_date(db: sqlite3.Connection) -> datetime | None:
    """The date of the latest line whose date can be; None where there is none, or no lines at all."""
    try:
        dates = db.execute("SELECT at FROM fact ORDER BY id DESC LIMIT ?", (_ENOUGH_LINES,)).fetchall()
    except sqlite3.Error:  # an empty file has no lines; whatever else is wrong shows as soon as it is used
        return None
    return next((moment for (at,) in dates if (moment := _moment_or_none(at)) and is_plausible(moment)), None)


def _differ(at: str, true: datetime) -> bool:
    moment = _moment_or_none(at)
    return moment is not None and abs(moment - true) > timedelta(seconds=SLIP_S)


def _moment_or_none(at: str) -> datetime | None:
    try:
        return time_of(at)
    except (ValueError, TypeError):
        return None
