"""A line of the file, and the record that it is read as."""

from __future__ import annotations

import sys
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import NamedTuple

from voicecoach.person.facts import Fact, Record

_FACTS = {fact.value: fact for fact in Fact}


class FactRow(NamedTuple):
    """One line as it stands in the file: a newer coach may have written it, or a hand."""

    id: int
    at: str
    """UTC, ISO 8601."""
    what: str
    about: str
    side: str
    second: float | None
    value: float | None


COLUMNS = ", ".join(FactRow._fields)


def time_of(text: str) -> datetime:
    """A moment as it is written in the file.

    Raises:
        ValueError: It is no moment.
    """
    at = datetime.fromisoformat(text)
    if not MINYEAR < at.year < MAXYEAR:
        raise ValueError(f"{text} has no local time everywhere")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def as_text(moment: datetime) -> str:
    """A moment as it is written in the file."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def record_of(line: FactRow) -> Record | None:
    """What a line says; None where that cannot be known (a fact of a newer coach's, a broken line)."""
    _, at, what, about, side, second, value = line
    try:
        return Record(
            time_of(at),
            _FACTS[what],
            sys.intern(about),  # a few keys, thousands of times
            side,
            None if second is None else float(second),
            None if value is None else float(value),
        )
    except (KeyError, ValueError, TypeError):
        return None
