"""Kill -9 at any of a hundred moments of a session: nothing is lost but what was being written just then.

``pytest tests/test_kill.py -k moment-0`` kills at ten of them.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import IO, TYPE_CHECKING

import killed_session
import pytest
from killed_session import BEGINS, DONE, GONE, coach_in, play

from voicecoach.engines.recognition.text import TextInput
from voicecoach.journal.store import Journal
from voicecoach.person.facts import Fact, Record
from voicecoach.session_events import Began
from voicecoach.simulation.power_cuts import SimulatedClock
from voicecoach.simulation.scenario import EVENING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.session_events import SessionEvent

pytestmark = pytest.mark.long

KILLS = 100
AN_HOUR_LATER = EVENING + timedelta(hours=1)


@dataclass(frozen=True)
class Kept:
    """What is in the journal at a moment."""

    records: int = 0
    place: str | None = None


class Whole:
    """The session that nobody kills."""

    def __init__(self, path: Path) -> None:
        log: list[Record | SessionEvent | str | None] = []
        self.assembly = killed_session.assembly()
        play(self.assembly, path, log.append, observer=log.append)
        with closing(Journal(path, pytest.fail)) as journal:
            self.records = journal.records()
        self.kept = [Kept()]
        """After so many writes."""
        self.stretches = [""]
        """The stretch that had been announced when the place was kept, after so many writes."""
        name = ""
        for one in log:
            match one:
                case Record():
                    self._wrote(replace(self.kept[-1], records=self.kept[-1].records + 1), self.stretches[-1])
                case str() | None:
                    self._wrote(replace(self.kept[-1], place=one), name)
                case Began(cues=cues) if cues and isinstance(cues[0].sound, str):
                    name = self._announced(cues[0].sound) or name

    @property
    def writes(self) -> int:
        return len(self.kept) - 1

    def near(self, writes: int) -> set[str]:
        """The stretch that the session is at, and the one after it, after so many writes."""
        here = self.stretches[writes]
        return {here, next((name for name in self.stretches[writes:] if name != here), here)}

    def _wrote(self, kept: Kept, stretch: str) -> None:
        self.kept.append(kept)
        self.stretches.append(stretch)

    def _announced(self, sentence: str) -> str | None:
        words = self.assembly.language.plan
        for stretch in self.assembly.library.stretches.values():
            if sentence in {words.format(name=stretch.name) for words in (words.first, words.then, words.last)}:
                return stretch.name
        return None


class Victims:
    """Plays sessions in processes of their own, and kills them."""

    def __init__(self) -> None:
        path = os.pathsep.join(sys.path)
        self._process = subprocess.Popen(
            [sys.executable, killed_session.__file__],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._in: IO[bytes] = self._process.stdin
        self._out: IO[bytes] = self._process.stdout

    def killed_after(self, marks: int, path: Path) -> tuple[int, int]:
        """Play a session, kill it after so many marks, and tell how many writes it had begun, and how many done."""
        self._in.write(b"%s\n" % os.fsencode(path))
        victim = int(self._out.readline())
        seen = b""
        while len(seen) < marks:
            seen += self._mark()
            assert GONE not in seen, "the session ended by itself"
        os.kill(victim, signal.SIGKILL)
        while not seen.endswith(GONE):
            seen += self._mark()
        return seen.count(BEGINS), seen.count(DONE)

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)  # a victim that was spared, too
        self._process.wait()
        self._in.close()
        self._out.close()

    def _mark(self) -> bytes:
        mark = self._out.read(1)
        assert mark, "the script that plays the sessions has ended"
        return mark


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return Whole(tmp_path_factory.mktemp("whole") / "journal.sqlite3")


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with closing(Victims()) as victims:
        yield victims


def said_when_switched_on(assembly: Assembly, journal: Journal, clock: SimulatedClock) -> str:
    """What the coach says, an hour after the session."""
    events: list[SessionEvent] = []
    coach_in(assembly, journal, clock, TextInput(), events.append)
    return " ".join(str(cue.sound) for one in events if isinstance(one, Began) for cue in one.cues)


def test_a_session_that_nobody_kills_writes_a_bit_of_everything(whole: Whole) -> None:
    assert {record.what for record in whole.records} >= {
        Fact.ANSWERED, Fact.SESSION_STARTED, Fact.PAIN_BEFORE, Fact.HURT, Fact.EASIER, Fact.PACE, Fact.STRETCH_SKIPPED,
        Fact.LEFT_OUT, Fact.VOLUME, Fact.TALK, Fact.PAIN_AFTER, Fact.TIP_TOLD, Fact.SESSION_FINISHED,
    }  # fmt: skip
    assert whole.kept[-1] == Kept(len(whole.records), None)
    assert len({kept.place for kept in whole.kept}) > 30
    assert len(set(whole.stretches)) == 1 + 8


@pytest.mark.parametrize("kill", range(KILLS), ids="moment-{:02}".format)
def test_a_session_that_is_killed_loses_nothing(whole: Whole, victims: Victims, tmp_path: Path, kill: int) -> None:
    path = tmp_path / "journal.sqlite3"
    moment = random.Random(kill).randint(0, 2 * whole.writes)  # noqa: S311 - no secret
    begun, done = victims.killed_after(moment, path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    clock = SimulatedClock(AN_HOUR_LATER)
    with closing(Journal(path, pytest.fail, clock)) as journal:
        records, kept = journal.records(), journal.kept_place()
        assert records == whole.records[: len(records)]
        found = Kept(len(records), kept.text if kept else None)
        assert found in {whole.kept[done], whole.kept[begun]}
        said = said_when_switched_on(whole.assembly, journal, clock)
        offers = {f"We were at {name}. Shall we go on?" for name in whole.near(done)}
        assert (said in offers) == (kept is not None), said
