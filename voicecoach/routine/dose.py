"""Doses as people write them: ``hold: 20-30 seconds``, ``repeat: until next``, ``sides: each``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voicecoach.routine.plan import COUNT_S
from voicecoach.routine.stretch import Amount, Dose, Sides, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.errors import BadFileError
    from voicecoach.yamlfile import Node

DOSE_KEYS = frozenset({"hold", "repeat", "sides", "sets"})
LONGEST_HOLD_S = 1800
MOST_TIMES = 100
MOST_SETS = 10

_UNTIL_NEXT = "until next"
_OPEN_END = re.compile(rf"{_UNTIL_NEXT}(?:, at most ([0-9]{{1,3}}) times?)?")
_SETS = re.compile(r"([0-9]{1,2})(?: ?(?:-|\N{EN DASH}|to) ?([0-9]{1,2}))?")
_AMOUNT = re.compile(r"(-?[0-9]{1,6})(?: ?(?:-|\N{EN DASH}|to) ?(-?[0-9]{1,6}))? ?([a-z]+)")
_HOLD_UNITS = {
    "second": (Unit.SECONDS, 1),
    "minute": (Unit.SECONDS, 60),
    "count": (Unit.COUNTS, 1),
    "breath": (Unit.BREATHS, 1),
}
"""The words for each unit, and how many of the unit one of them is."""
_ROUGHLY_S = {Unit.SECONDS: 1.0, Unit.COUNTS: COUNT_S, Unit.BREATHS: 10.0}
_TIMES_UNITS = {"time": (Unit.TIMES, 1)}
_HOLD_EXAMPLE = 'write for example "10 counts", "20-30 seconds", "5 minutes" or "10 breaths"'
_REPEAT_EXAMPLE = f'write for example "3 times", "10-15 times" or "{_UNTIL_NEXT}"'


def read_dose(parts: Mapping[str, Node]) -> Dose:
    """The dose of one entry of a routine.

    Args:
        parts: The entry's values by key; keys other than `DOSE_KEYS` are somebody else's.

    Raises:
        BadFileError: A value means nothing or is out of all proportion.
    """
    hold, repeat, sides, sets = (parts.get(key) for key in ("hold", "repeat", "sides", "sets"))
    open_end = _OPEN_END.fullmatch(repeat.text().lower()) if repeat else None
    if repeat and open_end and open_end[1] and not 1 <= int(open_end[1]) <= MOST_TIMES:
        raise repeat.error(f"{repeat.called} has {open_end[1]} times at most; write a number from 1 to {MOST_TIMES}")
    fewest, most = _sets(sets) if sets else (1, 1)
    return Dose(
        hold=_hold(hold) if hold else None,
        repeat=_repeat(repeat) if repeat and not open_end else None,
        until_next=open_end is not None,
        at_most=int(open_end[1]) if open_end and open_end[1] else None,
        sides=sides.choice(Sides) if sides else Sides.NONE,
        sets=fewest,
        more_sets=most - fewest,
    )


def _hold(node: Node) -> Amount:
    amount = _amount(node, _HOLD_UNITS, _HOLD_EXAMPLE)
    if amount.high * _ROUGHLY_S[amount.unit] > LONGEST_HOLD_S:
        raise node.error(f"{node.called} is longer than {LONGEST_HOLD_S // 60} minutes; write less")
    return amount


def _repeat(node: Node) -> Amount:
    amount = _amount(node, _TIMES_UNITS, _REPEAT_EXAMPLE)
    if amount.high > MOST_TIMES:
        raise node.error(f"{node.called} is more than {MOST_TIMES} times; write less")
    return amount


def _sets(node: Node) -> tuple[int, int]:
    """The fewest and the most sets."""
    match = _SETS.fullmatch(node.text().lower())
    if not match or not match[2]:
        return (number := node.whole_number(1, MOST_SETS)), number
    low, high = int(match[1]), int(match[2])
    if not 1 <= low <= high <= MOST_SETS:
        raise node.error(f'{node.called} is "{node.text()}"; write for example "1-3", with at most {MOST_SETS}')
    return low, high


def _amount(node: Node, units: Mapping[str, tuple[Unit, int]], example: str) -> Amount:
    written = node.text().lower()
    match = _AMOUNT.fullmatch(written)
    if not match or match[3].removesuffix("s") not in units:
        raise _unclear(node, written, example)
    low, high = int(match[1]), int(match[2] or match[1])
    if low < 0 or high < 0:
        raise node.error(f'{node.called} is negative ("{written}"); {example}')
    if low == 0:
        raise node.error(f'{node.called} is nothing at all ("{written}"); {example}')
    if low > high:
        raise node.error(f'{node.called} goes from more to less ("{written}"); write the smaller number first')
    unit, size = units[match[3].removesuffix("s")]
    return Amount(low * size, high * size, unit)


def _unclear(node: Node, written: str, example: str) -> BadFileError:
    if re.fullmatch(r"-?[0-9]+", written):
        return node.error(f'{node.called} is "{written}", but of what? {example}')
    return node.error(f'{node.called} is "{written[:40]}", which I cannot read; {example}')
