"""The journal's lines, read as a person: what was said last counts, and a night that was cut off is a night too."""

from __future__ import annotations

import math
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.journal.local_time import HERE
from voicecoach.person.facts import ENDED, Fact, Record
from voicecoach.person.person import Answer, Condition, DayPart, Form, Outing, PastSession, Person
from voicecoach.person.reading import Reading, read

if TYPE_CHECKING:
    from collections.abc import Sequence

EVENING = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def night(*lines: tuple[Fact, str] | tuple[Fact, str, float], begin: datetime = EVENING) -> list[Record]:
    """Lines that were written a minute apart."""
    return [
        Record(begin + number * MINUTE, what, about, value=value[0] if value else None)
        for number, (what, about, *value) in enumerate(lines)
    ]


def person(*lines: tuple[Fact, str] | tuple[Fact, str, float]) -> Person:
    return read(night(*lines), UTC)


def sessions(*records: Sequence[Record]) -> tuple[PastSession, ...]:
    return read([record for some in records for record in some], UTC).sessions


STARTED: Final = (Fact.SESSION_STARTED, "bedtime")
FINISHED: Final = (Fact.SESSION_FINISHED, "bedtime")


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_nothing_is_known_of_somebody_new() -> None:
    assert read([], UTC) == Person()


def test_a_session_is_put_together_from_its_lines() -> None:
    (session,) = sessions(
        night(
            STARTED,
            (Fact.PAIN_BEFORE, "", 6),
            (Fact.HURT, "bridge"),
            (Fact.EASIER, "bridge"),
            (Fact.STRETCH_DONE, "bridge", 2),
            (Fact.STRETCH_SKIPPED, "cobra"),
            (Fact.SHORTER, "twist"),
            (Fact.STRETCH_DONE, "twist", 1),
            (Fact.STRETCH_DONE, "breathing", 0),
            (Fact.FELL_ASLEEP, "bedtime"),
        )
    )
    assert session == PastSession(
        "bedtime",
        EVENING,
        EVENING + 9 * MINUTE,
        Fact.FELL_ASLEEP,
        (
            Outing("bridge", done=True, hurt=1, changed=True, level=2),
            Outing("cobra", done=False),
            Outing("twist", done=True, changed=True, level=1),
            Outing("breathing", done=True),
        ),
        pain_before=6,
    )
    assert [outing.comfortable for outing in session.outings] == [False, False, False, True]


def test_a_stretch_that_hurt_and_was_never_ended_is_remembered() -> None:
    (session,) = sessions(night(STARTED, (Fact.HURT, "bridge"), (Fact.HURT, "bridge"), (Fact.RED_FLAG, "bridge")))
    assert session.outings == (Outing("bridge", done=False, hurt=2),)


@pytest.mark.parametrize(
    "order", [(Fact.STRETCH_DONE, Fact.STRETCH_SKIPPED), (Fact.STRETCH_SKIPPED, Fact.STRETCH_DONE)]
)
def test_a_stretch_that_came_twice_is_done_if_it_was_done_once(order: Sequence[Fact]) -> None:
    (session,) = sessions(night(STARTED, *((what, "bridge") for what in order)))
    assert session.outings == (Outing("bridge", done=True),)


def test_what_was_skipped_the_second_time_keeps_its_level() -> None:
    (session,) = sessions(night(STARTED, (Fact.STRETCH_DONE, "bridge", 3), (Fact.STRETCH_SKIPPED, "bridge")))
    assert session.outings == (Outing("bridge", done=True, level=3),)


def test_a_session_that_was_cut_off_ends_with_its_last_line() -> None:
    cut_off, tonight = sessions(
        night(STARTED, (Fact.STRETCH_DONE, "bridge")), night(STARTED, FINISHED, begin=EVENING + DAY)
    )
    assert (cut_off.ending, cut_off.ended) == (None, EVENING + MINUTE)
    assert tonight.ending is Fact.SESSION_FINISHED


def test_a_session_that_goes_on_after_a_power_cut_is_the_same_session() -> None:
    (session,) = sessions(
        night(STARTED, (Fact.STRETCH_DONE, "bridge")),
        night((Fact.STRETCH_DONE, "cobra"), FINISHED, begin=EVENING + 2 * HOUR),
    )
    assert [outing.key for outing in session.outings] == ["bridge", "cobra"]
    assert session.ending is Fact.SESSION_FINISHED


def test_who_does_not_go_on_after_a_power_cut_had_ended_with_it() -> None:
    (session,) = sessions(
        night(STARTED, (Fact.STRETCH_DONE, "bridge")),
        night((Fact.SESSION_ENDED_EARLY, "bedtime"), begin=EVENING + HOUR),
    )
    assert (session.ending, session.ended) == (Fact.SESSION_ENDED_EARLY, EVENING + MINUTE)


def test_lines_of_another_day_are_not_of_a_session_that_was_cut_off() -> None:
    """The history was damaged, and the line that began the second one is gone with it."""
    first, second = sessions(
        night(STARTED, (Fact.STRETCH_DONE, "bridge")),
        night((Fact.STRETCH_DONE, "cobra"), FINISHED, begin=EVENING + DAY),
    )
    assert (first.ending, first.ended) == (None, EVENING + MINUTE)
    assert [outing.key for outing in second.outings] == ["cobra"]
    assert second.began == EVENING + DAY


def test_a_session_whose_beginning_was_lost_was_done_all_the_same() -> None:
    (session,) = sessions(night(FINISHED))
    assert session == PastSession("bedtime", EVENING, EVENING, Fact.SESSION_FINISHED)


def test_what_is_told_after_the_end_makes_no_second_session() -> None:
    (session,) = sessions(night(STARTED, FINISHED, (Fact.RED_FLAG, ""), (Fact.SESSION_ENDED_EARLY, "bedtime")))
    assert session.ending is Fact.SESSION_FINISHED


@pytest.mark.parametrize("told", [Fact.VOLUME, Fact.REMIND_AT, Fact.EASIER, Fact.PAIN_AFTER, Fact.SLEPT, Fact.PACE])
def test_what_is_said_at_rest_belongs_to_no_session(told: Fact) -> None:
    before = night(STARTED, (Fact.STRETCH_DONE, "bridge"))
    said = night((told, "bridge", 3), begin=EVENING + DAY)
    assert sessions(before, said) == sessions(before)


@pytest.mark.parametrize(
    "lines",
    [
        (STARTED, (Fact.PAIN_BEFORE, "", 7), FINISHED, (Fact.PAIN_AFTER, "", 4)),
        ((Fact.PAIN_BEFORE, "", 7), STARTED, (Fact.PAIN_AFTER, "", 4), FINISHED),
    ],
)
def test_pain_belongs_to_a_session_on_either_side_of_its_bounds(lines: Sequence[tuple[Fact, str]]) -> None:
    (session,) = sessions(night(*lines))
    assert (session.pain_before, session.pain_after) == (7, 4)
    assert session.ending is Fact.SESSION_FINISHED


def test_pain_before_is_of_the_session_that_comes_not_of_one_that_was_cut_off() -> None:
    cut_off, tonight = sessions(
        night(STARTED, (Fact.STRETCH_DONE, "bridge")), night((Fact.PAIN_BEFORE, "", 5), STARTED, begin=EVENING + HOUR)
    )
    assert cut_off.pain_before is None
    assert tonight.pain_before == 5


def test_pain_before_is_of_one_session_only() -> None:
    _, second = sessions(night((Fact.PAIN_BEFORE, "", 5), STARTED, FINISHED, STARTED))
    assert second.pain_before is None


def test_pain_that_was_told_the_day_before_is_not_of_tonight() -> None:
    (session,) = sessions(night((Fact.PAIN_BEFORE, "", 7)), night(STARTED, begin=EVENING + DAY))
    assert session.pain_before is None


def test_a_clock_that_is_set_back_takes_no_session_apart() -> None:
    (session,) = sessions(night(STARTED, (Fact.STRETCH_DONE, "bridge")), night(FINISHED, begin=EVENING - 30 * DAY))
    assert session.ending is Fact.SESSION_FINISHED
    assert session.began <= session.ended


# --- what the person wants --------------------------------------------------------------------------------------------


def test_what_is_left_out_comes_back_one_by_one_or_all_together() -> None:
    left_out: list[tuple[Fact, str]] = [(Fact.LEFT_OUT, "bridge"), (Fact.LEFT_OUT, "cobra"), (Fact.LEFT_OUT, "twist")]
    assert person(*left_out).left_out == {"bridge", "cobra", "twist"}
    one = person(*left_out, (Fact.BROUGHT_BACK, "bridge"))
    assert one.left_out == {"cobra", "twist"}
    assert one.brought_back == {"bridge": EVENING + 3 * MINUTE}
    everything = person(*left_out, (Fact.BROUGHT_BACK, ""))
    assert everything.left_out == set()
    assert everything.brought_back == {"": EVENING + 3 * MINUTE}
    assert person((Fact.BROUGHT_BACK, ""), (Fact.LEFT_OUT, "bridge")).left_out == {"bridge"}


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ([Fact.EASIER], Form.EASIER),
        ([Fact.EASIER, Fact.EASIER], Form.EASIER),
        ([Fact.EASIER, Fact.HARDER], Form.USUAL),
        ([Fact.EASIER, Fact.HARDER, Fact.HARDER], Form.HARDER),
        ([Fact.HARDER, Fact.EASIER], Form.USUAL),
    ],
)
def test_the_form_is_the_one_that_was_asked_for_last(said: Sequence[Fact], form: Form) -> None:
    assert person(*((what, "bridge") for what in said)).forms == {"bridge": form}


def test_longer_and_shorter_are_counted_for_each_stretch() -> None:
    said = [(Fact.LONGER, "bridge"), (Fact.LONGER, "bridge"), (Fact.SHORTER, "bridge"), (Fact.SHORTER, "cobra")]
    assert person(*said).lengths == {"bridge": 1, "cobra": -1}


def test_the_latest_answers_count_and_none_before_ask_me_again() -> None:
    osteoporosis, pregnancy = Condition.OSTEOPOROSIS.value, Condition.PREGNANCY.value
    answered = [(Fact.ANSWERED, osteoporosis, 1.0), (Fact.ANSWERED, pregnancy, 1.0), (Fact.ANSWERED, pregnancy, 0.0)]
    assert person(*answered).answers == {
        Condition.OSTEOPOROSIS: Answer(yes=True, at=EVENING),
        Condition.PREGNANCY: Answer(yes=False, at=EVENING + 2 * MINUTE),
    }
    again = person(*answered, (Fact.ASK_AGAIN, ""), (Fact.ANSWERED, osteoporosis, 0.0))
    assert again.answers == {Condition.OSTEOPOROSIS: Answer(yes=False, at=EVENING + 4 * MINUTE)}


def test_a_question_of_another_coach_is_passed_over() -> None:
    assert person((Fact.ANSWERED, "wings", 1)) == Person()


def test_habits_are_those_that_were_said_last() -> None:
    known = person(
        (Fact.PACE, "", 1.2), (Fact.PACE, "", 0.8), (Fact.TALK, "", 0), (Fact.RATING, "", 0), (Fact.TIPS, "", 0),
        (Fact.PROP, "pillow", 1), (Fact.PROP, "strap", 1), (Fact.PROP, "strap", 0), (Fact.TIPS, "", 1),
    )  # fmt: skip
    assert (known.pace, known.talk) == (0.8, 0)
    assert known.props == {"pillow"}
    assert (known.rating, known.tips) == (False, True)


@pytest.mark.parametrize(
    ("hour", "part"),
    [(4, DayPart.NIGHT), (5, DayPart.MORNING), (10, DayPart.MORNING), (11, DayPart.DAY), (20, DayPart.DAY),
     (21, DayPart.NIGHT), (23, DayPart.NIGHT), (0, DayPart.NIGHT)],
)  # fmt: skip
def test_the_volume_holds_for_a_part_of_the_persons_own_day(hour: int, part: DayPart) -> None:
    there = timezone(timedelta(hours=9))
    at = datetime(2026, 11, 21, hour, 59, tzinfo=there).astimezone(UTC)
    assert read([Record(at, Fact.VOLUME, value=-14.0)], there).volumes_db == {part: -14.0}


def test_what_the_coach_has_told_is_known() -> None:
    known = person(
        (Fact.TOLD, "more bridge"), (Fact.TIP_TOLD, "pillow"), (Fact.SUGGESTED_REST, ""), (Fact.SLEPT, "", 7)
    )
    assert known.told == {"more bridge"}
    assert known.tips_told == {"pillow": EVENING + MINUTE}
    assert (known.suggested_rest, known.rests_before) == (EVENING + 2 * MINUTE, ())
    assert known.slept == ((EVENING + 3 * MINUTE, 7),)


def test_every_time_that_rest_was_suggested_is_known() -> None:
    known = person((Fact.SUGGESTED_REST, ""), (Fact.SLEPT, "", 7), (Fact.SUGGESTED_REST, ""), (Fact.SUGGESTED_REST, ""))
    assert known.suggested_rest == EVENING + 3 * MINUTE
    assert known.rests_before == (EVENING, EVENING + 2 * MINUTE)


@pytest.mark.parametrize(
    ("lines", "open_reminder"),
    [
        ([(Fact.REMIND_AT, "", EVENING.timestamp())], EVENING),
        ([(Fact.REMIND_AT, "", EVENING.timestamp()), (Fact.REMIND_AT, "", 0)], None),
        ([(Fact.REMIND_AT, "", EVENING.timestamp()), (Fact.REMINDED, "")], None),
        ([(Fact.REMINDED, ""), (Fact.REMIND_AT, "", EVENING.timestamp())], EVENING),
        ([(Fact.REMIND_AT, "", 1e300)], None),
    ],
)
def test_a_reminder_is_open_until_it_was_given(lines: list[tuple[Fact, str]], open_reminder: datetime | None) -> None:
    assert person(*lines).remind_at == open_reminder


@pytest.mark.parametrize("value", [None, math.inf, -math.inf, math.nan, 11.0, -1.0, 1e300])
@pytest.mark.parametrize("what", [Fact.PAIN_BEFORE, Fact.PAIN_AFTER, Fact.SLEPT])
def test_a_number_that_nobody_can_say_is_none(what: Fact, value: float | None) -> None:
    begun = Record(EVENING, Fact.SESSION_STARTED, "bedtime")
    assert read([begun, Record(EVENING, what, value=value)], UTC) == read([begun], UTC)


# --- whatever is written ----------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["", "bridge", "cobra", "bedtime", "wings", *(condition.value for condition in Condition)])
MOMENTS = st.datetimes(datetime(1970, 1, 3), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it
RECORDS = st.builds(
    Record, MOMENTS, st.sampled_from(Fact), KEYS, second=st.none() | st.floats(), value=st.none() | st.floats()
)
HISTORIES = st.lists(RECORDS, max_size=40) | st.lists(RECORDS, max_size=40).map(
    lambda records: sorted(records, key=lambda record: record.at)
)


@given(HISTORIES)
def test_whatever_is_written_can_be_read(records: list[Record]) -> None:
    known = read(records, UTC)
    assert sum(session.ending in ENDED for session in known.sessions) <= sum(record.what in ENDED for record in records)
    for session in known.sessions:
        assert session.began <= session.ended
        keys = [outing.key for outing in session.outings]
        assert len(keys) == len(set(keys))
        assert {session.pain_before, session.pain_after} <= {None, *range(11)}


@given(HISTORIES)
def test_every_visit_and_every_pain_is_in_some_session(records: list[Record]) -> None:
    outings = [outing for session in read(records, UTC).sessions for outing in session.outings]
    assert sum(outing.hurt for outing in outings) == sum(record.what is Fact.HURT for record in records)
    done = {record.about for record in records if record.what is Fact.STRETCH_DONE}
    assert {outing.key for outing in outings if outing.done} == done


@given(HISTORIES, st.integers(0, 40))
def test_reading_goes_on_where_it_was(records: list[Record], first: int) -> None:
    reading = Reading(UTC)
    for record in records[:first]:
        reading.take(record)
    before = reading.person()
    assert before == read(records[:first], UTC)
    for record in [*records[first:], *records]:
        reading.take(record)
    assert reading.person() == read([*records, *records], UTC)


def test_a_person_that_was_read_never_changes() -> None:
    reading = Reading(UTC)
    for number, condition in enumerate(Condition):
        known = reading.person()
        kept = deepcopy(known)
        for what in (what for what in Fact if what is not Fact.ASK_AGAIN):
            reading.take(Record(EVENING, what, condition.value, value=float(number)))
        assert known == kept


@given(HISTORIES)
def test_what_was_left_out_last_stays_left_out(records: list[Record]) -> None:
    left_out = read([*records, Record(EVENING, Fact.LEFT_OUT, "bridge")], UTC).left_out
    assert "bridge" in left_out
    assert not read([*records, Record(EVENING, Fact.BROUGHT_BACK)], UTC).left_out


@given(HISTORIES)
def test_no_answer_from_before_ask_me_again_is_left(records: list[Record]) -> None:
    assert not read([*records, Record(EVENING, Fact.ASK_AGAIN)], UTC).answers


# --- the machine's own zone -------------------------------------------------------------------------------------------


def test_summer_is_summer_also_when_it_is_read_in_winter(monkeypatch: pytest.MonkeyPatch) -> None:
    import time  # noqa: PLC0415 - nothing else here knows the machine's clock

    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        summer, winter = (
            datetime(2026, month, 1, 20, 30, tzinfo=UTC).astimezone(HERE).isoformat() for month in (7, 12)
        )
        assert summer == "2026-07-01T22:30:00+02:00"
        assert winter == "2026-12-01T21:30:00+01:00"
        assert datetime(2026, 7, 1, 22, 30, tzinfo=HERE) == datetime(2026, 7, 1, 20, 30, tzinfo=UTC)
        (session,) = read(
            [
                Record(datetime(2026, 10, 25, 0, 50, tzinfo=UTC), Fact.SESSION_STARTED, "bedtime"),
                Record(datetime(2026, 10, 25, 1, 5, tzinfo=UTC), Fact.SESSION_FINISHED, "bedtime"),
            ],
            HERE,
        ).sessions
        assert session.ended - session.began == 15 * MINUTE, "also while the clocks are put back"
    finally:
        monkeypatch.undo()
        time.tzset()
