"""Turns as somebody types them: each line is said at once, and time goes on only as the lines say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from voicecoach.plain import plain
from voicecoach.simulation.turns import Speak, Wait

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicecoach.simulation.turns import Turn

STEP_S: Final = 5.0
"""So long the night goes on for an empty line."""
ANSWER_S: Final = 1.0
"""And for a line that is said, after it: the coach hears it and begins to answer."""
HOW_TO: Final = (
    f"Type what the person says; an empty line lets {STEP_S:.0f} seconds pass, +30 lets thirty pass, Ctrl-D ends."
)
_WHERE: Final = "typed"
_WAIT: Final = re.compile(r"\+ ?([0-9]{1,4}(?:\.[0-9]{1,3})?)(?: ?s)?")


def typed_turns(lines: Iterable[str]) -> Iterator[Turn]:
    """The turns of ``lines``; each line is asked for when the turns of the one before are done."""
    for line in lines:
        written = line.strip()
        wait = _WAIT.fullmatch(written)
        if wait:
            yield Wait(_WHERE, float(wait[1]))
        elif plain(written):
            yield Speak(_WHERE, written)
            yield Wait(_WHERE, ANSWER_S)
        else:
            yield Wait(_WHERE, STEP_S)
