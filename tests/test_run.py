"""What becomes of ``voicecoach run`` with devices, without, and beside another coach."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from fake_sound_card import FakeCard, microphone, speaker

from voicecoach import app
from voicecoach.app import WithoutDevices
from voicecoach.assembly import Assembly
from voicecoach.cli.main import main
from voicecoach.data_lock import data_folder_lock
from voicecoach.engines.audio_io.port import Direction, Obstacle
from voicecoach.errors import AlreadyRunningError, MissingPartError, NotAllowedError
from voicecoach.service.notify import ServiceManager
from voicecoach.settings import Settings, data_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voicecoach.waiting import Watch


@dataclass
class House:
    """An assembly whose sound card is of paper, and in which nothing is played, only noted."""

    card: FakeCard
    done: list[str] = field(default_factory=list)
    live: Callable[[Watch], None] = lambda _watch: None
    """What happens in a live session."""

    def run(self, without_devices: WithoutDevices) -> int:
        house = self

        class OfPaper(Assembly):
            def sound_card(self) -> FakeCard:
                return house.card

        return app.run(OfPaper(Settings()), verbose=False, without_devices=without_devices)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    house = House(FakeCard())

    def run_live(*_: object, watch: Watch, **__: object) -> int:
        with pytest.raises(AlreadyRunningError), data_folder_lock(data_folder()):
            pass
        house.done.append("live, patient" if watch.patient else "live")
        house.live(watch)
        return 0

    def rehearse(*_: object, **__: object) -> None:
        with data_folder_lock(data_folder()):
            house.done.append("rehearsed")

    monkeypatch.setattr(app, "run_live", run_live)
    monkeypatch.setattr(app, "rehearse", rehearse)
    return house


@pytest.mark.parametrize("without_devices", WithoutDevices)
def test_with_devices_it_goes_live(house: House, without_devices: WithoutDevices) -> None:
    house.card = FakeCard(microphone(), speaker())
    assert house.run(without_devices) == 0
    assert house.done == ["live, patient" if without_devices is WithoutDevices.WAIT else "live"]


def test_somebody_who_watches_sees_a_rehearsal(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert house.run(WithoutDevices.REHEARSE) == 0
    assert house.done == ["rehearsed"]
    told = capsys.readouterr()
    assert told.err.startswith("voicecoach: no microphone and no speaker found")
    assert "Here is a rehearsal instead" in told.out


def test_where_nobody_watches_it_waits_and_does_not_rehearse(house: House) -> None:
    assert house.run(WithoutDevices.WAIT) == 0
    assert house.done == ["live, patient"]


@pytest.mark.parametrize("forbidden", [False, True])
def test_it_can_be_asked_to_end_with_the_code_of_what_is_missing(house: House, *, forbidden: bool) -> None:
    house.card.obstacles = dict.fromkeys(Direction, Obstacle("no sound card", forbidden=forbidden))
    with pytest.raises(NotAllowedError if forbidden else MissingPartError, match="no sound card"):
        house.run(WithoutDevices.END)
    assert house.done == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_before_it_listens_ends_it_with_0_and_without_a_rehearsal(
    house: House, number: signal.Signals
) -> None:
    house.live = lambda _watch: signal.raise_signal(number)
    assert house.run(WithoutDevices.WAIT) == 0
    assert house.done == ["live, patient"]


def test_a_second_coach_does_not_even_look_for_devices(house: House) -> None:
    house.card.broken = True
    with data_folder_lock(data_folder()), pytest.raises(AlreadyRunningError, match="another coach"):
        house.run(WithoutDevices.REHEARSE)
    assert house.done == []


# --- who watches ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stdin", "stdout", "manager", "option", "expected"),
    [
        (True, True, False, None, "rehearse"),
        (False, True, False, None, "wait"),
        (True, False, False, None, "wait"),
        (False, False, False, None, "wait"),
        (True, True, True, None, "wait"),
        (True, True, False, "wait", "wait"),
        (False, False, True, "rehearse", "rehearse"),
        (False, False, True, "end", "end"),
    ],
)
def test_it_rehearses_only_to_somebody(  # noqa: PLR0913 - a table
    monkeypatch: pytest.MonkeyPatch, *, stdin: bool, stdout: bool, manager: bool, option: str | None, expected: str
) -> None:
    seen: dict[str, Any] = {}
    monkeypatch.setattr(app, "run", lambda *_, **named: seen.update(named) or 0)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: stdin, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: stdout, raising=False)
    monkeypatch.setenv("INVOCATION_ID", "0123")  # desktop terminals hand it to every shell
    monkeypatch.setenv("NOTIFY_SOCKET", "/no/such/socket" if manager else "")
    assert main(["run", *(["--without-devices", option] if option else [])]) == 0
    assert seen["without_devices"].value == expected
    assert isinstance(seen["manager"], ServiceManager)
    assert bool(seen["manager"]) is manager
