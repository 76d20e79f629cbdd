"""Thirty nights of one person: what a careful physical therapist would want to read in their story."""

from __future__ import annotations

import os
import subprocess
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest
from pretended_machine import CHECKOUT

from thirty_nights import telling
from thirty_nights.__main__ import main
from thirty_nights.living import Lived, live, usual_house
from thirty_nights.page import entries_by_stretch, page
from thirty_nights.story import STORY
from voicecoach.person.adapting import BREATHING, BREATHS
from voicecoach.person.facts import DONE, Fact
from voicecoach.person.person import Condition
from voicecoach.plain import plain
from voicecoach.routine.plan import COUNT_S
from voicecoach.routine.stretch import Position, Sides, Unit
from voicecoach.session_events import Began, Understood
from voicecoach.session_trace import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.person.facts import Record
    from voicecoach.routine.stretch import Amount, Entry

BREATH_S: Final = 10.0
A_MONTH: Final = timedelta(days=31)
HURT_TOO_OFTEN: Final = "knees-together-sway"
URGING: Final = (
    "you must",
    "you have to",
    "push through",
    "try harder",
    "no pain no gain",
    "give up",
    "come on",
    "keep going",
    "a bit more",
    "you can do it",
    "you should",
    "failed",
    "missed",
)


@pytest.fixture(scope="module")
def assembly() -> Assembly:
    return usual_house()


@pytest.fixture(scope="module")
def story(assembly: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Lived]:
    return tuple(live(STORY, tmp_path_factory.mktemp("history"), assembly))


def night(story: Sequence[Lived], number: int) -> Lived:
    return next(lived for lived in story if lived.visit.number == number and not lived.visit.morning)


def morning(story: Sequence[Lived]) -> Lived:
    return next(lived for lived in story if lived.visit.morning)


def says(lived: Lived, words: str) -> bool:
    """Whether the coach says ``words`` on that visit."""
    return f" {plain(words)} " in f" {' | '.join(map(plain, telling.coach_said(lived)))} "


def level(lived: Lived, stretch: str) -> int:
    """The level at which ``stretch`` was done."""
    (record,) = [one for one in lived.noted if one.what is Fact.STRETCH_DONE and one.about == stretch]
    return round(record.value or 0)


# --- the whole story --------------------------------------------------------------------------------------------------


def test_there_are_thirty_nights_within_six_weeks_and_all_goes_as_it_is_written(story: Sequence[Lived]) -> None:
    nights = [lived.visit for lived in story if not lived.visit.morning]
    assert [visit.number for visit in nights] == list(range(1, 31))
    assert nights[-1].at - nights[0].at == timedelta(days=43)
    assert [failure for lived in story for failure in lived.session.failures] == []


def test_there_is_never_a_night_without_at_least_breathing(story: Sequence[Lived], assembly: Assembly) -> None:
    for lived in story:
        assert telling.guided(lived, assembly), lived.visit


def test_nothing_on_hands_and_knees_is_ever_guided_as_kneeling_is_hard(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    kneeling = {Position.HANDS_AND_KNEES, Position.KNEELING}
    ruled_out = {
        key
        for key, stretch in assembly.library.stretches.items()
        if stretch.position in kneeling or Condition.KNEELING in stretch.not_with
    }
    led_into_it = {assembly.library.stretches[key].setup for key in ruled_out}
    assert ruled_out
    for lived in story:
        assert not ruled_out.intersection(telling.guided(lived, assembly))
        assert not led_into_it.intersection(telling.coach_said(lived))


def test_nothing_ever_lasts_longer_than_the_articles_say(story: Sequence[Lived], assembly: Assembly) -> None:
    timed = [one for lived in story for one in timed_beats(lived, assembly)]
    assert {beat for beat, *_ in timed} == {"hold", "breaths", "movement"}
    for beat, stretch, length_s, longest_s in timed:
        assert length_s <= longest_s, (beat, stretch)


def timed_beats(lived: Lived, assembly: Assembly) -> Iterator[tuple[str, str, float, float]]:
    """Each hold, breathing and movement: what it was, of which stretch, how long it lasted, and how long it may."""
    routine = telling.noted(lived, Fact.SESSION_STARTED)[0]
    entries = entries_by_stretch(assembly.library.routines[routine].entries, assembly.library.stretches)
    words = assembly.language.plan
    names = {
        plain(naming.format(name=stretch.name)): key
        for key, stretch in assembly.library.stretches.items()
        for naming in (words.first, words.then, words.last)
    }
    stretch = ""
    for one in lived.session.events:
        if isinstance(one, Began) and one.beat in {"hold", "breaths", "movement"}:
            breathes = stretch == BREATHING and one.beat == "breaths"
            longest = BREATHS * BREATH_S if breathes else longest_s(entries.get(stretch), assembly, stretch)
            yield one.beat, stretch, one.length_s, longest
        elif isinstance(one, Began) and one.cues:
            stretch = names.get(plain(str(one.cues[-1].sound)), stretch)


def longest_s(entry: Entry | None, assembly: Assembly, stretch: str) -> float:
    """The upper end of a dose in seconds; ten breaths where the routine knows nothing of the stretch."""
    if entry is None:
        return 10 * BREATH_S
    hold_s = seconds(entry.dose.hold)
    phases = assembly.library.stretches[stretch].phases
    if not phases:
        return hold_s
    rounds = entry.dose.repeat.high if entry.dose.repeat else 1
    sides = 2 if entry.dose.sides is Sides.ALTERNATING else 1
    return rounds * sides * sum(hold_s if phase.seconds is None else phase.seconds for phase in phases)


def seconds(amount: Amount | None) -> float:
    unit_s = {Unit.SECONDS: 1.0, Unit.COUNTS: COUNT_S, Unit.BREATHS: BREATH_S}
    return amount.high * unit_s[amount.unit] if amount else 0.0


def test_the_coach_never_urges(story: Sequence[Lived]) -> None:
    for lived in story:
        for sentence in telling.coach_said(lived):
            assert not [words for words in URGING if f" {words} " in f" {plain(sentence)} "], sentence


def test_no_tip_is_told_twice_within_a_month_and_never_two_a_day(story: Sequence[Lived]) -> None:
    told = [
        (lived.visit.at, sentence)
        for lived in story
        if lived.visit.number != 18  # the file has lost the tip of the night before: see below
        for text in telling.coach_said(lived)
        if text.startswith("Here is a tip.")
        for sentence in [text.removesuffix(telling.sentences(text)[-1])]
    ]
    assert len(told) > 20
    assert len({at.date() for at, _ in told}) == len(told)
    for index, (at, tip) in enumerate(told):
        for before, other in told[:index]:
            assert tip != other or at - before >= A_MONTH


# --- the first nights -------------------------------------------------------------------------------------------------


def test_questions_are_asked_on_the_first_night_and_those_she_was_not_sure_of_after_a_week(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    first, *others = story
    asked = [question for words in assembly.language.screening.values() for question in words.asks]
    assert telling.noted(first, Fact.ANSWERED) == [condition.value for condition in Condition]
    assert all(says(first, question) for question in asked)
    for lived in others:
        again = {9: ["osteoporosis", "trouble kneeling"], 21: ["red flags"]}.get(lived.visit.number, [])
        assert telling.noted(lived, Fact.ANSWERED) == again
        if lived.visit.number != 9:
            assert not any(says(lived, question) for question in asked)
        assert says(lived, assembly.language.prompts.ask_news) is (lived.visit.number == 21), "back after a break"


def test_once_and_plainly_this_is_not_medical_advice(story: Sequence[Lived]) -> None:
    assert [lived.visit.number for lived in story if says(lived, "none of this is medical advice")] == [1]


def test_what_kneeling_rules_out_is_told_once_and_something_else_takes_its_place(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    assert says(night(story, 11), "because of trouble kneeling")
    assert "cat-cow-on-back" in telling.guided(night(story, 11), assembly)
    assert [lived.visit.number for lived in story if says(lived, "trouble kneeling")] == [9, 11]  # two routines


def test_a_pillow_is_spoken_of_only_to_who_has_one(story: Sequence[Lived], assembly: Assembly) -> None:
    (aid,) = assembly.library.stretches["spinal-twist"].aids
    assert not says(night(story, 1), aid.say)
    assert says(night(story, 2), "i will tell you where the pillow helps")
    assert says(night(story, 11), aid.say)
    assert says(night(story, 30), aid.say)


def test_after_three_comfortable_nights_there_is_a_little_more(story: Sequence[Lived]) -> None:
    assert [level(night(story, number), "pelvic-tilt") for number in (1, 2, 3, 4)] == [0, 0, 0, 1]
    assert says(night(story, 4), "the pelvic tilt and the knee sway are a little longer now")


# --- pain -------------------------------------------------------------------------------------------------------------


def test_that_hurts_is_noted_with_stretch_side_and_second(story: Sequence[Lived]) -> None:
    (hurt,) = [one for one in night(story, 5).noted if one.what is Fact.HURT]
    assert (hurt.about, hurt.side) == (HURT_TOO_OFTEN, "left")
    assert hurt.second is not None
    assert 60 < hurt.second < 300


def test_the_next_time_the_easier_form_comes_first(story: Sequence[Lived], assembly: Assembly) -> None:
    easier = assembly.library.stretches[HURT_TOO_OFTEN].easier
    assert not says(night(story, 5), easier)
    for number in (6, 7):
        assert says(night(story, number), "it hurt last time, so the knee sway comes in its easier form")
        assert says(night(story, number), easier)


def test_after_three_nights_with_pain_it_is_left_out_and_told_why(story: Sequence[Lived], assembly: Assembly) -> None:
    assert says(night(story, 8), "it hurt in three sessions, so the knee sway is left out")
    for lived in story:
        if 8 <= lived.visit.number < 22:
            assert HURT_TOO_OFTEN not in telling.guided(lived, assembly)


def test_it_is_brought_back_in_its_easier_form(story: Sequence[Lived], assembly: Assembly) -> None:
    back = night(story, 22)
    assert telling.noted(back, Fact.BROUGHT_BACK)
    assert HURT_TOO_OFTEN in telling.guided(back, assembly)
    assert says(back, assembly.library.stretches[HURT_TOO_OFTEN].easier)


def test_what_hurts_twice_in_one_night_is_left_and_the_end_is_offered(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    bad = night(story, 11)
    assert telling.noted(bad, Fact.HURT) == ["knee-to-chest", "knee-to-chest"]
    assert says(bad, "shall we end here, or go to the next one")
    assert telling.guided(bad, assembly).count("knee-to-chest") == 1
    assert says(night(story, 12), assembly.library.stretches["knee-to-chest"].easier)


def test_a_back_that_feels_worse_afterwards_hears_no_tip_that_night(story: Sequence[Lived], assembly: Assembly) -> None:
    for number in (11, 12):
        worse = night(story, number)
        (routine,) = set(telling.noted(worse, Fact.SESSION_STARTED))
        assert says(worse, "I am sorry that it feels worse")
        assert not telling.noted(worse, Fact.TIP_TOLD)
        assert not says(worse, assembly.library.routines[routine].closing)
    assert says(night(story, 12), "your back felt worse after stretching, so tonight we only breathe")


def test_after_two_worse_nights_rest_and_a_professional_are_suggested_calmly(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    suggested = [lived.visit.number for lived in story if telling.noted(lived, Fact.SUGGESTED_REST)]
    assert suggested == [12]
    said = telling.coach_said(night(story, 12))
    (at,) = [index for index, text in enumerate(said) if "a doctor or a physical therapist" in text]
    assert says(night(story, 12), "would you like that")
    names = {assembly.language.plan.first.format(name=assembly.library.stretches[key].name): key for key in RESTFUL}
    assert [names[text] for text in said[at:] if text in names] == ["belly-breathing"]


RESTFUL: Final = ("belly-breathing", "body-scan")


def test_the_night_after_there_is_only_breathing_too(story: Sequence[Lived], assembly: Assembly) -> None:
    assert says(night(story, 13), "only breathe")
    assert set(telling.guided(night(story, 13), assembly)) <= set(RESTFUL)
    assert not set(telling.guided(night(story, 15), assembly)) & set(RESTFUL)


def test_there_is_not_more_of_anything_after_a_night_that_has_done_harm(story: Sequence[Lived]) -> None:
    assert not says(night(story, 12), "a little longer now")
    assert level(night(story, 16), "spinal-twist") <= level(night(story, 11), "spinal-twist")


def test_there_is_never_more_of_anything_without_a_word(story: Sequence[Lived]) -> None:
    untold = []
    before: dict[tuple[str, str], int] = {}
    for lived in story:
        routine = telling.noted(lived, Fact.SESSION_STARTED)[0]
        for one in lived.noted:
            if one.what is Fact.STRETCH_DONE:
                if (one.value or 0) > before.get((routine, one.about), 99) and not says(lived, "a little longer now"):
                    untold.append((lived.visit.number, one.about))
                before[routine, one.about] = round(one.value or 0)
    assert untold == []


# --- what is not clear ------------------------------------------------------------------------------------------------


def test_she_says_nothing_that_is_not_understood_but_one_mumble(story: Sequence[Lived]) -> None:
    understood = [one for lived in story for one in lived.session.events if isinstance(one, Understood)]
    spoken = [line.words for lived in story for line in lived.session.said if line.who == PERSON]
    assert [one.words for one in understood if one.meaning is None] == ["mhm siss"]
    assert len(spoken) == len(understood)


def test_what_brittle_bones_rule_out_is_left_out_for_the_week_in_which_nobody_knows_of_them(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    ruled_out = {key for key, one in assembly.library.stretches.items() if Condition.OSTEOPOROSIS in one.not_with}
    assert [lived.visit.number for lived in story if says(lived, "in case of osteoporosis")] == [1, 5]  # two routines
    for lived in story:
        in_it = ruled_out.intersection(telling.guided(lived, assembly))
        assert not in_it or lived.visit.number >= 9
    assert {"knee-hug", "thread-the-needle"} <= set(telling.guided(night(story, 9), assembly))
    assert {"knee-to-chest", "spinal-twist"} <= set(telling.guided(night(story, 11), assembly))


def test_i_cannot_kneel_is_the_answer_to_whether_that_is_hard(story: Sequence[Lived]) -> None:
    answers = {one.about: one.value for one in night(story, 9).noted if one.what is Fact.ANSWERED}
    assert answers == {"osteoporosis": 0.0, "trouble kneeling": 1.0}


@pytest.mark.parametrize(
    ("number", "before", "after"), [(1, 4, 3), (3, 4, 3), (5, 5, 5), (8, 6, 5), (11, 6, 8), (14, 6, None)]
)
def test_pain_is_noted_as_she_says_it_and_of_two_numbers_the_higher(
    story: Sequence[Lived], number: int, before: int, after: int | None
) -> None:
    rated = [telling.value(night(story, number), fact) for fact in (Fact.PAIN_BEFORE, Fact.PAIN_AFTER)]
    assert rated == [before, after]


def test_what_is_no_number_is_asked_again_once(story: Sequence[Lived], assembly: Assembly) -> None:
    words = assembly.language.prompts
    assert says(night(story, 11), f"{words.sorry} {words.ask_pain_before}")
    assert [lived.visit.number for lived in story if says(lived, words.which_number)] == [14]


def test_who_says_nothing_of_their_back_has_a_little_less_that_night(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    silent = night(story, 29)
    assert [lived.visit.number for lived in story if says(lived, "i do not know how your back is")] == [29]
    assert telling.value(silent, Fact.PAIN_BEFORE) is None
    assert not says(silent, assembly.language.prompts.ask_pain_after)
    assert [level(silent, key) for key in ("knee-to-chest", "pelvic-tilt", "spinal-twist")] == [0, 0, 0]
    assert says(night(story, 30), "a little longer now"), "and is told that it is more again"


def test_who_does_not_know_what_to_do_with_pain_rests_first(story: Sequence[Lived], assembly: Assembly) -> None:
    assert says(night(story, 6), assembly.language.prompts.paused)
    assert telling.guided(night(story, 6), assembly) == ["pelvic-tilt", "bridge", HURT_TOO_OFTEN, "feet-together"]


def test_i_guess_so_brings_nothing_back(story: Sequence[Lived]) -> None:
    back = night(story, 22)
    assert says(back, "then nothing changes")
    assert len(telling.noted(back, Fact.BROUGHT_BACK)) == 1


def test_hang_on_the_bathroom_and_thank_you_are_heeded(story: Sequence[Lived], assembly: Assembly) -> None:
    words = assembly.language.prompts
    assert says(night(story, 8), words.paused)
    assert says(night(story, 16), "get up slowly")
    assert [lived.visit.number for lived in story if says(lived, words.thanked)] == [3, 20, 30]
    led_in = assembly.library.stretches["pelvic-tilt"].setup
    assert [plain(one) for one in telling.coach_said(night(story, 8))].count(plain(led_in)) == 3, "what was that"


# --- evenings that are different --------------------------------------------------------------------------------------


def test_ten_minutes_are_ten_minutes(story: Sequence[Lived], assembly: Assembly) -> None:
    tired = night(story, 9)
    assert says(tired, "it is cut to fit")
    assert telling.minutes(tired) <= 11
    assert telling.guided(tired, assembly)[0] == "knee-hug"


def test_something_for_tonight_is_nothing_that_was_left_out_or_is_sore(
    story: Sequence[Lived], assembly: Assembly
) -> None:
    chosen = night(story, 10)
    assert telling.noted(chosen, Fact.SESSION_STARTED) != telling.noted(night(story, 9), Fact.SESSION_STARTED)
    assert HURT_TOO_OFTEN not in telling.guided(chosen, assembly)
    assert chosen.session.mode == "asleep"


def test_a_reminder_comes_once_more_ten_minutes_after_not_now_and_after_i_think_so(story: Sequence[Lived]) -> None:
    asked = [
        one.at_s
        for one in night(story, 15).session.events
        if isinstance(one, Began) and any("Ready for your" in str(cue.sound) for cue in one.cues)
    ]
    assert len(asked) == 3
    assert all(600 <= later - earlier < 620 for earlier, later in pairwise(asked))


def test_in_the_morning_it_asks_for_the_night_and_on_no_evening(story: Sequence[Lived]) -> None:
    assert telling.value(morning(story), Fact.SLEPT) == 7
    assert [lived for lived in story if telling.noted(lived, Fact.SLEPT)] == [morning(story)]


def test_how_am_i_doing_is_answered_honestly(story: Sequence[Lived]) -> None:
    assert says(night(story, 7), "in the last seven days you have done six sessions")
    assert says(night(story, 7), "too early to tell")
    assert says(night(story, 30), "your back hurts less")


def test_after_the_break_there_is_a_little_less(story: Sequence[Lived]) -> None:
    assert says(night(story, 21), "after the break, we begin with a little less")
    for stretch in ("knee-to-chest", "pelvic-tilt", "spinal-twist"):
        assert level(night(story, 21), stretch) == level(night(story, 20), stretch) - 1


# --- the power and the file -------------------------------------------------------------------------------------------


def test_after_a_power_cut_it_goes_on_at_the_right_stretch(story: Sequence[Lived], assembly: Assembly) -> None:
    cut = night(story, 16)
    assert says(cut, "we were at the pelvic tilt. shall we go on")
    assert telling.guided(cut, assembly) == ["knee-to-chest", "cat-cow-on-back", "pelvic-tilt", "spinal-twist"]
    assert telling.noted(cut, Fact.STRETCH_DONE) == telling.guided(cut, assembly)
    assert telling.noted(cut, Fact.SESSION_STARTED) == telling.noted(cut, Fact.SESSION_FINISHED)


def test_a_session_is_left_where_the_power_was_cut_if_that_is_wished(story: Sequence[Lived]) -> None:
    cut = night(story, 25)
    assert says(cut, "we were at the spinal twist. shall we go on")
    assert says(cut, "then we leave it there")
    assert telling.noted(cut, Fact.SESSION_ENDED_EARLY)
    assert not any(record.what in DONE for record in cut.noted)


def test_a_damaged_file_is_set_aside_and_the_copy_goes_on(story: Sequence[Lived]) -> None:
    (warning,) = night(story, 18).warnings
    assert "was set aside as journal.sqlite3.damaged-20260129-220500" in warning
    assert "the copy of 28 January 2026 goes on" in warning
    assert [lived.visit.number for lived in story if lived.warnings] == [18]
    lived_before = night(story, 16).history
    assert before(night(story, 18))[: len(lived_before)] == lived_before


def test_nothing_is_lost_with_a_damaged_file(story: Sequence[Lived]) -> None:
    assert before(night(story, 18)) == night(story, 17).history
    assert not set(telling.noted(night(story, 18), Fact.TIP_TOLD)) & set(telling.noted(night(story, 17), Fact.TIP_TOLD))


def test_otherwise_the_history_only_ever_grows(story: Sequence[Lived]) -> None:
    for earlier, later in pairwise(story):
        if not later.visit.damaged:
            assert before(later) == earlier.history


def before(lived: Lived) -> tuple[Record, ...]:
    """What the journal knew when a visit began."""
    return tuple(record for record in lived.history if record.at < lived.visit.at)


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_tells_every_night_and_ends_with_a_table(
    story: Sequence[Lived], assembly: Assembly, tmp_path: Path
) -> None:
    told = page(story, assembly)
    lines = told.splitlines()
    assert len([line for line in lines if line.startswith("## Night ")]) == 30
    assert len([line for line in lines if line.startswith(("| Night ", "| Morning "))]) == len(STORY)
    assert str(tmp_path.parent) not in told
    assert page(story, assembly) == told
    assert "**Coach:** From zero to ten, how is your back?  \n> **Ruth:** maybe five" in told, "a number is told below"
    assert told.count("*(no answer)*") == 1
    assert "knee to chest (left out, in case of osteoporosis)" in told


def test_where_the_page_cannot_be_written_is_said_before_the_first_night(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path / "no" / "such.md")]) == 73
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("such.md cannot be written (No such file or directory); name another file with --out")


def test_the_command_can_be_executed() -> None:
    command = CHECKOUT / "scripts" / "thirty-nights"
    subprocess.run(["bash", "-n", command], check=True)
    assert os.access(command, os.X_OK)
