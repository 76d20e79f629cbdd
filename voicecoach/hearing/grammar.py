"""A set of phrases, and which of them something heard was.

A recogniser with a grammar hears the grammar's words in any order and number: where "stop now" and "no" are phrases, it
also hears "now".  What it heard is a phrase only when all of it is one.  And because "now" is no phrase but "no" is,
the likeliest alternative is not always the right one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.port import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from voicecoach.engines.recognition.port import Alternative, Result


@dataclass(frozen=True, slots=True)
class Match:
    """What a result was taken for."""

    words: str
    """The recogniser's words, of the likeliest phrase where there is one; empty when nothing was said."""
    phrase: str | None
    confidence: float
    """0 to 1: how likely the words are, or others that mean the same, compared with whatever else could have been
    said."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Phrases: lower case, words parted by one blank."""

    phrases: frozenset[str]
    words: frozenset[str]
    """Every word of a phrase."""
    beginnings: frozenset[str]
    """The phrases that a longer phrase of another meaning begins with: "no" before "no more", but not "next" before
    "next one"; nor before "next next", of which the rest is another "next".  Those of ``going_on`` are none."""
    openings: frozenset[str]
    """The first words of longer phrases, whether they are phrases themselves or not."""
    urgent: frozenset[str] = frozenset()
    """Those that people in need say several times in a row: "stop stop" is "stop"."""
    going_on: frozenset[str] = frozenset()
    """The phrases that wait for nothing, although a longer phrase of another meaning begins with them: "stop" before
    "stop listening".  What follows is heard after they were obeyed."""
    margin_nats: float = 0.0
    """How much less likely a phrase may be than words that are no phrase, and is still taken for what was said."""
    meaning: Callable[[str], object] = field(default=str, compare=False, repr=False)
    """Of a phrase: "all right" and "alright" sound alike, so neither makes the other less sure."""

    @classmethod
    def of(
        cls,
        phrases: Collection[str],
        meaning: Callable[[str], object] = str,
        urgent: Collection[str] = (),
        margin_nats: float = 0.0,
        at_once: Collection[str] = (),
    ) -> Grammar:
        """The grammar of ``phrases``.

        Args:
            phrases: What can be said.
            meaning: Equal for phrases that mean the same.
            urgent: Some of the phrases, or others too; see `Grammar.urgent`.
            margin_nats: See there; a recogniser knows its own (`RecognizerTraits`).
            at_once: Phrases that wait for no longer one; see `Grammar.going_on`.
        """
        every = frozenset(phrases)
        words, openings, begun = set[str](), set[str](), set[str]()
        for phrase in every:
            words.update(phrase.split())
            for end in (at for at, letter in enumerate(phrase) if letter == " "):
                opening = phrase[:end]
                openings.add(opening)
                if opening in every and opening not in begun and _goes_on(phrase, opening, meaning):
                    begun.add(opening)
        among, going_on = frozenset(urgent) & every, begun.intersection(at_once)
        begun -= going_on
        return cls(
            every,
            frozenset(words),
            frozenset(begun),
            frozenset(openings),
            among,
            frozenset(going_on),
            margin_nats,
            meaning,
        )

    def phrase(self, words: str) -> str | None:
        """The phrase that ``words`` are, or an urgent one that they are several times over; None: they are none."""
        if words in self.phrases:
            return words
        said = words.split()
        for length in range(1, len(said) // 2 + 1):
            one = " ".join(said[:length])
            if one in self.urgent and said == said[:length] * (len(said) // length):
                return one
        return None

    def may_become_phrase(self, words: str) -> bool:
        """Whether ``words`` are a phrase, or the first of one."""
        return self.phrase(words) is not None or words in self.openings

    def goes_on(self, phrase: str, opening: str) -> bool:
        """Whether ``phrase`` begins with ``opening``, a phrase, and means something else."""
        return phrase.startswith(f"{opening} ") and _goes_on(phrase, opening, self.meaning)

    def ends_urgently(self, words: str) -> bool:
        """Whether ``words`` are other talk with an urgent phrase at their end."""
        said = words.split()
        last = (" ".join(said[first:]) for first in range(1, len(said)))
        return self.phrase(words) is None and any(one in self.urgent for one in last)

    def holds_a_cry(self, words: str) -> bool:
        """Whether an urgent phrase is among ``words``."""
        said = words.split()
        pieces = (" ".join(said[first:end]) for first in range(len(said)) for end in range(first + 1, len(said) + 1))
        return any(piece in self.urgent for piece in pieces)

    def match(self, result: Result, behind_own_words: Callable[[str], str] = lambda words: words) -> Match:
        """The likeliest phrase among the alternatives of ``result``, unless something else is far likelier.

        Args:
            result: Of the recogniser.
            behind_own_words: What follows on words that the coach itself is saying: a cry there is one, whatever was
                made of what is left of the coach's voice.
        """
        heard = result.alternatives
        phrases = [alternative for alternative in heard if self.phrase(alternative.words)]
        if not phrases or heard[0].log_likelihood - phrases[0].log_likelihood > self.margin_nats:
            cry = self.phrase(behind_own_words(heard[0].words))
            if cry in self.urgent:
                said = behind_own_words(heard[0].words)
                alike = (one for one in heard if f" {one.words}".endswith(f" {said}"))  # whatever is before it
                return Match(heard[0].words, cry, math.fsum(_share(one, heard) for one in alike))
            return Match(heard[0].words, None, _share(heard[0], heard))
        phrase = self.phrase(phrases[0].words)
        possible = [alternative for alternative in heard if self._can_be_said(alternative.words)]
        shares = (_share(one, possible) for one in phrases if self._mean_the_same(self.phrase(one.words), phrase))
        return Match(phrases[0].words, phrase, min(1.0, math.fsum(shares)))

    def _mean_the_same(self, one: str | None, other: str | None) -> bool:
        return one is not None and other is not None and (one == other or self.meaning(one) == self.meaning(other))

    def _can_be_said(self, words: str) -> bool:
        """Whether ``words`` are a phrase, something unknown, or silence; not an impossible row of known words."""
        return not words or self.phrase(words) is not None or UNKNOWN in words.split()


def _share(one: Alternative, alternatives: Iterable[Alternative]) -> float:
    """The probability of ``one`` where one of ``alternatives``, itself among them, must be true."""
    likelihoods = [other.log_likelihood for other in alternatives]
    most = max(likelihoods)
    return math.exp(one.log_likelihood - most) / math.fsum(math.exp(each - most) for each in likelihoods)


def _goes_on(phrase: str, opening: str, meaning: Callable[[str], object]) -> bool:
    """Whether ``phrase`` is more than ``opening``, which it begins with, or the same several times over."""
    said, begun = phrase.split(), opening.split()
    return said != begun * (len(said) // len(begun)) and meaning(opening) != meaning(phrase)
