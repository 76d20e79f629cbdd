"""What is around the bed of a live session: off it touches nothing, and a microphone that is off stays so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_house import ALL_ANSWERED, EVENING

from voicecoach.app import check_sound
from voicecoach.assembly import Assembly
from voicecoach.by_hand import Inbox, Listen
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.house import mute_file
from voicecoach.invocation import to_install
from voicecoach.journal.store import Journal
from voicecoach.muting import MuteFile
from voicecoach.service.unit import unit_text
from voicecoach.settings import Settings
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.surroundings import House

if TYPE_CHECKING:
    from voicecoach.supervision import SupervisedCoach

TOP = Path(__file__).resolve().parent.parent
LIVE = """
import json, sys, threading
seen = []
if sys.argv[1] == "without paho":
    sys.modules["paho"] = None
sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("socket.") else None)
from voicecoach.app import check_sound
from voicecoach.assembly import Assembly
from voicecoach.house import live_house
from voicecoach.settings import load_settings
told = []
with live_house(Assembly(load_settings()), told.append) as house:
    house.begin(lambda: True)
    threads = [thread.name for thread in threading.enumerate()]
modules = [name for name in ("paho.mqtt", "evdev") if name in sys.modules]
print(json.dumps([seen, threads, modules, house.house.onlooker is None, told]))
"""


def live(config: Path, how: str = "") -> list[object]:
    """What a live session opens and imports for the house: calls of sockets, threads, modules, and what it tells."""
    environment = os.environ | {"XDG_CONFIG_HOME": str(config), "PYTHONPATH": str(TOP)}
    done = subprocess.run(
        [sys.executable, "-c", LIVE, how], env=environment, capture_output=True, text=True, check=True
    )
    found: list[object] = json.loads(done.stdout)
    return found


def test_turned_off_no_socket_is_opened_and_nothing_of_it_imported(tmp_path: Path) -> None:
    assert live(tmp_path) == [[], ["MainThread"], [], True, []]


def test_turned_on_without_its_package_it_says_what_to_type_and_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "voicecoach").mkdir()
    (tmp_path / "voicecoach" / "home.yaml").write_text("broker: 127.0.0.1\n", encoding="utf-8")
    seen, threads, modules, off, told = live(tmp_path, "without paho")
    assert (seen, threads, modules, off) == ([], ["MainThread"], [], True)
    assert told == [f"the house is turned on, and paho-mqtt is not installed; type: {to_install('paho-mqtt')}"]


def test_a_broken_file_keeps_the_house_off_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "voicecoach").mkdir()
    (tmp_path / "voicecoach" / "home.yaml").write_text("broker: x\nport: high\n", encoding="utf-8")
    seen, threads, _, off, told = live(tmp_path)
    assert (seen, threads, off) == ([], ["MainThread"], True)
    assert isinstance(told, list)
    assert "home.yaml:2:7" in told[0]


@pytest.mark.parametrize(("house", "families"), [(False, "AF_UNIX"), (True, "AF_UNIX AF_INET AF_INET6")])
def test_the_service_reaches_the_network_only_where_the_house_is_on(house: bool, families: str) -> None:  # noqa: FBT001 - a case
    assert f"\nRestrictAddressFamilies={families}\n" in unit_text({}, 64, house=house)


def switched_on(path: Path, inbox: Inbox | None = None) -> SupervisedCoach:
    """A coach as a live session has it."""
    assembly = Assembly(Settings())
    journal = Journal(None, lambda _: None)
    for record in ALL_ANSWERED:
        journal.add(record)
    clips = EstimatedClips(MICROPHONE_HZ, assembly.language.durations)
    always = {text: clips.get(text) for text in assembly.always_said()}
    house = House(inbox, None, MuteFile(path))
    coach = assembly.supervised_coach(TextInput, clips, always, MICROPHONE_HZ, journal, None, house)
    coach.open()
    return coach


def passes(coach: SupervisedCoach, seconds: float) -> None:
    for _ in range(round(seconds * 50)):
        coach.process(np.zeros(MICROPHONE_HZ // 50, np.float32))


def test_a_microphone_that_was_turned_off_is_off_from_the_first_moment_of_the_next_start(tmp_path: Path) -> None:
    inbox, path = Inbox(), tmp_path / "microphone-off"
    coach = switched_on(path, inbox)
    assert coach.listens
    inbox.put(Listen(on=False))
    passes(coach, 1)
    again = switched_on(path, inbox)
    assert not again.listens
    assert again.mode == "rest"
    inbox.put(Listen(on=None))
    passes(again, 1)
    assert [again.listens, path.exists(), switched_on(path).listens] == [True, False, True]


def test_a_coach_that_is_replaced_after_an_error_keeps_the_microphone_off(tmp_path: Path) -> None:
    inbox = Inbox()
    coach = switched_on(tmp_path / "microphone-off", inbox)
    inbox.put(Listen(on=False))
    passes(coach, 1)
    coach.failed(ZeroDivisionError("in the coach"))
    assert not coach.listens


def test_the_sound_check_does_not_open_a_microphone_that_somebody_has_turned_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    MuteFile(mute_file()).write(None, EVENING, is_known=True)
    (finding,) = check_sound(Assembly(Settings(audio="none that there is")))
    assert not finding.well
    assert str(tmp_path / "voicecoach" / "microphone-off") in finding.words
