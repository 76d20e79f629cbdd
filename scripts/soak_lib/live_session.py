"""One live session: the coach in a process of its own, in a virtual room, spoken to and disturbed by a seed."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from soak_lib.footprint import descendants
from soak_lib.live_coach import LiveProcess
from soak_lib.virtual_room import VirtualRoom
from voicecoach.repertoire import Repertoire
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from voicecoach.languages.language import Phrasebook

READY_S: Final = 300.0
"""How long a busy machine may take to render what is not kept yet."""
OBEYED_S: Final = 6.0
"""A command of which nothing has been seen for so long is lost."""
WELCOME_S: Final = 5.0
"""Its first words tell how to begin, so they are waited for: over them the same words count as its own."""
DEAF_S: Final = 12.0
"""How long it is waited for that the coach says that it cannot hear, or can again."""
MUTED: Final = 0.3
"""How often, after "continue", the microphone is muted."""
URGENT: Final = frozenset({"stop", "that hurts"})
RESTING: Final = ("start bedtime routine", "start wind down", "start morning routine")
GUIDED: Final = ("next", "repeat", "once more", "pause", "louder", "quieter", "how long", "easier", "slower", "go back")
ANSWERS: Final = {
    "rest": RESTING,
    "asleep": RESTING,
    "asking": ("no",),
    "hurt": ("next", "easier", "stop"),
    "paused": ("continue",),
    "stopped": ("continue",),
    "closing": ("stop",),
}
"""What is said in a mode of the dialogue; in the others, what may be said while the coach guides."""
SETTINGS: Final = """\
answers: {red flags: no, osteoporosis: no, pregnancy: no, recent injury or surgery: no, trouble kneeling: no}
soft_bed: no
"""
"""Nothing is asked on the first evening."""
WEIGHTS: Final = {"stop": 2, "that hurts": 2}
"""How often these are said beside each of the others."""
FAULT_EVERY: Final = 7
"""Commands between two faults, about."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said, and what came of it."""

    words: str
    fault: str
    """What was wrong with the machine meanwhile; empty: nothing."""
    obeyed_s: float | None
    """From the end of the words until they were understood; None: they were lost."""
    again_s: float | None = None
    """The same of an urgent command that was lost and said once more, as people do."""
    instead: str = ""
    """What was heard instead of one that was lost, how surely, and why it was not obeyed."""


@dataclass(slots=True)
class Session:
    """What came of a session."""

    seed: int
    said: list[Said] = field(default_factory=list)
    died: str = ""
    """How the coach ended by itself; empty: it did not."""
    deaf_s: list[float | None] = field(default_factory=list)
    """For each time that the microphone was muted: seconds until the coach said so; None: it did not."""

    def lost(self, *, urgent: bool) -> list[Said]:
        """The commands that were lost when they were said first: the urgent ones, or the others."""
        return [one for one in self.said if one.obeyed_s is None and (one.words in URGENT) == urgent]

    @property
    def lost_twice(self) -> list[Said]:
        """The urgent ones that were lost and lost again."""
        return [one for one in self.lost(urgent=True) if one.again_s is None]


class LiveCoach(LiveProcess):
    """A coach that asks nothing on the first evening."""

    def __init__(self, room: VirtualRoom, folder: Path, cache: Path) -> None:
        """As for `LiveProcess`."""
        self.trace = folder / "trace.jsonl"
        super().__init__(room, folder, cache, "--trace", str(self.trace))
        settings = folder / "config" / "voicecoach" / "settings.yaml"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS, encoding="utf-8")

    @property
    def lines(self) -> int:
        """How many lines it has printed."""
        return len(self._lines)

    def wait_for(self, pattern: str, after: int, within_s: float) -> float | None:
        """When a line from number ``after`` on that matches came, by the monotonic clock; None: none, or it ended."""

        def found() -> float | None:
            return next((at_s for at_s, line in self._lines[after:] if re.search(pattern, line)), None)

        with self._told:
            self._told.wait_for(lambda: found() is not None or self.process.poll() is not None, within_s)
            return found()

    def told(self) -> list[dict[str, Any]]:
        """The lines of its trace."""
        written = self.trace.read_text(encoding="utf-8") if self.trace.exists() else ""
        return [json.loads(line) for line in written[: written.rfind("\n") + 1].splitlines()]  # one may be half written

    def mode(self) -> str:
        """What it is doing, as its trace says."""
        return next((line["mode"] for line in reversed(self.told()) if line["kind"] == "entered"), "rest")

    def heard(self, after: int) -> str:
        """What its trace has heard from that line on, and was no command that is obeyed."""
        lines = self.told()[after:]
        return ", ".join(
            f'"{line["words"]}" {line["confidence"]:.2f} {line["refusal"]}'
            for line in lines
            if line["kind"] == "understood"
        )

    def synthesizers(self) -> list[int]:
        """The processes in which it renders: it has no others."""
        return [int(child) for child in descendants(self.process.pid)]


def live_session(seed: int, commands: int, folder: Path, cache: Path, words: Mapping[str, Path]) -> Session:
    """Let somebody say ``commands`` things to a coach, while this and that goes wrong.

    Args:
        seed: Decides what is said and what goes wrong, and when.
        commands: How many things are said.
        folder: For its files; a short path.
        cache: Where clips are kept; sessions may share it.
        words: A WAV file of everything that may be said.
    """
    dice = random.Random(seed)  # noqa: S311 - dice, no secret
    session = Session(seed)
    for said in words:
        understood_as(said)  # before anything is timed
    with VirtualRoom(folder / "room", echo=True, waits=False) as room, LiveCoach(room, folder, cache) as coach:
        if coach.wait_for("I am listening", 0, READY_S) is None:
            session.died = f"it never listened: {coach.errors()[-500:]}"
            return session
        time.sleep(WELCOME_S)
        for _ in range(commands):
            said = _next(coach.mode(), dice)
            fault = dice.choice(FAULTS) if dice.random() < 1 / FAULT_EVERY else None
            undo = fault(room, coach) if fault else _nothing
            before = len(coach.told())
            obeyed_s = _said(room, coach, said, words)
            instead = coach.heard(before) or "nothing" if obeyed_s is None else ""
            again_s = _said(room, coach, said, words) if obeyed_s is None and said in URGENT else None
            undo()
            session.said.append(Said(said, fault.__name__.strip("_") if fault else "", obeyed_s, again_s, instead))
            if coach.process.poll() is not None:
                session.died = f"it ended with {coach.process.returncode}: {coach.errors()[-1500:]}"
                return session
            time.sleep(dice.choice((0.3, 1.0, 2.5, 5.0)))
            if said == "continue" and coach.mode() == "guiding" and dice.random() < MUTED:
                session.deaf_s.append(_muted(room, coach, words["continue"]))
        if "Traceback" in coach.errors():
            session.died = f"it was started anew: {coach.errors()[-1500:]}"
    return session


def _said(room: VirtualRoom, coach: LiveCoach, said: str, words: Mapping[str, Path]) -> float | None:
    """Say it; how long after its end it was understood, or None."""
    after = coach.lines
    room.say(words[said])
    ended_s = time.monotonic()
    return _late(coach.wait_for(understood_as(said), after, OBEYED_S), ended_s)


@cache
def _phrasebook() -> Phrasebook:
    return Repertoire(Settings(), load_library(shipped("routines"))).phrasebook


@cache
def understood_as(said: str) -> str:
    """What matches the line that tells that ``said`` was obeyed, in its own words or in others that mean the same."""
    book = _phrasebook()
    alike = [phrase for phrase in book.in_order() if book.meaning(phrase) == book.meaning(said)]
    return rf" you +(?:{'|'.join(map(re.escape, alike))})$"


def _muted(room: VirtualRoom, coach: LiveCoach, go_on: Path) -> float | None:
    """Mute the microphone until the coach says so, and go on; how long that took."""
    after, began_s = coach.lines, time.monotonic()
    room.mute(on=True)
    at_s = coach.wait_for(" coach +I cannot hear you", after, DEAF_S)
    room.mute(on=False)
    coach.wait_for(" coach +I can hear you", after, DEAF_S)
    room.say(go_on)
    time.sleep(2.0)
    return _late(at_s, began_s)


def _late(at_s: float | None, ended_s: float) -> float | None:
    return None if at_s is None else max(0.0, at_s - ended_s)


def _next(mode: str, dice: random.Random) -> str:
    """Something that is listened for in ``mode``."""
    if mode in ANSWERS:
        return dice.choice(ANSWERS[mode])
    return dice.choice([*GUIDED, *(words for words, weight in WEIGHTS.items() for _ in range(weight))])


# --- what goes wrong --------------------------------------------------------------------------------------------------


def _nothing() -> None:
    """There is nothing to undo."""


def _voice_stopped(_: VirtualRoom, coach: LiveCoach) -> Callable[[], None]:
    """The synthesiser hangs."""
    stopped = coach.synthesizers()
    for child in stopped:
        _signal(child, signal.SIGSTOP)

    def undo() -> None:
        for child in stopped:
            _signal(child, signal.SIGCONT)

    return undo


def _voice_killed(_: VirtualRoom, coach: LiveCoach) -> Callable[[], None]:
    for child in coach.synthesizers():
        _signal(child, signal.SIGKILL)
    return _nothing


def _machine_busy(room: VirtualRoom, coach: LiveCoach) -> Callable[[], None]:  # noqa: ARG001 - as the others
    """Two processes more that compute as fast as they can."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]

    def undo() -> None:
        for process in busy:
            process.kill()
            process.wait()

    return undo


def _coach_held(_: VirtualRoom, coach: LiveCoach) -> Callable[[], None]:
    """The whole coach stands still for a moment, as when a card is swapped to."""
    coach.process.send_signal(signal.SIGSTOP)
    time.sleep(0.2)
    coach.process.send_signal(signal.SIGCONT)
    return _nothing


def _signal(child: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, number)


FAULTS: Final = (_voice_stopped, _voice_killed, _machine_busy, _coach_held)
