"""Buttons by the bed: one press, two, a long one; what each stands for; and what evdev tells of keys.

No real key was pressed, nor one of uinput, which the kernels of test machines seldom have.
"""

from __future__ import annotations

import os
import struct
import sys
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from small_house import phrasebook

from voicecoach.buttons.listener import ButtonListener
from voicecoach.buttons.mapping import Button, requests
from voicecoach.buttons.port import KeyEvent
from voicecoach.buttons.presses import Kind, Presses
from voicecoach.by_hand import Do, Inbox, Listen
from voicecoach.cli.main import main
from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ALL = tuple(Kind)


def pressed(wanted: Sequence[Kind], *moves: tuple[float, str]) -> list[tuple[float, str]]:
    """What is known when, of a key that goes "down" and "up" at these seconds; time passes in tenths."""
    presses, found, due = Presses({"k": wanted}), [], list(moves)
    for tick in range(40):
        now_s = tick / 10
        while due and due[0][0] <= now_s:
            found += [(now_s, one.kind.value) for one in presses.take("k", now_s, down=due.pop(0)[1] == "down")]
        found += [(now_s, one.kind.value) for one in presses.due(now_s)]
    return [(round(at_s, 1), kind) for at_s, kind in found]


def test_one_press_two_and_a_long_one_are_told_apart() -> None:
    assert pressed(ALL, (1, "down"), (1.1, "up")) == [(1.5, "press")]
    assert pressed(ALL, (1, "down"), (1.1, "up"), (1.3, "down"), (1.4, "up")) == [(1.4, "twice")]
    assert pressed(ALL, (1, "down"), (3, "up")) == [(1.8, "long")], "while it is still down"
    two = [(1.5, "press"), (2.5, "press")]
    assert pressed(ALL, (1, "down"), (1.1, "up"), (2, "down"), (2.1, "up")) == two


def test_what_means_nothing_is_not_waited_for() -> None:
    assert pressed([Kind.ONCE], (1, "down"), (3, "up")) == [(1.0, "press")], "at once"
    assert pressed([Kind.ONCE, Kind.LONG], (1, "down"), (1.1, "up")) == [(1.1, "press")]
    assert pressed([Kind.LONG], (1, "down"), (1.1, "up")) == []
    assert pressed([], (1, "down"), (1.1, "up")) == []


@dataclass
class KeysOfPaper:
    """Keeps `port.Keys`."""

    script: list[KeyEvent] = field(default_factory=list)
    closed: bool = False

    @property
    def names(self) -> list[str]:
        return sorted({event.device for event in self.script})

    def read(self, seconds: float) -> Sequence[KeyEvent]:
        assert seconds <= 1
        return [self.script.pop(0)] if self.script else []

    def close(self) -> None:
        self.closed = True


BUTTON = Button(
    "KEY_PLAYPAUSE",
    "remote",
    {Kind.ONCE: ("continue", "pause", "start bedtime"), Kind.TWICE: ("next",), Kind.LONG: ("stop listening",)},
)


def asked(*events: tuple[str, str, bool, float]) -> list[object]:
    """What is in the inbox after such events: device, key, whether down, and the second."""
    now, inbox = [0.0], Inbox()
    keys = KeysOfPaper()
    listener = ButtonListener(keys, [(BUTTON, requests(BUTTON, phrasebook()))], inbox, lambda: now[0])
    for device, key, down, at_s in events:
        now[0] = at_s
        keys.script.append(KeyEvent(device, key, down))
        listener.turn()
    now[0] += 5
    listener.turn()
    return list(iter(inbox.take, None))


def test_a_press_asks_for_what_somebody_would_say() -> None:
    once = asked(("Remote 3", "KEY_PLAYPAUSE", True, 1), ("Remote 3", "KEY_PLAYPAUSE", False, 1.1))
    assert once == [Do(tuple(map(phrasebook().meaning, ("continue", "pause", "start bedtime"))))]
    long = asked(("Remote 3", "KEY_PLAYPAUSE", True, 1), ("Remote 3", "KEY_A", True, 2))
    assert long == [Listen(on=None)]
    assert asked(("Keyboard", "KEY_PLAYPAUSE", True, 1), ("Remote 3", "KEY_NEXT", True, 1)) == []


def test_the_command_shows_what_is_pressed_and_what_it_stands_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "voicecoach" / "settings.yaml"
    settings.parent.mkdir()
    settings.write_text("buttons:\n  - {key: KEY_A, press: next, long: [continue, pause]}\n", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    keys = KeysOfPaper([KeyEvent("Remote", key, down) for key in ("KEY_A", "KEY_B") for down in (True, False)])
    plugged = SimpleNamespace(EvdevKeys=lambda: keys, unreadable=lambda: False)
    monkeypatch.setitem(sys.modules, "voicecoach.buttons.evdev_keys", plugged)
    assert main(["buttons", "--seconds", "0.1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Listening to: Remote. Press a button. (Ctrl-C ends.)",
        "KEY_A of Remote: press is next; long is continue or pause",
        "KEY_B of Remote: not in your settings",
    ]
    assert keys.closed


def test_what_cannot_be_said_is_refused_by_name() -> None:
    with pytest.raises(BadRequestError, match='"abracadabra" is nothing that can be said'):
        requests(Button("KEY_A", says={Kind.ONCE: ("abracadabra",)}), phrasebook())


def test_buttons_are_read_from_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(
        "buttons:\n"
        "  - {key: KEY_PLAYPAUSE, device: remote, press: [continue, pause, start bedtime], twice: next, "
        "long: stop listening}\n",
        encoding="utf-8",
    )
    assert load_settings(file).buttons == (BUTTON,)
    file.write_text("buttons:\n  - {key: KEY_A}\n", encoding="utf-8")
    with pytest.raises(BadFileError, match=r"settings\.yaml:2:5: this button does nothing"):
        load_settings(file)


# --- evdev ------------------------------------------------------------------------------------------------------------


@dataclass
class Pipe:
    """A device of Linux as far as evdev looks at one that is open: a file from which events are read."""

    name: str
    fd: int
    written: int

    def read(self) -> Iterator[object]:
        from evdev.eventio import EventIO  # noqa: PLC0415 - only where it is installed

        source = EventIO()
        vars(source)["fd"] = self.fd
        return iter(list(source.read()))

    def tells(self, kind: int, code: int, value: int) -> None:
        """The kernel's own structure: seconds, microseconds, type, code, value."""
        os.write(self.written, struct.pack("llHHi", 1, 2, kind, code, value))

    def close(self) -> None:
        os.close(self.fd)


def test_keys_are_read_in_the_structure_of_the_kernel(tmp_path: Path) -> None:
    evdev_keys = pytest.importorskip("voicecoach.buttons.evdev_keys", reason="needs evdev")
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    pipe = Pipe("Remote", reading, writing)
    (tmp_path / "event0").touch()
    (tmp_path / "mouse0").touch()
    keys = evdev_keys.EvdevKeys(tmp_path, open_device=lambda _: pipe)
    assert keys.names == ["Remote"]
    for kind, code, value in ((1, 164, 1), (4, 4, 99), (0, 0, 0), (1, 164, 2), (1, 164, 0), (1, 256, 1)):
        pipe.tells(kind, code, value)
    assert list(keys.read(1)) == [
        KeyEvent("Remote", "KEY_PLAYPAUSE", down=True),
        KeyEvent("Remote", "KEY_PLAYPAUSE", down=False),
        KeyEvent("Remote", "BTN_0", down=True),
    ]
    keys.close()
    os.close(writing)


def test_a_device_that_has_gone_is_let_go_and_one_that_comes_is_found(tmp_path: Path) -> None:
    evdev_keys = pytest.importorskip("voicecoach.buttons.evdev_keys", reason="needs evdev")
    opened: list[Pipe] = []
    now = [0.0]

    def open_device(_: Path) -> Pipe:
        opened.append(Pipe(f"Remote {len(opened)}", *os.pipe()))
        return opened[-1]

    keys = evdev_keys.EvdevKeys(tmp_path, open_device, lambda: now[0])
    assert keys.names == []
    (tmp_path / "event7").touch()
    now[0] += evdev_keys.LOOK_S
    keys.read(0)
    assert keys.names == ["Remote 0"]
    (tmp_path / "event7").unlink()
    now[0] += evdev_keys.LOOK_S
    keys.read(0)
    assert keys.names == []
    keys.close()
    os.close(opened[0].written)
