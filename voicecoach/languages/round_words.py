"""Reads what a language says between the rounds of a stretch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.languages.prompts import COUNT, OTHER, Plural
from voicecoach.languages.templates import complete, read_text
from voicecoach.routine.dose import LONGEST_REST_S, MOST_SETS
from voicecoach.routine.plan_words import RoundWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.languages.facts import LanguageFacts
    from voicecoach.yamlfile import Node

NO_ROUND_WORDS = RoundWords({}, "", "", (), "", "", "")
"""Of a language that cannot be read."""

_SENTENCES = ("rest_again", "rest_a_breath", "final", "ready", "ready_reminder")
_MINUTE_S = 60


def read_round_words(node: Node, facts: LanguageFacts) -> RoundWords:
    """The part ``rounds`` of the prompts.

    Raises:
        BadFileError: Something is missing, or has other slots than it should.
    """
    parts = complete(node, {*_SENTENCES, "rest_seconds", "rest_minutes", "names"})
    names = tuple(read_text(name) for name in parts["names"].sequence())
    if len(names) != MOST_SETS - 1:
        raise parts["names"].error(
            f"{parts['names'].called} has {len(names)} items; write one for each round from the second to number "
            f"{MOST_SETS}"
        )
    seconds, minutes = (_plural(parts[name], facts) for name in ("rest_seconds", "rest_minutes"))
    said = {name: read_text(parts[name]) for name in _SENTENCES}
    return RoundWords(rest=_rests(seconds, minutes, facts), names=names, **said)


def _rests(seconds: Plural, minutes: Plural, facts: LanguageFacts) -> Mapping[int, str]:
    return {
        length: (minutes if whole else seconds).of(count).format(count=_number(count, facts))
        for length in range(1, LONGEST_REST_S + 1)
        for whole, count in [(True, length // _MINUTE_S) if length % _MINUTE_S == 0 else (False, length)]
    }


def _number(value: int, facts: LanguageFacts) -> str:
    return facts.numbers[value] if value < len(facts.numbers) else str(value)


def _plural(node: Node, facts: LanguageFacts) -> Plural:
    forms = complete(node, {*facts.plurals.values(), OTHER})
    one_number = {form for form in forms if list(facts.plurals.values()).count(form) == 1}
    texts = {form: read_text(said, (COUNT,), () if form in one_number else (COUNT,)) for form, said in forms.items()}
    return Plural(texts, facts.plurals)
