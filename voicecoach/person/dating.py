"""When a line of the journal can have been written: a clock that was wrong leaves lines of the past and of the future.

Lines stand in the order in which they were written, and none is of a time that has yet to come.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from voicecoach.person.facts import Record

EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Before that there was no coach."""
_SLACK: Final = timedelta(minutes=1)
"""By as much clocks that are right may differ."""
_LONG_AGO_ENOUGH: Final = timedelta(days=1)
_ONE_NIGHT: Final = timedelta(hours=12)
"""What lies further apart was perhaps written by a clock that was wrong in another way."""


class Dating:
    """Dates lines anew, one after the other, where their own date cannot be true.

    Such a line is as late as the last one before it that can be true: in doubt something was done earlier, so that
    nobody is kept from a reminder, a question or a rest by it.  What follows in the same wrong time keeps its distance.
    """

    def __init__(self) -> None:
        self._latest: datetime | None = None
        """The date of the line before, as it can be."""
        self._wrong: datetime | None = None
        """And as it was written, where that cannot be."""

    def dated(self, record: Record, now: datetime) -> Record:
        """``record``, at a time that can be.

        Args:
            record: The next line.
            now: No line is later.
        """
        if EARLIEST <= record.at <= now + _SLACK:
            self._latest, self._wrong = record.at, None
            return record
        passed = timedelta() if self._wrong is None else record.at - self._wrong
        if not timedelta() <= passed <= _ONE_NIGHT:
            passed = timedelta()
        at = min((self._latest or now - _LONG_AGO_ENOUGH) + passed, now)
        self._latest, self._wrong = at, record.at
        return replace(record, at=at)
