"""When the questions of the first evening are asked."""

from __future__ import annotations

from datetime import timedelta

from a_person import NOW, ago, yes

from voicecoach.person.person import Answer, Condition, Person
from voicecoach.person.screening import due, only_breathing
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
