"""A first evening that can be killed.

As a script it plays one for each path that it reads, in a fork of its own: that starts in no time.  Every fork writes
the number of its process, and then a mark for each step of what it writes down; a last mark says that it is gone.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from quiet_room import quiet
from small_house import language

from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.journal.store import Journal
from voicecoach.plain import plain
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.session_events import Spoke
from voicecoach.settings import Settings
from voicecoach.simulation.power_cuts import SimulatedClock
from voicecoach.simulation.scenario import EVENING
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from voicecoach.coach import Coach
    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.person.facts import Record
    from voicecoach.session_events import Observer, SessionEvent

BEGINS, DONE, GONE = b"<", b">", b"."
"""Marks: something is about to be written; it has been written; the process is gone."""
BLOCK = MICROPHONE_HZ // 4
LIMIT_S = 600

TALK = (
    ("i am here", "start bedtime routine"),
    ("bladder or bowel", "no"),
    ("grown weak lately", "no"),
    ("hurt yourself lately", "no"),
    ("without knowing why", "no"),
    ("not yet spoken with a doctor", "no"),
    ("thin or brittle bones", "no"),
    ("in the last few months", "no"),
    ("an artificial hip", "no"),
    ("hands and knees", "no"),
    ("is your mattress soft", "yes"),
    ("are you pregnant", "no"),
    ("how is your back", "six"),
    ("three", "that hurts"),
    ("shall i make it easier", "easier"),
    ("three", "slower"),
    ("two", "next"),
    ("now comes thread the needle", "never again"),
    ("yes or no", "yes"),
    ("now comes the bridge", "next"),
    ("now comes the knee sway", "louder"),
    ("to the middle", "next"),
    ("now comes soles together", "easier"),
    ("knees sinking open", "next"),
    ("now comes child's pose", "next"),
    ("now comes the pigeon", "less talk"),
    ("three", "next"),
    ("and last the spinal twist", "next"),
    ("how is your back", "four"),
)
"""One after the other: what the coach says, and what is said when it has."""


class Watched(Journal):
    """A journal that says what it is about to write, and when it has."""

    def __init__(
        self,
        path: Path,
        now: Callable[[], datetime],
        begins: Callable[[Record | str | None], None],
        done: Callable[[], None],
    ) -> None:
        """Open the journal at ``path``.

        Args:
            path: The file.
            now: The time of day.
            begins: Is given each record and each place (None: there is none any more) before it is written.
            done: Is called when that has been written.
        """
        self._begins, self._done = begins, done
        super().__init__(path, sys.exit, now)

    def _insert(self, record: Record, boot: str | None, uptime_s: float | None) -> None:
        self._begins(record)
        super()._insert(record, boot, uptime_s)
        self._done()

    def keep_place(self, text: str) -> None:
        self._begins(text)
        super().keep_place(text)
        self._done()

    def forget_place(self) -> None:
        self._begins(None)
        super().forget_place()
        self._done()


def assembly() -> Assembly:
    """A house in which nobody has settings or routines of their own."""
    assembly = Assembly(Settings(), load_library(shipped("routines")))
    assembly.all_phrases()  # reads all words now, and not in every fork
    return assembly


def coach_in(
    assembly: Assembly, journal: Journal, clock: SimulatedClock, speech_input: SpeechInput, observer: Observer
) -> Coach:
    """A coach who has just been switched on, and speaks."""
    coach = assembly.coach(
        speech_input,
        EstimatedClips(MICROPHONE_HZ, language().durations),
        Timeline(MICROPHONE_HZ),
        journal,
        observer,
        now=clock,
    )
    clock.goes_with(coach)
    coach.open()
    return coach


def play(
    assembly: Assembly,
    path: Path,
    begins: Callable[[Record | str | None], None],
    done: Callable[[], None] = lambda: None,
    observer: Observer = lambda _: None,
) -> None:
    """A whole session, from the first words of `TALK` to the last; see `Watched` for what is told of it."""
    speech_input, clock, talk = TextInput(), SimulatedClock(EVENING), list(TALK)

    def answer(event: SessionEvent) -> None:
        observer(event)
        if talk and isinstance(event, Spoke) and _has(event, talk[0][0]):
            now = coach.timeline.position
            speech_input.overhear(talk.pop(0)[1], now, now + BLOCK)

    coach = coach_in(assembly, Watched(path, clock, begins, done), clock, speech_input, answer)
    while talk or not coach.resting:
        assert coach.now_s < LIMIT_S, f"the coach never says: {talk[0][0] if talk else 'good night'}"
        coach.process(quiet(BLOCK))


def _has(spoke: Spoke, words: str) -> bool:
    return spoke.whole and isinstance(spoke.sound, str) and f" {words} " in f" {plain(spoke.sound)} "


def _serve() -> None:
    ready = assembly()
    for line in sys.stdin:
        if not os.fork():
            _write(b"%d\n" % os.getpid())
            play(ready, Path(line.strip()), lambda _: _write(BEGINS), lambda: _write(DONE))
            signal.pause()  # the end of a session is a moment like any other
        os.wait()
        _write(GONE)


def _write(marks: bytes) -> None:
    os.write(sys.stdout.fileno(), marks)


if __name__ == "__main__":
    _serve()
