"""How many words of a sentence somebody who wrote it down got wrong.

Both texts are first brought to the same form: no case, no punctuation, numbers as words, and one spelling of what is
spelt in two ways.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_APOSTROPHES: Final = re.compile("['’]")  # noqa: RUF001 - the typographer's is meant
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+")
_LONGEST_AMOUNT: Final = 2
"""Digits; more of them are a telephone number, which is said digit by digit."""
_SPELT: Final = {"ok": "okay", "centre": "center", "colour": "color", "metre": "meter", "grey": "gray"}


def words_of(text: str, number: Callable[[int], str]) -> list[str]:
    """The words of ``text``, in one form.

    Args:
        text: What was to be said, or what was heard.
        number: A number in words, from 0 to 99.
    """
    bare = _APOSTROPHES.sub("", text.lower())
    said = (_said(token, number) if token.isdigit() else token for token in _TOKEN.findall(bare))
    return [_SPELT.get(word, word) for words in said for word in re.findall(r"\w+", words)]


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The least number of words to be replaced, left out or put in that makes ``heard`` of ``said``."""
    row = list(range(len(heard) + 1))
    for at, word in enumerate(said, start=1):
        above, row = row, [at]
        for place, other in enumerate(heard, start=1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (word != other)))
    return row[-1]


def _said(digits: str, number: Callable[[int], str]) -> str:
    if len(digits) <= _LONGEST_AMOUNT:
        return number(int(digits))
    return " ".join(number(int(digit)) for digit in digits)
