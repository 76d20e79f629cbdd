"""Installs the coach as a service, takes it away, and says how it fares: what is asked of systemd's own programs."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.errors import BadRequestError, CannotCreateError, MissingPartError, NoHomeError
from voicecoach.invocation import typed
from voicecoach.service.unit import UNIT, unit_file, unit_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

PATIENCE_S = 120.0
"""A service that does not say that it is up within a minute and a half has not come up, as systemd sees it."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command."""

    code: int
    out: str = ""
    complaint: str = ""
    """The first line that it wrote to its standard error."""


def run(command: Sequence[str]) -> Done:
    """Run a command to its end; one that is not there has the exit code of the shells for that."""
    program = shutil.which(command[0])
    if program is None:
        return Done(127, complaint=f"{command[0]} is not there")
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Done(124, complaint=f"{command[0]} did not answer within {PATIENCE_S:.0f} s")
    return Done(done.returncode, done.stdout, (done.stderr.strip().splitlines() or [""])[0])


class ServiceControl:
    """The user's service of the coach, on this machine."""

    def __init__(self, environment: Mapping[str, str] = os.environ, run: Callable[[Sequence[str]], Done] = run) -> None:
        """Change nothing yet.

        Args:
            environment: Of this process.
            run: Runs a command.
        """
        self._environment, self._run = environment, run

    def install(self, *, house: bool = False) -> list[str]:
        """Write the unit, start it, and have it started with the machine; what the person is to know.

        Args:
            house: Whether it may reach the broker of the house.

        Raises:
            VoicecoachError: That could not be done.
        """
        if self._environment.get("SUDO_USER") and not os.getuid():
            raise BadRequestError(
                "the coach is a service of yours, with your sound and your history: type it without sudo"
            )
        file = self._file()
        self._reach_manager()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(unit_text(self._environment, BadRequestError.exit_code, house=house), encoding="utf-8")
        except OSError as error:
            raise CannotCreateError(f"{file} cannot be written ({error.strerror}); see who may write there") from error
        self._ask("daemon-reload")
        self._ask("enable", UNIT)
        started = self._systemctl("restart", UNIT)
        if started.code:
            raise MissingPartError(f"it is installed but does not come up ({started.complaint}); {_see_logs()}")
        lines = [f"The coach is at work as a service of yours, {file}."]
        lines.append(self._start_at_boot() or "It starts by itself when this machine does.")
        return [*lines, f"To see how it fares, type: {typed('service status')}"]

    def remove(self) -> list[str]:
        """End the service and take the unit away; what the person is to know.

        Raises:
            VoicecoachError: That could not be done.
        """
        file = self._file()
        if not file.exists():
            return [f"There is no service to remove: {file} is not there."]
        self._reach_manager()
        self._systemctl("disable", "--now", UNIT)
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise CannotCreateError(f"{file} cannot be removed ({error.strerror}); see who may write there") from error
        self._ask("daemon-reload")
        return ["The coach is no service any more; settings and history are as they were."]

    def status(self) -> tuple[bool, list[str]]:
        """Whether the service is well, and what there is to say of it.

        Raises:
            VoicecoachError: The service manager cannot be reached.
        """
        self._reach_manager()
        names = "LoadState,ActiveState,SubState,UnitFileState,StatusText,Result,ExecMainStatus,NRestarts"
        shown = self._systemctl("show", UNIT, f"--property={names}").out
        facts = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
        if facts.get("LoadState") != "loaded":
            return False, [f"The coach is not installed as a service; type: {typed('service install')}"]
        well, lines = _how_it_fares(facts)
        if facts.get("UnitFileState") != "enabled":
            well, lines = False, [*lines, f"It does not start by itself; type: systemctl --user enable {UNIT}"]
        if not self._lingers():
            well, lines = False, [*lines, self._linger_by_hand()]
        return well, lines

    def _start_at_boot(self) -> str:
        """Have the user's services started without a login; a line for the person where that cannot be done."""
        if self._lingers():
            return ""
        self._run(["loginctl", "--no-ask-password", "enable-linger"])
        return "" if self._lingers() else self._linger_by_hand()

    def _lingers(self) -> bool:
        return self._run(["loginctl", "show-user", _user(), "--property=Linger", "--value"]).out.strip() == "yes"

    def _linger_by_hand(self) -> str:
        return f"So that it starts with the machine, before you log in, type: sudo loginctl enable-linger {_user()}"

    def _reach_manager(self) -> None:
        done = self._systemctl("show", "--property=Version")
        if done.code == 127:  # noqa: PLR2004 - see `run`
            raise MissingPartError(
                "there is no systemd here, which would start the coach; have what starts programs on this machine run: "
                f"{typed('run --without-devices wait')}"
            )
        if done.code:
            raise MissingPartError(
                f"your service manager cannot be reached ({done.complaint}); log in as the user whose coach it is, at "
                "the machine or by ssh, not through su or sudo"
            )

    def _ask(self, *words: str) -> None:
        done = self._systemctl(*words)
        if done.code:
            raise MissingPartError(f"systemctl --user {' '.join(words)} failed: {done.complaint}")

    def _systemctl(self, *words: str) -> Done:
        return self._run(["systemctl", "--user", *words])

    def _file(self) -> Path:
        file = unit_file(self._environment)
        if file is None:
            raise NoHomeError("it is not known where your services are: HOME is not set; set it to your home folder")
        return file


def log_command(lines: int, *, follow: bool) -> list[str]:
    """What shows the service's latest lines; as of the system's journal, which is all there is on a small machine."""
    return ["journalctl", f"--user-unit={UNIT}", f"--lines={lines}", *(["--follow"] if follow else ["--no-pager"])]


def _how_it_fares(facts: Mapping[str, str]) -> tuple[bool, list[str]]:
    state, words = facts.get("ActiveState", ""), facts.get("StatusText", "")
    if state == "active":
        often = {"0": "", "1": "once"}.get(count := facts.get("NRestarts", "0"), f"{count} times")
        lines = [f"The coach is at work as a service: {words.rstrip('.') or 'no more is known'}."]
        return True, [*lines, f"It was started anew {often}; {_see_logs()}"] if often else lines
    if state == "failed" or facts.get("SubState") == "auto-restart":
        code, result = facts.get("ExecMainStatus", "?"), facts.get("Result", "?")
        return False, [f"The coach does not stay up (exit code {code}, {result}); {_see_logs()}"]
    return False, [f"The coach is a service and is not at work ({state}); type: systemctl --user start {UNIT}"]


def _see_logs() -> str:
    return f"to see why, type: {typed('service logs')}"


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
