"""When the questions of the first evening are asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from a_person import NOW, ago, yes

from voicecoach.person.person import Answer, Condition, PastSession, Person
from voicecoach.person.screening import asks_for_news, due, only_breathing
from voicecoach.person.tonight import Tonight


def tonight(**known: object) -> Tonight:
    return Tonight(NOW, Person(**known))  # type: ignore[arg-type]


def test_somebody_new_is_asked_everything_the_red_flags_first() -> None:
    assert due(tonight()) == tuple(Condition)
    assert due(tonight())[0] is Condition.RED_FLAGS
    assert due(tonight())[-1] is Condition.PREGNANCY


def test_only_what_was_not_answered_is_asked() -> None:
    answers = yes()
    del answers[Condition.KNEELING]

    assert due(tonight(answers=answers)) == (Condition.KNEELING,)
    assert due(tonight(answers=yes())) == ()


def test_after_half_a_year_it_is_asked_anew() -> None:
    answers = yes(at=ago(100)) | {Condition.PREGNANCY: Answer(yes=False, at=ago(184))}

    assert due(tonight(answers=answers)) == (Condition.PREGNANCY,)


def test_an_old_answer_holds_until_there_is_a_new_one() -> None:
    old = yes(Condition.OSTEOPOROSIS, at=ago(400))

    assert tonight(answers=old).conditions == {Condition.OSTEOPOROSIS}


def test_rest_lasts_twenty_hours() -> None:
    assert only_breathing(tonight(suggested_rest=NOW - timedelta(hours=1)))
    assert only_breathing(tonight(suggested_rest=NOW - timedelta(hours=19.9)))
    assert not only_breathing(tonight(suggested_rest=NOW - timedelta(hours=20)))
    assert not only_breathing(tonight())


def test_a_red_flag_lasts_until_it_is_answered_anew() -> None:
    assert only_breathing(tonight(answers=yes(Condition.RED_FLAGS, at=ago(300))))


@pytest.mark.parametrize(
    ("sessions_ago", "answered_ago", "asks"),
    [
        ((20, 14.5), 20.1, True),
        ((20, 13.5), 20.1, False),
        ((20,), 20.1, True),
        ((40, 20, 1), 40.1, True),  # nobody answered yesterday
        ((40, 20, 1), 1.1, False),  # it was answered yesterday
        ((40, 20), 184, False),  # it is due anyway
        ((), 100, False),
    ],
)
def test_after_two_weeks_without_a_session_it_is_asked_whether_anything_is_new(
    sessions_ago: tuple[float, ...], answered_ago: float, *, asks: bool
) -> None:
    sessions = tuple(PastSession("bedtime", ago(days), ago(days), None) for days in sessions_ago)

    assert asks_for_news(tonight(answers=yes(at=ago(answered_ago)), sessions=sessions)) is asks
