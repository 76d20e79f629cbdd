"""The journal: one line for each fact, in a SQLite file of the user's.

It is append-only; everything else (what is left out, how sessions went) is read from the facts.  The one thing that is
written over is the place that tonight's session has come to.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from typing import TYPE_CHECKING, Any

from voicecoach.journal import files
from voicecoach.journal.chronology import Chronology
from voicecoach.journal.copies import begin_from_copy, copy_now, copy_once_a_day
from voicecoach.journal.database import DamagedError, connect, connect_memory, prepare, tells_damage
from voicecoach.journal.lines import COLUMNS, FactRow, as_text, record_of, time_of
from voicecoach.journal.local_time import HERE
from voicecoach.journal.place import KeptPlace, age_s
from voicecoach.journal.redating import date_anew, latest_date
from voicecoach.journal.wall_clock import Clock, SystemClock, TrueClock
from voicecoach.person.facts import ENDED, Fact, Record
from voicecoach.person.person import Person
from voicecoach.person.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, tzinfo
    from pathlib import Path

_AFTER_A_SESSION = ENDED | {Fact.PAIN_AFTER, Fact.SUGGESTED_REST, Fact.TIP_TOLD}
"""What is written when a session is over: then nobody waits, and the copy of the day is renewed."""
_LINES = f"SELECT {COLUMNS} FROM fact WHERE id > ? ORDER BY id"  # noqa: S608 - our own names
_Row = tuple[Any, ...]  # what SQLite gives has no type


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
            now: The time of day, with its zone: a `Clock`, or what is always right; None: this machine's clock.
            zone: Where the person lives; their days and hours are told by its clocks.
        """
        self._path = path
        self._warn = warn
        clock = SystemClock() if now is None else now if isinstance(now, Clock) else TrueClock(now)
        self._chronology = Chronology(clock)
        self.zone = zone
        self._told = False
        self._is_copied = True
        self._open()
        self.person()  # ten years are read now, when nobody waits

    # --- facts --------------------------------------------------------------------------------------------------------

    def write(
        self, what: Fact, about: str = "", *, side: str = "", second: float | None = None, value: float | None = None
    ) -> None:
        """Write a fact down, as of now; see `Record`.  A full disk costs the line, never the session."""
        clock = self._chronology.clock
        self._insert(Record(self._chronology.now(), what, about, side, second, value), clock.boot, clock.uptime_s())
        if what in _AFTER_A_SESSION:
            self._look_after_the_file()

    def add(self, record: Record) -> None:
        """Write down a fact of any time; none is older than those before it."""
        self._insert(record, None, None)

    def _insert(self, record: Record, boot: str | None, uptime_s: float | None) -> None:
        self._is_copied = False
        at, what = as_text(record.at), record.what.value
        self._change(
            "INSERT INTO fact (at, what, about, side, second, value, boot, uptime) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (at, what, record.about, record.side, record.second, record.value, boot, uptime_s),
        )

    def records(self) -> list[Record]:
        """Every fact, oldest first."""
        lines = self._ask(lambda db: db.execute(_LINES, (0,)))
        return [record for line in lines if (record := record_of(FactRow(*line)))]

    def person(self) -> Person:
        """What the facts say of the person, up to now.

        Only what was written since the last call is read.  The first call reads everything, and so does the one that
        finds that somebody has set the clock; it dates anew what was written by the wrong one.
        """
        if self._chronology.was_set():
            self._ask(lambda db: date_anew(db, self._chronology), "dated anew")
            self._read_anew()
        now = self._chronology.now()
        lines = self._ask(lambda db: db.execute(_LINES, (self._read_to,)))
        for line in itertools.starmap(FactRow, lines):
            self._read_to = line.id
            if record := record_of(line):
                self._reading.take(record, now)
        if lines:
            self._person = self._reading.person()
        return self._person

    def told_time(self) -> tuple[datetime, bool]:
        """What time it is, with its zone, and whether that is known; where not, it is not before what was written."""
        return self._chronology.told()

    # --- the kept place -----------------------------------------------------------------------------------------------

    def keep_place(self, text: str) -> None:
        """Keep the place that the session has come to, instead of the one before."""
        now, is_known = self._chronology.told()
        clock = self._chronology.clock
        self._change(
            "INSERT OR REPLACE INTO place (id, at, text, boot, uptime, known) VALUES (1, ?, ?, ?, ?, ?)",
            (as_text(now), text, clock.boot, clock.uptime_s(), is_known),
        )

    def forget_place(self) -> None:
        """There is nothing to carry on with."""
        self._change("DELETE FROM place", ())

    def kept_place(self) -> KeptPlace | None:
        """The place that was kept last, if it was not forgotten."""
        kept = self._ask(lambda db: db.execute("SELECT at, text, boot, uptime, known FROM place"))
        for at, text, boot, uptime_s, known in kept:
            with contextlib.suppress(ValueError, TypeError):
                return KeptPlace(time_of(at), text, boot, float(uptime_s), bool(known))
        return None

    def age_s(self, kept: KeptPlace) -> float:
        """How many seconds ago a place was kept, as far as that can be told."""
        return age_s(kept, self._chronology.clock)

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
        self._read_anew()
        db = self._opened(self._path) if self._path else None
        if db is None:
            self._path = None
            db = connect_memory()
        self._db = db

    def _read_anew(self) -> None:
        self._reading, self._read_to, self._person = Reading(self.zone), 0, Person()

    def _shut(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def _opened(self, path: Path) -> sqlite3.Connection | None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.ExitStack() as unless_well:
                db = unless_well.enter_context(contextlib.closing(self._connected(path)))
                self._chronology.begin_after(latest_date(db))
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
            aside, copy = begin_from_copy(path, self._chronology.now())
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
            copy(db, path, self._chronology.now().astimezone(self.zone).date())
            self._is_copied = True
        except DamagedError:
            raise
        except (sqlite3.Error, OSError) as error:
            self._warn_once(f"the history in {path} could not be copied today ({error}); it is kept all the same")

    def _warn_once(self, line: str) -> None:
        if not self._told:
            self._warn(line)
        self._told = True
