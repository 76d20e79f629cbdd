"""What Linux itself says of sound: the sound server, the cards, who may open them, and who has them.

PortAudio lists what it could open and is silent about the rest.  When it lists nothing, the reason can be told from
files: where the server's socket should be, what lies in ``/dev/snd``, what the kernel tells in ``/proc/asound``.
"""

from __future__ import annotations

import grp
import os
import pwd
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.engines.audio_io.linux_mixer import dummies
from voicecoach.engines.audio_io.port import Direction, Obstacle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GROUP = "audio"
"""Who is in this group may open the cards, on Debian and its like."""
SERVERS = {"pipewire-pulse": "pipewire pipewire-pulse wireplumber", "pulseaudio": "pulseaudio"}
"""Programs of sound servers, with the units that start them."""
PATIENCE_S = 0.5
"""A server that does not take a connection for so long is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSystem:
    """What there is, as this process sees it."""

    user: str
    """Name of the user, or their number where they have none."""
    usual_runtime: str
    """Where this user's sockets are, when nobody has put them elsewhere."""
    runtime: str | None = None
    """What XDG_RUNTIME_DIR says; None: nothing."""
    server: str | None = None
    """Units of the sound server that is installed; None: there is none."""
    server_answers: bool = False
    """Whether the server can be reached from this process."""
    server_elsewhere: bool = False
    """Whether one answers in the usual place, though not where this process looks."""
    dummies: frozenset[Direction] = frozenset()
    """For which directions the server has nothing but a dummy."""
    cards: bool = False
    """Whether the kernel knows any sound card."""
    forbidden: str | None = None
    """A file of a card that this user may not open."""
    will_be_allowed: bool = False
    """Whether the user has been put into the group, but only after logging in."""
    taken: Mapping[Direction, str] | None = None
    """Who has a card open, by direction: "pulseaudio (process 411)"."""


def obstacle(system: SoundSystem, direction: Direction) -> Obstacle | None:
    """What keeps devices of ``direction`` from being found, and what to type; None where nothing tells."""
    if system.server_answers:
        words = f"the sound server runs, but has no {direction.value} yet; plug one in"
        return Obstacle(words) if direction in system.dummies else None
    if system.server_elsewhere:
        return Obstacle(f"{_no_server(system)}; type: export XDG_RUNTIME_DIR={system.usual_runtime}")
    if system.forbidden:
        remedy = "log out and in again" if system.will_be_allowed else _join_group(system)
        return Obstacle(f"you may not open {system.forbidden}; {remedy}", forbidden=True)
    if system.taken and direction in system.taken:
        return Obstacle(f"the {direction.value} is in use by {system.taken[direction]}; end that, or name another one")
    return None if system.cards else Obstacle(_no_card(system))


def _no_card(system: SoundSystem) -> str:
    nothing = "there is no sound card: plug in a USB microphone and a speaker"
    if not system.server:
        return nothing
    start = "" if _is_lost(system) else f", or type: systemctl --user start {system.server}"
    return f"{_no_server(system)}, and {nothing}{start}"


def _no_server(system: SoundSystem) -> str:
    if system.runtime is None:
        return "no sound server can be found, because XDG_RUNTIME_DIR is not set"
    if not Path(system.runtime).is_dir():
        return f"no sound server can be found, because XDG_RUNTIME_DIR is {system.runtime}, which is no folder"
    return f"no sound server answers in {system.runtime}"


def _is_lost(system: SoundSystem) -> bool:
    return system.runtime is None or not Path(system.runtime).is_dir()


def _join_group(system: SoundSystem) -> str:
    return f"type: sudo usermod -aG {GROUP} {system.user}, then log out and in again"


# --- looking ----------------------------------------------------------------------------------------------------------


def look(
    environment: Mapping[str, str] = os.environ,
    root: Path = Path("/"),
    may_open: Callable[[Path], bool] = lambda file: os.access(file, os.R_OK | os.W_OK),
) -> SoundSystem:
    """Look at this machine.

    Args:
        environment: Of this process.
        root: Where ``dev``, ``proc``, ``run`` and ``usr`` are.
        may_open: Whether this user may read and write a file.
    """
    user, runtime = _user(), environment.get("XDG_RUNTIME_DIR") or None
    usual = root / "run" / "user" / str(os.getuid())
    here = environment.get("PULSE_SERVER", "").removeprefix("unix:")
    looked = [Path(here)] if here.startswith("/") else _sockets(Path(runtime)) if runtime else []
    answers = any(map(_answers, looked))
    nodes = sorted(node for kind in ("controlC*", "pcmC*") for node in (root / "dev" / "snd").glob(kind))
    forbidden = next((str(node) for node in nodes if not may_open(node)), None)
    return SoundSystem(
        user=user,
        usual_runtime=str(usual),
        runtime=runtime,
        server=next((units for name, units in SERVERS.items() if (root / "usr" / "bin" / name).exists()), None),
        server_answers=answers,
        dummies=dummies() if answers else frozenset(),
        server_elsewhere=any(map(_answers, _sockets(usual))),
        cards=bool(nodes) or _kernel_has_cards(root),
        forbidden=forbidden,
        will_be_allowed=bool(forbidden) and _is_member(user) and not _has_group(),
        taken=_taken(root),
    )


def _sockets(runtime: Path) -> list[Path]:
    return [runtime / "pulse" / "native", runtime / "pipewire-0"]


def _answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as out:
        out.settimeout(PATIENCE_S)
        out.connect(str(path))
        return True
    return False


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _is_member(user: str) -> bool:
    with suppress(KeyError):
        return user in grp.getgrnam(GROUP).gr_mem
    return False


def _has_group() -> bool:
    with suppress(KeyError):
        return grp.getgrnam(GROUP).gr_gid in os.getgroups()
    return False


def _kernel_has_cards(root: Path) -> bool:
    try:
        return bool(re.search(r"^ *\d+ \[", (root / "proc/asound/cards").read_text(encoding="utf-8"), re.MULTILINE))
    except OSError:
        return False


def _taken(root: Path) -> dict[Direction, str]:
    """Who has a stream of a card open; ``p`` is for playing, ``c`` for capturing."""
    taken = {}
    for letter, direction in (("c", Direction.MICROPHONE), ("p", Direction.SPEAKER)):
        for status in sorted((root / "proc" / "asound").glob(f"card*/pcm*{letter}/sub*/status")):
            with suppress(OSError):
                owner = re.search(r"owner_pid *: *(\d+)", status.read_text(encoding="utf-8"))
                if owner and int(owner[1]) != os.getpid():
                    taken[direction] = f"{_name_of(root, owner[1])}(process {owner[1]})"
    return taken


def _name_of(root: Path, process: str) -> str:
    with suppress(OSError):
        return f"{(root / 'proc' / process / 'comm').read_text(encoding='utf-8').strip()} "
    return ""
