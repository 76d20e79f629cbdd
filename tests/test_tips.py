"""One tip a night: told calmly, from the articles, and not twice within a month."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_house import language, phrasebook
from test_language import parts

from voicecoach.dialogue.table import COMMANDS
from voicecoach.errors import BadFileError
from voicecoach.languages.loading import MOST_TIP_WORDS
from voicecoach.person.person import Person
from voicecoach.person.progress import day_of
from voicecoach.person.tips import A_MONTH, TIPS_FILE, Tip, load_tips, tip_for
from voicecoach.person.tonight import Tonight
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.routine.stretch import When

if TYPE_CHECKING:
    from pathlib import Path

EVENING = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
ARTICLES = {"000", "001", "002", "003", "004"}
SHOUTING = re.compile(r"!|\b(must|never|always|should have|best|perfect|amazing)\b", re.IGNORECASE)


@cache
def tips() -> tuple[Tip, ...]:
    return load_tips(language().tips)


@cache
def routines() -> frozenset[str]:
    folder = shipped("routines")
    return frozenset(load_library(folder, folder).routines)


def told_every_day(first: datetime, days: int, routine: str) -> list[Tip]:
    """The tips of so many days, each told at about the same time: sometimes a little earlier than the day before."""
    told: dict[str, datetime] = {}
    heard = []
    for day in range(days):
        now = first + timedelta(days=day, minutes=-(day % 20))
        tip = tip_for(tips(), Tonight(now, Person(tips_told=told)), routine)
        assert tip is not None, f"nothing is left to tell on day {day}"
        told[tip.key] = now
        heard.append(tip)
    return heard


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tip", tips(), ids=lambda tip: tip.key)
def test_a_tip_is_short_calm_and_from_an_article(tip: Tip) -> None:
    sentences = re.findall(r"[^.]+\.", tip.text)
    assert "".join(sentences) == tip.text
    assert len(sentences) <= 2
    assert len(tip.text.split()) <= MOST_TIP_WORDS
    assert not SHOUTING.search(tip.text)
    assert {source.article for source in tip.sources} <= ARTICLES
    assert all(source.heading for source in tip.sources)


@pytest.mark.parametrize("tip", tips(), ids=lambda tip: tip.key)
def test_nothing_in_a_tip_sounds_like_a_command(tip: Tip) -> None:
    assert not phrasebook().phrases_for(COMMANDS) & set(parts(tip.text))


def test_a_tip_is_told_once_in_the_file() -> None:
    assert len({tip.text for tip in tips()}) == len(tips())


def test_what_says_so_itself_is_a_routine() -> None:
    assert {key for tip in tips() for key in tip.said_by} <= routines()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("when: bedtime", "when: betdime", 'did you mean "bedtime"?'),
        ("  when: bedtime\n", "", '"when" is missing'),
        ("few-minutes:", "pillow-under-knees:", "for the second time"),
        ("dim-light:", "dim-lamp:", "there is no tip dim-light here"),
    ],
    ids=["an hour that there is not", "no hour", "the same key", "a tip that nobody says"],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(tmp_path: Path, old: str, new: str, expected: str) -> None:
    text = TIPS_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "tips.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadFileError, match=re.escape(expected)) as caught:
        load_tips(language().tips, path)
    assert re.match(r".*tips\.yaml:\d+:\d+: ", str(caught.value))


# --- which one --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [EVENING, MORNING], ids=["evenings", "mornings"])
@pytest.mark.parametrize("routine", ["own", *sorted(routines())])
def test_nobody_hears_a_tip_twice_within_a_month(first: datetime, routine: str) -> None:
    heard = told_every_day(first, 100, routine)
    for day, tip in enumerate(heard):
        assert tip not in heard[max(0, day - 30) : day]
    unsuitable = When.MORNING if first is EVENING else When.BEDTIME
    assert unsuitable not in {tip.when for tip in heard}
    assert not any(routine in tip.said_by for tip in heard)


def test_the_one_told_longest_ago_comes_when_all_have_been_told() -> None:
    first, *others = (tip for tip in tips() if tip.when is not When.MORNING)
    told = {tip.key: EVENING - timedelta(days=40 + number) for number, tip in enumerate(others)}
    assert tip_for(tips(), Tonight(EVENING, Person(tips_told=told)), "bedtime") == first
    told[first.key] = EVENING - timedelta(days=40)
    assert tip_for(tips(), Tonight(EVENING, Person(tips_told=told)), "bedtime") == others[-1]


def test_one_a_day_is_enough_and_a_day_lasts_until_five() -> None:
    person = Person(tips_told={"lavender": EVENING})
    after_midnight = EVENING.replace(hour=1) + timedelta(days=1)
    assert tip_for(tips(), Tonight(after_midnight, person), "bedtime") is None
    assert tip_for(tips(), Tonight(after_midnight.replace(hour=6), person), "morning") is not None


@pytest.mark.parametrize(
    ("hour", "when"),
    [
        *((4, When.BEDTIME), (5, When.MORNING), (10, When.MORNING)),
        *((11, None), (17, None), (18, When.BEDTIME), (0, When.BEDTIME)),
    ],
)
def test_mornings_are_from_five_to_eleven_and_bedtime_from_six_in_the_evening(hour: int, when: When | None) -> None:
    """Between them there are only tips for any time: nobody who sits up in the afternoon is told how to sleep."""
    by_hour = [tip for tip in tips() if tip.when is not When.ANY]
    tip = tip_for(by_hour, Tonight(EVENING.replace(hour=hour)), "bedtime")
    assert (tip and tip.when) is when


def test_who_wants_no_tips_hears_none() -> None:
    assert tip_for(tips(), Tonight(EVENING, Person(tips=False)), "bedtime") is None


@pytest.mark.parametrize(("days_ago", "is_silent"), [(30, True), (31, False)])
def test_when_all_have_been_told_this_month_there_is_none(days_ago: int, is_silent: bool) -> None:  # noqa: FBT001 - a column of the table
    told = {tip.key: EVENING - timedelta(days=days_ago) for tip in tips()}
    tip = tip_for(tips(), Tonight(EVENING - timedelta(minutes=20), Person(tips_told=told)), "bedtime")
    assert (tip is None) is is_silent


@settings(max_examples=50)
@given(
    st.dictionaries(st.sampled_from([tip.key for tip in tips()]), st.integers(0, 90), max_size=12), st.integers(0, 23)
)
def test_whatever_was_told_the_tip_is_fresh_and_of_the_hour(days_ago: dict[str, int], hour: int) -> None:
    now = EVENING.replace(hour=hour)
    told = {key: now - timedelta(days=days) for key, days in days_ago.items()}
    tip = tip_for(tips(), Tonight(now, Person(tips_told=told)), "bedtime")
    if tip is not None:
        assert tip.when is not When.MORNING or 5 <= hour < 11
        assert tip.when is not When.BEDTIME or not 5 <= hour < 18
        assert tip.key not in told or day_of(now) - day_of(told[tip.key]) >= A_MONTH
        assert 0 not in days_ago.values()
