"""Whether a device of PortAudio's is muted, or only a dummy, as the sound server or the card's mixer say.

Asked are the programs that come with them, ``pactl``, ``wpctl`` and ``amixer``; where there is none, nobody can tell.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

from voicecoach.engines.audio_io.port import Direction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.engines.audio_io.port import Device

    Ask = Callable[[Sequence[str]], str]
    """Runs a command and gives what it prints; an empty string where there is none, or it fails."""

PATIENCE_S = 2.0
SERVER = {Direction.MICROPHONE: ("source", "@DEFAULT_SOURCE@"), Direction.SPEAKER: ("sink", "@DEFAULT_SINK@")}
"""What ``pactl`` calls the directions, and the device that is taken for "default"."""
DUMMY = "auto_null"
"""What sound servers call the speaker that they make up while there is no card; its monitor is then the microphone."""
_SWITCH = {Direction.MICROPHONE: ("cswitch", "Capture", "cap"), Direction.SPEAKER: ("pswitch", "Playback", "unmute")}
"""How ``amixer`` says that a control can be switched, what it writes before the state, and the word that opens it."""
_CARD = re.compile(r"\(hw:(\d+),\d+\)$")
_SIDETONE = re.compile(r"mic|line|capture|boost|loopback", re.IGNORECASE)
"""Controls whose playback is the microphone heard in one's own ear."""


def ask(command: Sequence[str]) -> str:
    """Keeps `Ask`, on this machine."""
    program = shutil.which(command[0])
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - our own words, and the number of a card
            [program, *command[1:]],
            env=os.environ | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


def dummies(ask: Ask = ask) -> frozenset[Direction]:
    """For which directions the sound server has nothing but a dummy: what is played there is heard by nobody."""
    sink, source = (ask(["pactl", f"get-default-{kind}"]).strip() for kind in ("sink", "source"))
    if not sink:
        sink = source = DUMMY if f'"{DUMMY}"' in ask(["wpctl", "inspect", "@DEFAULT_AUDIO_SINK@"]) else "a card"
    deaf = not source or source.startswith((DUMMY, "@")) or source == f"{sink}.monitor"
    found = {Direction.MICROPHONE: deaf, Direction.SPEAKER: sink.startswith((DUMMY, "@"))}
    return frozenset(direction for direction, is_one in found.items() if is_one)


def muted(device: Device, direction: Direction, ask: Ask = ask) -> str:
    """What to type so that ``device`` is not muted; empty when it is not, or nobody can tell."""
    card = _CARD.search(device.name)
    return _muted_card(card[1], direction, ask) if card else _muted_server(direction, ask)


def _muted_server(direction: Direction, ask: Ask) -> str:
    kind, name = SERVER[direction]
    if "yes" in ask(["pactl", f"get-{kind}-mute", name]):
        return f"type: pactl set-{kind}-mute {name} 0"
    volumes = re.findall(r"(\d+)%", ask(["pactl", f"get-{kind}-volume", name]))
    if volumes and not any(map(int, volumes)):
        return f"type: pactl set-{kind}-volume {name} 70%"
    return ""


def _muted_card(card: str, direction: Direction, ask: Ask) -> str:
    switch, word, opens = _SWITCH[direction]
    off = []
    for control in ask(["amixer", "-c", card, "scontents"]).split("Simple mixer control ")[1:]:
        name = control.split("'")[1]
        if switch not in control or (direction is Direction.SPEAKER and _SIDETONE.search(name)):
            continue
        states = re.findall(rf"{word}(?: -?\d+)?(?: \[[^\]]*[%B]\])*(?: \[(on|off)\])", control)
        off.append((name, bool(states) and "on" not in states))
    master = [(name, is_off) for name, is_off in off if name == "Master"]
    deciding = master or off
    if deciding and all(is_off for _, is_off in deciding):
        return f"type: amixer -c {card} sset '{deciding[0][0]}' {opens}"
    return ""
