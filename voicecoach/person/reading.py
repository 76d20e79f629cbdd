"""The journal's lines, oldest first, read as what they say of the person."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from voicecoach.person.dating import Dating
from voicecoach.person.facts import NOT_SURE, Fact
from voicecoach.person.past_sessions import PastSessions, rating
from voicecoach.person.person import Answer, Condition, DayPart, Form, Person
from voicecoach.person.wall_time import A_DAY, local, next_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import tzinfo

    from voicecoach.person.facts import Record

_CONDITIONS = {condition.value: condition for condition in Condition}


_HALF_A_DAY_MIN = 12 * 60


def read(records: Iterable[Record], zone: tzinfo, now: datetime | None = None) -> Person:
    """What ``records`` say of the person.

    Args:
        records: Oldest first.  A line that says nothing (a number that cannot be, a question of another coach's) is
            passed over.
        zone: Where the person lives; all times are told by its clocks.
        now: Lines whose date cannot be true by now are dated anew (`dating`); None: all are.
    """
    reading = Reading(zone)
    for record in records:
        reading.take(record, now)
    return reading.person()


class Reading:
    """Reads lines as they come: ten years need not be read again for each new one."""

    def __init__(self, zone: tzinfo) -> None:
        """Begin with somebody who has never used the coach.

        Args:
            zone: See `read`.
        """
        self._zone = zone
        self._sessions = PastSessions(zone)
        self._answers: dict[Condition, Answer] = {}
        self._left_out: set[str] = set()
        self._brought_back: dict[str, datetime] = {}
        self._forms: dict[str, Form] = {}
        self._lengths: dict[str, int] = {}
        self._pace: float | None = None
        self._talk: int | None = None
        self._volumes_db: dict[DayPart, float] = {}
        self._props: set[str] = set()
        self._switches = {Fact.RATING: True, Fact.TIPS: True}
        self._told: set[str] = set()
        self._tips_told: dict[str, datetime] = {}
        self._slept: list[tuple[datetime, int]] = []
        self._rests: list[datetime] = []
        self._remind_at: datetime | None = None
        self._remind_after = False
        self._dating = Dating()
        self._meaning: dict[Fact, Callable[[Record], object]] = {
            Fact.ANSWERED: self._answer,
            Fact.ASK_AGAIN: lambda _: self._answers.clear(),
            Fact.RED_FLAG: lambda _: self._answers.pop(Condition.RED_FLAGS, None),
            Fact.EMERGENCY: lambda _: self._answers.pop(Condition.RED_FLAGS, None),
            Fact.LEFT_OUT: lambda record: self._left_out.add(record.about),
            Fact.BROUGHT_BACK: self._bring_back,
            Fact.EASIER: lambda record: self._change_form(record, Form.EASIER),
            Fact.HARDER: lambda record: self._change_form(record, Form.HARDER),
            Fact.LONGER: lambda record: self._change_length(record, +1),
            Fact.SHORTER: lambda record: self._change_length(record, -1),
            Fact.PACE: self._change_pace,
            Fact.TALK: self._change_talk,
            Fact.VOLUME: self._change_volume,
            Fact.PROP: self._change_prop,
            Fact.RATING: self._switch,
            Fact.TIPS: self._switch,
            Fact.SLEPT: self._sleep,
            Fact.TOLD: lambda record: self._told.add(record.about),
            Fact.TIP_TOLD: lambda record: self._tips_told.update({record.about: self._local(record)}),
            Fact.SUGGESTED_REST: self._suggest_rest,
            Fact.REMIND_AT: self._remind,
            Fact.REMIND_IN: self._remind_in,
            Fact.REMIND_WHEN: self._remind_when,
            Fact.REMINDED: self._forget_reminder,
        }
        """What else than a session each line is about."""

    def take(self, record: Record, now: datetime | None = None) -> None:
        """Read one more line; ``now``: see `read`."""
        if now is not None:
            record = self._dating.dated(record, now)
        self._sessions.take(record)
        understand = self._meaning.get(record.what)
        if understand:
            understand(record)

    def person(self) -> Person:
        """The person as far as has been read."""
        return Person(
            sessions=self._sessions.so_far(),
            answers=dict(self._answers),
            left_out=frozenset(self._left_out),
            brought_back=dict(self._brought_back),
            forms=dict(self._forms),
            lengths=dict(self._lengths),
            pace=self._pace,
            talk=self._talk,
            volumes_db=dict(self._volumes_db),
            props=frozenset(self._props),
            rating=self._switches[Fact.RATING],
            tips=self._switches[Fact.TIPS],
            told=frozenset(self._told),
            tips_told=dict(self._tips_told),
            slept=tuple(self._slept),
            suggested_rest=self._rests[-1] if self._rests else None,
            rests_before=tuple(self._rests[:-1]),
            remind_at=self._remind_at,
            remind_after=self._remind_after,
        )

    def _local(self, record: Record) -> datetime:
        return local(record.at, self._zone)

    def _answer(self, record: Record) -> None:
        condition = _CONDITIONS.get(record.about)
        if condition and record.value is not None:
            sure = record.value != NOT_SURE
            self._answers[condition] = Answer(yes=record.value != 0, at=self._local(record), sure=sure)

    def _bring_back(self, record: Record) -> None:
        if record.about:
            self._left_out.discard(record.about)
        else:
            self._left_out.clear()
        self._brought_back[record.about] = self._local(record)

    def _change_form(self, record: Record, asked_for: Form) -> None:
        """From the easier form, "harder" leads back to the usual one, and the other way round."""
        before = self._forms.get(record.about, Form.USUAL)
        opposite = before is not Form.USUAL and before is not asked_for
        self._forms[record.about] = Form.USUAL if opposite else asked_for

    def _change_length(self, record: Record, by: int) -> None:
        self._lengths[record.about] = self._lengths.get(record.about, 0) + by

    def _change_pace(self, record: Record) -> None:
        if record.value is not None and 0 < record.value < math.inf:
            self._pace = record.value

    def _change_talk(self, record: Record) -> None:
        if record.value is not None and math.isfinite(record.value):
            self._talk = round(record.value)

    def _change_volume(self, record: Record) -> None:
        if record.value is not None and math.isfinite(record.value):
            self._volumes_db[DayPart.of(self._local(record))] = record.value

    def _change_prop(self, record: Record) -> None:
        if record.value:
            self._props.add(record.about)
        else:
            self._props.discard(record.about)

    def _switch(self, record: Record) -> None:
        if record.value is not None:
            self._switches[record.what] = record.value != 0

    def _sleep(self, record: Record) -> None:
        slept = rating(record.value)
        if slept is not None:
            self._slept.append((self._local(record), slept))

    def _suggest_rest(self, record: Record) -> None:
        self._rests.append(self._local(record))

    def _remind(self, record: Record) -> None:
        try:
            moment = local(datetime.fromtimestamp(record.value or 0, UTC), self._zone)
        except (ValueError, OverflowError, OSError):  # a time that no calendar has
            return
        self._set_reminder(moment if record.value else None)

    def _remind_in(self, record: Record) -> None:
        if record.value is not None and 0 < record.value <= A_DAY.total_seconds():
            self._set_reminder(local(record.at + timedelta(seconds=record.value), self._zone), after=True)

    def _remind_when(self, record: Record) -> None:
        if record.value is not None and 0 <= record.value < _HALF_A_DAY_MIN:
            self._set_reminder(next_time(record.at, round(record.value), self._zone))

    def _forget_reminder(self, _: Record) -> None:
        self._set_reminder(None)

    def _set_reminder(self, at: datetime | None, *, after: bool = False) -> None:
        self._remind_at, self._remind_after = at, after
