"""The words of both: what can be said, and what the coach says, of which nothing may sound like a command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from small_house import language, phrasebook

from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.languages.commands import Command, Meaning
from voicecoach.languages.language import ENGLISH, Sentences, load_language
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from pathlib import Path

TOLD_TO_SAY = {
    "help",
    "help_paused",
    "help_stopped",
    "hurt",
    "hurt_again",
    "hurt_twice",
    "hurt_twice_again",
    "ask_leave_out",
    "ask_switch",
}
"""Sentences that must name commands, because they tell what to say."""


@pytest.mark.parametrize(
    ("phrase", "meaning"),
    [
        ("start bedtime routine", Meaning(Command.START, "bedtime")),
        ("begin the morning routine", Meaning(Command.START, "morning")),
        ("start routine", Meaning(Command.START, None)),
        ("skip this", Meaning(Command.NEXT)),
        ("ouch", Meaning(Command.HURTS)),
        ("i can't feel my legs", Meaning(Command.RED_FLAG)),
        ("zero", Meaning(Command.NUMBER, 0)),
        ("ten", Meaning(Command.NUMBER, 10)),
        ("ten minutes", Meaning(Command.MINUTES, 10)),
        ("remind me at half past ten", Meaning(Command.REMIND_AT, 630)),
        ("remind me at quarter to one", Meaning(Command.REMIND_AT, 45)),
        ("please remind me at twelve", Meaning(Command.REMIND_AT, 0)),
        ("i have a pillow", Meaning(Command.PROP, "pillow")),
        ("i have no pillow", Meaning(Command.NO_PROP, "pillow")),
    ],
)
def test_what_phrases_mean(phrase: str, meaning: Meaning) -> None:
    assert phrasebook().meaning(phrase) == meaning


def test_what_is_no_phrase_means_nothing() -> None:
    with pytest.raises(BadRequestError, match="eleven"):
        phrasebook().meaning("eleven")


def parts(sentence: str) -> list[str]:
    """What is heard between two pauses: an ear may take each for an utterance of its own."""
    spoken = re.sub(r"\{.*?\}", " x ", sentence.lower())
    return [" ".join(re.findall(r"[a-z']+", part)) for part in re.split(r"[.,:;?!]", spoken)]


@pytest.mark.parametrize("name", sorted(set(Sentences.__dataclass_fields__) - TOLD_TO_SAY))
def test_nothing_the_coach_says_sounds_like_a_command(name: str) -> None:
    phrases = phrasebook().phrases_for(frozenset(Command) - {Command.NUMBER})
    assert not phrases & set(parts(getattr(language().sentences, name)))


def test_no_question_of_the_first_evening_sounds_like_a_command() -> None:
    phrases = phrasebook().phrases_for(frozenset(Command))
    for asked in language().screening.values():
        assert not phrases & {*parts(asked.ask), *parts(asked.name)}


@pytest.mark.parametrize(
    "alike",
    [
        {Command.TIPS_ON, Command.TIPS_OFF},
        {Command.RATING_ON, Command.RATING_OFF},
        {Command.STOP, Command.RATING_OFF, Command.TIPS_OFF},
        {Command.REMIND_ME, Command.REMIND_AT},
    ],
)
def test_opposites_do_not_differ_by_a_little_word_that_may_be_missed(alike: set[Command]) -> None:
    """What is left of one phrase when "no" or "more" was not heard is not another."""
    for command in alike:
        others = phrasebook().phrases_for(alike - {command})
        for phrase in phrasebook().phrases_for({command}):
            assert " ".join(word for word in phrase.split() if word not in {"no", "more", "not"}) not in others


def test_single_words_are_listened_for_only_where_they_are_answers_or_in_a_session() -> None:
    new = {
        Command.MINUTES,
        Command.SOMETHING,
        Command.REMIND_AT,
        Command.ASK_ANEW,
        Command.RATING_ON,
        Command.RATING_OFF,
        Command.TIPS_ON,
        Command.TIPS_OFF,
        Command.PROP,
        Command.NO_PROP,
    }
    assert all(" " in phrase for phrase in phrasebook().phrases_for(new))


def test_every_word_can_be_heard_with_the_model_that_ships() -> None:
    lines = (shipped("models") / "voicecoach-en" / "graph" / "lexicon.txt").read_text(encoding="utf-8").splitlines()
    known = {line.split()[0] for line in lines if line}
    said = {word for phrase in phrasebook().phrases_for(frozenset(Command)) for word in phrase.split()}
    assert not said - known


def test_every_phrase_is_lower_case_words_and_single_blanks() -> None:
    for phrase in phrasebook().phrases_for(frozenset(Command)):
        assert re.fullmatch(r"[a-z']+( [a-z']+)*", phrase)


def test_numbers_and_lists_are_said_as_people_say_them() -> None:
    words = language()
    assert words.minutes(20) == "less than a minute"
    assert words.minutes(70) == "one minute"
    assert words.minutes(14 * 60) == "fourteen minutes"
    assert words.number(57) == "57"
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    - skip this\n", "    - go back\n", '"go back" already means'),
        ("  paused:", "  pawsed:", "pawsed"),
        ("    - louder\n    - speak up\n    - speak louder\n", "    - louder\n", "at least 2"),
        ('  left_none: "This is the last one."\n', "", "left_none"),
    ],
    ids=["a phrase with two meanings", "a sentence nobody says", "a command with one phrasing", "a missing sentence"],
)
def test_a_language_file_that_is_wrong_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    text = ENGLISH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "en.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadFileError, match=re.escape(expected)) as caught:
        load_language(path)
    assert re.match(r".*en\.yaml:\d+:\d+: ", str(caught.value))
