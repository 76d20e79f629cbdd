"""What was said where the recogniser's words are hardly any phrase: "same again please" is "say it again please".

A recogniser whose grammar is made of pairs of words hears known words in an order that no phrase has, where one of them
was said unclearly.  Since nobody says such a row of words, it is likely the phrase that sounds most like it; if there
is one, and nothing that means something else sounds nearly as much like it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from voicecoach.hearing.grammar import Grammar, Match
    from voicecoach.hearing.policy import NearPhraseRules

GRAMMARS: Final = 3
"""Of so many it is kept how their phrases are said; a routine has five thousand, which take half a megabyte."""
WORDS: Final = 4096
"""Of so many it is kept how they are said."""
_NONE: Final = 65535
"""Is no phone; no model has so many."""


class NearPhrases:
    """Knows how phrases are said."""

    def __init__(
        self,
        phones: Callable[[str], Sequence[str] | None],
        meaning: Callable[[str], object],
        rules: NearPhraseRules,
    ) -> None:
        """Know nothing of any grammar yet.

        Args:
            phones: How a word is said; None: nobody knows.
            meaning: Equal for phrases that mean the same.
            rules: What is near.
        """
        self._phones, self._meaning, self._rules = lru_cache(WORDS)(phones), meaning, rules
        self._numbers: dict[str, int] = {}
        self._spoken = lru_cache(GRAMMARS)(self._spoken_of)

    def nearest(self, match: Match, grammar: Grammar) -> tuple[Match, float]:
        """``match``, where it is no phrase with the one that its words stand for; and what is asked of it beside."""
        near = None if match.phrase is not None else self.of(match.words, grammar)
        return (match, 0.0) if near is None else (replace(match, phrase=near), self._rules.confidence)

    def of(self, words: str, grammar: Grammar) -> str | None:
        """The phrase of ``grammar`` that ``words``, which are none, stand for; None: there is none, or it is not clear.

        A phrase of safety among the words is never taken for a part of another phrase.
        """
        rules = self._rules
        said = self._said(words)
        if len(words.split()) < rules.least_heard or UNKNOWN in words.split() or said is None:
            return None
        spoken = self._spoken(grammar)
        far = spoken.far_from(said, rules.farthest + rules.clearer_by)
        order = np.argsort(far, kind="stable")
        if not len(order) or far[order[0]] > rules.farthest:
            return None
        nearest = spoken.phrases[order[0]]
        for place in order[1:]:
            if far[place] >= far[order[0]] + rules.clearer_by:
                break
            if self._meaning(spoken.phrases[place]) != self._meaning(nearest):
                return None
        holds_a_cry = any(f" {cry} " in f" {words} " for cry in grammar.urgent)
        return None if holds_a_cry and nearest not in grammar.urgent else nearest

    def _said(self, words: str) -> NDArray[np.uint16] | None:
        """The phones of ``words``, as numbers."""
        found = [self._phones(word) for word in words.split()]
        if any(phones is None for phones in found):
            return None
        numbers = self._numbers
        every = (phone for phones in found if phones is not None for phone in phones)
        return np.array([numbers.setdefault(phone, len(numbers)) for phone in every], np.uint16)

    def _spoken_of(self, grammar: Grammar) -> _Spoken:
        least = self._rules.least_words
        known = ((phrase, self._said(phrase)) for phrase in sorted(grammar.phrases) if phrase.count(" ") + 1 >= least)
        return _Spoken.of([(phrase, said) for phrase, said in known if said is not None and len(said)])


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Phrases and their phones."""

    phrases: tuple[str, ...]
    phones: NDArray[np.uint16]
    """(phrases, most phones), the shorter ones filled up with `_NONE`."""
    lengths: NDArray[np.int64]
    counts: NDArray[np.int8]
    """(phrases, phones there are): how often each phrase has each."""

    @classmethod
    def of(cls, said: Sequence[tuple[str, NDArray[np.uint16]]]) -> _Spoken:
        lengths = np.array([len(phones) for _, phones in said], np.int64)
        table = np.full((len(said), int(lengths.max(initial=0))), _NONE, np.uint16)
        different = 1 + max((int(phones.max()) for _, phones in said), default=0)
        counts = np.zeros((len(said), different), np.int8)
        for row, count, (_, phones) in zip(table, counts, said, strict=True):
            row[: len(phones)] = phones
            np.add.at(count, phones, 1)
        return cls(tuple(phrase for phrase, _ in said), table, lengths, counts)

    def far_from(self, said: NDArray[np.uint16], most: float) -> NDArray[np.float64]:
        """The edit distance (Levenshtein) of each phrase from ``said``, in parts of its own length; inf above ``most``.

        All rows of the table at once: an insertion is the least of what is before it, so many steps away.  Only where
        so many phones are the same, in whatever order, that it can be near.
        """
        found = np.full(len(self.phrases), np.inf)
        known = said[said < self.counts.shape[1]]
        differ = self.counts - np.bincount(known, minlength=self.counts.shape[1]).astype(np.int8)
        has_more = np.maximum(differ, 0).sum(axis=1)
        lacks = np.maximum(-differ, 0).sum(axis=1) + len(said) - len(known)
        alike = np.flatnonzero(np.maximum(lacks, has_more) <= most * self.lengths)
        phones, steps = self.phones[alike], np.arange(self.phones.shape[1] + 1)
        so_far = np.broadcast_to(steps, (len(alike), len(steps)))
        for place, phone in enumerate(said, start=1):
            begun = np.full((len(alike), 1), place)
            changed = np.minimum(so_far[:, :-1] + (phones != phone), so_far[:, 1:] + 1)
            so_far = np.minimum.accumulate(np.hstack([begun, changed]) - steps, axis=1) + steps
        share = so_far[np.arange(len(alike)), self.lengths[alike]] / self.lengths[alike]
        found[alike] = np.where(share <= most, share, np.inf)
        return found
