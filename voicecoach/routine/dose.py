"""Doses as people write them: ``hold: 20-30 seconds``, ``repeat: until next``, ``rounds: 3``, ``side: left``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.problems import Problems
from voicecoach.routine.plan import COUNT_S
from voicecoach.routine.stretch import Amount, Dose, Side, Sides, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.errors import BadFileError
    from voicecoach.yamlfile import Node

_Repeat: TypeAlias = "tuple[Amount | None, bool, int | None]"
"""How often, whether until somebody has enough, and then how often at most."""
DOSE_KEYS = frozenset({"hold", "repeat", "sides", "side", "rounds", "sets", "rest", "ready"})
DEFAULT_KEYS = frozenset({"rest", "ready"})
"""What a routine may say for all of its stretches."""
LONGEST_HOLD_S = 1800
MOST_TIMES = 100
MOST_SETS = 10
SHORTEST_REST_S, LONGEST_REST_S = 5, 300
"""Of a rest between two rounds; a longer one is a pause, which the listener may ask for."""

_UNTIL_NEXT = "until next"
_NO_REST = "none"
_OPEN_END = re.compile(rf"{_UNTIL_NEXT}(?:, at most ([0-9]{{1,3}}) times?)?")
_SETS = re.compile(r"([0-9]{1,2})(?: ?(?:-|\N{EN DASH}|to) ?([0-9]{1,2}))?")
_AMOUNT = re.compile(r"(-?[0-9]{1,6})(?: ?(?:-|\N{EN DASH}|to) ?(-?[0-9]{1,6}))? ?([a-z]+)")
_LENGTHS = {
    **dict.fromkeys(("second", "sec", "s"), (Unit.SECONDS, 1)),
    **dict.fromkeys(("minute", "min"), (Unit.SECONDS, 60)),
}
_HOLD_UNITS = {**_LENGTHS, "count": (Unit.COUNTS, 1), "breath": (Unit.BREATHS, 1)}
"""The words for each unit, and how many of the unit one of them is."""
_ROUGHLY_S = {Unit.SECONDS: 1.0, Unit.COUNTS: COUNT_S, Unit.BREATHS: 10.0}
_TIMES_UNITS = {"time": (Unit.TIMES, 1)}
_HOLD_EXAMPLE = 'write for example "10 counts", "20-30 seconds", "5 minutes" or "10 breaths"'
_REST_EXAMPLE = f'write for example "30 seconds", "1 minute" or "{_NO_REST}"'
_REPEAT_EXAMPLE = f'write for example "3 times", "10-15 times" or "{_UNTIL_NEXT}"'


def read_dose(parts: Mapping[str, Node], usual: Mapping[str, Node] | None = None) -> Dose:
    """The dose of one entry of a routine.

    Args:
        parts: The entry's values by key; keys other than `DOSE_KEYS` are somebody else's.
        usual: What the routine says for all entries that say nothing else (`DEFAULT_KEYS`).

    Raises:
        BadFileError: A value means nothing or is out of all proportion, or two of them do not go together.
    """
    problems = Problems()
    for one, other in (("sets", "rounds"), ("side", "sides")):
        if one in parts and other in parts:
            problems.found.append(parts[one].error(f'"{one}" and "{other}" say the same; keep one of them'))
    fewest, most = (1, 1)
    for key in ("sets", "rounds"):
        fewest, most = problems.part(parts, key, _sets, (fewest, most))
    if not problems.found:
        with problems:
            _check_together(parts, most)
    with_usual = {key: node for key, node in (usual or {}).items() if key != "rest" or most > 1} | dict(parts)
    once: _Repeat = (None, False, None)
    repeat, until_next, at_most = problems.part(parts, "repeat", _repeat_or_open_end, once)
    dose = Dose(
        hold=problems.part(parts, "hold", _hold, None),
        repeat=repeat,
        until_next=until_next,
        at_most=at_most,
        sides=problems.part(parts, "side", _one_side, problems.part(parts, "sides", _sides, Sides.NONE)),
        sets=fewest,
        more_sets=most - fewest,
        rest_s=problems.part(with_usual, "rest", _rest, None),
        ready=problems.part(with_usual, "ready", _yes_or_no, False),  # noqa: FBT003 - what else is read is no truth
    )
    problems.raise_first()
    return dose


def read_defaults(parts: Mapping[str, Node]) -> None:
    """Check what a routine says for all of its entries (`DEFAULT_KEYS`).

    Raises:
        BadFileError: A value means nothing.
    """
    problems = Problems()
    problems.part(parts, "rest", _rest, None)
    problems.part(parts, "ready", _yes_or_no, None)
    problems.raise_first()


def _check_together(parts: Mapping[str, Node], most: int) -> None:
    """Refuse a rest between rounds that there are not, and rounds of what goes on until somebody ends it."""
    if "rest" in parts and most == 1:
        raise parts["rest"].error('"rest" is between rounds, and there is only one; add "rounds: 2", or leave it out')
    repeat = parts.get("repeat")
    if repeat and most > 1 and repeat.is_text and _OPEN_END.fullmatch(repeat.text().lower()):
        raise repeat.error(f'"{_UNTIL_NEXT}" goes on by itself, and has no rounds; write how often, or leave them out')


def _yes_or_no(node: Node) -> bool:
    return node.boolean()


def _sides(node: Node) -> Sides:
    return node.choice(Sides)


def _one_side(node: Node) -> Sides:
    return node.one_of({Side.LEFT.value: Sides.LEFT, Side.RIGHT.value: Sides.RIGHT})


def _rest(node: Node) -> int:
    """Seconds; 0 where there is none."""
    if node.text().lower() == _NO_REST:
        return 0
    amount = _amount(node, _LENGTHS, _REST_EXAMPLE)
    if amount.low != amount.high:
        raise node.error(f"{node.called} is one length; {_REST_EXAMPLE}")
    if not SHORTEST_REST_S <= amount.low <= LONGEST_REST_S:
        allowed = f"from {SHORTEST_REST_S} seconds to {LONGEST_REST_S // 60} minutes"
        raise node.error(f'{node.called} is "{node.text()}"; write a length {allowed}, or "{_NO_REST}"')
    return amount.low


def _repeat_or_open_end(node: Node) -> _Repeat:
    """How often, whether until somebody has enough, and then how often at most."""
    open_end = _OPEN_END.fullmatch(node.text().lower())
    if open_end is None:
        return _repeat(node), False, None
    if open_end[1] is None:
        return None, True, None
    if not 1 <= int(open_end[1]) <= MOST_TIMES:
        raise node.error(f"{node.called} has {open_end[1]} times at most; write a number from 1 to {MOST_TIMES}")
    return None, True, int(open_end[1])


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
    unit_word = match and next((word for word in (match[3], match[3].removesuffix("s")) if word in units), None)
    if not match or not unit_word:
        raise _unclear(node, written, example)
    low, high = int(match[1]), int(match[2] or match[1])
    if low < 0 or high < 0:
        raise node.error(f'{node.called} is negative ("{written}"); {example}')
    if low == 0:
        raise node.error(f'{node.called} is nothing at all ("{written}"); {example}')
    if low > high:
        raise node.error(f'{node.called} goes from more to less ("{written}"); write the smaller number first')
    unit, size = units[unit_word]
    return Amount(low * size, high * size, unit)


def _unclear(node: Node, written: str, example: str) -> BadFileError:
    if re.fullmatch(r"-?[0-9]+", written):
        return node.error(f'{node.called} is "{written}", but of what? {example}')
    return node.error(f'{node.called} is "{written[:40]}", which I cannot read; {example}')
