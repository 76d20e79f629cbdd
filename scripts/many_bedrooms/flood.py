"""How soon "stop" is obeyed, with a real recogniser in real time, while somebody floods the room with messages."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack, closing
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from many_bedrooms.room import NotedConnection, Traffic
from voicecoach.assembly import Assembly
from voicecoach.by_hand import Inbox
from voicecoach.coach import Coach
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.synthesis.port import Voice
from voicecoach.home.config import HomeConfig
from voicecoach.home.link import HomeLink, Window
from voicecoach.home.messages import Offer
from voicecoach.journal.store import Journal
from voicecoach.muting import MuteFile
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.remembering import memory_of
from voicecoach.settings import Settings
from voicecoach.speaking.clips import EstimatedClips

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK: Final = MICROPHONE_HZ // 50
AUDIBLE: Final = 0.01
IDENTITY: Final = "flooded"
FLOODER: Final = """
import sys, time
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
port, rate, room, seconds = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
client = paho.Client(CallbackAPIVersion.VERSION2, client_id="flooder")
client.connect("127.0.0.1", port)
client.loop_start()
began, sent = time.monotonic(), 0
while time.monotonic() - began < seconds:
    while sent < (time.monotonic() - began) * rate:
        junk = (("press", "nothing"), ("volume", "x" * 3000), ("press", "nxt"), ("junk", "{" * 500))
        what, payload = junk[sent % 4]
        client.publish(f"voicecoach/{room}/set/{what}", payload if sent % 400 else "next")
        sent += 1
    time.sleep(0.005)
print(sent)
"""


class Bedroom:
    """A coach in real time, that can be talked to."""

    def __init__(self, assembly: Assembly, stack: ExitStack, inbox: Inbox, window: Window) -> None:
        """Begin at rest."""
        journal = stack.enter_context(closing(Journal(None, lambda _: None)))
        memory = memory_of(assembly, journal, MuteFile(None), None)
        for condition in Condition:
            journal.add(Record(journal.told_time()[0], Fact.ANSWERED, condition.value, value=0))
        journal.add(Record(journal.told_time()[0], Fact.RATING, value=0))
        clips = EstimatedClips(MICROPHONE_HZ, assembly.language.durations)
        state, timeline = assembly._at_rest(memory.tonight()), assembly.timeline(MICROPHONE_HZ)  # noqa: SLF001 - as live
        self.coach = Coach(
            state,
            assembly.speech_input(),
            assembly.phrasebook,
            clips,
            timeline,
            memory,
            inbox=inbox,
            onlooker=window,
        )
        self.late_s = 0.0
        self._noise = np.random.default_rng(1)
        self._next_s = time.monotonic()

    def block(self, sound: NDArray[np.float32] | None = None) -> None:
        """20 ms pass."""
        self._next_s += 0.02
        ahead_s = self._next_s - time.monotonic()
        if ahead_s > 0:
            time.sleep(ahead_s)
        self.late_s = max(self.late_s, -ahead_s)
        noise = self._noise.normal(0, 3e-4, BLOCK).astype(np.float32)
        self.coach.process(noise if sound is None else noise + sound)

    def passes(self, seconds: float) -> None:
        """Nobody says anything."""
        for _ in range(round(seconds * 50)):
            self.block()

    def says(self, speech: NDArray[np.float32], mode: str, within_s: float = 4.0) -> float | None:
        """Say something; seconds from its last audible sound until the coach is in ``mode``, None where it never is."""
        over = int(np.flatnonzero(np.abs(speech) > AUDIBLE)[-1])
        said_s, end_s = None, time.monotonic() + within_s
        for begin in range(0, MICROPHONE_HZ * 60, BLOCK):
            sound = speech[begin : begin + BLOCK]
            self.block(sound if len(sound) == BLOCK else None)
            if said_s is None and begin + BLOCK > over:
                said_s = time.monotonic()
            if self.coach.mode == mode:
                return 0.0 if said_s is None else time.monotonic() - said_s
            if time.monotonic() > end_s:
                break
        return None


def measure(port: int, rate: int, times: int = 10) -> int:
    """Measure without and with ``rate`` messages a second, and tell; returns the exit code."""
    assembly = Assembly(Settings())
    with ExitStack() as stack:
        peoples = stack.enter_context(assembly.peoples_synthesizer())
        voice = assembly.clips(peoples, MICROPHONE_HZ, Voice("en-us", 160))
        speech = {
            words: 0.25 * voice.get(words) / np.abs(voice.get(words)).max() for words in ("stop", "start bedtime")
        }
        found = {
            how: _stops(how, assembly, stack, speech, port, times, rate if how == "flooded" else 0)
            for how in ("alone", "flooded")
        }
    for how, (delays, late_s, traffic) in found.items():
        heard = [delay for delay in delays if delay is not None]
        print(
            f'{how}: "stop" obeyed {len(heard)} times of {len(delays)}, {median(heard) * 1000:.0f} ms after its end at '
            f"the median and {max(heard) * 1000:.0f} ms at most; a block was {late_s * 1000:.0f} ms late at most; "
            f"the house's thread took {traffic.cpu_s:.2f} s of processor time",
            flush=True,
        )
    return 0


def _stops(  # noqa: PLR0913, PLR0917 - what differs between the two
    how: str,
    assembly: Assembly,
    stack: ExitStack,
    speech: dict[str, NDArray[np.float32]],
    port: int,
    times: int,
    rate: int,
) -> tuple[list[float | None], float, Traffic]:
    inbox, window, traffic = Inbox(), Window(), Traffic()
    room = Bedroom(assembly, stack, inbox, window)
    link, flooder = None, None
    if rate:
        offer = Offer({"Bedtime": "bedtime"}, "bedtime")
        link = HomeLink(
            HomeConfig("127.0.0.1", port, id=IDENTITY),
            inbox,
            window,
            offer=offer,
            warn=print,
            connect=lambda *given: NotedConnection(traffic, *given),
        )
        link.start()
        flooder = subprocess.Popen([sys.executable, "-c", FLOODER, str(port), str(rate), IDENTITY, str(times * 40)])
    room.passes(2)
    delays: list[float | None] = []
    for _ in range(times):
        for _ in range(5):
            if room.says(speech["start bedtime"], "greeting") is not None:
                break
        room.passes(6)
        delays.append(room.says(speech["stop"], "stopped"))
        print(how, room.coach.mode, delays[-1], file=sys.stderr, flush=True)
        room.passes(1)
        room.says(speech["stop"], "rest")  # for good
        while room.coach.mode != "rest":
            room.passes(0.5)
        room.passes(2)
    if link is not None:
        link.close()
    if flooder is not None:
        flooder.kill()
        flooder.wait()
    return delays, room.late_s, traffic
