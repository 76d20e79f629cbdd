"""Lives through a story: each visit is rehearsed as text, with a journal that remembers those before."""

from __future__ import annotations

import io
from contextlib import closing, redirect_stderr
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.console_log import warn
from voicecoach.journal.files import FILE
from voicecoach.journal.store import Journal
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from thirty_nights.visit import Visit
    from voicecoach.person.facts import Record
    from voicecoach.simulation.rehearsed_session import RehearsedSession


@dataclass(frozen=True, slots=True)
class Lived:
    """A visit, and what came of it."""

    visit: Visit
    session: RehearsedSession
    history: tuple[Record, ...]
    """Everything that the journal holds afterwards, oldest first."""
    warnings: tuple[str, ...]
    """What the coach printed for whoever is at the keyboard."""

    @property
    def noted(self) -> tuple[Record, ...]:
        """What was written down on this visit."""
        return tuple(record for record in self.history if record.at >= self.visit.at)


def usual_house() -> Assembly:
    """The coach as it ships, with one thing set: on a morning it asks for the sleep."""
    return Assembly(Settings(ask_sleep=True), load_library(shipped("routines")))


def live(visits: Iterable[Visit], folder: Path, assembly: Assembly) -> Iterator[Lived]:
    """Live through ``visits``, one after the other.

    Args:
        visits: In order of time.
        folder: Where the history lies; empty at first.
        assembly: The coach's.
    """
    path = folder / FILE
    for visit in visits:
        if visit.damaged:
            _damage(path)
        with redirect_stderr(io.StringIO()) as told:
            session = rehearse(assembly, visit.scenario, as_text=True, history=path)
            history = _read(path, visit)
        yield Lived(visit, session, history, tuple(told.getvalue().replace(f"{folder}/", "").splitlines()))


def _read(path: Path, visit: Visit) -> tuple[Record, ...]:
    with closing(Journal(path, warn, lambda: visit.at, UTC)) as journal:
        return tuple(journal.records())


def _damage(path: Path) -> None:
    """Do to a file what a worn memory card does."""
    contents = path.read_bytes()
    half = len(contents) // 2
    path.write_bytes(bytes(half) + contents[half:])
