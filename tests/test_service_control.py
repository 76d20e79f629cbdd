"""``voicecoach service`` on a pretended systemd: what it asks of it, and what the person is told."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from voicecoach.cli.main import main
from voicecoach.errors import BadRequestError, CannotCreateError, MissingPartError, NoHomeError
from voicecoach.service.control import Done, ServiceControl, log_command, run
from voicecoach.service.unit import UNIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHOWN = {"LoadState": "loaded", "ActiveState": "active", "UnitFileState": "enabled", "NRestarts": "0"}


@dataclass
class Systemd:
    """Answers as systemctl and loginctl would."""

    shown: dict[str, str] = field(default_factory=lambda: dict(SHOWN))
    lingers: bool = False
    may_linger: bool = True
    failing: dict[str, Done] = field(default_factory=dict)
    """What becomes of a command with this word."""
    asked: list[str] = field(default_factory=list)
    """What was asked for, but for mere questions."""

    def __call__(self, command: Sequence[str]) -> Done:
        words = " ".join(command)
        failure = next((done for word, done in self.failing.items() if word in words), None)
        if "show" not in words:
            self.asked.append(words)
        if failure:
            return failure
        if "enable-linger" in words:
            self.lingers = self.may_linger
        if "show-user" in words:
            return Done(0, "yes\n" if self.lingers else "no\n")
        if words.startswith(f"systemctl --user show {UNIT}"):
            return Done(0, "".join(f"{key}={value}\n" for key, value in self.shown.items()))
        return Done(0)


@pytest.fixture
def systemd() -> Systemd:
    return Systemd()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".config" / "systemd" / "user" / UNIT


@pytest.fixture
def control(tmp_path: Path, systemd: Systemd) -> ServiceControl:
    return ServiceControl({"HOME": str(tmp_path)}, systemd)


def test_it_is_installed_and_started_now_and_at_boot(control: ServiceControl, systemd: Systemd, file: Path) -> None:
    lines = control.install()
    assert "Type=notify" in file.read_text()
    assert systemd.asked == [
        "systemctl --user daemon-reload",
        f"systemctl --user enable {UNIT}",
        f"systemctl --user restart {UNIT}",
        "loginctl --no-ask-password enable-linger",
    ]
    assert lines == [
        f"The coach is at work as a service of yours, {file}.",
        "It starts by itself when this machine does.",
        "To see how it fares, type: voicecoach service status",
    ]
    systemd.asked.clear()
    assert control.install() == lines, "once more, after an update"
    assert systemd.asked[-1] == f"systemctl --user restart {UNIT}"


def test_where_it_may_not_be_started_at_boot_one_line_is_to_be_typed(control: ServiceControl, systemd: Systemd) -> None:
    systemd.may_linger = False
    (line,) = [line for line in control.install() if "linger" in line]
    assert line.startswith("So that it starts with the machine, before you log in, type: sudo loginctl enable-linger ")


def test_one_that_does_not_come_up_is_an_error_that_tells_where_to_look(
    control: ServiceControl, systemd: Systemd
) -> None:
    systemd.failing["restart"] = Done(1, complaint="Job for voicecoach.service failed.")
    with pytest.raises(MissingPartError, match=r"does not come up .* type: voicecoach service logs"):
        control.install()


@pytest.mark.parametrize("act", ["install", "remove", "status"])
def test_a_machine_without_systemd(control: ServiceControl, systemd: Systemd, file: Path, act: str) -> None:
    systemd.failing["systemctl"] = Done(127, complaint="systemctl is not there")
    if act == "remove":
        file.parent.mkdir(parents=True)
        file.touch()
    with pytest.raises(MissingPartError, match=r"there is no systemd here.* run --without-devices wait"):
        getattr(control, act)()
    assert not any("enable" in words for words in systemd.asked)


def test_a_manager_that_cannot_be_reached(control: ServiceControl, systemd: Systemd, file: Path) -> None:
    systemd.failing["systemctl"] = Done(1, complaint="Failed to connect to bus: No medium found")
    with pytest.raises(MissingPartError, match=r"No medium found.*not through su or sudo"):
        control.install()
    assert not file.exists()


def test_under_sudo_it_would_be_the_wrong_persons(
    tmp_path: Path, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    with pytest.raises(BadRequestError, match="without sudo"):
        ServiceControl({"HOME": str(tmp_path), "SUDO_USER": "ada"}, systemd).install()
    assert systemd.asked == []


def test_without_a_home(systemd: Systemd) -> None:
    with pytest.raises(NoHomeError, match="HOME"):
        ServiceControl({}, systemd).install()


def test_a_home_that_cannot_be_written(tmp_path: Path, systemd: Systemd) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(CannotCreateError, match=UNIT):
        ServiceControl({"HOME": str(tmp_path / "home")}, systemd).install()


def test_it_is_removed(control: ServiceControl, systemd: Systemd, file: Path) -> None:
    control.install()
    systemd.asked.clear()
    assert control.remove() == ["The coach is no service any more; settings and history are as they were."]
    assert not file.exists()
    assert systemd.asked == [f"systemctl --user disable --now {UNIT}", "systemctl --user daemon-reload"]
    assert control.remove() == [f"There is no service to remove: {file} is not there."]


@pytest.mark.parametrize(
    ("shown", "lingers", "well", "said"),
    [
        ({"StatusText": "listening"}, True, True, ["at work as a service: listening."]),
        ({"StatusText": "The microphone is gone."}, True, True, ["at work as a service: The microphone is gone."]),
        ({"StatusText": "listening", "NRestarts": "1"}, True, True, ["started anew once;", "service logs"]),
        ({"StatusText": "listening", "NRestarts": "3"}, True, True, ["started anew 3 times;", "service logs"]),
        ({"StatusText": "listening"}, False, False, ["listening", "sudo loginctl enable-linger"]),
        ({"UnitFileState": "disabled"}, True, False, ["does not start by itself", "systemctl --user enable"]),
        (
            {"ActiveState": "failed", "Result": "exit-code", "ExecMainStatus": "78"},
            *(True, False, ["does not stay up (exit code 78, exit-code)", "service logs"]),
        ),
        (
            {"ActiveState": "activating", "SubState": "auto-restart", "Result": "watchdog", "ExecMainStatus": "134"},
            *(True, False, ["does not stay up", "watchdog"]),
        ),
        ({"ActiveState": "inactive"}, True, False, ["is not at work (inactive)", "systemctl --user start"]),
        ({"LoadState": "not-found"}, True, False, ["is not installed", "type: voicecoach service install"]),
    ],
)
def test_how_it_fares(  # noqa: PLR0913 - a table
    control: ServiceControl, systemd: Systemd, shown: dict[str, str], *, lingers: bool, well: bool, said: list[str]
) -> None:
    systemd.shown |= shown
    systemd.lingers = lingers
    found, lines = control.status()
    assert found is well
    told = "\n".join(lines)
    assert all(words in told for words in said), told
    assert ".." not in told


def test_the_logs_are_those_of_the_unit() -> None:
    assert log_command(50, follow=True) == ["journalctl", f"--user-unit={UNIT}", "--lines=50", "--follow"]
    assert log_command(100, follow=False)[-1] == "--no-pager"


def test_commands_are_run_and_their_first_complaint_is_kept() -> None:
    assert run(["sh", "-c", "echo heard; echo first >&2; echo last >&2; exit 3"]) == Done(3, "heard\n", "first")
    assert run(["no such program"]).code == 127


def test_the_service_can_be_looked_at_though_the_settings_are_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "voicecoach").mkdir()
    (tmp_path / "voicecoach" / "settings.yaml").write_text("volume: loud\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(ServiceControl, "status", lambda _self: (False, ["The coach does not stay up"]))
    assert main(["service"]) == 1
    assert capsys.readouterr().out == "The coach does not stay up\n"
