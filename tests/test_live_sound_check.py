"""The sound check, live, in a process of its own: a person, a speaker and an echo in the software sound card."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from virtual_room import ECHO_DB, VirtualRoom, missing_part

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.live, pytest.mark.sound, pytest.mark.timeout(240)]

TOP: Final = Path(__file__).resolve().parent.parent
SAYS: Final = ("next", "stop", "that hurts", "pancakes with honey")
BREATH_MS: Final = 800
"""The person lets the coach finish its sentence; whether it can be broken into is not tried here."""


@pytest.fixture
def echoing_room(tmp_path: Path) -> Iterator[VirtualRoom]:
    """A software sound card in which the microphone hears the speaker."""
    if reason := missing_part():
        pytest.skip(reason)
    if shutil.which("espeak-ng") is None:
        pytest.skip("the coach and the person in bed need espeak-ng to speak")
    with VirtualRoom(tmp_path / "room", echo=True) as room:
        yield room


def test_a_sound_check_from_the_first_word_to_the_verdict(echoing_room: VirtualRoom, tmp_path: Path) -> None:
    homes = {f"XDG_{kind}_HOME": str(tmp_path / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA", "STATE")}
    process = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "doctor", "--listen"],
        cwd=TOP,
        env=echoing_room.environment | homes,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        lines = list(_converse(process, echoing_room, tmp_path / "person.wav"))
    told = "\n".join(lines)

    back = re.search(r"my voice +comes back at -\d+ dBFS \((-\d+) dB of what was played\), (\d+) ms late", told)
    assert back, told
    assert abs(int(back[1]) - ECHO_DB) <= 1
    assert 0 < int(back[2]) < 400
    understood = re.findall(r"^you +(next|stop|that hurts|\(no command\))", told, re.MULTILINE)
    assert [words for words in understood if words in SAYS] == [*SAYS[:3]], told
    assert understood[-1] == "(no command)", told
    assert all(f"ok  {about}: " in told for about in ("microphone", "room")), told
    assert len(understood) > len(SAYS) or "ok  understanding: " in told, told
    # How much of the echo can be removed depends on how evenly a busy machine plays and records; hence not "own voice".
    assert process.returncode == (0 if lines[-1] == "All is well." else 1)


def _converse(process: subprocess.Popen[str], room: VirtualRoom, wav: Path) -> Iterator[str]:
    """The lines that are printed.  When it is the person's turn they say `SAYS`, and once more what was not understood.

    A busy machine plays and records unevenly; then a command can be lost, though never be taken for another.
    """
    assert process.stdout is not None
    left, words, again = iter(SAYS), "", True
    for line in process.stdout:
        yield line.rstrip()
        if not line.startswith("you"):
            continue
        again = words in SAYS[:3] and "(no command)" in line and not again
        words = words if again else next(left, "")
        if words:
            spoken = f'<break time="{BREATH_MS}ms"/>{words}'
            subprocess.run(["espeak-ng", "-m", "-v", "en-us+f4", "-s", "140", "-w", str(wav), spoken], check=True)
            room.say(wav)
