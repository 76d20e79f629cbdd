"""A look into the history from outside: while a coach may be writing it, and without changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from voicecoach.errors import VoicecoachError
from voicecoach.journal.chronology import Chronology
from voicecoach.journal.database import PATIENCE_S, check, tells_damage
from voicecoach.journal.lines import COLUMNS, FactRow, record_of
from voicecoach.journal.local_time import HERE
from voicecoach.journal.schema import bring_up_to_date
from voicecoach.journal.wall_clock import SystemClock, is_plausible
from voicecoach.person.reading import read
from voicecoach.person.tonight import Tonight
from voicecoach.person.wall_time import local

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.person.facts import Record
    from voicecoach.person.person import Person


def person_in(path: Path) -> Person:
    """What the history at ``path`` says of the person.

    Raises:
        VoicecoachError: It cannot be read.
    """
    return tonight_in(path).person


def tonight_in(path: Path) -> Tonight:
    """Who is there, as the history at ``path`` says, and what time it is as far as that can be told.

    Raises:
        VoicecoachError: It cannot be read.
    """
    records = records_in(path)
    chronology = Chronology(SystemClock())
    chronology.begin_after(max((record.at for record in records if is_plausible(record.at)), default=None))
    now, is_known = chronology.told()
    return Tonight(local(now, HERE), read(records, HERE, now), zone=HERE, time_is_known=is_known)


def records_in(path: Path) -> list[Record]:
    """What the history at ``path`` says, oldest first; nothing where there is none.

    Raises:
        VoicecoachError: It cannot be read.
    """
    return [record for record in map(record_of, lines_in(path)) if record]


def lines_in(path: Path) -> list[FactRow]:
    """Every line of the history at ``path`` as it stands there, oldest first; nothing where there is none.

    Raises:
        VoicecoachError: It cannot be read.
    """
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            # Of a copy in memory: the coach is in nobody's way, and an older version is brought up to date there only.
            uri = f"{path.absolute().as_uri()}?mode=rw"  # as reading needs the log beside the file; never makes a file
            with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_S)) as db:
                db.backup(copy)
            check(copy)
            bring_up_to_date(copy)
            return [FactRow(*line) for line in copy.execute(f"SELECT {COLUMNS} FROM fact ORDER BY id")]  # noqa: S608 - our own names
    except sqlite3.Error as error:
        if tells_damage(error):
            remedy = "start the coach, which goes on with the latest copy of it"
            raise VoicecoachError(f"the history in {path} is damaged ({error}); {remedy}") from error
        raise VoicecoachError(f"the history in {path} cannot be read ({error}); see who may read it") from error
