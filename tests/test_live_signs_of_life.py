"""The watchdog is fed by the coach's thread and by both callbacks: where one hangs, the manager is told no more.

Time is of paper, and so are the devices; the manager's socket is real.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import pytest
from fake_sound_card import FakeCard, microphone, speaker
from notify_socket import NotifySocket

from voicecoach.engines.audio_io.stream_align import Caught, Played, StreamAligner
from voicecoach.live import CHECK_S, LiveRunner
from voicecoach.service.notify import ServiceManager
from voicecoach.service.watchdog_feed import WatchdogFeed
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.port import Device

RATE_HZ = 48_000
PATIENCE_S = 6.0
HELP_S = 10.0


class HangingCoach:
    """Listens, until it is made to hang."""

    def __init__(self) -> None:
        self.timeline = Timeline(RATE_HZ)
        self.may_work = threading.Event()
        self.may_work.set()
        self.hangs = threading.Event()
        self.listened = 0

    def listen(self, block: NDArray[np.float32], _played: NDArray[np.float32]) -> None:
        if not self.may_work.is_set():
            self.hangs.set()
        assert self.may_work.wait(HELP_S)
        self.listened += len(block)

    def failed(self, error: Exception) -> None:
        raise error


class CountingAligner(StreamAligner):
    """Tells how many sounds the coach's thread has worked off."""

    taken = 0
    changed = threading.Condition()

    def take(self, sound: Caught | Played) -> None:
        super().take(sound)
        with self.changed:
            type(self).taken += 1
            self.changed.notify()


class Night:
    """A coach on a card of paper, watched by a manager; every second, the next line of a script happens."""

    def __init__(self, listener: NotifySocket, *plugged: Device, patient: bool = False) -> None:
        self.listener = listener
        self.coach = HangingCoach()
        self.card = FakeCard(*plugged)
        self.now_s = 0.0
        self.fed: list[int] = []
        """How often the manager was told that the coach is alive, in each second."""
        watchdog_feed = WatchdogFeed(ServiceManager(str(listener.path), PATIENCE_S), lambda: self.now_s)
        self._room = LiveRunner(
            self.coach,
            None,
            None,
            lambda _line: None,
            card=self.card,
            patient=patient,
            watchdog_feed=watchdog_feed,
            clock=lambda: self.now_s,
            wait=self._wait,
        )

    def play(self, script: Iterator[Callable[[], None] | None]) -> None:
        self._script = script
        self._looks = 0
        assert self._room.run() == 0

    def never_taken_for_hung(self) -> bool:
        """Whether the manager was told something within its patience, all the time."""
        patience = int(PATIENCE_S)
        return all(sum(self.fed[at : at + patience]) for at in range(len(self.fed) - patience))

    def _wait(self, seconds: float) -> None:
        for _ in range(round(seconds / CHECK_S)):
            self.now_s += CHECK_S
            for _ in range(5):
                self.card.turn()
        if "coach" in {thread.name for thread in threading.enumerate()}:
            self._let_the_coach_hear()
        self._looks += 1
        if self._looks % 10 == 0:
            self.fed.append(self.listener.lines().count("WATCHDOG=1"))
            line = next(self._script, signal_end)
            if line is not None:
                line()

    def _let_the_coach_hear(self) -> None:
        """Time stands still until the coach's thread has heard everything, or hangs: paper is faster than any room."""
        if not self.coach.may_work.is_set():
            assert self.coach.hangs.wait(HELP_S)
        if self.coach.hangs.is_set():  # what came meanwhile has been lost
            return
        caught = sum(stream.brought for stream in self.card.streams) * 50 // microphone().rate_hz
        played = sum(len(stream.heard) for stream in self.card.streams)
        with CountingAligner.changed:
            assert CountingAligner.changed.wait_for(lambda: CountingAligner.taken >= caught + played, HELP_S)


def signal_end() -> None:
    signal.raise_signal(signal.SIGTERM)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[NotifySocket]:
    with NotifySocket(tmp_path / "notify") as listener:
        yield listener


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CountingAligner, "taken", 0)
    monkeypatch.setattr("voicecoach.live.StreamAligner", CountingAligner)


def seconds(count: int) -> list[Callable[[], None] | None]:
    return [None] * count


def test_a_night_in_which_all_is_well_feeds_the_watchdog(listener: NotifySocket) -> None:
    night = Night(listener, microphone(), speaker())
    night.play(iter(seconds(60)))
    assert sum(night.fed) == pytest.approx(60 / PATIENCE_S * 3, abs=1)


def test_a_hung_coach_is_noticed_though_the_sound_goes_on(listener: NotifySocket) -> None:
    night = Night(listener, microphone(), speaker())
    night.play(iter([*seconds(20), night.coach.may_work.clear, *seconds(30), night.coach.may_work.set]))
    assert sum(night.fed[:20]) >= 8
    assert sum(night.fed[24:50]) == 0, str(night.fed)
    assert night.coach.timeline.position > 48 * RATE_HZ, "both callbacks were alive"


@pytest.mark.parametrize("device", [microphone(), speaker()], ids=["microphone", "speaker"])
def test_a_device_that_is_gone_is_looked_for_and_the_coach_counts_as_alive(
    listener: NotifySocket, device: Device
) -> None:
    night = Night(listener, microphone(), speaker())
    away = [lambda: night.card.plugged.remove(device), *seconds(40), lambda: night.card.plugged.append(device)]
    night.play(iter([*seconds(10), *away, *seconds(15)]))
    assert night.never_taken_for_hung(), str(night.fed)


def test_a_patient_coach_begins_when_the_devices_come(listener: NotifySocket) -> None:
    night = Night(listener, patient=True)
    heard_s: list[float] = []

    def plug_in() -> None:
        night.card.plugged += [microphone(), speaker()]

    night.play(iter([*seconds(30), plug_in, *seconds(20), lambda: heard_s.append(night.coach.listened / 16_000)]))
    assert 14 < heard_s[0] <= 20
    assert night.never_taken_for_hung(), str(night.fed)
