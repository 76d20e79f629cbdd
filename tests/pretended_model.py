"""A speech model for tests whose language is simple enough to write as sound: a word is a steady level.

What it makes keeps the promises of `engines.recognition.port` with the habits of the real thing: it is late by a while,
it ends an utterance after a silence, it joins words in any order, and what it has no word for is "[unk]".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ, UNKNOWN, Alternative, Partial, RecognizerTraits, Result

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

WORDS = ("next", "stop", "start", "bedtime", "routine", "yes", "no", "how", "long", "that", "hurts", "oh", "dear")
LEVELS = {word: np.float32(0.4 + 0.02 * number) for number, word in enumerate(WORDS)}
"""The level of each word's samples."""
SILENCE = 0.1
"""What is softer than this is no word."""
GAP_S = 0.04
"""Between two words of a phrase; so the same word can be said twice."""
ENDPOINT_S = 0.8
NOTHING_S = 5.0
"""After so much silence a result says that nothing was said."""


def quiet(seconds: float, level: float = 0.0) -> NDArray[np.float32]:
    """Nobody speaks; ``level`` is the noise of the room."""
    return np.full(round(seconds * MICROPHONE_HZ), level, np.float32)


def say(words: str, word_s: float = 0.3) -> NDArray[np.float32]:
    """A person says ``words``, each of them lasting ``word_s`` seconds."""
    parts = []
    for word in words.split():
        parts += [quiet(GAP_S), np.full(round(word_s * MICROPHONE_HZ), LEVELS[word], np.float32)]
    return np.concatenate(parts[1:])


TRAITS = RecognizerTraits(
    name="pretended",
    nbest_margin_nats=2.0,
    partial_latency_s=0.3,
    pre_roll_s=0.8,
    lead_in_s=0.2,
    endpoint_pause_s=ENDPOINT_S,
    longest_block=3200,
    least_noise=0.0,
)


class PretendedModel:
    """Knows `WORDS`, less those that it is told to lack."""

    traits = TRAITS

    def __init__(
        self, lag_s: float = 0.2, lacks: Collection[str] = (), doubts: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:
        """Make a model.

        Args:
            lag_s: How long after its beginning a word shows.
            lacks: Words that cannot be recognised.
            doubts: For words that were heard, the alternatives beside them and their log-likelihoods; what was heard
                itself has 0.
        """
        self.lag = round(lag_s * MICROPHONE_HZ)
        self.doubts = doubts or {}
        self.lacks = frozenset(lacks)
        self.grammars: list[frozenset[str]] = []
        """The phrases of every recogniser that was made."""

    def knows(self, word: str) -> bool:
        return word in LEVELS and word not in self.lacks

    def phones(self, word: str) -> Sequence[str]:
        """Its letters."""
        return tuple(word)

    def recognizer(self, phrases: Collection[str]) -> PretendedRecognizer:
        assert all(self.knows(word) for phrase in phrases for word in phrase.split())
        self.grammars.append(frozenset(phrases))
        return PretendedRecognizer(self, phrases)


class PretendedRecognizer:
    """Reads levels as words."""

    def __init__(self, model: PretendedModel, phrases: Collection[str]) -> None:
        self._model = model
        self._words = {LEVELS[word]: word for phrase in phrases for word in phrase.split()}
        self._said: list[tuple[int, str]] = []
        """The position at which each word of the utterance began, and the word."""
        self._position = 0
        self._silent = 1

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        changes = np.flatnonzero(np.diff(block)) + 1
        for run in np.split(block, changes):
            self._take(run)
        if self._silent >= (ENDPOINT_S if self._said else NOTHING_S) * MICROPHONE_HZ:
            self._silent = 1
            return self.finish()
        return Partial(" ".join(word for began, word in self._said if began <= self._position - self._model.lag))

    def finish(self) -> Result:
        words = " ".join(word for _, word in self._said)
        self._said = []
        doubts = self._model.doubts.get(words, {})
        heard = [Alternative(words, 0.0), *(Alternative(*doubt) for doubt in doubts.items())]
        return Result(tuple(sorted(heard, key=lambda alternative: -alternative.log_likelihood)))

    def _take(self, run: NDArray[np.float32]) -> None:
        """Take samples of one level."""
        if len(run) and run[0] >= SILENCE:
            if self._silent:
                self._said.append((self._position, self._words.get(run[0], UNKNOWN)))
            self._silent = 0
        else:
            self._silent += len(run)
        self._position += len(run)
