"""Questions survive real answers: what each answer, silence, a mumble and an answer that comes too early do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from night import Night
from small_house import ALL_ANSWERED, BEDTIME, EVENING, at_rest, knowledge, language, phrasebook, stretch, with_sphinx

from voicecoach.dialogue.questions import MOST_TIMES, QUESTIONS
from voicecoach.dialogue.state import Mode, Question
from voicecoach.languages.commands import Command
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.routine.stretch import Amount, Dose, Entry, Reason, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WORDS = language().prompts
SAY_YES_OR_NO = WORDS.say_yes_or_no
RATES_PAIN = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)


def asked_whole(night: Night) -> Night:
    """What is being said is said to its end, and a second passes."""
    while night.state.playing:
        night.passes(0.1)
    return night.passes(1)


def asked(night: Night) -> Question | None:
    return night.state.asked.question if night.state.asked else None


def answered(night: Night) -> list[tuple[str, float | None]]:
    """What was answered this night, as it is noted."""
    return [(line.about, line.value) for line in night.history if line.what is Fact.ANSWERED and line.at >= night.began]


def first_evening() -> Night:
    """Nothing is known of the person; the first question is over."""
    return asked_whole(Night(history=()).says("start bedtime routine"))


def answers(night: Night, *replies: str) -> Night:
    """Each reply a second after its question."""
    for reply in replies:
        asked_whole(night.says(reply))
    return night


# --- every question, every kind of answer -----------------------------------------------------------------------------


def _long_ago() -> tuple[Record, ...]:
    """All questions were answered a month ago, and a session was done."""
    at = EVENING - timedelta(days=30)
    answered = (replace(record, at=at) for record in ALL_ANSWERED)
    return (*answered, Record(at, Fact.SESSION_STARTED, "bedtime"), Record(at, Fact.SESSION_FINISHED, "bedtime"))


def _in_a_stretch() -> Night:
    return Night().says("start bedtime routine").until("five")


def _on_the_knees() -> Night:
    return Night(with_sphinx()).says("start bedtime routine").until("Breathe in")


def _worse_before() -> tuple[Record, ...]:
    at = EVENING - timedelta(days=1)
    facts = (
        (Fact.SESSION_STARTED, "bedtime", None),
        (Fact.PAIN_BEFORE, "", 2.0),
        (Fact.SESSION_FINISHED, "bedtime", None),
        (Fact.PAIN_AFTER, "", 5.0),
    )
    return tuple(Record(at, fact, about, value=value) for fact, about, value in facts)


def _in_a_long_routine() -> Night:
    long = replace(BEDTIME, entries=BEDTIME.entries * 3)
    return Night(at_rest(knows=replace(knowledge(), routines={"bedtime": long}))).says("start bedtime").until("five")


def _after_the_routine(history: Iterable[Record] = RATES_PAIN) -> Night:
    night = asked_whole(Night(history=history).says("start bedtime routine")).says("two")
    while night.mode in (Mode.GREETING, Mode.GUIDING):
        night.says("next").passes(0.5)
    return night


def _switched_on_again() -> Night:
    before = _in_a_stretch()
    return Night(history=before.history, began=before.time).opens(before.place_kept, 60)


def _reminded() -> Night:
    night = asked_whole(Night().says("remind me")).says("one")
    return night.until("Ready for your", within_s=3700)


OPENED: dict[Question, Callable[[], Night]] = {
    Question.RESUME: _switched_on_again,
    Question.SCREEN: first_evening,
    Question.NEWS: lambda: Night(history=_long_ago()).says("start bedtime routine"),
    Question.ONLY_BREATHE: lambda: first_evening().says("yes"),
    Question.SLEPT: lambda: Night(at_rest(knows=knowledge(asks_sleep=True)), began=EVENING.replace(day=3, hour=7)).says(
        "start morning routine"
    ),
    Question.PAIN_BEFORE: lambda: Night(history=RATES_PAIN).says("start bedtime routine"),
    Question.SWITCH: lambda: _in_a_stretch().says("pause").passes(5).says("start morning routine"),
    Question.RESTART: lambda: _in_a_stretch().says("start the routine over"),
    Question.CUT: lambda: _in_a_long_routine().says("five minutes"),
    Question.LEAVE_OUT: lambda: _in_a_stretch().says("never again"),
    Question.CRAMP: lambda: _in_a_stretch().says("my leg has seized up").until(WORDS.ask_cramp),
    Question.TINGLING: lambda: _in_a_stretch().says("my foot is asleep").until(WORDS.ask_tingling),
    Question.ON_KNEES: lambda: _on_the_knees().says("i can't get on my knees").until(WORDS.ask_no_kneeling),
    Question.ON_FRONT: lambda: _on_the_knees().says("i can't lie on my front").until(WORDS.ask_no_front),
    Question.PAIN_AFTER: _after_the_routine,
    Question.REST: lambda: asked_whole(_after_the_routine((*RATES_PAIN, *_worse_before()))).says("five"),
    Question.BRING_BACK: lambda: Night(history=(*ALL_ANSWERED, Record(EVENING, Fact.LEFT_OUT, "child"))).says(
        "bring it back"
    ),
    Question.REMIND: lambda: Night().says("remind me"),
    Question.READY: _reminded,
}

HELLO, GO_ON = "Here is the", "On we go"
TABLE: dict[Question, dict[str, str]] = {
    # reply ("" is silence): what is heard next, at the latest when a minute of silence has passed
    Question.RESUME: {"yes": GO_ON, "probably": GO_ON, "no": "we leave it there", "maybe": "we leave it there", "": ""},
    Question.SCREEN: {"yes": "Thank you for telling me", "no": "grown weak", "maybe": "grown weak", "": "grown weak"},
    Question.NEWS: {
        "yes": "Is there numbness",
        "no": HELLO,
        "maybe": "Is there numbness",
        "skip": "Is there numbness",
        "": "Is there numbness",
    },
    Question.ONLY_BREATHE: {"yes": HELLO, "no": "Then rest well", "i guess so": HELLO, "": ""},
    Question.SLEPT: {"seven": HELLO, "i don't know": HELLO, "skip": HELLO, "continue": HELLO, "": HELLO},
    Question.PAIN_BEFORE: {"four": HELLO, "a bit": HELLO, "skip": HELLO, "continue": HELLO, "": HELLO},
    Question.SWITCH: {"i think so": "Here is the morning routine", "no": "", "maybe": "", "": ""},
    Question.RESTART: {"yes": "from the beginning", "all right": "from the beginning", "no": "", "maybe": "", "": ""},
    Question.CUT: {"yes": "I leave something out", "no": "Then we go on", "maybe": "Then we go on", "": ""},
    Question.LEAVE_OUT: {
        "yes": "I will leave it out from now on",
        "no": "Then it stays",
        "not sure": "I leave it out tonight",
        "i think so": "I leave it out tonight",
        "": "I leave it out tonight",
    },
    Question.CRAMP: {"yes": "Then we go on", "no": "We rest", "i think so": "We rest", "": "We rest"},
    Question.TINGLING: {
        "yes": WORDS.tingling_gone,
        "no": WORDS.red_flag,
        "not sure": WORDS.red_flag,
        "": WORDS.red_flag,
    },
    Question.ON_KNEES: {"yes": "leave all of it out", "no": "for tonight", "maybe": "for tonight", "": ""},
    Question.ON_FRONT: {"yes": "leave all of it out", "no": "for tonight", "maybe": "for tonight", "": ""},
    Question.PAIN_AFTER: {"one": "Sleep tight", "i don't know": "Sleep tight", "": "Sleep tight"},
    Question.REST: {"yes": "we only breathe", "no": "Then rest well", "maybe": "Then rest well", "": "Then rest well"},
    Question.BRING_BACK: {"yes": "It is in again", "no": "nothing changes", "maybe": "nothing changes", "": ""},
    Question.REMIND: {
        "two": "I will remind you in two hours",
        "no": "Then I stay quiet",
        "not sure": "Then I set no reminder",
        "": "",
    },
    Question.READY: {
        "yes": HELLO,
        "i think so": HELLO,
        "no": "",
        "later": "in ten minutes",
        "maybe": "in ten minutes",
        "": "",
    },
}


def test_the_table_has_every_question() -> None:
    assert set(OPENED) == set(TABLE) == set(Question)


@pytest.mark.parametrize(
    ("question", "reply"), [(question, reply) for question, replies in TABLE.items() for reply in replies]
)
def test_what_an_answer_leads_to(question: Question, reply: str) -> None:
    night = asked_whole(OPENED[question]())
    assert asked(night) is question
    about = night.state.asked and night.state.asked.about
    count = len(night.sounded)
    if reply:
        night.says(reply).passes(0.1)
    else:
        night.passes(60)
    now = night.state.asked
    assert now is None or (now.question, now.about) != (question, about), "the question is over"
    assert TABLE[question][reply] in " | ".join(night.words[count:])


@pytest.mark.parametrize("question", Question)
def test_what_is_not_understood_is_asked_once_more_in_other_words(question: Question) -> None:
    night = asked_whole(OPENED[question]())
    first = night.last
    night.mumbles().passes(3)
    assert asked(night) is question
    assert night.last != first
    number = Command.NUMBER in QUESTIONS[question].answers
    assert ("number" in night.last) if number else (night.last == SAY_YES_OR_NO)


@pytest.mark.parametrize("question", Question)
def test_the_wrong_kind_of_answer_does_nothing_else(question: Question) -> None:
    """As "nine" to a question that wants yes or no, or "yes" to one that wants a number."""
    night = asked_whole(OPENED[question]())
    before = len(night.notes)
    night.says("yes" if Command.NUMBER in QUESTIONS[question].answers else "nine").passes(3)
    assert asked(night) is question
    assert len(night.notes) == before


@pytest.mark.parametrize("question", Question)
def test_who_is_never_understood_is_not_asked_for_ever(question: Question) -> None:
    night = asked_whole(OPENED[question]())
    about = night.state.asked and night.state.asked.about
    times = 1
    for _ in range(30):
        if asked(night) is not question or (night.state.asked and night.state.asked.about) != about:
            break
        before = len(night.sounded)
        asked_whole(night.mumbles().passes(3))
        times += len(night.sounded) > before
    assert times <= MOST_TIMES + 1, "and what follows"


def test_whoever_thinks_aloud_is_not_cut_short() -> None:
    night = first_evening().mumbles().passes(1.5).mumbles().passes(1.5).says("no")
    assert SAY_YES_OR_NO not in night.words
    assert "grown weak" in night.last


@pytest.mark.parametrize(
    ("said", "rated"),
    [
        ("no pain", 0),
        ("nothing at all", 0),
        ("half", 5),
        ("between three and four", 4),
        ("two or three", 3),
        ("ten", 10),
    ],
)
def test_pain_in_whatever_words(said: str, rated: int) -> None:
    night = asked_whole(Night(history=RATES_PAIN).says("start bedtime routine")).says(said)
    assert [line.value for line in night.history if line.what is Fact.PAIN_BEFORE] == [rated]


# --- too early --------------------------------------------------------------------------------------------------------


def begun() -> Night:
    """The first question has been begun, and is not over."""
    return answers(first_evening(), "no", "no", "no").says("no").passes(1)


@pytest.mark.parametrize("reply", ["no", "yes", "maybe"])
def test_an_answer_to_half_a_question_of_safety_does_not_count(reply: str) -> None:
    night = begun()
    question = night.last
    asked_whole(night.says(reply))
    assert asked(night) is Question.SCREEN
    assert answered(night) == []
    night.passes(3)
    assert night.last == SAY_YES_OR_NO, "it was said to its end, and is asked again soon"
    assert question in night.words
    asked_whole(night).says("no")
    assert "brittle bones" in night.last


def test_who_answers_again_when_the_question_is_over_is_heard() -> None:
    night = asked_whole(begun().says("no")).says("no")
    assert "brittle bones" in night.last
    assert SAY_YES_OR_NO not in night.words


def test_an_answer_that_was_begun_in_the_middle_of_the_question_is_too_early_though_it_is_understood_after_it() -> None:
    night = begun()
    asked_whole(night)
    night.means(phrasebook().meaning("no"), began_s=night.now_s - 2.5)
    assert answered(night) == []
    night.means(phrasebook().meaning("no"), began_s=night.now_s - 1.3)
    assert answered(night) == [("red flags", 0.0)], "its last word was being said"


def test_the_answer_to_the_question_before_is_not_taken_for_the_next_one() -> None:
    night = first_evening().says("no").passes(0.6).says("no")
    asked_whole(night)
    assert night.last == "Have one or both legs grown weak lately?"


def test_a_question_that_does_no_harm_may_be_answered_early() -> None:
    assert Night(history=RATES_PAIN).says("start bedtime routine").passes(1).says("four").last.startswith(HELLO)


@pytest.mark.parametrize("words", ["stop", "that hurts", "numb", "good night"])
def test_what_is_said_in_need_is_never_too_early(words: str) -> None:
    assert asked(begun().says(words)) is None


# --- words of need that are about what was asked ----------------------------------------------------------------------


def asked_whether_kneeling_is_hard() -> Night:
    night = first_evening()
    while "kneel" not in night.last:
        answers(night, "no")
    return night


def test_who_cannot_kneel_has_answered_whether_that_is_hard_and_the_evening_goes_on() -> None:
    night = asked_whether_kneeling_is_hard().says("i can't kneel")
    assert answered(night)[-1] == ("trouble kneeling", 1.0)
    assert night.last == "Is your mattress soft?"
    answers(asked_whole(night), "no", "no", "four")
    assert "session started" in night.facts


def test_who_cannot_kneel_is_asked_whether_for_good_where_another_question_is_open() -> None:
    assert asked(first_evening().says("i can't kneel")) is Question.ON_KNEES


@pytest.mark.parametrize("words", ["it hurts", "ouch", "my back hurts", "i'm in pain"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_who_says_that_it_hurts_is_asked_how_much(words: str, *, after: bool) -> None:
    night = asked_whole(_after_the_routine() if after else Night(history=RATES_PAIN).says("start bedtime routine"))
    anew = WORDS.ask_pain_after if after else f"{WORDS.pain_scale} {WORDS.ask_pain_before}"
    assert asked_whole(night.says(words)).words[-1] == f"{WORDS.sorry} {anew}"
    fact = Fact.PAIN_AFTER if after else Fact.PAIN_BEFORE
    night.says("between five and six")
    assert [line.value for line in night.history if line.what is fact and line.at >= night.began] == [6]


def test_who_says_nothing_but_that_it_hurts_is_led_nowhere() -> None:
    night = asked_whole(Night(history=RATES_PAIN).says("start bedtime routine"))
    for _ in range(MOST_TIMES - 1):
        assert asked(answers(night, "it hurts")) is Question.PAIN_BEFORE
    assert night.says("it hurts").last == WORDS.hurt_resting
    assert asked(night) is None
    assert "session started" not in night.facts


def test_who_says_that_it_hurts_and_then_nothing_is_led_gently() -> None:
    night = asked_whole(Night(history=RATES_PAIN).says("start bedtime routine")).says("it hurts")
    assert asked_whole(night).passes(12).state.session is not None
    assert night.state.session.gentle  # type: ignore[union-attr]


# --- where something is offered, and no question stands in the table --------------------------------------------------


def test_who_does_not_know_after_stop_may_rest() -> None:
    night = _in_a_stretch().says("stop").until("Shall we go on?")
    assert asked_whole(night).says("i don't know").mode is Mode.PAUSED
    assert night.last == WORDS.paused


def test_who_does_not_know_what_to_do_with_pain_may_rest_and_is_led_on_in_the_easier_form() -> None:
    night = asked_whole(_in_a_stretch().says("that hurts")).says("not sure")
    assert night.mode is Mode.PAUSED
    night.says("continue").passes(20)
    assert "Only if it feels right. Do less of the hug." in night.words


def test_who_should_leave_a_stretch_out_is_told_once_a_night() -> None:
    hernia = stretch("bend", not_for=(Reason("a hernia"), Reason("osteoporosis", Condition.OSTEOPOROSIS)))
    entry = Entry(hernia, Dose(hold=Amount(20, 20, Unit.SECONDS)))
    knows = replace(knowledge(), routines={"bedtime": replace(BEDTIME, entries=(entry,))}, stretches={"bend": hernia})
    night = Night(at_rest(knows=knows)).says("start bedtime routine").until("Come into the bend")
    for words in ("that hurts", "easier", "stop", "continue", "once more"):
        night.passes(12).says(words)
    told = [words for words in night.passes(20).words if "leave this one out" in words]
    assert told == ["If you have a hernia, say next to leave this one out."]


@pytest.mark.parametrize("words", ["help", "what can i say"])
def test_help_tells_what_can_be_answered(words: str) -> None:
    assert (
        begun().says(words).last
        == f"{SAY_YES_OR_NO} Have you ever had cancer, and not yet spoken with a doctor about your back?"
    )
    rating = asked_whole(Night(history=RATES_PAIN).says("start bedtime routine"))
    assert WORDS.pain_scale in rating.says(words).last
