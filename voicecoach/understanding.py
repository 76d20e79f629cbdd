"""What a sentence means to the coach, in each situation: the rules are those by which it listens.

A sentence is understood where all of it is one of the phrases that the dialogue listens for then (`valid_phrases`), or
an urgent one said several times in a row (`hearing.grammar`).  That somebody's words are heard at all is another
matter: docs/benchmark.md has how well they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicecoach.dialogue.machine import valid_phrases
from voicecoach.dialogue.questions import is_answer
from voicecoach.dialogue.state import Asked, Mode, Question, State
from voicecoach.hearing.grammar import Grammar
from voicecoach.person.person import Person
from voicecoach.person.tonight import Tonight
from voicecoach.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.assembly import Assembly
    from voicecoach.languages.commands import Meaning
    from voicecoach.languages.language import Language

_QUESTIONS: Mapping[str, Question] = {
    "asked yes or no": Question.SCREEN,
    "asked for pain": Question.PAIN_BEFORE,
    "asked for hours": Question.REMIND,
    "asked if ready": Question.READY,
}
"""One of each kind."""
_DIGITS = re.compile(r"\b\d+\b")


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sentence means in one situation."""

    situation: str
    """Such as "at rest"."""
    meaning: Meaning | None
    """None: it is not listened for, and nothing happens."""
    answers: bool = False
    """Whether it is an answer to the question that is open; otherwise that is dropped, or asked again."""

    def __str__(self) -> str:
        if self.meaning is None:
            return "nothing"
        argument = "" if self.meaning.argument is None else f" {self.meaning.argument}"
        return f"{self.meaning.command}{argument}{', as an answer' if self.answers else ''}"


def as_heard(text: str, language: Language) -> str:
    """What a recogniser would make of ``text`` where it hears every word: lower case, no punctuation, no digits."""
    return _DIGITS.sub(lambda digits: language.number(int(digits.group())), plain(text))


class Understanding:
    """Knows what is listened for in each situation."""

    def __init__(self, assembly: Assembly) -> None:
        """Take language, routines and policy as the coach does; no engine is built."""
        self._language, self._phrasebook = assembly.language, assembly.phrasebook
        policy = assembly.policy()
        at_rest = State(assembly.knowledge, Tonight(datetime.now(UTC), Person()))
        self.states = {
            "at rest": at_rest,
            "in a routine": replace(at_rest, mode=Mode.GUIDING),
            "in a pause": replace(at_rest, mode=Mode.PAUSED),
            **{name: _asking(at_rest, question) for name, question in _QUESTIONS.items()},
        }
        self._grammars = {
            name: Grammar.of(
                valid_phrases(state, self._phrasebook), policy.meaning, policy.urgent, at_once=policy.at_once
            )
            for name, state in self.states.items()
        }

    def of(self, text: str) -> tuple[Understood, ...]:
        """What ``text`` means in every situation, in the same order each time."""
        words = as_heard(text, self._language)
        return tuple(self._in(name, words) for name in self.states)

    def listened_for(self, situation: str) -> frozenset[str]:
        """The phrases that can be said in a situation, such as "at rest"."""
        return self._grammars[situation].phrases

    def _in(self, situation: str, words: str) -> Understood:
        phrase = self._grammars[situation].phrase(words)
        if phrase is None:
            return Understood(situation, None)
        meaning, asked = self._phrasebook.meaning(phrase), self.states[situation].asked
        answers = asked is not None and is_answer(asked, meaning.command)
        return Understood(situation, meaning, answers)


def _asking(at_rest: State, question: Question) -> State:
    return replace(at_rest, mode=Mode.ASKING, asked=Asked(question, Mode.REST))
