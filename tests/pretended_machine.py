"""A machine on which the commands in ``scripts/`` believe to run: nothing is installed and nothing is downloaded.

The commands see only the programs of one folder: the real ones that they need as tools, and in place of Python, pip,
apt-get, sudo and the coach a few lines of shell that write down how they were called.  What is so about the machine is
the contents of small files, so that a test can say it in one line.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

CHECKOUT: Final = Path(__file__).resolve().parent.parent

_TOOLS: Final = (
    *("bash", "env", "cat", "cp", "mv", "rm", "mkdir", "mktemp", "touch", "ls", "find", "nice", "true"),
    *("dirname", "readlink", "realpath", "cut", "grep", "head", "sed", "tail", "cksum", "sha256sum", "flock"),
)

_PYTHON: Final = """\
case "$*" in
    *_machine.py) cat "$MACHINE/python" "$MACHINE/lacks" ;;
    "-m venv "*)
        echo "venv $3" >> "$MACHINE/calls"
        . "$MACHINE/on-venv"
        mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && touch "$3/pyvenv.cfg" ;;
    "-m pip "*)
        echo "pip ${PWD##*/} ${*##* }" >> "$MACHINE/calls"
        . "$MACHINE/on-pip"
        cp "$MACHINE/voicecoach" "${0%/*}/voicecoach" ;;
    *)
        echo "${PWD##*/}: $*" >> "$MACHINE/calls"
        . "$MACHINE/on-module" ;;
esac
"""
_APT_GET: Final = """\
echo "apt-get $*" >> "$MACHINE/calls"
. "$MACHINE/on-apt-get"
case "$*" in *install*) : > "$MACHINE/lacks" ;; esac
"""
_SUDO: Final = """\
case "$1" in
    --non-interactive) . "$MACHINE/on-sudo"; exit ;;
    --validate) . "$MACHINE/on-password"; exit ;;
esac
echo sudo >> "$MACHINE/calls"
exec "$@"
"""
_ID: Final = 'cat "$MACHINE/user"\n'
_VOICECOACH: Final = """\
for argument; do echo "<$argument>"; done
exit "${COACH_EXITS:-0}"
"""


class Machine:
    """One machine with a fresh checkout; at first it has all that the coach needs, and root uses it."""

    def __init__(self, folder: Path) -> None:
        self._world = folder / "world"
        self._programs = folder / "programs"
        self.checkout = folder / "check out"
        for part in (self._world, self._programs, self.checkout, folder / "tmp", folder / "home"):
            part.mkdir()
        for name in ("scripts", ".ci"):
            shutil.copytree(CHECKOUT / name, self.checkout / name)
        for name in ("pyproject.toml", "constraints.txt"):
            shutil.copy(CHECKOUT / name, self.checkout / name)
        for tool in _TOOLS:
            (self._programs / tool).symlink_to(shutil.which(tool) or tool)
        for name, lines in {"python3": _PYTHON, "apt-get": _APT_GET, "sudo": _SUDO, "id": _ID}.items():
            self.program(name, lines)
        _write_program(self._world / "voicecoach", _VOICECOACH)
        facts = {"calls": "", "lacks": "", "python": "python 3.11.2 /usr\n", "user": "0\n"}
        for name in (*facts, "on-venv", "on-pip", "on-module", "on-apt-get", "on-sudo", "on-password"):
            self.set(name, facts.get(name, ""))
        self.environment = {
            "PATH": str(self._programs),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "MACHINE": str(self._world),
        }

    def set(self, name: str, contents: str) -> None:
        """Say what is so: ``python`` and ``lacks`` (as scripts/_machine.py), ``user``, or what happens ``on-...``."""
        (self._world / name).write_text(contents, encoding="utf-8")

    def program(self, name: str, lines: str) -> None:
        """Put a shell program where the commands find it."""
        _write_program(self._programs / name, lines)

    def remove(self, name: str) -> None:
        """Take a program away."""
        (self._programs / name).unlink()

    def start(self, command: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the checkout to its end, with nobody at the keyboard."""
        with self.begin(command, *arguments, **environment) as process:
            output, errors = process.communicate(timeout=30)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def start_at_terminal(self, command: str) -> tuple[int, str]:
        """Run a command to its end with somebody at the keyboard; its exit code, and what the terminal shows."""
        try:
            terminal, inside = os.openpty()
        except OSError:
            pytest.skip("this machine has no pseudo-terminals")
        with os.fdopen(terminal, "rb", buffering=0) as screen:
            process = subprocess.Popen(
                [self.checkout / command], env=self.environment, stdin=inside, stdout=inside, stderr=inside
            )
            os.close(inside)
            shown = b""
            with contextlib.suppress(OSError):  # a terminal ends with an error
                while part := screen.read(4096):
                    shown += part
            return process.wait(30), shown.decode()

    def begin(self, command: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Run a command of the checkout, or one with an absolute path, and do not wait for its end."""
        return subprocess.Popen(
            [self.checkout / command, *arguments],
            env=self.environment | environment,
            cwd=self._world,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def calls(self) -> list[str]:
        """How the programs were called since this was asked last."""
        lines = (self._world / "calls").read_text(encoding="utf-8").splitlines()
        self.set("calls", "")
        return lines

    def logs(self) -> list[Path]:
        """The logs that were left behind."""
        return list(Path(self.environment["TMPDIR"]).iterdir())

    def gate(self, name: str) -> Path:
        """Something to wait at: whoever reads this file waits until somebody writes to it."""
        path = self._world / name
        os.mkfifo(path)
        return path


def _write_program(path: Path, lines: str) -> None:
    path.write_text(f"#!/bin/sh\n{lines}", encoding="utf-8")
    path.chmod(0o755)
