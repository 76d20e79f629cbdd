"""What a scenario's person has behind them: a few lines of a scenario file become the lines of a journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from voicecoach.person.dating import Dating
from voicecoach.person.facts import ENDED, Fact, Record
from voicecoach.person.person import Condition
from voicecoach.simulation.scenario import ALL_ANSWERED, answered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicecoach.yamlfile import Node

NEW: Final = "new"
RECORD_TIME: Final = "%Y-%m-%d %H:%M:%S"
"""When something was written down; all times are those of the bedroom."""
_LARGEST: Final = 1e11
_MONTH: Final = timedelta(days=30)
_REMINDERS: Final = frozenset({Fact.REMIND_AT, Fact.REMIND_IN, Fact.REMIND_WHEN, Fact.REMINDED})
_OF_A_SESSION: Final = ENDED | {
    Fact.SESSION_STARTED,
    Fact.STRETCH_DONE,
    Fact.STRETCH_SKIPPED,
    Fact.HURT,
    Fact.RED_FLAG,
    Fact.CRAMP,
    Fact.TINGLING,
    Fact.DIZZY,
    Fact.EMERGENCY,
    Fact.PAIN_BEFORE,
    Fact.PAIN_AFTER,
    Fact.SLEPT,
    Fact.TIP_TOLD,
    Fact.SUGGESTED_REST,
}
_YEARS: Final = 3650
_SESSION: Final = timedelta(minutes=12)
_BEFORE_THAT: Final = timedelta(days=1)
"""Before the first session everything was answered."""
_PAIN: Final = (Fact.PAIN_BEFORE, Fact.PAIN_AFTER)


def history(node: Node | None, at: datetime) -> tuple[Record, ...]:
    """The lines of the journal when a night begins, oldest first.

    Args:
        node: ``new``: nobody has ever used the coach.  A mapping says what was answered with yes, whether pain is asked
            for and tips are told, and which sessions there were; or it has the records themselves, as a recorded
            session does.  None: `scenario.ALL_ANSWERED`.
        at: When the night begins.

    Raises:
        BadFileError: It says something that it should not.
    """
    if node is None:
        return ALL_ANSWERED
    if not node.is_mapping and node.text() == NEW:
        return ()
    if "records" in node.mapping():
        return tuple(_record(one) for one in node.mapping(allowed={"records"})["records"].sequence())
    parts = node.mapping(allowed={"yes to", "pain ratings", "tips", "sessions"})
    yes = [one.choice(Condition) for one in parts["yes to"].sequence()] if "yes to" in parts else []
    past = parts["sessions"].sequence() if "sessions" in parts else ()
    sessions = sorted((_Session(one, at) for one in past), key=lambda one: one.began)
    first = (sessions[0].began if sessions else at) - _BEFORE_THAT
    wishes = tuple(
        Record(first, fact, value=float(key in parts and parts[key].boolean()))
        for key, fact in (("pain ratings", Fact.RATING), ("tips", Fact.TIPS))
    )
    return (*answered(first, *yes), *wishes, *(record for one in sessions for record in one.records()))


def recent_history(records: Iterable[Record], now: datetime) -> tuple[Record, ...]:
    """What a recorded session needs of a journal: what the person wants and has answered, and the last month.

    Args:
        records: The journal's, oldest first.
        now: The time where the person lives; the times of the records are turned into times of that bedroom.
    """
    dating = Dating()
    return tuple(
        replace(record, at=bedroom_time(record.at, now))
        for record in (dating.dated(record, now) for record in records)
        if record.what not in _REMINDERS and (record.what not in _OF_A_SESSION or now - record.at < _MONTH)
    )


def bedroom_time(at: datetime, now: datetime) -> datetime:
    """``at`` as a clock shows it that is set as ``now`` is; in a scenario, all such times count as UTC."""
    return at.astimezone(now.tzinfo).replace(tzinfo=UTC, microsecond=0)


def _record(node: Node) -> Record:
    parts = node.mapping(allowed={"at", "what", "about", "side", "second", "value"}, required={"at", "what"})
    return Record(
        _time(parts["at"]),
        parts["what"].choice(Fact),
        parts["about"].text() if "about" in parts else "",
        parts["side"].text() if "side" in parts else "",
        parts["second"].number(0, _LARGEST) if "second" in parts else None,
        parts["value"].number(-_LARGEST, _LARGEST) if "value" in parts else None,
    )


def _time(node: Node) -> datetime:
    try:
        return datetime.strptime(node.text(), RECORD_TIME).replace(tzinfo=UTC)
    except ValueError:
        example = "2026-01-15 22:00:00"
        raise node.error(f'{node.called} is "{node.text()}"; write a day and a time, such as {example}') from None


class _Session:
    """A session that was gone through."""

    def __init__(self, node: Node, at: datetime) -> None:
        parts = node.mapping(allowed={"days ago", "routine", "pain", "hurt", "done"}, required={"days ago"})
        self.began = at - timedelta(days=parts["days ago"].number(0, _YEARS))
        self._routine = parts["routine"].text() if "routine" in parts else "bedtime"
        self._hurt, self._done = (_texts(parts.get(key)) for key in ("hurt", "done"))
        pain = [one.whole_number(0, 10) for one in parts["pain"].sequence()] if "pain" in parts else []
        if "pain" in parts and len(pain) != len(_PAIN):
            raise parts["pain"].error("pain is a number before the session and one after it; write such as [6, 4]")
        self._pain = dict(zip(_PAIN, pain, strict=False))

    def records(self) -> Iterator[Record]:
        ended = self.began + _SESSION
        yield Record(self.began, Fact.SESSION_STARTED, self._routine)
        yield from self._rated(Fact.PAIN_BEFORE, self.began)
        yield from (Record(self.began, Fact.HURT, key, second=60.0) for key in self._hurt)
        yield from (Record(self.began, Fact.STRETCH_DONE, key, value=0.0) for key in self._done)
        yield from self._rated(Fact.PAIN_AFTER, ended)
        yield Record(ended, Fact.SESSION_FINISHED, self._routine)

    def _rated(self, fact: Fact, at: datetime) -> Iterator[Record]:
        if fact in self._pain:
            yield Record(at, fact, value=float(self._pain[fact]))


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(one.text() for one in node.sequence()) if node else ()
