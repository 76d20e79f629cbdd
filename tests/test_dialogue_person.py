"""How the dialogue gets to know the person, as scenes: the first evening, pain, what lasts, what is new tonight."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from night import Night
from small_house import ALL_ANSWERED, BELLY, EVENING, at_rest, knowledge, language

from voicecoach.dialogue.cue_schedule import TalkLevel
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.telling import changes_told
from voicecoach.person.changes import Change, ChangeKind
from voicecoach.person.facts import Fact, Record
from voicecoach.person.person import Condition
from voicecoach.person.tips import Tip
from voicecoach.routine.stretch import Amount, Dose, Entry, Unit, When

QUESTIONS = [question for condition in Condition for question in language().screening[condition].asks]
SCALE = "Zero is no pain, and ten the worst pain you can think of."
SORRY = "I am sorry that it feels worse. Lie the way that feels best."
QUIET = Dose(hold=Amount(5, 5, Unit.BREATHS))
RATES_PAIN = tuple(record for record in ALL_ANSWERED if record.what is not Fact.RATING)
TIPS = (
    Tip("pillow", "A pillow under your knees takes strain off your back.", When.ANY, ()),
    Tip("heat", "Some warmth does many backs good.", When.ANY, ()),
)


def first_evening() -> Night:
    """Nothing is known of the person, who says "start"."""
    return Night(history=()).says("start bedtime routine")


def said_whole(night: Night) -> Night:
    """A question has been said to its end, and a second has passed."""
    while night.state.playing:
        night.passes(0.1)
    return night.passes(1)


def rated(days_ago: int, before: int, after: int) -> tuple[Record, ...]:
    """A session with pain before and after."""
    at = EVENING - timedelta(days=days_ago)
    return (
        Record(at, Fact.SESSION_STARTED, "bedtime"),
        Record(at, Fact.PAIN_BEFORE, value=before),
        Record(at, Fact.STRETCH_DONE, "hug", value=0),
        Record(at + timedelta(minutes=9), Fact.SESSION_FINISHED, "bedtime"),
        Record(at + timedelta(minutes=10), Fact.PAIN_AFTER, value=after),
    )


def hurt_before(days_ago: int, key: str = "hug") -> tuple[Record, ...]:
    """A session in which a stretch hurt."""
    at = EVENING - timedelta(days=days_ago)
    return (
        Record(at, Fact.SESSION_STARTED, "bedtime"),
        Record(at, Fact.HURT, key),
        Record(at + timedelta(minutes=9), Fact.SESSION_FINISHED, "bedtime"),
    )


def noted(night: Night, fact: Fact) -> list[tuple[str, float | None]]:
    """What was noted this night, with its values."""
    return [(line.about, line.value) for line in night.history if line.what is fact and line.at >= night.began]


def to_the_end(night: Night) -> Night:
    """Through the whole routine, as fast as "next" goes."""
    while night.mode is Mode.GREETING:
        night.passes(1)
    while night.mode is Mode.GUIDING:
        night.says("next").passes(0.5)
    return night


# --- the first evening ------------------------------------------------------------------------------------------------


def test_the_first_evening_asks_one_question_after_another_and_says_once_that_it_is_no_medical_advice() -> None:
    night = first_evening()
    assert night.last.startswith("Before we begin, a few short questions")
    assert "medical advice" in night.last
    for question, following in zip(QUESTIONS, [*QUESTIONS[1:], "From zero to ten"], strict=True):
        assert question in night.last
        said_whole(night).says("no")
        assert following in night.last
    assert noted(night, Fact.ANSWERED) == [(condition.value, 0.0) for condition in Condition]
    assert sum("medical advice" in words for words in night.words) == 1
    assert night.passes(4).says("four").last.startswith("Here is the bedtime routine")


def test_an_answer_rules_out_a_stretch_and_the_coach_says_so_once() -> None:
    night = first_evening()
    for question in QUESTIONS:
        said_whole(night).says("yes" if "kneel" in question else "no")
    night.passes(5).says("skip")
    assert "Because of trouble kneeling, the child is left out." in night.last
    assert all(step.stretch.key != "child" for step in night.state.session.plan.steps)  # type: ignore[union-attr]
    to_the_end(night).passes(20).says("start bedtime routine").passes(5).says("skip")
    assert "trouble kneeling" not in night.last


def test_skip_passes_over_one_question_and_leaves_it_open() -> None:
    night = said_whole(first_evening()).says("skip")
    assert night.last == QUESTIONS[1]
    assert noted(night, Fact.ANSWERED) == []


def test_silence_leaves_all_questions_open_and_there_is_only_breathing() -> None:
    night = first_evening().until("Here is the bedtime routine", 120)
    for question in QUESTIONS[:2]:
        assert sum(question in words for words in night.words) == 2, "asked a second time, then the next one"
    assert not any(QUESTIONS[2] in words for words in night.words), "nobody seems to be there"
    assert "Not every answer was clear, so tonight we only breathe." in night.last
    assert noted(night, Fact.ANSWERED) == []
    again = night.says("stop").passes(1).says("stop").passes(20).says("start bedtime routine")
    assert QUESTIONS[0] in again.last, "it is asked again the next time"


def test_a_red_flag_leads_to_a_doctor_and_offers_only_breathing() -> None:
    night = said_whole(first_evening()).says("yes")
    assert night.last.startswith("Thank you for telling me. Please talk to a doctor before you stretch.")
    assert noted(night, Fact.ANSWERED) == [("red flags", 1.0)]
    night.passes(25).says("yes").until("We begin with")
    assert night.last == "We begin with belly breathing."
    assert [step.stretch.key for step in night.state.session.plan.steps] == ["belly-breathing"]  # type: ignore[union-attr]


def test_after_a_red_flag_no_leaves_it_at_rest() -> None:
    night = said_whole(first_evening()).says("yes").passes(25).says("no")
    assert night.last == "Then rest well."
    assert night.passes(5).mode is Mode.REST
    assert "session started" not in night.facts


def test_who_was_asked_is_not_asked_again_before_half_a_year_is_over() -> None:
    assert Night().says("start bedtime routine").mode is Mode.GREETING
    later = Night(began=EVENING + timedelta(days=200)).says("start bedtime routine")
    assert QUESTIONS[0] in later.last


def test_ask_me_again_asks_all_of_it_at_the_next_session() -> None:
    night = Night().says("ask me again").passes(5)
    assert night.last == "I will ask you everything anew, when we begin next time."
    assert QUESTIONS[0] in night.says("start bedtime routine").last


@pytest.mark.parametrize("words", ["stop", "good night", "how am i doing"])
def test_a_question_before_the_session_can_be_left_by_a_command(words: str) -> None:
    night = said_whole(first_evening()).says(words).passes(60)
    assert night.state.wanted is None
    assert "session started" not in night.facts


@pytest.mark.parametrize(("words", "answer"), [("that hurts", "I am sorry"), ("numb", "We end here")])
def test_what_is_said_in_need_is_heeded_in_a_question(words: str, answer: str) -> None:
    assert said_whole(first_evening()).says(words).last.startswith(answer)
    assert Night(history=RATES_PAIN).says("start bedtime").passes(4).says(words).last.startswith(answer)


# --- pain -------------------------------------------------------------------------------------------------------------


def test_pain_is_asked_for_before_and_after() -> None:
    night = Night(history=RATES_PAIN).says("start bedtime routine")
    assert night.last == f"{SCALE} From zero to ten, how is your back?"
    to_the_end(night.passes(4).says("six"))
    assert night.last.endswith("And now, from zero to ten, how is your back?")
    night.passes(6).says("three")
    assert night.last == "That was all. Sleep tight."
    assert (noted(night, Fact.PAIN_BEFORE), noted(night, Fact.PAIN_AFTER)) == ([("", 6)], [("", 3)])
    assert night.facts.index("session finished") < night.facts.index("pain after")


@pytest.mark.parametrize("words", ["skip", "next", "no", "no thanks"])
def test_skip_is_an_answer(words: str) -> None:
    night = Night(history=RATES_PAIN).says("start bedtime routine").passes(4).says(words)
    assert night.last.startswith("Here is the bedtime routine")
    to_the_end(night)
    assert night.last == "That was the last one. That was all. Sleep tight.", "who did not answer is not asked after"


def test_silence_is_an_answer_and_the_question_is_not_asked_twice() -> None:
    night = Night(history=RATES_PAIN).says("start bedtime routine").until("Here is the bedtime routine", 30)
    assert sum("From zero to ten, how is your back?" in words for words in night.words) == 1


def test_silence_after_the_routine_is_followed_by_its_last_words() -> None:
    night = to_the_end(Night(history=RATES_PAIN).says("start bedtime").passes(4).says("two"))
    assert night.until("Sleep tight", 30).passes(10).mode is Mode.ASLEEP


def test_good_night_instead_of_a_number_is_answered_with_the_last_words() -> None:
    night = to_the_end(Night(history=RATES_PAIN).says("start bedtime").passes(4).says("two")).passes(8)
    assert night.says("good night").last == "That was all. Sleep tight."
    assert night.passes(10).mode is Mode.ASLEEP


def test_stop_instead_of_a_number_is_silent_at_once() -> None:
    night = to_the_end(Night(history=RATES_PAIN).says("start bedtime").passes(4).says("two"))
    stopped = night.says("stop").now_s
    assert night.passes(30).since(stopped + 0.01) == []
    assert night.mode is Mode.REST


def test_asking_about_pain_can_be_switched_off_where_it_is_asked_and_on_again() -> None:
    night = Night(history=RATES_PAIN).says("start bedtime").passes(4).says("no more pain questions")
    assert night.last.startswith("Here is the bedtime routine")
    night.says("good night").passes(20).says("start bedtime")
    assert night.last.startswith("Here is the bedtime routine")
    night.says("pause").passes(4).says("ask about my pain")
    assert noted(night, Fact.RATING) == [("", 0.0), ("", 1.0)]
    assert (
        night.says("good night").passes(20).says("start bedtime").last == f"{SCALE} From zero to ten, how is your back?"
    )


def test_pain_that_rose_twice_in_a_row_is_answered_with_rest_and_breathing() -> None:
    night = Night(at_rest(knows=knowledge(tips=TIPS)), (*RATES_PAIN, *rated(1, 3, 5)))
    night.says("start bedtime").passes(4).says("three")
    to_the_end(night).passes(6).says("five")
    assert night.last.startswith(f"{SORRY} Your back has felt worse after stretching, two times in a row.")
    assert "physical therapist" in night.last
    assert "suggested rest" in night.facts
    night.passes(20).says("yes")
    assert night.last == (
        "Here is the bedtime routine: resting and breathing, about five minutes. "
        "Your back felt worse after stretching, so tonight we only breathe."
    ), "nothing of the routine's own words fits"
    assert to_the_end(night).last == "That was the last one. That is enough for now. Rest well."


@pytest.mark.parametrize(("after", "words"), [("five", SORRY), ("four", "Here is a tip.")])
def test_a_back_that_feels_worse_hears_nothing_cheerful(after: str, words: str) -> None:
    history = (*RATES_PAIN, *rated(1, 3, 3))
    night = Night(at_rest(knows=knowledge(tips=TIPS)), history).says("start bedtime").passes(4).says("three")
    night = to_the_end(night).passes(6).says(after)
    assert night.last.startswith(words)
    assert (night.last == SORRY) is (words == SORRY)
    assert "suggested rest" not in night.facts, "once is no reason to rest"


@pytest.mark.parametrize("words", ["no", "good night", None])
def test_rest_that_is_not_wanted_ends_kindly(words: str | None) -> None:
    night = Night(at_rest(knows=knowledge(tips=TIPS)), (*RATES_PAIN, *rated(1, 3, 5)))
    night = to_the_end(night.says("start bedtime").passes(4).says("three")).passes(6).says("five").passes(25)
    if words:
        night.says(words)
    assert night.passes(30).last == "Then rest well."


def test_a_night_of_much_pain_is_for_breathing_even_when_it_is_cut_short_or_the_power_is_cut() -> None:
    night = Night(history=RATES_PAIN).says("start bedtime").passes(4).says("nine")
    assert night.last.endswith(
        "Your back hurts a lot, so tonight we only breathe. If it stays so, please talk to a doctor."
    )
    night.says("twenty minutes")
    assert [step.stretch.key for step in night.state.session.plan.steps] == ["belly-breathing"]  # type: ignore[union-attr]
    again = Night(history=night.history, began=night.time).opens(night.place_kept, 60)
    assert again.last == "We were at belly breathing. Shall we go on?"


def test_after_a_red_flag_the_reason_is_the_doctor() -> None:
    night = said_whole(first_evening()).says("yes").passes(25).says("yes")
    assert night.last.endswith("we only breathe. After that, tell me to ask you again.")
    assert "breathing, about five minutes. Until a doctor has seen you" in night.last


# --- "that hurts" -----------------------------------------------------------------------------------------------------


def in_the_first_hold() -> Night:
    return Night().says("start bedtime routine").until("five")


def test_what_hurts_is_noted_with_its_side_and_second() -> None:
    night = in_the_first_hold().says("that hurts")
    line = next(line for line in night.history if line.what is Fact.HURT)
    assert (line.about, line.side) == ("hug", "right")
    assert line.second == pytest.approx(night.now_s, abs=0.1)


def test_the_easier_form_after_pain_is_for_tonight_and_not_for_good() -> None:
    night = in_the_first_hold().says("that hurts").passes(12).says("easier")
    assert noted(night, Fact.EASIER) == []
    assert night.last == "Only if it feels right. Do less of the hug."
    assert noted(night.passes(20).says("easier"), Fact.EASIER) == [("hug", None)], "while nothing hurts it lasts"


def hurt_twice() -> Night:
    """It hurts, the easier form is tried, and hurts too."""
    night = in_the_first_hold().says("that hurts").passes(12).says("easier").until("five")
    return night.says("that hurts")


def test_the_second_time_drops_the_stretch_and_offers_to_end() -> None:
    night = hurt_twice()
    assert night.last.startswith("Come out of the hug slowly.")
    assert night.last.endswith("Shall we end here, or go to the next one?")
    assert night.passes(15).says("easier").last == "Next, or end here?", "easier is not offered any more"
    assert night.passes(5).says("next").last == "Now comes the bridge."
    assert night.passes(3).says("go back").last.startswith("Let go. This is the first one."), "it is not come back to"
    assert night.passes(5).last == "Now comes the bridge."


def test_the_second_time_is_counted_over_all_stretches() -> None:
    night = in_the_first_hold().says("that hurts").passes(12).says("next").until("say once more").says("ouch")
    assert "Shall we end here" in night.last
    assert night.passes(15).says("next").last == "Now comes the child."
    night.passes(3).says("go back").until("Only if it feels right. Do less of the hug.")


def test_a_pause_after_the_second_time_goes_on_with_the_next_stretch() -> None:
    night = hurt_twice().passes(15).says("pause").passes(30).says("continue").until("Now comes")
    assert night.last == "Now comes the bridge."


@pytest.mark.parametrize("words", ["next", "go back", "pause"])
def test_where_nothing_else_is_left_the_second_time_is_the_end(words: str) -> None:
    night = Night().says("start morning").until("Breathe in").says("that hurts").passes(12).says("easier")
    night.until("Breathe in").says("that hurts").passes(15).says(words).passes(30)
    assert night.mode is Mode.REST
    assert "session finished" in night.facts


def test_what_hurt_last_time_comes_in_its_easier_form_and_the_coach_says_so() -> None:
    night = Night(history=(*ALL_ANSWERED, *hurt_before(1))).says("start bedtime routine")
    assert "It hurt last time, so the hug comes in its easier form." in night.last
    assert night.until("Do less of the hug.").mode is Mode.GUIDING


def test_what_hurt_in_three_sessions_is_left_out_until_it_is_brought_back() -> None:
    history = (*ALL_ANSWERED, *hurt_before(3), *hurt_before(2), *hurt_before(1))
    night = Night(history=history).says("start bedtime routine")
    assert "so the hug is left out. It is worth having that looked at." in night.last
    night.says("good night").passes(20).says("start bedtime").until("We begin with")
    assert night.last == "We begin with the bridge."
    night.says("bring it back")
    assert night.last == "The hug is left out. Shall I bring it back?"
    assert night.passes(5).says("yes").last.startswith("It is in again.")
    night.says("good night").passes(20).says("start bedtime").until("We begin with")
    assert night.last == "We begin with the hug."


# --- an end in the middle of a stretch --------------------------------------------------------------------------------

LIE_DOWN = (
    "Bend forward, and put your hands down in front of you. "
    "Let your hips down to the side with more room, lie down on that side, and shift to the middle."
)
COME_OUT = "Come out of the child slowly."


def kneeling() -> Night:
    """In the middle of a stretch in which nobody should be left."""
    return Night().says("start bedtime routine").until("once more").says("next").until("Come into the child").passes(9)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["good night"], "Sleep well. I am quiet now."),
        (["pause", "good night"], "Sleep well. I am quiet now."),
        (["stop", "good night"], "Sleep well. I am quiet now."),
        (["stop", "stop"], "Then we end here. Rest well."),
        (["stop", "no"], "Then we end here. Rest well."),
        (["stop", "done"], "Then we end here. Rest well."),
    ],
)
def test_who_ends_in_a_stretch_that_nobody_should_be_left_in_hears_the_way_out_first(
    words: list[str], said: str
) -> None:
    night = kneeling()
    lying = Night().says("start bedtime routine").until("five")
    for phrase in words:
        night.says(phrase).passes(2.5)
        lying.says(phrase).passes(2.5)
    assert night.last == f"{COME_OUT} {said}"
    assert lying.last == f"Let go. {said}", "on the back, one can fall asleep as one lies"


def test_who_has_heard_how_to_let_go_hears_only_how_to_lie_down() -> None:
    night = kneeling().says("pause").passes(10).says("good night")
    assert night.last == f"{LIE_DOWN} Sleep well. I am quiet now."
    lying = Night().says("start bedtime routine").until("five").says("pause").passes(10).says("good night")
    assert lying.last == "Sleep well. I am quiet now."


def test_after_stop_and_silence_only_the_way_out_is_told() -> None:
    assert kneeling().says("stop").passes(120).last == LIE_DOWN
    lying = Night().says("start bedtime routine").until("five").says("stop").passes(120)
    assert lying.last == "Let go. Your routine is waiting. Shall we go on? Yes or no?"
    assert lying.mode is Mode.REST


def test_the_way_out_is_not_told_before_the_way_in_nor_twice() -> None:
    named = Night().says("start bedtime routine").until("say once more").says("next")
    assert named.last == "Now comes the child."
    assert named.says("good night").last == "Sleep well. I am quiet now."
    led_in = Night().says("start bedtime routine").until("say once more").says("next").until("onto your knees")
    assert led_in.passes(4).says("good night").last.startswith("In your own way, come to lie on your side.")
    hurt = kneeling().says("that hurts").passes(15).says("good night")
    assert hurt.last == "Sleep well. I am quiet now."
    assert kneeling().says("that hurts").passes(1).says("good night").last.startswith(COME_OUT)
    lying = in_the_first_hold().says("that hurts").passes(1).says("good night")
    assert lying.last == "Come out of the hug slowly. Sleep well. I am quiet now."


def test_who_skips_the_rest_of_the_last_stretch_hears_the_way_out_too() -> None:
    night = Night().says("start morning").until("Come into the child").passes(9).says("next")
    assert night.last.startswith(f"{COME_OUT} That was the last one.")


# --- what lasts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fact", "about", "value"),
    [
        ("easier", Fact.EASIER, "hug", None),
        ("harder", Fact.HARDER, "hug", None),
        ("longer", Fact.LONGER, "hug", None),
        ("shorter", Fact.SHORTER, "hug", None),
        ("slower", Fact.PACE, "", 1.2),
        ("faster", Fact.PACE, "", 0.85),
        ("less talk", Fact.TALK, "", TalkLevel.BRIEF),
        ("quieter", Fact.VOLUME, "", -4.0),
        ("i have a pillow", Fact.PROP, "pillow", 1),
        ("i have no towel", Fact.PROP, "towel", 0),
    ],
)
def test_what_is_changed_is_noted(words: str, fact: Fact, about: str, value: float | None) -> None:
    assert noted(in_the_first_hold().says(words), fact) == [(about, value)]


def test_what_is_at_its_end_is_not_noted() -> None:
    night = Night(at_rest(talk=TalkLevel.LEAST)).says("start bedtime").passes(3).says("less talk").says("louder")
    assert not {"talk", "volume"} & set(night.facts)


def test_pace_talk_and_volume_are_as_they_were_left() -> None:
    night = in_the_first_hold().says("slower").says("less talk").says("quieter").says("good night").passes(60)
    next_night = Night(history=night.history, began=EVENING + timedelta(days=1)).opens().says("start bedtime")
    assert (next_night.state.pace, next_night.state.talk, next_night.state.volume_db) == (1.2, TalkLevel.BRIEF, -4.0)
    assert next_night.volumes_db == [-4.0]
    morning = Night(history=night.history, began=EVENING + timedelta(hours=11)).opens()
    assert morning.volumes_db == [], "another part of the day has another volume"


def test_the_easier_form_is_told_again_when_the_stretch_is_done_again() -> None:
    night = in_the_first_hold().says("easier").passes(5).says("once more")
    assert night.last == "Let go. Here is the hug from its beginning. Do less of the hug."
    assert night.says("harder").passes(5).says("once more").last == "Let go. Here is the hug from its beginning."


def test_a_question_stays_open_while_a_pillow_is_spoken_of() -> None:
    night = Night(history=RATES_PAIN).says("start bedtime").passes(3).says("i have a pillow").passes(4)
    assert night.last == f"{SCALE} From zero to ten, how is your back?"
    assert night.passes(4).says("five").mode is Mode.GREETING


# --- fitting the night ------------------------------------------------------------------------------------------------


def test_five_minutes_cuts_the_usual_routine_and_the_coach_says_so() -> None:
    night = Night().says("five minutes")
    assert night.last.startswith("Here is the bedtime routine")
    assert noted(night, Fact.SESSION_STARTED) == [("bedtime", 5)]
    whole = Night().says("start bedtime routine")
    assert "It is cut to fit." not in whole.last


def test_minutes_said_into_the_greeting_cut_the_routine_that_was_named() -> None:
    bedtime = replace(at_rest().knows.routines["bedtime"])
    long = replace(bedtime, entries=bedtime.entries * 3)
    night = Night(at_rest(knows=replace(knowledge(), routines={"bedtime": long}))).says("start bedtime").passes(2)
    steps = len(night.state.session.plan.steps)  # type: ignore[union-attr]
    night.says("five minutes")
    assert "It is cut to fit." in night.last
    assert len(night.state.session.plan.steps) < steps  # type: ignore[union-attr]
    assert night.facts.count("session started") == 1


def test_something_for_tonight_is_chosen_when_it_is_known_how_the_back_is() -> None:
    night = Night(history=RATES_PAIN).says("something for tonight")
    assert night.last == f"{SCALE} From zero to ten, how is your back?"
    assert night.passes(4).says("three").last.startswith("Here is the bedtime routine: four stretches")
    assert noted(night, Fact.SESSION_STARTED) == [("bedtime", None)]
    restful = replace(at_rest().knows.routines["bedtime"], key="quiet", name="quiet", entries=(Entry(BELLY, QUIET),))
    routines = {**at_rest().knows.routines, "quiet": restful}
    night = Night(at_rest(knows=replace(knowledge(), routines=routines)), RATES_PAIN).says("something for tonight")
    assert night.passes(4).says("nine").last.startswith("Here is the quiet: resting and breathing, about ")
    assert "Make yourself comfortable." in night.last, "a routine that is all restful keeps its own words"


def test_something_for_today_asks_in_the_morning_how_the_night_was() -> None:
    asks = at_rest(knows=knowledge(asks_sleep=True))
    assert "sleep" in Night(asks, began=EVENING + timedelta(hours=10)).says("something for today").last
    assert Night(asks).says("something for tonight").mode is Mode.GREETING


def test_a_red_flag_before_something_for_tonight_leaves_breathing() -> None:
    night = Night(history=()).says("something for tonight").passes(20).says("yes").passes(25).says("yes")
    assert noted(night, Fact.SESSION_STARTED) == [("bedtime", None)]
    assert night.until("We begin with").last == "We begin with belly breathing."


def test_something_for_tonight_is_chosen_by_the_hour() -> None:
    assert Night().says("something for tonight").last.startswith("Here is the bedtime routine")
    morning = Night(began=EVENING + timedelta(hours=10)).says("something for today")
    assert morning.last.startswith("Here is the morning routine")


# --- tips, sleep, progress --------------------------------------------------------------------------------------------


def test_one_tip_a_night_after_the_last_stretch_until_they_are_switched_off() -> None:
    night = Night(at_rest(knows=knowledge(tips=TIPS))).says("start bedtime")
    to_the_end(night)
    assert night.last == (
        "That was the last one. Here is a tip. A pillow under your knees takes strain off your back. "
        "That was all. Sleep tight."
    )
    assert noted(night, Fact.TIP_TOLD) == [("pillow", None)]
    again = to_the_end(night.passes(30).says("start bedtime"))
    assert again.last == "That was the last one. That was all. Sleep tight.", "one a night"
    history = [*night.history, Record(EVENING + timedelta(hours=2), Fact.TIPS, value=0)]
    next_night = Night(at_rest(knows=knowledge(tips=TIPS)), history, EVENING + timedelta(days=1))
    assert "tip" not in to_the_end(next_night.says("start bedtime")).last
    assert "Some warmth" in to_the_end(next_night.passes(30).says("tips again").passes(9).says("start bedtime")).last


def test_no_more_tips_can_be_said_into_the_tip_which_ends_as_it_would() -> None:
    night = to_the_end(Night(at_rest(knows=knowledge(tips=TIPS))).says("start bedtime"))
    ending = night.passes(2).says("no more tips").now_s
    assert night.passes(20).since(ending + 0.01) == []
    assert noted(night, Fact.TIPS) == [("", 0.0)]
    assert night.mode is Mode.REST


def test_sleep_is_asked_for_once_at_the_morning_routine_if_that_is_wished() -> None:
    asks = at_rest(knows=knowledge(asks_sleep=True))
    morning = EVENING + timedelta(hours=10)
    night = Night(asks, began=morning).says("start morning routine")
    assert night.last == "How did you sleep, zero to ten?"
    assert night.passes(4).says("seven").last.startswith("Here is the morning routine")
    assert noted(night, Fact.SLEPT) == [("", 7)]
    night.says("good night").passes(20)
    assert night.says("start morning routine").mode is Mode.GREETING, "once a morning"
    assert Night(asks).says("start bedtime routine").mode is Mode.GREETING, "not in the evening"
    assert Night(began=morning).says("start morning routine").mode is Mode.GREETING, "only if it is wished"


def test_how_am_i_doing_tells_the_sessions_and_that_it_is_too_early_to_tell_more() -> None:
    night = Night(history=(*ALL_ANSWERED, *rated(2, 5, 4), *rated(1, 5, 4))).says("how am i doing")
    assert night.last == (
        "In the last seven days you have done two sessions. It is too early to tell how your back is doing over time."
    )


EFFECT = "after a session it is usually a little better"


@pytest.mark.parametrize("relief", [0, 1])
@pytest.mark.parametrize(("early", "late", "words"), [(7, 3, "less"), (3, 7, "more"), (5, 5, "about the same")])
def test_how_am_i_doing_tells_the_trend_when_there_is_enough(early: int, late: int, words: str, relief: int) -> None:
    history = [line for day in range(20, 10, -1) for line in rated(day, early, early)]
    history += [line for day in range(10, 0, -1) for line in rated(day, late, late - relief)]
    told = Night(history=(*ALL_ANSWERED, *history)).says("how am i doing").last
    assert words in told
    assert (EFFECT in told) is (relief > 0 and words != "more"), (
        "who gets worse is sent to a professional, not consoled"
    )
    assert ("physical therapist" in told) is (words == "more")
    assert told.count(".") == 2


def test_that_a_session_does_good_is_told_before_the_weeks_can_be_judged() -> None:
    history = [line for day in range(6, 0, -1) for line in rated(day, 5, 3)]
    told = Night(history=(*ALL_ANSWERED, *history)).says("how am i doing").last
    assert told.endswith(f"It is too early to tell how your back is doing over time, and {EFFECT}.")


# --- what is different tonight ----------------------------------------------------------------------------------------


def test_what_one_condition_does_is_one_sentence() -> None:
    changes = (
        Change(ChangeKind.RULED_OUT, ("hug", "child"), Condition.PREGNANCY),
        Change(ChangeKind.SWAPPED, ("twist",), Condition.PREGNANCY),
        Change(ChangeKind.SWAPPED, ("bridge",), Condition.SOFT_BED),
        Change(ChangeKind.SHORTENED, ("hug",)),
    )
    assert changes_told(changes, knowledge()) == [
        "Because of a pregnancy, the hug and the child are left out, and something else takes the place of the twist.",
        "Because of a soft mattress, something else takes the place of the bridge.",
        "It is cut to fit.",
    ]
    assert len(changes_told(changes[::2], knowledge())) == 2, "another condition, another sentence"
