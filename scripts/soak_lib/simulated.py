"""Days of a simulated bedroom, as fast as the processor can: the coach's own ears and voice, and no sound card.

Every few hours there are sessions for an hour; in the others the coach rests, and somebody mumbles.  At the end of each
hour its footprint is a row of a table.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from contextlib import ExitStack, closing
from dataclasses import astuple, dataclass
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from soak_lib.footprint import Footprint, footprint
from soak_lib.growth import growth
from soak_lib.sleeper import Sleeper
from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.journal.files import FILE, all_of
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.session_events import Spoke, Understood
from voicecoach.settings import Settings, clips_folder
from voicecoach.simulation.acoustic_scene import AcousticScene, RoomAcoustics
from voicecoach.simulation.power_cuts import SimulatedClock
from voicecoach.simulation.scenario import EVENING, Talker, answered
from voicecoach.simulation.simulated_person import at_level

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from voicecoach.session_events import SessionEvent

BLOCK: Final = MICROPHONE_HZ // 10
"""Samples that are heard at once: as many as the echo is late.  Large ones cost the processor least."""
HOUR_S: Final = 3600.0
ROOM: Final = RoomAcoustics(noise_db=-60.0, echo_db=-20.0, echo_delay_s=0.1)
SPEECH_DB: Final = -26.0
"""Level of the person's voice at the microphone, relative to full scale."""


@dataclass(frozen=True, slots=True)
class Row:
    """An hour, at its end."""

    hour: int
    footprint: Footprint
    objects: int
    """That Python's collector follows."""
    journal_kb: float
    """With its log and its copies."""
    journal_files: int
    clips: int
    """Files in the folder of sentences."""
    said: int
    """Sentences and chimes of the coach, in this hour."""
    understood: int
    """Commands, in this hour."""
    processor_s: float
    """Seconds of processor time, in this hour, without the children's."""


HEADINGS: Final = (
    *("hour", "memory MB", "children MB", "files", "threads", "python threads", "children", "objects"),
    *("journal kB", "journal files", "clips", "said", "understood", "cpu s"),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what this part wants to know."""
    parser.add_argument("--simulated", type=float, metavar="HOURS", help="hours of a simulated bedroom; no sound card")
    parser.add_argument(
        "--session-every", type=int, metavar="HOURS", default=4, help="one hour in so many has sessions (4; 0: none)"
    )


def soak(hours: float, seed: int, session_every: int) -> int:
    """Live through ``hours``, print a row for each and what has grown; returns the exit code, 1 where something has."""
    print(line(HEADINGS), flush=True)
    rows = []
    with TemporaryDirectory(prefix="soak-") as folder:
        os.environ["XDG_CACHE_HOME"] = folder  # its own clips, to be counted
        for row in live(hours, seed, session_every, Path(folder)):
            rows.append(row)
            print(line(cells(row)), flush=True)
    grown = growth([row.footprint for row in rows])
    print("\n".join(grown) or "Nothing has grown after the first hour.", file=sys.stderr if grown else sys.stdout)
    return 1 if grown else 0


def live(hours: float, seed: int, session_every: int, folder: Path, *, everything_said: bool = True) -> Iterator[Row]:
    """Live through ``hours`` hours.

    Args:
        hours: How many; of the last one perhaps a part.
        seed: Decides everything that is left to chance.
        session_every: One hour in so many has sessions, the first among them; 0: none has.
        folder: For the history; empty at first.
        everything_said: Whether every sentence has been said once before the first hour: what is kept of them in memory
            is bounded, and would else take days to fill.

    Yields:
        The end of each hour.
    """
    with ExitStack() as stack:
        assembly = Assembly(Settings(), load_library(shipped("routines")))
        clock = SimulatedClock(EVENING)
        path = folder / FILE
        journal = stack.enter_context(closing(assembly.rehearsed_journal(path, clock, UTC)))
        for record in answered(EVENING):
            journal.add(record)
        synthesizer = stack.enter_context(assembly.synthesizer())
        clips = assembly.clips(synthesizer, MICROPHONE_HZ)
        counter = _Counter()
        timeline = assembly.timeline(MICROPHONE_HZ)
        coach = assembly.coach(assembly.speech_input(), clips, timeline, journal, counter, now=clock)
        clock.goes_with(coach)
        coach.open()
        sleeper = Sleeper(seed, [routine.say[0] for routine in assembly.library.routines.values()])
        peoples = stack.enter_context(assembly.peoples_synthesizer())
        person = Talker().voice
        voice = assembly.clips(peoples, MICROPHONE_HZ, person)
        synthesizer.render("One.", assembly.settings.voice)  # both children are there from the beginning
        peoples.render("One.", person)
        voice.prepare(sleeper.vocabulary)
        if everything_said:
            clips.prepare(assembly.sentences())
            for sentence in assembly.sentences():
                clips.get(sentence)
        scene = AcousticScene(ROOM, seed)
        hour, began_s = 0, time.process_time()
        while hour < hours:
            wants_session = bool(session_every) and hour % session_every == 0
            words = sleeper.says(coach.now_s, coach.mode, wants_session=wants_session)
            if words is not None:
                scene.speak(at_level(voice.get(words), SPEECH_DB), scene.position)
            scene.play(coach.process(scene.hear(BLOCK)))
            if timeline.position >= min(hour + 1, hours) * HOUR_S * MICROPHONE_HZ:
                yield _row(hour, path, counter.taken(), time.process_time() - began_s)
                hour, began_s = hour + 1, time.process_time()


class _Counter:
    """An observer that keeps nothing but two numbers."""

    def __init__(self) -> None:
        self._said = self._understood = 0

    def __call__(self, event: SessionEvent) -> None:
        match event:
            case Spoke():
                self._said += 1
            case Understood(meaning=meaning) if meaning is not None:
                self._understood += 1
            case _:
                pass

    def taken(self) -> tuple[int, int]:
        """What was said and what was understood since this was last asked."""
        counted = self._said, self._understood
        self._said = self._understood = 0
        return counted


def _row(hour: int, journal: Path, counted: tuple[int, int], processor_s: float) -> Row:
    gc.collect()  # what only waits for the collector has not grown
    files = all_of(journal)
    return Row(
        hour + 1,
        footprint(),
        len(gc.get_objects()),
        sum(file.stat().st_size for file in files) / 1000,
        len(files),
        len(list(clips_folder().iterdir())),
        *counted,
        processor_s,
    )


def cells(row: Row) -> list[str]:
    """A row of the table, as text."""
    hour, footprint_, *rest = (row.hour, row.footprint, row.objects, row.journal_kb, row.journal_files, row.clips)
    numbers = (hour, *astuple(footprint_), *rest, row.said, row.understood, row.processor_s)
    return [f"{number:.1f}" if isinstance(number, float) else str(number) for number in numbers]


def line(columns: Iterable[str]) -> str:
    """Columns under their headings."""
    return "  ".join(cell.rjust(len(heading)) for cell, heading in zip(columns, HEADINGS, strict=True))
