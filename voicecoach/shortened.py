"""Messages cut to what a screen shows: a value that somebody wrote may be long, the advice behind it must be seen."""

from __future__ import annotations

import re
from typing import Final

LONGEST_VALUE: Final = 80
"""Characters of a value in quotes."""
LONGEST_WORD: Final = 240
"""Characters without a blank: longer than the usual path or address, which somebody may want to copy."""
LONGEST_LINE: Final = 800
_CUT: Final = " ... "
_VALUE = re.compile(rf'"([^"\n]{{{LONGEST_VALUE + 1},}})"')
_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def shortened(message: str) -> str:
    """``message`` with every value, word and line in it cut in its middle where it is too long.

    A line is cut before its last "; ", behind which stands what to do.
    """
    message = _VALUE.sub(lambda found: f'"{_cut(found[1], LONGEST_VALUE)}"', message)
    message = _WORD.sub(lambda found: _cut(found[0], LONGEST_WORD), message)
    return "\n".join(_line(line) for line in message.split("\n"))


def _line(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    what, semicolon, advice = line.rpartition("; ")
    room = LONGEST_LINE - len(semicolon) - len(advice)
    return _cut(line, LONGEST_LINE) if room < LONGEST_LINE // 4 else f"{_cut(what, room)}{semicolon}{advice}"


def _cut(text: str, longest: int) -> str:
    """The beginning and the end of ``text``, ``longest`` characters together."""
    end = longest // 4
    return text[: longest - end - len(_CUT)] + _CUT + text[-end:]
