"""What a service manager is told, and when it is not told that the coach is alive."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from notify_socket import NotifySocket

from voicecoach.console_log import warn_of_hang
from voicecoach.service.notify import ServiceManager
from voicecoach.service.watchdog_feed import WatchdogFeed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 30.0


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[NotifySocket]:
    with NotifySocket(tmp_path / "notify") as listener:
        yield listener


# --- the words --------------------------------------------------------------------------------------------------------


def test_a_manager_is_told_in_its_own_words(listener: NotifySocket) -> None:
    manager = ServiceManager(str(listener.path), PATIENCE_S)
    manager.ready("getting\nready")
    manager.status("listening")
    manager.alive()
    manager.stopping()
    assert listener.lines() == [
        *("READY=1", "STATUS=getting ready", "STATUS=listening", "WATCHDOG=1", "STOPPING=1"),
        "STATUS=saying good night",
    ]


def test_a_socket_without_a_file_is_found_too(tmp_path: Path) -> None:
    name = f"voicecoach test {tmp_path}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        ServiceManager(f"@{name}").status("listening")
        assert listener.recv(100) == b"STATUS=listening"


def test_nobody_is_told_where_there_is_nobody(listener: NotifySocket) -> None:
    manager = ServiceManager.from_environment({"WATCHDOG_USEC": "1000"})
    assert not manager
    assert manager.watchdog_s is None
    for tell in (manager.alive, manager.stopping):
        tell()
    ServiceManager(str(listener.path)).alive()
    assert listener.lines() == []


@pytest.mark.parametrize(
    ("microseconds", "process", "watchdog_s"),
    [
        ("30000000", "this one", 30.0),
        ("30000000", "", 30.0),
        ("30000000", "1", None),  # another process is meant
        ("0", "", None),
        ("soon", "", None),
        ("", "", None),
    ],
)
def test_the_environment_is_read_and_kept_from_children(
    listener: NotifySocket, microseconds: str, process: str, watchdog_s: float | None
) -> None:
    process = process.replace("this one", str(os.getpid()))
    environment = {"NOTIFY_SOCKET": str(listener.path), "WATCHDOG_USEC": microseconds, "WATCHDOG_PID": process, "A": ""}
    manager = ServiceManager.from_environment(environment)
    assert manager
    assert manager.watchdog_s == watchdog_s
    assert environment == {"A": ""}


def test_a_manager_that_is_gone_ends_nothing(tmp_path: Path) -> None:
    with NotifySocket(tmp_path / "notify") as listener:
        manager = ServiceManager(str(listener.path), PATIENCE_S)
    manager.ready("getting ready")
    listener.path.unlink()
    manager.alive()


def test_a_manager_that_does_not_read_holds_nobody_up(listener: NotifySocket) -> None:
    manager = ServiceManager(str(listener.path), PATIENCE_S)
    for _ in range(5_000):  # more than the socket takes
        manager.status("listening" * 20)
    assert 0 < len(listener.lines()) < 5_000


# --- the watchdog -----------------------------------------------------------------------------------------------------


class Looks:
    """A watchdog_feed that is looked at every tenth of a second."""

    def __init__(self, listener: NotifySocket) -> None:
        self.now_s = 0.0
        self.hung_s: list[float] = []
        """When it was told that something hangs."""
        self._listener = listener
        manager = ServiceManager(str(listener.path), PATIENCE_S)
        self._lifeline = WatchdogFeed(manager, lambda: self.now_s, lambda: self.hung_s.append(self.now_s))

    def pass_by(self, seconds: float, *moving: float | None) -> int:
        """Let time pass; how often the manager was told.  Each thing moves so often in a second; None: not now."""
        told = 0
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self._lifeline.look(*(None if rate is None else int(self.now_s * rate) for rate in moving))
            told += self._listener.lines().count("WATCHDOG=1")
        return told


def test_while_everything_moves_the_manager_is_told_three_times_within_its_patience(listener: NotifySocket) -> None:
    looks = Looks(listener)
    assert looks.pass_by(300, 50, 50, 50) == pytest.approx(30, abs=1)
    assert looks.hung_s == []


@pytest.mark.parametrize("still", range(3))
def test_when_one_thing_stands_still_the_manager_is_told_no_more(listener: NotifySocket, still: int) -> None:
    looks, moving = Looks(listener), [50, 50, 50]
    assert looks.pass_by(60, *moving) == pytest.approx(6, abs=1)
    moving[still] = 0
    stood_still_s = looks.now_s
    assert looks.pass_by(300, *moving) <= 1, "it may have moved since the manager was told last"
    assert len(looks.hung_s) == 1, "the log is told once"
    assert 0 < looks.hung_s[0] - stood_still_s < PATIENCE_S, "before the manager ends it"
    moving[still] = 50
    assert looks.pass_by(1, *moving) == 1, "it moves again"
    moving[still] = 0
    looks.pass_by(60, *moving)
    assert len(looks.hung_s) == 2, "once each time"


def test_what_has_nothing_to_do_holds_nothing_up(listener: NotifySocket) -> None:
    looks = Looks(listener)
    assert looks.pass_by(300, None, None, None) == pytest.approx(30, abs=1)
    assert looks.pass_by(300, 50, None, 50) == pytest.approx(30, abs=1)
    assert looks.pass_by(300) == pytest.approx(30, abs=1)


def test_something_slow_counts_as_long_as_it_moves(listener: NotifySocket) -> None:
    assert Looks(listener).pass_by(300, 0.05) == pytest.approx(15, abs=1)


def test_the_log_says_where_each_thread_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def hang_here() -> None:
        go_on.wait(60)

    thread = threading.Thread(target=hang_here)
    thread.start()
    with (tmp_path / "log").open("w+", encoding="utf-8") as log:
        monkeypatch.setattr("sys.stderr", log)
        warn_of_hang()
        log.seek(0)
        told = log.read()
    go_on.set()
    thread.join()
    assert told.startswith("voicecoach: a part of the coach has stood still for too long")
    assert "hang_here" in told
    assert "test_the_log_says_where_each_thread_hangs" in told
