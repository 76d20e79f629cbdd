"""Why no device is found: told by what is in /dev/snd and /proc/asound, and where a sound server should answer."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from voicecoach.engines.audio_io import linux_sound
from voicecoach.engines.audio_io.linux_sound import SoundSystem, look, obstacle
from voicecoach.engines.audio_io.port import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEARS, PLAYS = Direction.MICROPHONE, Direction.SPEAKER
BARE = SoundSystem(user="ada", usual_runtime="/run/user/1000", runtime="/")
"""Neither a card nor a sound server."""
SERVED = replace(BARE, server="pulseaudio")
"""A sound server is installed."""


@pytest.mark.parametrize(
    ("system", "said", "forbidden"),
    [
        (BARE, ["there is no sound card", "plug in a USB microphone and a speaker"], False),
        (SERVED, ["no sound server answers in /, and there is", "systemctl --user start pulseaudio"], False),
        (replace(SERVED, runtime=None), ["because XDG_RUNTIME_DIR is not set", "there is no sound card"], False),
        (replace(SERVED, runtime="/no/such"), ["because XDG_RUNTIME_DIR is /no/such, which is no folder"], False),
        (
            replace(SERVED, runtime=None, server_elsewhere=True),
            ["XDG_RUNTIME_DIR is not set", "type: export XDG_RUNTIME_DIR=/run/user/1000"],
            False,
        ),
        (
            replace(BARE, cards=True, forbidden="/dev/snd/controlC0"),
            ["you may not open /dev/snd/controlC0", "type: sudo usermod -aG audio ada"],
            True,
        ),
        (
            replace(BARE, cards=True, forbidden="/dev/snd/controlC0", will_be_allowed=True),
            ["you may not open /dev/snd/controlC0", "log out and in again"],
            True,
        ),
        (
            replace(BARE, cards=True, taken={HEARS: "arecord (process 7)"}),
            ["the microphone is in use by arecord (process 7)"],
            False,
        ),
        (
            replace(BARE, server_answers=True, dummies=frozenset(Direction)),
            ["the sound server runs, but has no microphone yet", "plug one in"],
            False,
        ),
    ],
)  # fmt: skip
def test_one_line_says_what_is_so_and_what_to_type(system: SoundSystem, said: list[str], *, forbidden: bool) -> None:
    found = obstacle(system, HEARS)
    assert found is not None
    assert all(words in found.words for words in said), found.words
    assert "\n" not in found.words
    assert found.forbidden is forbidden


@pytest.mark.parametrize(
    "system",
    [
        replace(BARE, server_answers=True),
        replace(BARE, server_answers=True, dummies=frozenset({PLAYS})),
        replace(BARE, cards=True),  # a card that only plays, say
        replace(BARE, cards=True, taken={PLAYS: "aplay (process 7)"}),
    ],
)
def test_nothing_is_said_where_nothing_tells(system: SoundSystem) -> None:
    assert obstacle(system, HEARS) is None


# --- looking ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("dev/snd", "proc/asound", "usr/bin", f"run/user/{os.getuid()}/pulse", "elsewhere/pulse"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.fixture(autouse=True)
def without_dummies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linux_sound, "dummies", lambda: frozenset({PLAYS}))


@pytest.fixture
def servers() -> Iterator[ExitStack]:
    with ExitStack() as servers:
        yield servers


def serve(servers: ExitStack, runtime: Path, name: str = "pulse/native") -> None:
    """Have a sound server answer there."""
    server = servers.enter_context(socket.socket(socket.AF_UNIX))
    before = os.getcwd()  # noqa: PTH109 - a socket's path must be short
    os.chdir(runtime)
    server.bind(name)
    os.chdir(before)
    server.listen()


def seen(root: Path, environment: dict[str, str], *, may_open: bool = True) -> SoundSystem:
    return look(environment, root, lambda _file: may_open)


def test_an_empty_machine(root: Path) -> None:
    system = seen(root, {})
    assert system == SoundSystem(user=system.user, usual_runtime=f"{root}/run/user/{os.getuid()}", taken={})


@pytest.mark.parametrize("name", ["pulse/native", "pipewire-0"])
def test_a_server_that_answers(root: Path, servers: ExitStack, name: str) -> None:
    serve(servers, root / "elsewhere", name)
    system = seen(root, {"XDG_RUNTIME_DIR": str(root / "elsewhere")})
    assert system.server_answers
    assert system.dummies == {PLAYS}
    assert seen(root, {"PULSE_SERVER": f"unix:{root}/elsewhere/pulse/native"}).server_answers is (name[:5] == "pulse")


def test_a_socket_behind_which_nobody_is_left(root: Path) -> None:
    with ExitStack() as server:
        serve(server, root / "elsewhere")
    assert not seen(root, {"XDG_RUNTIME_DIR": str(root / "elsewhere")}).server_answers


def test_a_server_in_the_usual_place_where_nobody_looks(root: Path, servers: ExitStack) -> None:
    serve(servers, root / "run" / "user" / str(os.getuid()))
    for environment in ({}, {"XDG_RUNTIME_DIR": str(root / "elsewhere")}):
        system = seen(root, environment)
        assert (system.server_answers, system.server_elsewhere) == (False, True)
        assert system.usual_runtime == f"{root}/run/user/{os.getuid()}"


@pytest.mark.parametrize(
    ("name", "units"), [("pulseaudio", "pulseaudio"), ("pipewire-pulse", "pipewire pipewire-pulse")]
)
def test_a_server_that_is_installed(root: Path, name: str, units: str) -> None:
    (root / "usr" / "bin" / name).touch()
    assert (seen(root, {}).server or "").startswith(units)


def test_cards_that_may_and_may_not_be_opened(root: Path) -> None:
    for node in ("seq", "timer", "controlC1", "pcmC1D0c"):
        (root / "dev" / "snd" / node).touch()
    assert seen(root, {}).cards
    assert seen(root, {}).forbidden is None
    assert seen(root, {}, may_open=False).forbidden == f"{root}/dev/snd/controlC1"


def test_a_sequencer_is_no_card(root: Path) -> None:
    (root / "dev" / "snd" / "seq").touch()
    assert not seen(root, {}, may_open=False).cards
    assert seen(root, {}, may_open=False).forbidden is None


@pytest.mark.parametrize(
    ("told", "cards"), [("--- no soundcards ---\n", False), (" 0 [Headphones     ]: bcm2835\n", True)]
)
def test_the_kernel_knows_of_cards(root: Path, told: str, *, cards: bool) -> None:
    (root / "proc" / "asound" / "cards").write_text(told)
    assert seen(root, {}).cards is cards


def test_who_has_a_card_open(root: Path) -> None:
    for stream, status in (("pcm0c", "state: RUNNING\nowner_pid   : 411\n"), ("pcm0p", "closed\n")):
        folder = root / "proc" / "asound" / "card0" / stream / "sub0"
        folder.mkdir(parents=True)
        (folder / "status").write_text(status)
    assert seen(root, {}).taken == {HEARS: "(process 411)"}
    (root / "proc" / "411").mkdir()
    (root / "proc" / "411" / "comm").write_text("pulseaudio\n")
    assert seen(root, {}).taken == {HEARS: "pulseaudio (process 411)"}


def test_this_machine_can_be_looked_at() -> None:
    assert look().user
