"""The coach as a service manager starts it: no terminal, next to no environment, and no sound card yet.

It is real but for the manager, which is a socket, and the sound card, which is software.
"""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from notify_socket import NotifySocket

from soak_lib.virtual_room import VirtualRoom, missing_part
from voicecoach.engines.audio_io.linux_sound import look
from voicecoach.errors import AlreadyRunningError, MissingPartError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.live, pytest.mark.sound, pytest.mark.timeout(480)]

TOP = Path(__file__).parents[1]
START_S = 30
"""How long a busy machine may take to load Python and the speech model."""
PREPARED_S = 240
"""How long it may take to render every sentence for the first time."""
WATCHDOG_S = 20
LOOKS_S = 5
"""The longest time between two looks for devices."""
BEGINS_S = 10
"""How long a busy machine may take from the first look that finds them to the first word."""
SOUND = 0.003
"""An amplitude that is no silence (-50 dBFS)."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder: every sentence is rendered once for all tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def room(tmp_path: Path) -> VirtualRoom:
    """A sound server that has not started yet."""
    if reason := missing_part():
        pytest.skip(reason)
    if look().cards:
        pytest.skip("this machine has a sound card of its own, which would be found")
    if shutil.which("espeak-ng") is None:
        pytest.skip("the coach needs espeak-ng to speak")
    room = VirtualRoom(tmp_path / "room")
    room.furnish()
    return room


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[NotifySocket]:
    with NotifySocket(tmp_path / "notify") as manager:
        yield manager


def environment(room: VirtualRoom, home: Path) -> dict[str, str]:
    """What systemd gives a service of the user; and where the software sound card is, for want of a real one."""
    of_the_card = ("PULSE_SERVER", "PULSE_COOKIE", "PULSE_RUNTIME_PATH", "ALSA_CONFIG_PATH", "JACK_NO_START_SERVER")
    return {
        "HOME": str(home),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "USER": "ada",
        "SHELL": "/bin/bash",
        "XDG_RUNTIME_DIR": room.environment["XDG_RUNTIME_DIR"],
        "INVOCATION_ID": "0123456789abcdef0123456789abcdef",
        **{name: room.environment[name] for name in of_the_card},
    }


@contextmanager
def service(
    room: VirtualRoom, home: Path, manager: NotifySocket, watchdog_s: int = WATCHDOG_S
) -> Iterator[subprocess.Popen[str]]:
    """The coach at work, until the end of ``with``."""
    told = {"NOTIFY_SOCKET": str(manager.path), "WATCHDOG_USEC": str(watchdog_s * 1_000_000)}
    process = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "run"],
        cwd=TOP,
        env=environment(room, home) | told,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def children(process: subprocess.Popen[str]) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text(encoding="ascii").split()]


def are_gone(processes: list[int]) -> bool:
    return not any(Path(f"/proc/{process}").exists() for process in processes)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_it_can_be_ended_while_it_prepares_its_sentences(
    room: VirtualRoom, tmp_path: Path, manager: NotifySocket, number: signal.Signals
) -> None:
    home = tmp_path / "a new home"
    settings = home / ".config" / "voicecoach" / "settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("voice_pack: none\n")  # with the pack that ships there is nothing to prepare
    with service(room, home, manager) as coach:
        assert manager.wait_for("READY=1", START_S)
        assert manager.wait_for("STATUS=preparing the voice", START_S)
        voices = children(coach)
        assert voices
        coach.send_signal(number)
        told, _ = coach.communicate(timeout=START_S)
    assert coach.returncode == 0, told
    assert "Traceback" not in told
    assert are_gone(voices)


def test_it_waits_for_its_devices_and_says_good_evening_when_they_come(
    room: VirtualRoom, home: Path, manager: NotifySocket
) -> None:
    with service(room, home, manager) as coach, ExitStack() as rooms:
        waits = manager.wait_for("STATUS=waiting for microphone and speaker: ", START_S)
        assert f"no sound server answers in {room.environment['XDG_RUNTIME_DIR']}" in waits
        manager.wait_for("STATUS=waiting", PREPARED_S)  # again, when the voice has been prepared, or is there already
        manager.wait_for("WATCHDOG=1", WATCHDOG_S)

        # A second one has nothing to do here.
        second = subprocess.run(
            [sys.executable, "-m", "voicecoach"],
            cwd=TOP,
            env=environment(room, home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )
        assert second.returncode == AlreadyRunningError.exit_code
        assert second.stderr.startswith(f"voicecoach: another coach (process {coach.pid}) is at work")
        assert len(second.stderr.splitlines()) == 1

        rooms.enter_context(room)
        recording = rooms.enter_context(room.record())
        came_s = time.monotonic()
        recording.wait_until(lambda sound: bool((np.abs(sound) > SOUND).any()), within_s=LOOKS_S + BEGINS_S)
        print(f"from the sound server to the first word: {time.monotonic() - came_s:.1f} s")
        manager.wait_for("STATUS=listening", BEGINS_S)
        manager.wait_for("WATCHDOG=1", WATCHDOG_S)
        coach.send_signal(signal.SIGHUP)
        told, _ = coach.communicate(timeout=START_S)
        manager.lines()
    assert coach.returncode == 0, told
    assert "STOPPING=1" in manager.told
    assert [line for line in told.splitlines() if "ehears" in line] == [], "nobody would see a rehearsal"


def test_a_process_that_hangs_is_no_longer_called_alive(room: VirtualRoom, home: Path, manager: NotifySocket) -> None:
    watchdog_s = 3
    with room, service(room, home, manager, watchdog_s) as coach:
        manager.wait_for("STATUS=listening", PREPARED_S)
        manager.wait_for("WATCHDOG=1", START_S)
        coach.send_signal(signal.SIGSTOP)
        manager.lines()
        with pytest.raises(TimeoutError):
            manager.wait_for("WATCHDOG=1", watchdog_s)
        coach.send_signal(signal.SIGCONT)
        manager.wait_for("WATCHDOG=1", START_S)
        coach.send_signal(signal.SIGABRT)  # as the manager does
        told, _ = coach.communicate(timeout=START_S)
    assert coach.returncode == -signal.SIGABRT
    assert "most recent call first" in told, "the log says where it hung"
    assert "_look_after_devices" in told


def test_a_terminal_that_is_closed_ends_it_as_a_signal_does(room: VirtualRoom, home: Path) -> None:
    command = [sys.executable, "-m", "voicecoach", "--without-devices", "wait"]
    process, terminal = pty.fork()
    if not process:
        os.chdir(TOP)
        os.execve(sys.executable, command, environment(room, home))  # noqa: S606 - our own words
    shown = b""
    while b"waiting for microphone and speaker" not in shown:
        shown += os.read(terminal, 1024)
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_without_an_environment_it_names_what_is_missing_and_does_not_rehearse(room: VirtualRoom, home: Path) -> None:
    bare = {name: value for name, value in environment(room, home).items() if name in {"HOME", "PATH"}}
    done = subprocess.run(
        [sys.executable, "-m", "voicecoach", "--without-devices", "end"],
        cwd=TOP,
        env=bare | {"ALSA_CONFIG_PATH": room.environment["ALSA_CONFIG_PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_S,
        check=False,
    )
    assert done.returncode == MissingPartError.exit_code
    assert len(done.stderr.splitlines()) == 1
    assert "XDG_RUNTIME_DIR is not set" in done.stderr
