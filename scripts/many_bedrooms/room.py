"""One bedroom: a coach that rehearses in real time with somebody who follows a script, and its link to the house."""

from __future__ import annotations

import hashlib
import random
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.by_hand import Inbox
from voicecoach.coach import Coach
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.home.link import HomeLink, Window
from voicecoach.home.messages import Offer
from voicecoach.home.mqtt import Connection
from voicecoach.journal.store import Journal
from voicecoach.muting import MuteFile
from voicecoach.remembering import memory_of
from voicecoach.session_events import Entered, Spoke, Understood
from voicecoach.speaking.clips import EstimatedClips

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.assembly import Assembly
    from voicecoach.home.config import HomeConfig
    from voicecoach.session_events import SessionEvent

BLOCK: Final = MICROPHONE_HZ // 50
EVENING: Final = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
SAYS: Final = ("next", "pause", "continue", "easier", "how long", "once more", "louder", "quieter", "next", "next")


@dataclass
class Traffic:
    """What went from a room to the broker."""

    messages: int = 0
    sent_bytes: int = 0
    """Topics and payloads."""
    connections: int = 0
    cpu_s: float = 0.0
    """Processor time of the house's thread."""
    acknowledged: list[str] = field(default_factory=list)
    """Moments of which the broker has said that it has them."""


class NotedConnection(Connection):
    """A connection of which somebody keeps count."""

    def __init__(self, traffic: Traffic, config: HomeConfig, client_id: str, will: tuple[str, str]) -> None:
        super().__init__(config, client_id, will)
        self._traffic, self._moments = traffic, dict[int, str]()

    def open(self) -> None:
        super().open()
        self._traffic.connections += 1

    def turn(self, seconds: float) -> None:
        super().turn(seconds)
        self._traffic.cpu_s = time.thread_time()
        for number in [one for one in self._moments if self.answer(one) is not None]:
            self._traffic.acknowledged.append(self._moments.pop(number))

    def publish(self, topic: str, payload: str | bytes, *, retain: bool) -> int:
        number = super().publish(topic, payload, retain=retain)
        self._traffic.messages += 1
        self._traffic.sent_bytes += len(topic) + len(payload)
        if topic.endswith("/moment"):
            self._moments[number] = str(payload)
        return number


@dataclass
class Room:
    """A bedroom; `live` lasts as long as the rehearsal."""

    number: int
    assembly: Assembly
    config: HomeConfig | None
    """None: a room without a house, to compare."""
    seconds: float
    late_s: float = 0.0
    """The farthest that a block came behind its time."""
    busy_s: float = 0.0
    """What the longest block took."""
    said: list[str] = field(default_factory=list)
    """What happened, as lines: the same with and without a house."""
    traffic: Traffic = field(default_factory=Traffic)
    values: dict[str, object] = field(default_factory=dict)
    """What the house should show in the end."""

    def live(self, now: Callable[[], float] = time.monotonic, wait: Callable[[float], None] = time.sleep) -> None:
        """Rehearse in real time."""
        with closing(Journal(None, lambda _: None, self._at)) as journal:
            self._live(journal, now, wait)

    _coach: Coach | None = None

    def _at(self) -> datetime:
        return EVENING + timedelta(seconds=self._coach.now_s if self._coach else 0.0)

    def _live(self, journal: Journal, now: Callable[[], float], wait: Callable[[float], None]) -> None:
        ears, inbox, window = TextInput(), Inbox(), Window()
        assembly = self.assembly
        memory = memory_of(assembly, journal, MuteFile(None), None)
        state = assembly._at_rest(memory.tonight())  # noqa: SLF001 - as for a coach of the product
        clips = EstimatedClips(MICROPHONE_HZ, assembly.language.durations)
        timeline = assembly.timeline(MICROPHONE_HZ)
        coach = self._coach = Coach(
            state, ears, assembly.phrasebook, clips, timeline, memory, self._note, inbox=inbox, onlooker=window
        )
        link = self._link(inbox, window, lambda: coach.listens)
        coach.open()
        dice = random.Random(self.number)  # noqa: S311 - dice of a rehearsal
        silence, due = np.zeros(BLOCK, np.float32), 3.0 + dice.uniform(0, 5)
        began_s, blocks = now(), 0
        while blocks * 0.02 < self.seconds:
            ahead_s = blocks * 0.02 - (now() - began_s)
            if ahead_s > 0:
                wait(ahead_s)
            self.late_s = max(self.late_s, -ahead_s)
            if coach.now_s >= due:
                words = self._words(coach.mode, dice)
                at = coach.timeline.position
                ears.overhear(words, at, at + BLOCK)
                due = coach.now_s + dice.uniform(4, 12)
            before_s = time.thread_time()
            coach.process(silence)
            self.busy_s = max(self.busy_s, time.thread_time() - before_s)
            blocks += 1
        if link is not None:
            wait(1.0)
            self.values = dict(link._told or {})  # noqa: SLF001 - what the broker has been told last
            link.close()

    @staticmethod
    def _words(mode: str, dice: random.Random) -> str:
        match mode:
            case "rest" | "asleep":
                return "start bedtime"
            case "asking":
                return "no"
            case _:
                return dice.choice(SAYS)

    def _link(self, inbox: Inbox, window: Window, listens: Callable[[], bool]) -> HomeLink | None:
        if self.config is None:
            return None
        routines = {routine.title: key for key, routine in self.assembly.library.routines.items()}
        link = HomeLink(
            self.config,
            inbox,
            window,
            offer=Offer(routines, "bedtime"),
            warn=lambda _: None,
            microphone_is_open=listens,
            connect=lambda *given: NotedConnection(self.traffic, *given),
        )
        link.start()
        return link

    def _note(self, event: SessionEvent) -> None:
        match event:
            case Spoke(sound, began_s, ended_s, whole):
                self.said.append(f"{began_s:.4f} {ended_s:.4f} {sound} {whole}")
            case Entered(mode, at_s):
                self.said.append(f"{at_s:.4f} {mode}")
            case Understood(words=words, ended_s=at_s):
                self.said.append(f"{at_s:.4f} {words}")
            case _:
                pass

    @property
    def digest(self) -> str:
        """What happened, in a few letters."""
        return hashlib.sha256("\n".join(self.said).encode()).hexdigest()[:16]
