"""Reminders, as scenes: asked for by the clock, put off, set for every week, kept over a restart, never a nuisance."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from night import Night
from small_house import ALL_ANSWERED, EVENING, at_rest, knowledge, language

from voicecoach.dialogue.reminding import is_quiet, is_slot, next_slot
from voicecoach.dialogue.state import Mode
from voicecoach.person.facts import Fact, Record
from voicecoach.person.wall_time import next_time

READY = "Ready for your bedtime routine?"
EVERY_DAY = frozenset(range(7))
A_MINUTE, AN_HOUR = 60.0, 3600.0


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A time of the evening on which nights begin, or so many days later."""
    return EVENING.replace(hour=hour, minute=minute) + timedelta(days=days)


def reminded(night: Night) -> list[datetime]:
    """When the coach asked."""
    return [night.began + timedelta(seconds=round(one.at_s)) for one in night.sounded if one.sound == READY]


def to_the_reminder() -> Night:
    """The listener asked to be reminded, and is."""
    return Night().says("remind me at ten").until(READY).passes(3)


# --- by the clock -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "spoken", "then"),
    [
        ("at half past ten", "at half past ten", at(22, 30)),
        ("at quarter past ten", "at quarter past ten", at(22, 15)),
        ("at quarter to ten", "at quarter to ten", at(21, 45)),
        ("at eleven", "at eleven o'clock", at(23)),
        ("at twelve o'clock", "at twelve o'clock", at(0, days=1)),
        ("at half past nine", "at half past nine", at(9, 30, days=1)),
    ],
)
def test_a_time_is_the_next_such_time(words: str, spoken: str, then: datetime) -> None:
    night = Night().says(f"remind me {words}")
    assert night.last == f"I will remind you {spoken}."
    night.passes(13 * AN_HOUR)
    [asked] = reminded(night)
    assert asked - then == pytest.approx(timedelta(seconds=1), abs=timedelta(seconds=1))


def test_a_soft_chime_comes_before_the_question() -> None:
    assert to_the_reminder().words[-2:] == ["(done)", READY]


@pytest.mark.parametrize("words", ["yes", "ready", "i am ready", "start bedtime routine"])
def test_ready_begins_the_routine(words: str) -> None:
    assert to_the_reminder().says(words).mode is Mode.GREETING


def test_no_drops_it() -> None:
    night = to_the_reminder().says("no")
    assert night.last == "Then I stay quiet."
    assert len(reminded(night.passes(24 * AN_HOUR))) == 1


def test_silence_drops_it_without_another_word() -> None:
    night = to_the_reminder().passes(24 * AN_HOUR)
    assert night.last == READY
    assert len(reminded(night)) == 1


@pytest.mark.parametrize("words", ["later", "not yet", "in ten minutes", "remind me later"])
def test_later_is_ten_minutes_later(words: str) -> None:
    night = to_the_reminder().says(words)
    assert night.last == "I will ask again in ten minutes."
    night.until(READY)
    first, second = reminded(night)
    assert second - first == pytest.approx(timedelta(minutes=10), abs=timedelta(seconds=10))


def test_later_is_heeded_three_times() -> None:
    night = to_the_reminder()
    for _ in range(3):
        night.says("later").until(READY).passes(3)
    assert night.says("later").last == "Then I leave it for today."
    assert len(reminded(night.passes(24 * AN_HOUR))) == 4


def test_a_reminder_asked_for_with_a_number_can_be_called_off() -> None:
    night = Night().says("remind me at ten").passes(5).says("remind me").passes(5).says("zero")
    assert night.last == "Then I stay quiet."
    assert reminded(night.passes(24 * AN_HOUR)) == []


def test_another_time_takes_the_place_of_the_first() -> None:
    night = Night().says("remind me at ten").passes(5).says("remind me at eleven").passes(5 * AN_HOUR)
    assert [one.hour for one in reminded(night)] == [23]


def test_nobody_is_reminded_in_a_session() -> None:
    night = Night().says("remind me at ten").passes(15 * A_MINUTE).says("start bedtime routine").passes(20)
    night.says("pause").passes(4 * A_MINUTE).says("continue").passes(60)
    assert reminded(night) == []
    assert "remind at" in night.says("good night").passes(20).facts
    assert reminded(night.passes(24 * AN_HOUR)) == []


# --- quiet hours ------------------------------------------------------------------------------------------------------


def quiet(begin: time, end: time) -> Night:
    return Night(at_rest(knows=knowledge(quiet_hours=(begin, end))))


def test_a_time_in_quiet_hours_is_refused_kindly() -> None:
    night = quiet(time(22), time(7)).says("remind me at half past ten")
    assert night.last == "You want it quiet at that hour, so I stay quiet."
    assert reminded(night.passes(24 * AN_HOUR)) == []


def test_later_does_not_lead_into_quiet_hours() -> None:
    night = quiet(time(22, 5), time(7)).says("remind me at ten").until(READY).passes(3).says("later")
    assert night.last == "You want it quiet at that hour, so I stay quiet."
    assert len(reminded(night.passes(24 * AN_HOUR))) == 1


# --- over a restart ---------------------------------------------------------------------------------------------------


def restarted(minutes_late: float) -> Night:
    """The coach is switched on some minutes after ten, at which it was to remind."""
    history = [*ALL_ANSWERED, Record(EVENING, Fact.REMIND_AT, value=at(22).timestamp())]
    return Night(history=history, began=at(22) + timedelta(minutes=minutes_late)).opens()


def test_a_reminder_is_kept_while_the_coach_is_off() -> None:
    assert [(one.hour, one.minute) for one in reminded(restarted(-15).passes(AN_HOUR))] == [(22, 0)]


def test_one_that_is_overdue_comes_as_soon_as_the_coach_is_on() -> None:
    night = restarted(90).passes(30)
    assert night.words[-3:] == ["I am here. Tell me to start the bedtime routine when you like.", "(done)", READY]


def test_one_that_is_long_overdue_is_dropped() -> None:
    night = restarted(125).passes(AN_HOUR)
    assert reminded(night) == []
    assert "reminded" in night.facts


# --- every week -------------------------------------------------------------------------------------------------------


def weekly(*days: int, began: datetime = EVENING, history: tuple[Record, ...] = ALL_ANSWERED) -> Night:
    """Reminders at ten in the evening of some weekdays; the night begins on a Monday (0)."""
    knows = knowledge(reminders=((frozenset(days), time(22)),))
    return Night(at_rest(knows=knows), history, began).opens()


def test_weekdays_are_reminded_of_and_others_are_not() -> None:
    night = weekly(0, 2).passes(5 * 24 * AN_HOUR)
    assert [(one.day, one.hour, one.minute) for one in reminded(night)] == [(2, 22, 0), (4, 22, 0)]


def test_a_weekly_reminder_is_not_missed_because_the_coach_was_off() -> None:
    before = weekly(0).passes(60)
    after = weekly(0, began=at(22, 40), history=tuple(before.history)).passes(30)
    assert after.last == READY


def test_the_week_does_not_remind_of_what_has_been_done_this_evening() -> None:
    done = (
        Record(EVENING - timedelta(hours=2), Fact.SESSION_STARTED, "bedtime"),
        Record(EVENING - timedelta(hours=2), Fact.SESSION_FINISHED, "bedtime"),
    )
    assert reminded(weekly(0, history=(*ALL_ANSWERED, *done)).passes(3 * AN_HOUR)) == []


def test_one_of_the_week_can_be_called_off_and_the_next_one_comes() -> None:
    night = weekly(0, 2, began=at(18)).passes(10).says("remind me").passes(5).says("zero").passes(10)
    night.says("remind me").passes(5).says("zero")
    night.passes(3 * 24 * AN_HOUR)
    assert [(one.day, one.hour) for one in reminded(night)] == [(4, 22)]


def test_one_that_a_session_came_before_is_not_set_anew() -> None:
    night = weekly(0, began=at(21, 40)).says("start bedtime").passes(9).says("good night").passes(3 * AN_HOUR)
    assert reminded(night) == []
    assert night.facts.count("remind at") == 2, "set, and called off"


def test_the_week_never_reminds_in_quiet_hours() -> None:
    knows = knowledge(reminders=((EVERY_DAY, time(22)),), quiet_hours=(time(21), time(8)))
    assert reminded(Night(at_rest(knows=knows)).opens().passes(3 * 24 * AN_HOUR)) == []


# --- reckoning --------------------------------------------------------------------------------------------------------

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside
quarters = st.integers(0, 47).map(lambda quarter: quarter * 15)


@given(moments, quarters)
def test_the_next_time_is_within_twelve_hours_and_shows_what_was_said(now: datetime, minutes: int) -> None:
    then = next_time(now, minutes, UTC)
    assert timedelta() < then - now <= timedelta(hours=12)
    assert (then.hour % 12 * 60 + then.minute, then.second) == (minutes, 0)


@given(moments, st.sets(st.integers(0, 6), min_size=1), st.times())
def test_the_next_slot_is_a_slot_within_a_day(now: datetime, weekdays: set[int], hour: time) -> None:
    slots = ((frozenset(weekdays), hour.replace(second=0, microsecond=0)),)
    found = next_slot(now, slots, UTC)
    assert found is None or (is_slot(found, slots, UTC) and timedelta() < found - now <= timedelta(days=1))
    if len(weekdays) == 7:
        assert found is not None


@pytest.mark.parametrize(
    ("hour", "within"), [(time(21, 59), False), (time(22), True), (time(3), True), (time(7), False), (time(12), False)]
)
def test_quiet_hours_last_over_midnight(hour: time, within: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_quiet(EVENING.replace(hour=hour.hour, minute=hour.minute), (time(22), time(7))) is within


def test_quiet_hours_may_also_be_at_noon_and_need_not_be_at_all() -> None:
    noon = EVENING.replace(hour=13)
    assert is_quiet(noon, (time(12), time(14)))
    assert not is_quiet(EVENING, (time(12), time(14)))
    assert not is_quiet(noon, None)


@given(quarters)
def test_every_time_that_can_be_asked_for_can_be_said(minutes: int) -> None:
    assert all(said == said.lower() and "{" not in said for said in language().times(minutes))
