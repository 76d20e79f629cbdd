"""Reads how a language says numbers, lists and times, how long its sentences last, and what speaks and hears it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.languages.commands import MINUTES
from voicecoach.languages.language import ClockWords
from voicecoach.languages.templates import read_text
from voicecoach.routine.pace import SpeechDurations
from voicecoach.routine.plan_words import SIDE_FORM, ListPattern
from voicecoach.routine.stretch import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voicecoach.yamlfile import Node

_PARTS = {"name", "code", "model", "voice", "numbers", "plurals", "lists", "clock", "sides", "durations"}
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FORM = re.compile(r"[a-z]+( [a-z]+)*")
_SECONDS = ("ends", "consonant", "vowel", "stress", "comma", "full_stop", "digit")
_ON_THE_CLOCK = ("o_clock", "quarter_past", "half_past", "quarter_to")
_FEWEST_NUMBERS = max(MINUTES) + 1
_LARGEST_PLURAL = 1000


@dataclass(frozen=True, slots=True)
class LanguageFacts:
    """What ``language.yaml`` says."""

    name: str
    code: str
    model: str
    voice: str
    numbers: tuple[str, ...]
    plurals: Mapping[int, str]
    """The form of a text that a number takes."""
    all_of: ListPattern
    any_of: ListPattern
    clock: ClockWords
    sides: Mapping[str, Mapping[Side, str]]
    durations: SpeechDurations

    def number(self, value: int) -> str:
        """A number that has a word."""
        return self.numbers[value]


def read_facts(path: Path) -> LanguageFacts:
    """Read a ``language.yaml``.

    Raises:
        BadFileError: It does not say what it should.
    """
    top = yamlfile.read(path).mapping(allowed=_PARTS, required=_PARTS)
    lists = top["lists"].mapping(allowed={"and", "or"}, required={"and", "or"})
    return LanguageFacts(
        name=top["name"].text(),
        code=_code(top["code"], path.parent.name),
        model=top["model"].text(),
        voice=top["voice"].text(),
        numbers=_numbers(top["numbers"]),
        plurals=_plurals(top["plurals"]),
        all_of=_pattern(lists["and"]),
        any_of=_pattern(lists["or"]),
        clock=_clock(top["clock"]),
        sides=_sides(top["sides"]),
        durations=_durations(top["durations"]),
    )


def _code(node: Node, folder: str) -> str:
    code = node.text()
    if not _CODE.fullmatch(code) or code.split("-", maxsplit=1)[0] != folder.split("-", maxsplit=1)[0]:
        raise node.error(
            f'"{code[:40]}" is no tag of the language in the folder "{folder}"; write for example {folder}'
        )
    return code


def _numbers(node: Node) -> tuple[str, ...]:
    numbers = tuple(read_text(number) for number in node.sequence())
    if len(numbers) < _FEWEST_NUMBERS:
        raise node.error(
            f"{node.called} ends at {len(numbers) - 1}; write the words from zero to {_FEWEST_NUMBERS - 1}"
        )
    return numbers


def _plurals(node: Node) -> dict[int, str]:
    """The forms by number; ``plurals: {}`` is a language that has no forms."""
    forms: dict[int, str] = {}
    for form, numbers in node.mapping().items():
        for number in numbers.sequence():
            forms[number.whole_number(0, _LARGEST_PLURAL)] = form
    return forms


def _pattern(node: Node) -> ListPattern:
    keys, slots = {"middle", "last"}, ("before", "after")
    parts = node.mapping(allowed=keys, required=keys)
    return ListPattern(read_text(parts["middle"], slots), read_text(parts["last"], slots))


def _clock(node: Node) -> ClockWords:
    parts = node.mapping(allowed={*_ON_THE_CLOCK, "instead"}, required=_ON_THE_CLOCK)
    times = {name: tuple(_time(said) for said in parts[name].sequence()) for name in _ON_THE_CLOCK}
    instead = parts["instead"].mapping() if "instead" in parts else {}
    return ClockWords(**times, instead={said: better.text() for said, better in instead.items()})


def _time(node: Node) -> str:
    text = read_text(node, ("hour", "next"), ())
    if "{hour}" not in text and "{next}" not in text:
        raise node.error(f"{node.called} does not say {{hour}}, or {{next}} for the hour to come; put it in")
    return text


def _sides(node: Node) -> dict[str, dict[Side, str]]:
    keys = {Side.RIGHT.value, Side.LEFT.value}
    forms = node.mapping(required={SIDE_FORM})
    for form in forms:
        if not _FORM.fullmatch(form) or form.startswith("other "):
            raise node.error(
                f'"{form}" cannot be the name of a form; write words of a to z, and not "other" before them'
            )
    words = {form: said.mapping(allowed=keys, required=keys) for form, said in forms.items()}
    return {form: {Side(key): read_text(word) for key, word in said.items()} for form, said in words.items()}


def _durations(node: Node) -> SpeechDurations:
    letters = {"vowels"}
    words = {"one_consonant", "little_words"}
    parts = node.mapping(allowed={*_SECONDS, *letters, *words, "mute_endings"}, required={*_SECONDS, *letters})
    mute = parts["mute_endings"].mapping() if "mute_endings" in parts else {}
    seconds = {f"{name}_s": parts[name].number(0, 5) for name in _SECONDS}
    return SpeechDurations(
        **seconds,
        vowels=parts["vowels"].text().lower(),
        one_consonant=_words(parts.get("one_consonant")),
        mute_endings=tuple((end, _words(heard)) for end, heard in mute.items()),
        little_words=frozenset(_words(parts.get("little_words"))),
    )


def _words(node: Node | None) -> tuple[str, ...]:
    return tuple(word.text().lower() for word in node.sequence()) if node else ()
