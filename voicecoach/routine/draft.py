"""A routine that is being put together: what somebody chose, and the file that says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.routine.stretch import Stretch

ONCE = "1 time"
HOLD, SECONDS_OF_A_PHASE, TIMES, REST = "20 seconds", "5 seconds", "10 times", "30 seconds"
"""What is offered: of a stretch that is held, of one that moves, how often that is done, and between two rounds."""


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """One stretch of it, with the values of its keys as they stand in the file."""

    stretch: Stretch
    dose: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody chose."""

    say: str
    """What they say after "start"."""
    opening: str
    closing: str
    entries: tuple[DraftEntry, ...]
    ready: bool = False
    """Whether "ready" is waited for everywhere."""

    @property
    def text(self) -> str:
        """The file."""
        names = dict.fromkeys((self.say, self.say if self.say.endswith(" routine") else f"{self.say} routine"))
        head = [
            f"title: {_quoted(self.say.capitalize())}",
            f"name: {_quoted(list(names)[-1])}",
            f"say: [{', '.join(_quoted(name) for name in names)}]",
            f"opening: {_quoted(self.opening)}",
            f"closing: {_quoted(self.closing)}",
            *(["ready: yes"] if self.ready else []),
            "",
            "stretches:",
        ]
        return "\n".join([*head, "\n\n".join(_entry(entry) for entry in self.entries), ""])


def asked_of(stretch: Stretch) -> Mapping[str, str]:
    """The keys of a dose that are worth asking for with ``stretch``, each with what is offered."""
    open_phases = any(phase.seconds is None for phase in stretch.phases)
    return {
        **({"sides": "each"} if stretch.sided else {}),
        **({"hold": SECONDS_OF_A_PHASE if stretch.phases else HOLD} if open_phases or not stretch.phases else {}),
        "repeat": TIMES if stretch.phases else ONCE,
        "rounds": "1",
    }


def completed(key: str, answer: str) -> str:
    """``answer`` with the unit that is meant where only a number was typed."""
    if not answer.isdecimal():
        return answer
    if key == "repeat" and answer == "1":
        return ONCE
    return {"hold": f"{answer} seconds", "rest": f"{answer} seconds", "repeat": f"{answer} times"}.get(key, answer)


def _entry(entry: DraftEntry) -> str:
    lines = [f"  - stretch: {entry.stretch.key}", *(f"    {key}: {value}" for key, value in entry.dose.items())]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
