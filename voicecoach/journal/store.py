"""The journal: one line for each fact, in a SQLite file of the user's.

It is append-only; everything else (what is left out, how sessions went) is read from the facts.  The one thing that is
written over is the place that tonight's session has come to.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from voicecoach.journal import files
from voicecoach.journal.copies import begin_from_copy, copy_now, copy_once_a_day
from voicecoach.journal.database import DamagedError, connect, connect_memory, prepare, tells_damage
from voicecoach.journal.lines import COLUMNS, FactRow, record_of, time_of
from voicecoach.journal.local_time import HERE
from voicecoach.person.facts import ENDED, Fact, Record
from voicecoach.person.person import Person
from voicecoach.person.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, tzinfo
    from pathlib import Path

_AFTER_A_SESSION = ENDED | {Fact.PAIN_AFTER, Fact.SUGGESTED_REST, Fact.TIP_TOLD}
"""What is written when a session is over: then nobody waits, and the copy of the day is renewed."""
_LINES = f"SELECT {COLUMNS} FROM fact WHERE id > ? ORDER BY id"  # noqa: S608 - our own names
_Row = tuple[Any, ...]  # what SQLite gives has no type


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """Where a session had come to, in the dialogue's own words."""

    at: datetime
    """When it was kept, with its time zone."""
    text: str


class Journal:
    """Facts of sessions, oldest first.

    A journal that cannot be opened or written never ends a session: it says so once, in one plain line, and remembers
    in memory for as long as the coach runs.  One that is damaged is set aside, and its latest sound copy goes on.
    """

    def __init__(
        self,
        path: Path | None,
        warn: Callable[[str], None],
        now: Callable[[], datetime] | None = None,
        zone: tzinfo = HERE,
    ) -> None:
        """Open the journal, or begin one.

        Args:
            path: The file; None keeps it in memory only (rehearsals).
            warn: Is given one plain line when the file cannot be used.
            now: The time of day, with its zone; tests bring their own.
            zone: Where the person lives; their days and hours are told by its clocks.
        """
        self._path = path
        self._warn = warn
        self._now = now or (lambda: datetime.now(UTC))
        self._zone = zone
        self._told = False
        self._is_copied = True
        self._open()
        self.person()  # ten years are read now, when nobody waits

    # --- facts --------------------------------------------------------------------------------------------------------

    def write(
        self, what: Fact, about: str = "", *, side: str = "", second: float | None = None, value: float | None = None
    ) -> None:
        """Write a fact down, as of now; see `Record`.  A full disk costs the line, never the session."""
        self.add(Record(self._now(), what, about, side, second, value))
        if what in _AFTER_A_SESSION:
            self._look_after_the_file()

    def add(self, record: Record) -> None:
        """Write down a fact of any time; none is older than those before it."""
        self._is_copied = False
        self._change(
            "INSERT INTO fact (at, what, about, side, second, value) VALUES (?, ?, ?, ?, ?, ?)",
            (_as_text(record.at), record.what.value, record.about, record.side, record.second, record.value),
        )

    def records(self) -> list[Record]:
        """Every fact, oldest first."""
        lines = self._ask(lambda db: db.execute(_LINES, (0,)))
        return [record for line in lines if (record := record_of(FactRow(*line)))]

    def person(self) -> Person:
        """What the facts say of the person, up to now.

        Only what was written since the last call is read; the first call reads everything.
        """
        lines = self._ask(lambda db: db.execute(_LINES, (self._read_to,)))
        for line in itertools.starmap(FactRow, lines):
            self._read_to = line.id
            if record := record_of(line):
                self._reading.take(record)
        if lines:
            self._person = self._reading.person()
        return self._person

    # --- the kept place -----------------------------------------------------------------------------------------------

    def keep_place(self, text: str) -> None:
        """Keep the place that the session has come to, instead of the one before."""
        self._change("INSERT OR REPLACE INTO place (id, at, text) VALUES (1, ?, ?)", (_as_text(self._now()), text))

    def forget_place(self) -> None:
        """There is nothing to carry on with."""
        self._change("DELETE FROM place", ())

    def kept_place(self) -> KeptPlace | None:
        """The place that was kept last, if it was not forgotten."""
        for at, text in self._ask(lambda db: db.execute("SELECT at, text FROM place")):
            with contextlib.suppress(ValueError, TypeError):
                return KeptPlace(time_of(at), text)
        return None

    def close(self) -> None:
        """Close the file, with a copy of what was written since the last one."""
        if self._path and not self._is_copied:
            with contextlib.suppress(DamagedError):  # that is mended when it is opened again
                self._copy(copy_now, self._db, self._path)
        self._shut()

    # --- the file -----------------------------------------------------------------------------------------------------

    def _change(self, statement: str, values: tuple[str | float | None, ...]) -> None:
        self._ask(lambda db: db.execute(statement, values), "written")

    def _ask(self, ask: Callable[[sqlite3.Connection], sqlite3.Cursor], done: str = "read") -> list[_Row]:
        """What the file says; one that cannot be used says nothing, and never ends a session.

        Damage can show long after the file was opened.  It is opened anew then, which mends it, and asked again.
        """
        try:
            try:
                return ask(self._db).fetchall()
            except sqlite3.Error as error:
                if not tells_damage(error):
                    raise
                self._shut()
                self._open()
                return ask(self._db).fetchall()
        except sqlite3.Error as error:
            self._warn_once(f"the history could not be {done} ({error}); the session goes on")
            return []

    def _open(self) -> None:
        self._reading, self._read_to, self._person = Reading(self._zone), 0, Person()
        db = self._opened(self._path) if self._path else None
        if db is None:
            self._path = None
            db = connect_memory()
        self._db = db

    def _shut(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def _opened(self, path: Path) -> sqlite3.Connection | None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.ExitStack() as unless_well:
                db = unless_well.enter_context(contextlib.closing(self._connected(path)))
                self._copy(copy_once_a_day, db, path)  # before the file is changed by a new version
                prepare(db)
                unless_well.pop_all()
                return db
        except sqlite3.Error as error:
            self._warn(f"the history in {path} cannot be opened ({error}); this session is not written down")
        except OSError as error:
            self._warn(f"the history cannot be kept in {path}: {error.strerror or error}; free or open that folder")
        return None

    def _connected(self, path: Path) -> sqlite3.Connection:
        """The file itself, or what takes the place of a damaged one."""
        try:
            return connect(path)
        except DamagedError as error:
            aside, copy = begin_from_copy(path, self._now())
            day = files.day_of(path, copy) if copy else None
            goes_on = f"the copy of {day.day} {day:%B %Y} goes on" if day else "a new one begins"
            self._warn(f"the history in {path} is damaged ({error}); it was set aside as {aside.name}, and {goes_on}")
            return connect(path)

    def _look_after_the_file(self) -> None:
        """A coach may run for months without being started: so this is done when a session is over and nobody waits."""
        if self._path:
            try:
                self._copy(copy_now, self._db, self._path)
            except DamagedError:
                self._shut()
                self._open()

    def _copy(self, copy: Callable[[sqlite3.Connection, Path, date], None], db: sqlite3.Connection, path: Path) -> None:
        try:
            copy(db, path, self._now().astimezone(self._zone).date())
            self._is_copied = True
        except DamagedError:
            raise
        except (sqlite3.Error, OSError) as error:
            self._warn_once(f"the history in {path} could not be copied today ({error}); it is kept all the same")

    def _warn_once(self, line: str) -> None:
        if not self._told:
            self._warn(line)
        self._told = True


def _as_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
