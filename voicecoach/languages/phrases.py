"""Reads the phrases of a language: what a person can say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.languages.commands import SAFETY, Command
from voicecoach.languages.language import LARGEST_NUMBER
from voicecoach.languages.problems import Problems
from voicecoach.languages.templates import read_text
from voicecoach.routine.stretch import PROPS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from voicecoach.languages.facts import LanguageFacts
    from voicecoach.yamlfile import Node

THE_USUAL = "start the usual"
FEWEST_PHRASINGS = 2
FEWEST_SAFETY_PHRASINGS = 5
"""Nobody searches for words when it hurts."""

_SLOTS: Mapping[str, str] = {
    Command.START.key: "routine",
    Command.MINUTES.key: "minutes",
    Command.REMIND_AT.key: "time",
    Command.PROP.key: "prop",
    Command.NO_PROP.key: "prop",
}
_PHRASE = re.compile(r"[^\W\d_]+(['-][^\W\d_]+)*'?( [^\W\d_]+(['-][^\W\d_]+)*'?)*")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a person can say."""

    of_command: Mapping[Command, tuple[str, ...]]
    usual: tuple[str, ...]
    """Phrasings of "start" that name no routine."""
    props: Mapping[str, tuple[str, ...]]


def read_phrases(path: Path, facts: LanguageFacts, commands: Collection[Command]) -> Phrases:
    """The phrases of a file: each of ``commands`` has some, nothing else has, and no phrase means two things.

    Raises:
        BadFileError: They are not so.
    """
    parts = {"commands", "props"}
    top = yamlfile.read(path).mapping(allowed=parts, required=parts)
    node, problems = top["commands"], Problems()
    keys = (*(command.key for command in commands if command != Command.NUMBER), THE_USUAL)
    given = node.mapping(allowed=keys)
    with problems:
        if missing := [key for key in keys if key not in given]:
            raise node.error(
                f"there are no phrases for {', '.join(missing)}; write at least {FEWEST_PHRASINGS} for each"
            )
    owner = {word: f"the number {number}" for number, word in enumerate(facts.numbers[: LARGEST_NUMBER + 1])}
    read: dict[str, tuple[str, ...]] = {}
    for key, said in given.items():
        with problems:
            read[key] = _phrasings(key, said, owner)
    with problems:
        props = {prop: _heard(said) for prop, said in top["props"].mapping(allowed=PROPS, required=PROPS).items()}
    problems.raise_any()
    return Phrases({Command(key): said for key, said in read.items() if key != THE_USUAL}, read[THE_USUAL], props)


def _phrasings(key: str, node: Node, owner: dict[str, str]) -> tuple[str, ...]:
    """The phrasings of a command; ``owner`` tells what each phrase means so far."""
    slots = (_SLOTS[key],) if key in _SLOTS else ()
    listed = []
    for phrase in node.sequence():
        text = _checked(phrase, read_text(phrase, slots), slots)
        if text in owner:
            raise phrase.error(f'"{text}" already means "{owner[text]}"; choose other words')
        owner[text] = key
        listed.append(text)
    fewest = FEWEST_SAFETY_PHRASINGS if Command(key) in SAFETY else FEWEST_PHRASINGS
    if len(listed) < fewest:
        raise node.error(f'"{key}" has {len(listed)} phrasing{"s" * (len(listed) > 1)}; write at least {fewest}')
    return tuple(listed)


def _heard(node: Node) -> tuple[str, ...]:
    return tuple(_checked(word, read_text(word), ()) for word in node.sequence())


def _checked(node: Node, text: str, slots: tuple[str, ...]) -> str:
    words = text
    for slot in slots:
        words = words.replace(f"{{{slot}}}", "x")
    if text != text.lower() or not _PHRASE.fullmatch(words):
        raise node.error(f'"{text}" cannot be listened for; write words in lower case, with single blanks between them')
    return text
