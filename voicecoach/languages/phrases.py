"""Reads the phrases of a language: what a person can say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.languages.commands import LENGTHS, SAFETY, Command
from voicecoach.languages.number_ranges import RANGE_SLOTS
from voicecoach.languages.phrase_templates import Rules
from voicecoach.languages.templates import read_text
from voicecoach.problems import Problems
from voicecoach.routine.stretch import PROPS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from voicecoach.yamlfile import Node

THE_USUAL = "start the usual"
FEWEST_PHRASINGS = 2
FEWEST_SAFETY_PHRASINGS = 5
"""Nobody searches for words when it hurts."""
MOST_PHRASES = 20_000
"""Of a language, before slots are filled in: a grammar of so many is built in tenths of a second."""

_SLOTS: Mapping[str, str] = {
    Command.START.key: "routine",
    Command.SWITCH_TO.key: "routine",
    Command.MINUTES.key: "minutes",
    Command.REMIND_AT.key: "time",
    Command.REMIND_IN.key: "length",
    Command.LATER_BY.key: "length",
    Command.PROP.key: "prop",
    Command.NO_PROP.key: "prop",
    Command.NUMBER.key: "number",
}
_PHRASE = re.compile(r"[^\W\d_]+(['-][^\W\d_]+)*'?( [^\W\d_]+(['-][^\W\d_]+)*'?)*")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a person can say."""

    of_command: Mapping[Command, tuple[str, ...]]
    usual: tuple[str, ...]
    """Phrasings of "start" that name no routine."""
    ranges: Mapping[str, tuple[str, ...]]
    """Phrasings of two numbers, by the keys of `number_ranges`."""
    props: Mapping[str, tuple[str, ...]]
    lengths: Mapping[int, tuple[str, ...]]
    """How each of `LENGTHS` is said."""
    unmistakable: frozenset[str]
    """Short phrases of safety that hardly any other word is taken for."""
    origin: Mapping[tuple[Command, str], Node]
    """The first template that stands for a phrase of a command."""


def read_phrases(path: Path, commands: Collection[Command]) -> Phrases:
    """The phrases of a file: each of ``commands`` has some, nothing else has.

    That no phrase means two things is seen only when their slots are filled in (`clashes.py`).

    Raises:
        BadFileError: They are not so.
    """
    parts = {"commands", "lengths", "props"}
    top = yamlfile.read(path).mapping(allowed={*parts, "expansions", "unmistakable"}, required=parts)
    node, problems = top["commands"], Problems()
    keys = (*(command.key for command in commands if command != Command.NUMBER), THE_USUAL)
    given = node.mapping(allowed=(*keys, Command.NUMBER.key, *RANGE_SLOTS))
    with problems:
        if missing := [key for key in keys if key not in given]:
            raise node.error(
                f"there are no phrases for {', '.join(missing)}; write at least {FEWEST_PHRASINGS} for each"
            )
    rules = _rules(top.get("expansions"))
    read: dict[str, dict[str, Node]] = {}
    for key, said in given.items():
        with problems:
            read[key] = _phrasings(key, said, rules)
    with problems:
        props = {prop: _heard(said) for prop, said in top["props"].mapping(allowed=PROPS, required=PROPS).items()}
    with problems:
        wanted = [str(minutes) for minutes in LENGTHS]
        given_lengths = top["lengths"].mapping(allowed=wanted, required=wanted)
        lengths = {int(key): _heard(said) for key, said in given_lengths.items()}
    if len(read) == len(given):  # what is broken may be what needs a rule
        for unused in rules.unused():
            with problems:
                raise unused
    with problems:
        if (count := sum(map(len, read.values()))) > MOST_PHRASES:
            raise node.error(f"these are {count} phrases; write fewer brackets, {MOST_PHRASES} phrases at most")
    needs = {phrase for key, said in read.items() if Command(key) in SAFETY for phrase in said}
    clear = top["unmistakable"].sequence() if "unmistakable" in top else ()
    for one in clear:
        with problems:
            if one.text() not in needs:
                raise one.error(f"{one.text()!r} is no phrase of safety; leave it out")
    problems.raise_any()
    origin = {(_command(key), phrase): node for key, said in read.items() for phrase, node in said.items()}
    of_command = {Command(key): tuple(said) for key, said in read.items() if key not in {THE_USUAL, *RANGE_SLOTS}}
    ranges = {key: tuple(said) for key, said in read.items() if key in RANGE_SLOTS}
    unmistakable = frozenset(one.text() for one in clear)
    return Phrases(of_command, tuple(read[THE_USUAL]), ranges, props, lengths, unmistakable, origin)


def _command(key: str) -> Command:
    if key in RANGE_SLOTS:
        return Command.NUMBER
    return Command.START if key == THE_USUAL else Command(key)


def _rules(node: Node | None) -> Rules:
    """The rules of ``expansions``: a template each, or a list of them."""
    given = node.mapping() if node else {}
    rules = {name: said.sequence() if said.is_sequence else (said,) for name, said in given.items()}
    for said in rules.values():
        for template in said:
            read_text(template)
    return Rules(rules)


def _phrasings(key: str, node: Node, rules: Rules) -> dict[str, Node]:
    """The phrasings of a command, and the template that each is from."""
    slots = RANGE_SLOTS.get(key) or ((_SLOTS[key],) if key in _SLOTS else ())
    found: dict[str, Node] = {}
    for template in node.sequence():
        read_text(template, slots)
        for phrase in rules.phrases(template):
            found.setdefault(_checked(template, phrase, slots), template)
    fewest = FEWEST_SAFETY_PHRASINGS if Command(key) in SAFETY else FEWEST_PHRASINGS
    if len(found) < fewest:
        raise node.error(f'"{key}" has {len(found)} phrasing{"s" * (len(found) > 1)}; write at least {fewest}')
    return found


def _heard(node: Node) -> tuple[str, ...]:
    return tuple(_checked(word, read_text(word), ()) for word in node.sequence())


def _checked(node: Node, text: str, slots: tuple[str, ...]) -> str:
    words = text
    for slot in slots:
        if text.count(f"{{{slot}}}") != 1:
            raise node.error(f'"{text}" does not say {{{slot}}} once; put it where it is always said')
        words = words.replace(f"{{{slot}}}", "x")
    if text != text.lower() or not _PHRASE.fullmatch(words):
        raise node.error(f'"{text}" cannot be listened for; write words in lower case, with single blanks between them')
    return text
