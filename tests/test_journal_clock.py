"""The journal beside a clock that is wrong for a while: nothing is lost, and nothing of the future rules."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.journal import files
from voicecoach.journal.copies import latest_sound_copy
from voicecoach.journal.looking import records_in
from voicecoach.journal.store import Journal
from voicecoach.journal.wall_clock import RELEASED, SystemClock
from voicecoach.person.dating import EARLIEST, Dating
from voicecoach.person.facts import Fact, Record
from voicecoach.person.reading import read
from voicecoach.simulation.scenario_history import recent_history

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENING = RELEASED + timedelta(days=9, hours=22)
NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
FUTURE = datetime(2099, 1, 1, 22, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)


class Machine:
    """Its clock shows ``shows`` until `set`; then it is right."""

    def __init__(self, really: datetime, shows: datetime, boot: str = "first") -> None:
        self.really, self.off, self.on_s, self.boot = really, shows - really, 10.0, boot

    def clock(self) -> SystemClock:
        return SystemClock(
            self.wall,
            lambda: self.on_s,
            is_synchronized=lambda: not self.off,
            has_chip=lambda: False,
            boot=self.boot,
        )

    def wall(self) -> float:
        return (self.really + self.off).timestamp()

    def passes(self, minutes: float) -> None:
        self.really += timedelta(minutes=minutes)
        self.on_s += minutes * 60

    def set(self) -> None:
        self.off = timedelta()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def opened(path: Path) -> Callable[[Machine], Journal]:
    return lambda machine: Journal(path, pytest.fail, machine.clock(), UTC)


WRONG = [NO_CLOCK, FUTURE, EVENING - timedelta(hours=2), EVENING - timedelta(days=40), EVENING + timedelta(hours=2)]


# --- dated anew -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shows", WRONG)
def test_lines_are_dated_anew_once_the_time_is_known(
    path: Path, opened: Callable[[Machine], Journal], shows: datetime
) -> None:
    machine = Machine(EVENING, shows)
    journal = opened(machine)
    journal.write(Fact.SESSION_STARTED, "bedtime")
    machine.passes(12)
    journal.write(Fact.SESSION_FINISHED, "bedtime")
    machine.passes(100)
    machine.set()
    (session,) = journal.person().sessions
    assert (session.began, session.ended) == (EVENING, EVENING + 12 * A_MINUTE)
    journal.close()
    assert [record.at for record in records_in(path)] == [EVENING, EVENING + 12 * A_MINUTE]


@pytest.mark.parametrize("shows", WRONG)
def test_also_those_that_were_written_before_the_coach_was_started_again(
    opened: Callable[[Machine], Journal], shows: datetime
) -> None:
    machine = Machine(EVENING, shows)
    with closing(opened(machine)) as journal:
        journal.write(Fact.SESSION_FINISHED, "bedtime")
    machine.passes(30)
    machine.set()
    with closing(opened(machine)) as journal:
        assert [session.ended for session in journal.person().sessions] == [EVENING]


@pytest.mark.parametrize("shows", [NO_CLOCK, FUTURE])
def test_where_the_time_was_never_known_a_line_is_no_earlier_than_those_before(
    opened: Callable[[Machine], Journal], shows: datetime
) -> None:
    with closing(opened(Machine(EVENING, EVENING))) as journal:
        journal.write(Fact.LEFT_OUT, "cobra")
    with closing(opened(Machine(EVENING + timedelta(days=1), shows, "second"))) as journal:
        journal.write(Fact.LEFT_OUT, "bridge")
    with closing(opened(Machine(EVENING + timedelta(days=2), EVENING + timedelta(days=2), "third"))) as journal:
        assert [record.at for record in journal.records()] == [EVENING, EVENING]


def test_a_clock_that_is_right_dates_nothing_anew(opened: Callable[[Machine], Journal]) -> None:
    machine = Machine(EVENING, EVENING)
    journal = opened(machine)
    journal.write(Fact.LEFT_OUT, "cobra")
    journal.add(Record(EVENING - timedelta(days=300), Fact.LEFT_OUT, "bridge"))
    machine.passes(60 * 24 * 30)
    journal.write(Fact.LEFT_OUT, "pigeon")
    journal.person()
    days = [(record.at - EVENING).days for record in journal.records()]
    assert days == [0, -300, 30]


def test_until_then_everything_that_was_done_counts(opened: Callable[[Machine], Journal]) -> None:
    """In 1970 all of it is yet to come, and nothing would be known of what hurt."""
    with closing(opened(Machine(EVENING, EVENING))) as journal:
        journal.write(Fact.SESSION_STARTED, "bedtime")
        journal.write(Fact.HURT, "bridge")
        journal.write(Fact.SESSION_ENDED_EARLY, "bedtime")
    with closing(opened(Machine(EVENING + timedelta(days=1), NO_CLOCK, "second"))) as journal:
        now, is_known = journal.told_time()
        assert not is_known
        assert all(session.began <= now for session in journal.person().sessions)


# --- lines of an older coach, or of a night in which the time was never known -----------------------------------------


def test_a_line_that_cannot_be_is_as_old_as_the_one_before(opened: Callable[[Machine], Journal]) -> None:
    journal = opened(Machine(EVENING, EVENING))
    for at in (EVENING - timedelta(days=3), FUTURE, FUTURE + 9 * A_MINUTE, NO_CLOCK, EVENING - timedelta(days=1)):
        journal.add(Record(at, Fact.SLEPT, value=5))
    ages = [EVENING - at for at, _ in journal.person().slept]
    three_days = timedelta(days=3)
    assert ages == [three_days, three_days, three_days - 9 * A_MINUTE, three_days - 9 * A_MINUTE, timedelta(days=1)]


dates = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside


@given(st.lists(dates), dates.filter(lambda now: now > EARLIEST + timedelta(days=2)))
def test_nothing_is_dated_later_than_now_or_before_there_was_a_coach(ats: list[datetime], now: datetime) -> None:
    dating = Dating()
    dated = [dating.dated(Record(at, Fact.SLEPT), now).at for at in ats]
    assert all(EARLIEST <= at <= now + A_MINUTE for at in dated)
    assert all(new == old for new, old in zip(dated, ats, strict=True) if EARLIEST <= old <= now)


def test_what_a_person_is_asked_told_or_spared_has_no_date_of_the_future() -> None:
    """Whatever is counted from: an answer, a tip, rest, what was brought back, a session."""
    facts = (Fact.ANSWERED, Fact.TIP_TOLD, Fact.SUGGESTED_REST, Fact.BROUGHT_BACK, Fact.SESSION_FINISHED)
    records = [Record(FUTURE, fact, "red flags" if fact is Fact.ANSWERED else "x", value=1) for fact in facts]
    person = read(records, UTC, EVENING)
    ats = [
        *(answer.at for answer in person.answers.values()),
        *person.tips_told.values(),
        *person.brought_back.values(),
        *(session.ended for session in person.sessions),
        person.suggested_rest,
    ]
    assert len(ats) == len(facts)
    assert all(at is not None and at <= EVENING for at in ats)


def test_a_recorded_session_has_no_history_of_the_future_and_no_reminders() -> None:
    reminders = (Fact.REMIND_AT, Fact.REMIND_IN, Fact.REMIND_WHEN, Fact.REMINDED)
    records = [Record(EVENING, fact, value=60) for fact in reminders]
    (record,) = recent_history([*records, Record(FUTURE, Fact.LEFT_OUT, "cobra")], EVENING + A_MINUTE)
    assert record == Record(EVENING, Fact.LEFT_OUT, "cobra")


# --- copies -----------------------------------------------------------------------------------------------------------


def believing(path: Path, at: datetime) -> Journal:
    return Journal(path, pytest.fail, lambda: at, UTC)


def days_of_copies(path: Path) -> list[date]:
    return [files.day_of(path, copy) for copy in files.copies(path)]


@pytest.mark.parametrize("wrong", [NO_CLOCK, FUTURE, EVENING + timedelta(days=400)])
def test_copies_are_made_every_day_whatever_a_clock_has_said_before(path: Path, wrong: datetime) -> None:
    for at in (wrong, *(EVENING + timedelta(days=day) for day in range(4))):
        with closing(believing(path, at)) as journal:
            journal.write(Fact.LEFT_OUT, f"{at:%d}")
    today = (EVENING + timedelta(days=3)).date()
    assert sorted(days_of_copies(path)) == [today - timedelta(days=1), today]
    latest = latest_sound_copy(path)
    assert latest is not None
    assert files.day_of(path, latest) == today


def test_of_two_copies_the_fuller_one_goes_on(path: Path) -> None:
    for at, key in ((FUTURE, "cobra"), (EVENING, "bridge")):
        with closing(believing(path, at)) as journal:
            journal.write(Fact.LEFT_OUT, key)
    path.write_bytes(b"no history")
    told: list[str] = []
    with closing(Journal(path, told.append, lambda: EVENING, UTC)) as journal:
        assert journal.person().left_out == {"cobra", "bridge"}
    assert "goes on" in told[0]
