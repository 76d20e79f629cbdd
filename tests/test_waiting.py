"""A coach that nobody watches waits for its devices, and says what for."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from fake_sound_card import FakeCard, microphone, speaker
from notify_socket import NotifySocket

from voicecoach.ending import Ending
from voicecoach.engines.audio_io.port import Direction, Obstacle
from voicecoach.errors import MissingPartError, VoicecoachError
from voicecoach.service.notify import ServiceManager
from voicecoach.waiting import BACK_OFF_S, Watch, problem_now, wait_for_devices

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WATCHDOG_S = 30.0


class Hallway:
    """Somebody waits in it, and things happen at their seconds."""

    def __init__(self) -> None:
        self.card = FakeCard()
        self.now_s = 0.0
        self.looks_s: list[float] = []
        self.told: list[str] = []
        self.alive_s: list[float] = []
        self._due: list[tuple[float, Callable[[], None]]] = []

    def at(self, second: float, what: Callable[[], None]) -> None:
        self._due.append((second, what))

    def wait(self) -> None:
        wait_for_devices(self._look, self.told.append, lambda: self.alive_s.append(self.now_s), self._pass_by)

    def _look(self) -> VoicecoachError | None:
        self.looks_s.append(self.now_s)
        return problem_now(None, None, lambda: self.card)

    def _pass_by(self, seconds: float) -> None:
        self.now_s += seconds
        assert self.now_s < 3600
        for second, what in self._due:
            if second <= self.now_s:
                what()
        self._due = [due for due in self._due if due[0] > self.now_s]


def test_it_looks_again_and_again_a_little_less_often() -> None:
    hallway = Hallway()
    hallway.at(600, lambda: hallway.card.plugged.extend((microphone(), speaker())))
    hallway.wait()
    pauses = [after - before for before, after in itertools.pairwise(hallway.looks_s)]
    assert pauses == sorted(pauses)
    assert pauses[: len(BACK_OFF_S)] == list(BACK_OFF_S)
    assert max(pauses) == max(BACK_OFF_S) <= 5
    assert 600 <= hallway.now_s <= 605, "it begins when they come"
    assert max(b - a for a, b in itertools.pairwise(hallway.alive_s)) < WATCHDOG_S / 3


def test_where_all_is_there_it_does_not_wait() -> None:
    hallway = Hallway()
    hallway.card = FakeCard(microphone(), speaker())
    hallway.wait()
    assert (hallway.now_s, hallway.told) == (0.0, [])


def test_it_says_what_it_waits_for_and_says_it_again_only_when_that_changes() -> None:
    hallway = Hallway()
    hallway.card.obstacles = dict.fromkeys(Direction, Obstacle("no sound server answers"))
    hallway.at(60, hallway.card.obstacles.clear)
    hallway.at(120, lambda: hallway.card.plugged.append(microphone()))
    hallway.at(180, lambda: hallway.card.refusing.update({"USB speaker": "Device or resource busy"}))
    hallway.at(180, lambda: hallway.card.plugged.append(speaker()))
    hallway.at(240, hallway.card.refusing.clear)
    hallway.wait()
    beginning = "waiting for microphone and speaker: "
    assert all(line.startswith(beginning) for line in hallway.told)
    assert [line.removeprefix(beginning).partition(";")[0] for line in hallway.told] == [
        "no sound server answers",
        "no microphone and no speaker found",
        "no speaker found",
        'the speaker "USB speaker" cannot be opened (Device or resource busy)',
    ]


def test_a_device_that_the_settings_name_is_waited_for_though_there_are_others() -> None:
    card = FakeCard(microphone("HDMI"), speaker("HDMI"))
    assert "no microphone is called" in str(problem_now("USB", "USB", lambda: card))
    card.plugged += [microphone(), speaker()]
    assert problem_now("USB", "USB", lambda: card) is None


def test_a_sound_card_that_cannot_be_looked_at_is_waited_for_too() -> None:
    hallway = Hallway()
    hallway.card.broken = True
    hallway.at(10, lambda: setattr(hallway.card, "broken", False))
    hallway.at(10, lambda: hallway.card.plugged.extend((microphone(), speaker())))
    hallway.wait()
    assert len(hallway.told) == 1
    assert "Internal PortAudio error" in hallway.told[0]


def test_a_missing_portaudio_is_what_it_waits_for() -> None:
    def no_card() -> FakeCard:
        raise MissingPartError("PortAudio is missing")

    assert str(problem_now(None, None, no_card)) == "PortAudio is missing"


# --- who is told ------------------------------------------------------------------------------------------------------


@pytest.fixture
def evening(tmp_path: Path) -> list[str]:
    """What a manager is told of an evening in which the devices come late, and what a person is."""
    card, told = FakeCard(), list[str]()
    with NotifySocket(tmp_path / "notify") as listener:

        def wait(_seconds: float) -> None:
            assert not card.plugged, "they are there"
            listener.lines()  # a socket holds only a few
            card.plugged = [microphone(), speaker()]

        manager = ServiceManager(str(listener.path), WATCHDOG_S)
        watch = Watch(Ending(), manager, told.append, patient=True, wait=wait)
        watch.is_up()
        watch.wait_for_devices(None, None, lambda: card, lambda: watch.at_work("preparing the voice: 1 of 2 sentences"))
        watch.listens()
        watch.is_over()
        listener.lines()
    assert told == [line.removeprefix("STATUS=") for line in listener.told if line.startswith("STATUS=waiting")][:1]
    return listener.told


def test_the_manager_is_told_how_an_evening_goes(evening: list[str]) -> None:
    told = [line.partition(":")[0] for line in evening if line != "WATCHDOG=1"]
    assert told == [
        *("READY=1", "STATUS=getting ready", "STATUS=waiting for microphone and speaker"),
        *("STATUS=preparing the voice", "STATUS=waiting for microphone and speaker", "STATUS=listening"),
        *("STOPPING=1", "STATUS=saying good night"),
    ]
    assert evening.index("WATCHDOG=1") < 4, "while it waits it is alive"


def test_who_is_not_patient_does_not_wait() -> None:
    watch = Watch(Ending(), ServiceManager(), pytest.fail, patient=False)
    watch.wait_for_devices(None, None, FakeCard, lambda: pytest.fail("nobody waits"))
