"""The unit that systemd keeps of the coach: a service of the user, for sound and history are the user's."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import voicecoach
from voicecoach.invocation import CALLED, NAME, program, typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNIT = "voicecoach.service"
WATCHDOG_S = 30
"""Loading a large speech model takes a small machine ten seconds, in which nothing can say that it is alive."""
STOP_S = 20
"""A coach that is at something takes five seconds to leave it, and a fade."""
KEPT = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
"""What says where settings and history are, and systemd does not know."""
MEMORY = {"MALLOC_MMAP_THRESHOLD_": "131072"}
"""Of glibc, which else raises this bound by itself, and then keeps some 24 MB of what months of sessions have freed."""
_UNSAFE = re.compile(r"""["'\\\\$]""")
"""Characters that systemd allows in no program's name, though in arguments."""
REACHES = "It reaches the sound server, and nothing outside this machine."
REACHES_HOUSE = "It reaches the sound server, and the broker of the house, which voicecoach home connect has named."
TEXT = """\
# Written by: {typed}
# The next time, it is written anew; what you change with "systemctl --user edit {unit}" stays.

[Unit]
Description=Voicecoach, which guides stretches in bed by voice
After=pipewire.service pipewire-pulse.service wireplumber.service pulseaudio.service
StartLimitIntervalSec=0

[Service]
Type=notify
{where}ExecStart={command} run --without-devices wait
{environment}
Restart=on-failure
RestartSec=5
RestartPreventExitStatus={usage}
WatchdogSec={watchdog_s}
TimeoutStopSec={stop_s}

# {reaches}
RestrictAddressFamilies={families}
NoNewPrivileges=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
RestrictNamespaces=yes
RestrictSUIDSGID=yes
LockPersonality=yes
UMask=0077
LimitCORE=0

[Install]
WantedBy=default.target
"""


def unit_file(environment: Mapping[str, str]) -> Path | None:
    """Where the user's unit lies; None where nothing says."""
    if config := environment.get("XDG_CONFIG_HOME"):
        return Path(config) / "systemd" / "user" / UNIT
    home = environment.get("HOME")
    return Path(home) / ".config" / "systemd" / "user" / UNIT if home else None


def unit_text(environment: Mapping[str, str], usage: int, *, house: bool = False) -> str:
    """The unit, for the coach that runs now.

    Args:
        environment: Of this process.
        usage: The exit code of a command line that means nothing; starting anew would not help.
        house: Whether it may reach the broker of the house.
    """
    command = start_command()
    told = {CALLED: _called(), **{name: environment.get(name, "") for name in KEPT}, **MEMORY}
    if _UNSAFE.search(command[0]):
        command = ["/usr/bin/env", *command]
    # "python -m" looks for the package where it is started.
    home = Path(voicecoach.__file__).parent.parent
    return TEXT.format(
        unit=UNIT,
        typed=typed("service install"),
        where=f"WorkingDirectory={str(home).replace('%', '%%')}\n" if "-m" in command else "",
        command=" ".join(_quoted(word).replace("$", "$$") for word in command),
        environment="\n".join(f"Environment={_quoted(f'{name}={value}')}" for name, value in told.items() if value),
        usage=usage,
        reaches=REACHES_HOUSE if house else REACHES,
        families="AF_UNIX AF_INET AF_INET6" if house else "AF_UNIX",
        watchdog_s=WATCHDOG_S,
        stop_s=STOP_S,
    )


def start_command() -> Sequence[str]:
    """What starts this coach, wherever it is called from: its own program if there is one, or Python and the module."""
    called = Path(sys.argv[0] if sys.argv else "").absolute()
    for path in (called, Path(sysconfig.get_path("scripts")) / NAME):
        if path.name == NAME and path.is_file() and os.access(path, os.X_OK):
            return [str(path)]
    return [sys.executable, "-m", NAME]


def _called() -> str:
    """What the person types for the coach, so that it is right in any folder; empty for Python and the module."""
    path = sys.argv[0] if sys.argv else ""
    called = os.environ.get(CALLED) or (path if Path(path).name == NAME else "")
    if called == path and program() == NAME:
        return NAME
    return str(Path(called).absolute()) if "/" in called else called


def _quoted(word: str) -> str:
    """A word as systemd reads it: C's escapes within quotes, and "%" doubled."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if escaped != word or any(one.isspace() for one in word) or "'" in word else word
