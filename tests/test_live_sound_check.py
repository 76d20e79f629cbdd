"""The sound check, live, in a process of its own: a person, a speaker and an echo in the software sound card."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from soak_lib.virtual_room import ECHO_DB, VirtualRoom, missing_part

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.live, pytest.mark.sound, pytest.mark.timeout(240)]

TOP: Final = Path(__file__).resolve().parent.parent
COMMANDS: Final = ("next", "stop", "that hurts")
SAYS: Final = (*COMMANDS, "pancakes with honey")
TIMES: Final = 2
"""How often the person says each at most."""
PATIENCE_S: Final = 4.0
"""How long they wait for a word to be understood before they say it once more."""
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
        person = Person(echoing_room, tmp_path / "person.wav")
        lines = person.converse(process)
    told = "\n".join(lines)

    back = re.search(r"my voice +comes back at -\d+ dBFS \((-\d+) dB of what was played\), (\d+) ms late", told)
    assert back, told
    assert abs(int(back[1]) - ECHO_DB) <= 1
    assert 0 < int(back[2]) < 400
    understood = re.findall(r"^you +(next|stop|that hurts|\(no command\))", told, re.MULTILINE)
    commands = [words for words in understood if words in COMMANDS]
    assert [words for words, _ in groupby(commands)] == [*COMMANDS], told
    assert not Counter(commands) - person.said, "what was not said was understood: " + told
    assert understood[-1] == "(no command)", told
    assert all(f"ok  {about}: " in told for about in ("microphone", "room")), told
    assert person.said.total() > len(SAYS) or "ok  understanding: " in told, told
    # How much of the echo can be removed depends on how evenly a busy machine plays and records; hence not "own voice".
    assert process.returncode == (0 if lines[-1] == "All is well." else 1)


class Person:
    """Who lies in bed: says each of `SAYS` when it is their turn, and once more where it was not understood.

    A busy machine plays and records unevenly, so that a word can be lost or torn.  Therefore they wait for what the
    coach makes of a word before they say the next one; an answer to an earlier one, which came late, is none to this.
    """

    def __init__(self, room: VirtualRoom, wav: Path) -> None:
        self.said: Counter[str] = Counter()
        """How often each."""
        self._room = room
        self._wav = wav
        self._lines: list[str] = []
        self._news: Queue[str | None] = Queue()

    def converse(self, process: subprocess.Popen[str]) -> list[str]:
        """Take part until the sound check is over; gives all the lines that it has printed."""
        reader = Thread(target=self._read, args=(process,), daemon=True)
        reader.start()
        while (line := self._next_line()) is not None and not line.startswith("your turn"):
            pass
        for words in SAYS:
            for _ in range(TIMES):
                self._say(words)
                if self._is_understood(words):
                    break
        reader.join()
        return self._lines

    def _say(self, words: str) -> None:
        spoken = f'<break time="{BREATH_MS}ms"/>{words}'
        subprocess.run(["espeak-ng", "-m", "-v", "en-us+f4", "-s", "140", "-w", str(self._wav), spoken], check=True)
        self.said[words] += 1
        self._room.say(self._wav)

    def _is_understood(self, words: str) -> bool:
        """Whether the next that is made of anything said is what ``words`` mean; patience has an end."""
        expected = words if words in COMMANDS else "(no command)"
        while line := self._next_line(PATIENCE_S):
            if line.startswith("you "):
                if expected in line:
                    return True
                if "(no command)" in line:
                    return False
        return False

    def _next_line(self, within_s: float | None = None) -> str | None:
        try:
            return self._news.get(timeout=within_s)
        except Empty:
            return None

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.append(line.rstrip())
            self._news.put(line.rstrip() or " ")
        self._news.put(None)
