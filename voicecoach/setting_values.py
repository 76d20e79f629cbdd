"""Values of the settings that are more than a word or a number: times, days, answers."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from enum import Enum
from typing import TYPE_CHECKING

from voicecoach.dialogue.reminding import is_quiet
from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from voicecoach.dialogue.reminding import Slot
    from voicecoach.yamlfile import Node


class _Day(Enum):
    """How a day of the week is written; Monday comes first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


_WEEK = tuple(_Day)
_EVERY_DAY = frozenset(range(len(_WEEK)))
_TIME_OF_DAY = re.compile(r"(2[0-3]|[01]?[0-9]):([0-5][0-9])")


def quiet_hours(node: Node) -> tuple[time, time]:
    """From when to when."""
    begin, _, end = (part.strip() for part in node.text().partition("-"))
    hours = _time(begin), _time(end)
    if hours[0] is None or hours[1] is None or hours[0] == hours[1]:
        raise node.error(f'{node.called} is "{node.text()}"; write from when to when, such as 23:00-07:00')
    return hours[0], hours[1]


def reminder(node: Node, quiet_hours: tuple[time, time] | None) -> Slot:
    """Days and a time of day, outside the quiet hours."""
    parts = node.mapping(allowed={"days", "at"}, required={"at"})
    at = _time(parts["at"].text())
    if at is None:
        raise parts["at"].error(f'{parts["at"].called} is "{parts["at"].text()}"; write a time of day, such as 22:30')
    if is_quiet(datetime.combine(date.min, at), quiet_hours):
        raise parts["at"].error(f"{at:%H:%M} is in the quiet hours; write another time, or change quiet_hours")
    return _days(parts.get("days")), at


def _days(node: Node | None) -> frozenset[int]:
    """Days of the week; 0 is Monday."""
    if node is None:
        return _EVERY_DAY
    if node.is_sequence:
        return frozenset(_WEEK.index(day.choice(_Day)) for day in node.sequence())
    if node.text() != "every day":
        raise node.error(f'{node.called} is "{node.text()}"; write every day, or a list such as [mon, wed, fri]')
    return _EVERY_DAY


def _time(written: str) -> time | None:
    parts = _TIME_OF_DAY.fullmatch(written)
    return time(int(parts[1]), int(parts[2])) if parts else None


def answers(node: Node) -> dict[Condition, bool]:
    """Answers to the questions of the first evening."""
    given = node.mapping(allowed={condition.value for condition in Condition})
    return {Condition(name): answer.boolean() for name, answer in given.items()}
