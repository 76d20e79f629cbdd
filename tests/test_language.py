"""The words of both: what can be said, and what the coach says, of which nothing may sound like a command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from small_house import language, phrasebook

from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.language.commands import Command, Meaning
from voicecoach.language.wording import ENGLISH, Sentences, load_language

if TYPE_CHECKING:
    from pathlib import Path

TOLD_TO_SAY = {
    "help",
    "help_paused",
    "help_stopped",
    "hurt",
    "hurt_again",
    "ask_leave_out",
    "ask_switch",
    "ask_bring_back",
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
