"""The unit that is written: what systemd itself says of it, and what it starts, whatever the paths are called."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.invocation import CALLED
from voicecoach.service.unit import UNIT, start_command, unit_file, unit_text

NEEDS_SYSTEMD = "needs systemd-analyze (Debian: systemd)"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The coach's program, in a folder with a name that is hard to write."""
    path = tmp_path / "100% of $HOME, \"hers\" and 'his'" / "voicecoach"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(path)])
    monkeypatch.delenv(CALLED, raising=False)
    return path


def written(unit: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit, re.MULTILINE)


def as_systemd_reads(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word.strip('"')).replace("%%", "%").replace("$$", "$")


def test_it_starts_the_program_that_was_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "voicecoach"
    path.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["./voicecoach"])
    assert written(unit_text({}, 64), "ExecStart") == [f"{path} run --without-devices wait"]


def test_it_starts_it_whatever_it_is_called(program: Path) -> None:
    unit = unit_text({}, 64)
    (command,) = written(unit, "ExecStart")
    before, quoted, arguments = re.split(r'(?<!\\)"', command)
    assert before == "/usr/bin/env ", "systemd takes no program with such a name"
    assert as_systemd_reads(quoted) == str(program)
    assert arguments == " run --without-devices wait"
    assert not written(unit, "WorkingDirectory")


@pytest.mark.usefixtures("program")
def test_it_fits_what_the_manager_is_told() -> None:
    unit = unit_text({}, 64)
    assert written(unit, "Type") == ["notify"]
    assert written(unit, "Restart") == ["on-failure"]
    assert written(unit, "RestartPreventExitStatus") == ["64"]
    assert int(*written(unit, "WatchdogSec")) > 10
    (after,) = written(unit, "After")
    assert {"pipewire.service", "pulseaudio.service", "wireplumber.service"} <= set(after.split())
    assert not written(unit, "Requires")
    assert not written(unit, "Wants")


@pytest.mark.parametrize(
    ("called", "argv", "found", "expected"),
    [
        ("scripts/coach", "/home/ada/.venv/bin/voicecoach", None, "{here}/scripts/coach"),
        ("coach", "/home/ada/.venv/bin/voicecoach", None, "coach"),
        ("", ".venv/bin/voicecoach", None, "{here}/.venv/bin/voicecoach"),
        ("", "/usr/bin/voicecoach", "/usr/bin/voicecoach", "voicecoach"),
        ("", "/usr/lib/python3/voicecoach/__main__.py", None, ""),  # then it says so by itself
    ],
)
def test_its_hints_are_right_in_any_folder(
    monkeypatch: pytest.MonkeyPatch, called: str, argv: str, found: str | None, expected: str
) -> None:
    monkeypatch.setenv(CALLED, called)
    monkeypatch.setattr(sys, "argv", [argv])
    monkeypatch.setattr("shutil.which", lambda _name: found)
    lines = [f"{CALLED}={expected.format(here=Path.cwd())}"] if expected else []
    assert written(unit_text({}, 64), "Environment")[:-1] == lines


@pytest.mark.usefixtures("program")
def test_settings_and_history_stay_where_they_are() -> None:
    unit = unit_text({"XDG_CONFIG_HOME": "/data/my settings", "XDG_DATA_HOME": "/data", "LANG": "de"}, 64)
    assert written(unit, "Environment")[1:-1] == ['"XDG_CONFIG_HOME=/data/my settings"', "XDG_DATA_HOME=/data"]


@pytest.mark.usefixtures("program")
def test_its_memory_is_asked_for_as_in_the_days_that_were_measured() -> None:
    """Freed memory goes back to the system, for glibc has a bound that stands still; `scripts/soak` sets the same."""
    (asked,) = [line for line in written(unit_text({}, 64), "Environment") if "MALLOC" in line]
    assert asked == "MALLOC_MMAP_THRESHOLD_=131072"
    soak = Path(__file__).parent.parent / "scripts" / "soak"
    assert f"export {asked}\n" in soak.read_text(encoding="utf-8")


def test_a_coach_without_a_program_of_its_own_is_started_as_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "__main__.py")])
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    assert start_command() == [sys.executable, "-m", "voicecoach"]
    (folder,) = written(unit_text({}, 64), "WorkingDirectory")
    assert (Path(folder) / "voicecoach" / "__main__.py").is_file()


def test_the_programs_of_an_environment_are_found(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/lib/python3/voicecoach/__main__.py"])
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(program.parent))
    assert start_command() == [str(program)]


@pytest.mark.parametrize(
    ("environment", "file"),
    [
        ({"HOME": "/home/ada"}, f"/home/ada/.config/systemd/user/{UNIT}"),
        ({"HOME": "/home/ada", "XDG_CONFIG_HOME": "/etc/ada"}, f"/etc/ada/systemd/user/{UNIT}"),
        ({}, None),
    ],
)
def test_where_the_unit_lies(environment: dict[str, str], file: str | None) -> None:
    assert unit_file(environment) == (file and Path(file))


@pytest.mark.parametrize("awkward", [False, True])
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path, request: pytest.FixtureRequest, *, awkward: bool) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip(NEEDS_SYSTEMD)
    if awkward:
        request.getfixturevalue("program")
    file = tmp_path / UNIT
    file.write_text(unit_text({"XDG_DATA_HOME": "/data/100% mine"}, 64), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "--user", str(file)]
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if UNIT in line]
    assert (done.returncode, ours) == (0, [])


def test_systemd_would_say_what_is_wrong(tmp_path: Path) -> None:
    """The check above can fail."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip(NEEDS_SYSTEMD)
    file = tmp_path / UNIT
    file.write_text(unit_text({}, 64).replace("Type=notify", "Type=gramophone"), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "--user", str(file)]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "gramophone" in done.stderr
