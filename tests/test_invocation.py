"""Every line that says what to type says what was typed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.invocation import CALLED, program, to_install, typed

TOP = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def called_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CALLED, raising=False)


@pytest.mark.parametrize(
    ("called", "argv", "found", "expected"),
    [
        ("scripts/coach", "/home/ada/.venv/bin/voicecoach", None, "scripts/coach"),
        ("/home/ada/my coach/scripts/coach", "voicecoach", None, "'/home/ada/my coach/scripts/coach'"),
        ("", "/usr/bin/voicecoach", "/usr/bin/voicecoach", "voicecoach"),
        ("", ".venv/bin/voicecoach", None, ".venv/bin/voicecoach"),
        ("", ".venv/bin/voicecoach", "/usr/bin/voicecoach", ".venv/bin/voicecoach"),
        ("", "/usr/lib/python3/voicecoach/__main__.py", None, "python3.12 -m voicecoach"),
        ("", "/usr/bin/pytest", None, "voicecoach"),
        ("", "-c", None, "voicecoach"),
    ],
)
def test_the_program_is_what_the_person_typed(
    monkeypatch: pytest.MonkeyPatch, called: str, argv: str, found: str | None, expected: str
) -> None:
    monkeypatch.setenv(CALLED, called)
    monkeypatch.setattr(sys, "argv", [argv, "devices"])
    monkeypatch.setattr(sys, "orig_argv", ["python3.12", "-m", "voicecoach", "devices"])
    monkeypatch.setattr("shutil.which", lambda _name: found)
    assert program() == expected
    assert typed() == expected
    assert typed("devices") == f"{expected} devices"


@pytest.mark.parametrize(
    ("pip", "expected"),
    [
        ("/home/ada/coach/.venv/bin/pip", "pip install evdev"),
        ("/usr/bin/pip", "/home/ada/coach/.venv/bin/python -m pip install evdev"),
        (None, "/home/ada/coach/.venv/bin/python -m pip install evdev"),
    ],
)
def test_packages_are_installed_into_the_python_that_runs(
    monkeypatch: pytest.MonkeyPatch, pip: str | None, expected: str
) -> None:
    monkeypatch.setattr(sys, "executable", "/home/ada/coach/.venv/bin/python")
    monkeypatch.setattr("shutil.which", lambda _name: pip)
    assert to_install("evdev") == expected


def test_no_line_says_pip_alone() -> None:
    """It may be that of another Python."""
    lines = [
        f"{path.relative_to(TOP)}: {line.strip()}"
        for folder in ("voicecoach", "scripts")
        for path in (TOP / folder).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<!`)pip install [a-z-]", line)
    ]
    assert lines == []


@pytest.mark.parametrize("called", ["", "scripts/coach"])
def test_help_and_errors_name_it(called: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CALLED, called)
    command = [sys.executable, "-m", "voicecoach"]
    done = subprocess.run([*command, "frobnicate"], cwd=TOP, capture_output=True, text=True, check=False)
    expected = called or " ".join(command)
    assert done.stderr.startswith(f"usage: {expected}")
    assert f"{expected}: error: " in done.stderr


def test_no_line_of_the_package_says_it_in_another_way() -> None:
    """A hint is written ``typed("devices")``; documentation and the names of files may say "voicecoach devices"."""
    commands = r"(run|rehearse|routines|models|progress|draw|history|devices|doctor|service)\b"
    told = re.compile(rf"[\"'(: ]voicecoach {commands}")
    documentation = re.compile(r'"""|``voicecoach|^\s*#|`voicecoach|  # ')
    lines = [
        f"{path.relative_to(TOP)}: {line.strip()}"
        for path in (TOP / "voicecoach").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if told.search(line) and not documentation.search(line)
    ]
    assert lines == []
