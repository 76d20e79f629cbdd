"""What is said for training: phrases of the coach, each with its meaning; and what is like one but none."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from math import log2
from typing import TYPE_CHECKING, Final

import numpy as np

from understood import Part, read_corpus
from voicecoach.assembly import class_of
from voicecoach.repertoire import Repertoire
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.settings import Settings
from voicecoach.understanding import as_heard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NONE: Final = ""
"""The meaning of what is no phrase."""
PLAIN: Final = 3
"""So many phrases of a meaning, those that its templates begin with, are said most."""
LONGEST_WORDS: Final = 6
FOCUS: Final = frozenset(
    {
        *("stop", "that hurts", "next", "back", "repeat", "once more", "pause", "continue", "ready", "done", "longer"),
        *("shorter", "slower", "faster", "easier", "harder", "louder", "quieter", "other side", "start over", "help"),
        *("how long", "good night", "thank you", "yes", "all right", "no", "unsure"),
        *(f"number {number}" for number in range(11)),
    }
)
"""The classes that are said most of the time: short phrases of every session.  Of the others the ear learns little, and
those of which there is too little are no classes of it (`training.known`)."""
FOCUS_WEIGHT: Final = 20.0
WIDENED: Final = frozenset(
    {
        *(key for key in FOCUS if not key.startswith("number ")),
        *("call for help", "chest pain", "cramp", "dizzy", "i can't do this", "i can't kneel", "i fell", "red flag"),
        *("i can't lie on my front", "pain down the leg", "pins and needles", "sharp pain", "i have to get up"),
        *(
            "how many left",
            "i think so",
            "later",
            "minutes 10",
            "minutes 20",
            "no pain",
            "what time is it",
            "which side",
        ),
    }
)
"""The classes whose other short phrases are said too, in renderings of their own: "hang on", "nope", "cramp"."""
SHORT_WORDS: Final = 3
FEW_OF_THREE: Final = 4
"""So many phrases of three words of a class, at most."""
SAID_ANYHOW: Final = frozenset(
    ("please", "okay", "ok", "now", "then", "coach", "that", "this", "it", "a", "the", "i", "my")
)
"""Words that make no other way of saying something."""

KEPT_FROM_WORDS: Final = 3
"""Sentences of so many words that are kept for measuring are not said in training; shorter ones everybody says."""
NEGATIVE_SHARE, WORDS_SHARE = 0.12, 0.04
"""Of the texts that synthetic voices say."""
PEOPLES_WORDS: Final = (
    *("backward", "bed", "bird", "cat", "dog", "down", "follow", "forward", "go", "happy", "house", "learn", "left"),
    *("marvin", "off", "on", "right", "sheila", "tree", "up", "visual", "wow"),
)
"""Words that are no phrases, and that there are recordings of many people saying: said by synthetic voices too, they
show what is alike in a person's recording and a rendering."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something to say."""

    words: str
    """Lower case, as a phrase is."""
    meaning: str
    """The key of its class; `NONE` where it has none."""


class Phrases:
    """The coach's phrases by class, those that ship."""

    def __init__(self) -> None:
        repertoire = Repertoire(Settings(), load_library(shipped("routines")))
        book, language = repertoire.phrasebook, repertoire.language
        self.every = repertoire.all_phrases()
        kept = {
            as_heard(one.text, language)
            for one in read_corpus()
            if one.part is Part.KEPT and len(one.text.split()) >= KEPT_FROM_WORDS
        }
        found: dict[str, list[str]] = defaultdict(list)
        every: dict[str, list[str]] = defaultdict(list)
        order = {phrase: number for number, phrase in enumerate(book.in_order())}
        for phrase in sorted(self.every, key=lambda one: order.get(one, len(order))):
            every[class_of(book.meaning(phrase))].append(phrase)
            if phrase not in kept and len(phrase.split()) <= LONGEST_WORDS:
                found[class_of(book.meaning(phrase))].append(phrase)
        self.of_class: Mapping[str, Sequence[str]] = dict(sorted(found.items()))
        """What may be said in training."""
        self.all_of_class: Mapping[str, Sequence[str]] = every
        self.words = sorted({word for phrase in self.every for word in phrase.split()})

    def said_of(self, key: str, rng: np.random.Generator) -> str:
        """Any phrase of a class, the plain and the short ones most."""
        phrases = self.of_class[key]
        weights = [
            (4.0 if number < PLAIN else 1.0) / len(phrase.split()) ** 2.5 for number, phrase in enumerate(phrases)
        ]
        # However many long ones there are, the plain ones are three quarters of what is said: what few have said is not
        # learnt, and what is long the recogniser hears well alone.
        plain, rest = sum(weights[:PLAIN]), sum(weights[PLAIN:])
        if 3 * rest > plain:
            weights = [*weights[:PLAIN], *(weight * plain / rest / 3 for weight in weights[PLAIN:])]
        total = sum(weights)
        return phrases[int(rng.choice(len(phrases), p=[weight / total for weight in weights]))]


def ways(phrases: Phrases) -> list[Text]:
    """The short phrases of the classes that are widened, each of which has a word that those before it have not."""
    found = []
    for key in sorted(WIDENED & phrases.of_class.keys()):
        said, long_ones = set(SAID_ANYHOW), 0
        short = [phrase for phrase in phrases.of_class[key] if len(phrase.split()) <= SHORT_WORDS]
        for phrase in sorted(short, key=lambda one: len(one.split()) == SHORT_WORDS):
            words = set(phrase.split())
            is_long = len(phrase.split()) == SHORT_WORDS
            if words <= said or (is_long and long_ones >= FEW_OF_THREE):
                continue
            said |= words
            long_ones += is_long
            found.append(Text(phrase, key))
    return found


def ways_in_turn(phrases: Phrases, rng: np.random.Generator) -> Iterator[Text]:
    """Without an end: all of `ways`, then all again in another order."""
    every = ways(phrases)
    while every:
        yield from (every[int(place)] for place in rng.permutation(len(every)))


def texts(
    phrases: Phrases, negatives: Sequence[str], rng: np.random.Generator, negative_share: float = NEGATIVE_SHARE
) -> Iterator[Text]:
    """Without an end; a meaning that can be said in many ways comes more often than one of three phrases."""
    keys = list(phrases.of_class)
    ways = np.array([log2(len(phrases.of_class[key])) + 1.0 for key in keys])
    ways *= np.array([FOCUS_WEIGHT if key in FOCUS else 1.0 for key in keys])
    for _ in count():
        way = rng.random()
        if way < negative_share:
            yield Text(negatives[int(rng.integers(len(negatives)))], NONE)
        elif way < negative_share + WORDS_SHARE:
            yield Text(PEOPLES_WORDS[int(rng.integers(len(PEOPLES_WORDS)))], NONE)
        else:
            key = keys[int(rng.choice(len(keys), p=ways / ways.sum()))]
            yield Text(phrases.said_of(key, rng), key)
