"""What the synthetic voices say, so that the network hears every word of the coach, and everything else as well."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from wordfreq import word_frequency

from model.words import (
    SPEECH_COMMANDS,
    all_words,
    coach_phrases,
    coach_sentences,
    common_words,
    needed_words,
    plain_phrases,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_REPOSITORY = Path(__file__).parents[2]
_CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_FEWEST_WORDS, _MOST_WORDS = 2, 8


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of what."""

    phrase: int = 1
    """Times that each phrase of the coach is said: its templates stand for ten thousand."""
    plain_phrase: int = 15
    """Times that each of the phrases is said, beyond that, with which the templates of a meaning begin."""
    short_word: int = 60
    """Times that each word of people's test, and each digit, is said by itself."""
    word: int = 1
    """Times that each word of the vocabulary is said by itself; a word of the coach's phrases: ten times as often."""
    fragments: int = 20_000
    """Pieces of English prose, of two to eight words."""
    rows: int = 9_000
    """Words in a row, by chance, the common ones more often."""
    vocabulary: int = 10_000


def prompts(amounts: Amounts, rng: np.random.Generator) -> list[str]:
    """Everything to be said, shuffled: the same for the same ``rng`` and the same files of this repository.

    Returns:
        Texts of lower-case words, parted by one blank; every word has a pronunciation.
    """
    said = list(coach_phrases()) * amounts.phrase + list(plain_phrases()) * amounts.plain_phrase
    said += [*SPEECH_COMMANDS, *_DIGITS] * amounts.short_word
    said += list(needed_words()) * (10 * amounts.word)
    said += list(common_words(amounts.vocabulary)) * amounts.word
    said += list(_fragments(amounts.fragments, rng))
    said += list(_rows(amounts.rows, amounts.vocabulary, rng))
    return [said[int(index)] for index in rng.permutation(len(said))]


def _fragments(count: int, rng: np.random.Generator) -> Iterator[str]:
    """Pieces of what the repository has to read, and of what the coach says."""
    lines = [line for text in (*_prose(), *coach_sentences() * 3) if len(line := words_of(text)) >= _FEWEST_WORDS]
    for index in rng.integers(len(lines), size=count):
        line = lines[int(index)]
        length = int(rng.integers(_FEWEST_WORDS, min(_MOST_WORDS, len(line)) + 1))
        start = int(rng.integers(len(line) - length + 1))
        yield " ".join(line[start : start + length])


def _rows(count: int, vocabulary: int, rng: np.random.Generator) -> Iterator[str]:
    """Two or three words; a word comes as often as the 0.4th power of its frequency, so that rare ones come too."""
    words = np.array(common_words(vocabulary))
    often = np.array([word_frequency(word, "en") for word in words]) ** 0.4
    chosen = rng.choice(words, size=(count, 3), p=often / often.sum())
    for row, length in zip(chosen, rng.integers(2, 4, size=count), strict=True):
        yield " ".join(row[:length])


def words_of(text: str) -> list[str]:
    """The words of ``text`` up to the first that has no pronunciation; none where that is the first."""
    known = all_words()
    found = []
    for word in re.findall(r"[a-z']+", text.lower()):
        if word not in known:
            break
        found.append(word)
    return found


def _prose() -> Iterator[str]:
    """Sentences from the documents of this repository."""
    for path in (*sorted(_REPOSITORY.glob("*.md")), *sorted(_REPOSITORY.glob("docs/**/*.md"))):
        yield from _sentences(_CODE.sub("", path.read_text(encoding="utf-8")))


def _sentences(text: str) -> list[str]:
    return re.split(r"[.\n;:()\[\]{}<>=_/`\"*#|]+", text)
