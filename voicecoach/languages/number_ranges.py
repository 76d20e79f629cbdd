"""Numbers that are said with two words: "between three and four", "four and a half".

Of two numbers the higher counts: whoever says how much it hurts is not told that it hurts less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BETWEEN = "between numbers"
AND_A_HALF = "a number and a half"
RANGE_SLOTS = {BETWEEN: ("low", "number"), AND_A_HALF: ("low",)}
"""Keys of ``phrases.yaml`` that a language may have besides its commands, and the slots of their phrases."""
WIDEST = 3
"""Nobody who says a lower and a higher number is further apart with them."""


def filled_in(key: str, template: str, numbers: Sequence[str]) -> Iterator[tuple[str, int]]:
    """A template of one of these keys with all its numbers: each phrase, and the number that it means.

    Args:
        key: One of `RANGE_SLOTS`.
        template: What is said, with its slots.
        numbers: How a number is said, from zero to the largest one that is understood.
    """
    for low, word in enumerate(numbers):
        above = numbers[low + 1 : low + 1 + (WIDEST if key == BETWEEN else 1)]
        for number, higher in enumerate(above, start=low + 1):
            yield template.replace("{low}", word).replace("{number}", higher), number
