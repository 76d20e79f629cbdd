"""Past sessions, put together from the lines that were written in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.person.facts import DONE, ENDED, Fact
from voicecoach.person.person import Outing, PastSession
from voicecoach.person.wall_time import local

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from voicecoach.person.facts import Record

TOGETHER = timedelta(hours=3)
"""Lines further apart are not of one session: longer than its place is kept (two hours) and a stretch lasts."""
_QUIET = timedelta(minutes=30)
"""No stretch and no pause is so long: who leaves a session after it has said no to going on after a power cut."""
_MOST = 10
"""The highest number that can be said."""
_HIGHEST_LEVEL = 1000
"""No dose has so many levels; a higher one is a slip."""


UNCOMFORTABLE = frozenset({Fact.EASIER, Fact.SHORTER, Fact.CRAMP, Fact.TINGLING, Fact.DIZZY})
"""What is said of a stretch that was not comfortable, though it did not hurt."""


def rating(value: float | None) -> int | None:
    """A number from zero to ten; None for anything else."""
    return _whole(value, _MOST)


@dataclass(slots=True)
class _Draft:
    """A session as far as it has been read; its times are as the lines have them."""

    routine: str
    began: datetime
    ended: datetime
    pain_before: int | None = None
    pain_after: int | None = None
    ending: Fact | None = None
    outings: dict[str, Outing] = field(default_factory=dict)

    def reaches(self, at: datetime) -> bool:
        return at - self.ended <= TOGETHER

    def finished(self, zone: tzinfo) -> PastSession:
        began, ended = local(self.began, zone), local(self.ended, zone)
        outings = tuple(self.outings.values())
        return PastSession(self.routine, began, ended, self.ending, outings, self.pain_before, self.pain_after)


class PastSessions:
    """Reads sessions line by line.

    A session without an ending (the power was cut) ends with its last line.  One that goes on after a power cut is the
    same session, unless it is begun again.  The clock may run backwards: a machine without a clock of its own begins
    with a wrong time.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._past: list[PastSession] = []
        self._latest: _Draft | None = None
        self._rated: Record | None = None
        """Pain that was told before its session began."""

    def so_far(self) -> tuple[PastSession, ...]:
        """All sessions, oldest first; the last may still be going on."""
        latest = [self._latest.finished(self._zone)] if self._latest else []
        return (*self._past, *latest)

    def take(self, record: Record) -> None:
        """Read one more line; those that do not belong to a session change nothing."""
        what = record.what
        if what is Fact.STRETCH_DONE or what is Fact.STRETCH_SKIPPED or what is Fact.HURT:
            self._visited(record)
        elif what is Fact.SESSION_STARTED:
            self._begin(record.at, record.about)
        elif what in ENDED:
            self._end(record)
        elif what in UNCOMFORTABLE:
            if record.about and self._open(record):
                self._visited(record)
        elif what is Fact.PAIN_BEFORE:
            self._rate_before(record)
        elif what is Fact.PAIN_AFTER and self._latest and self._latest.reaches(record.at):
            self._latest.pain_after = rating(record.value)

    def _begin(self, at: datetime, routine: str = "") -> _Draft:
        if self._latest:
            self._past.append(self._latest.finished(self._zone))
        self._latest = _Draft(routine, at, at)
        if self._rated and at - self._rated.at <= TOGETHER:
            self._latest.pain_before = rating(self._rated.value)
        self._rated = None
        return self._latest

    def _open(self, record: Record) -> _Draft | None:
        """The session that is going on, if ``record`` can belong to it."""
        latest = self._latest
        return latest if latest and not latest.ending and latest.reaches(record.at) else None

    def _end(self, record: Record) -> None:
        session = self._open(record)
        if session is None:
            if record.what not in DONE:
                return  # it had ended before: numbness told while the goodbye was being said
            session = self._begin(record.at, record.about)  # its beginning was lost, and yet it was done
        session.ending = record.what
        if record.what in DONE or record.at - session.ended < _QUIET:
            session.ended = max(session.ended, record.at)

    def _rate_before(self, record: Record) -> None:
        session = self._open(record)
        if session and not session.outings and session.pain_before is None:
            session.pain_before = rating(record.value)
        else:
            self._rated = record

    def _visited(self, record: Record) -> None:
        session = self._open(record) or self._begin(record.at)
        session.ended = max(session.ended, record.at)
        key, what = record.about, record.what
        before = session.outings.get(key) or Outing(key, done=False)
        is_done = what is Fact.STRETCH_DONE
        session.outings[key] = Outing(
            key,
            done=before.done or is_done,  # done once and skipped when it was to come once more: done
            hurt=before.hurt + (what is Fact.HURT),
            changed=before.changed or what in UNCOMFORTABLE,
            level=_whole(record.value, _HIGHEST_LEVEL) or 0 if is_done else before.level,
        )


def _whole(value: float | None, most: int) -> int | None:
    return round(value) if value is not None and 0 <= value <= most else None
