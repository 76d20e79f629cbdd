"""The second ear: it hears which meaning a piece of sound has, or none, without any words.

It works only while the recogniser hears somebody, block by block, so that its answer is there when the recogniser's is.
It knows the coach's phrases from a great many voices, and errs elsewhere than the recogniser; what the two of them
together are worth is decided in `acceptance`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from voicecoach.engines.embedding.port import SpeechEmbedding
    from voicecoach.engines.meanings.port import MeaningReader
    from voicecoach.hearing.decoder import DecoderSession
    from voicecoach.hearing.grammar import Grammar

GRAMMARS: Final = 16
"""As many as `command_recognizer` keeps."""
LEAD_S: Final = 0.7
"""So much sound from before an utterance was noticed belongs to it: a first sign is 0.3 s late, and a word that begins
softly more."""
FEWEST_ROWS: Final = 4
_FULL: Final = 32767


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second ear makes of an utterance."""

    shares: Mapping[str, float]
    """How likely each class is of which a phrase is valid now."""
    phrase: str | None
    """The shortest valid phrase of the likeliest of those whose meaning is certain."""
    confidence: float
    """How likely that is."""
    class_of: Callable[[str], str | None] = field(repr=False, compare=False)

    def of(self, phrase: str) -> float | None:
        """How likely the meaning of ``phrase`` is; None: it does not know such phrases."""
        key = self.class_of(phrase)
        return None if key is None else self.shares.get(key, 0.0)


class KnownPhrases:
    """Which of the phrases that are valid the second ear can judge."""

    def __init__(self, class_of: Callable[[str], str | None], meaning: Callable[[str], object] = str) -> None:
        """Know nothing of any grammar yet.

        Args:
            class_of: The class of a phrase, one of the reader's keys; None: the ear cannot judge it.
            meaning: Equal for phrases that mean the same.
        """
        self.class_of, self._meaning = class_of, meaning
        self.among = lru_cache(GRAMMARS)(self._among)

    def _among(self, grammar: Grammar) -> tuple[Mapping[str, str], frozenset[str]]:
        """The shortest phrase of each class that has one meaning in ``grammar``, and all classes that are in it."""
        found: dict[str, str] = {}
        meanings: dict[str, set[object]] = {}
        for phrase in sorted(grammar.phrases, key=lambda one: (one.count(" "), len(one), one)):
            key = self.class_of(phrase)
            if key is not None:
                found.setdefault(key, phrase)
                meanings.setdefault(key, set()).add(self._meaning(phrase))
        return {key: phrase for key, phrase in found.items() if len(meanings[key]) == 1}, frozenset(found)


class SecondEar:
    """Follows what one decoder session hears; for one thread."""

    def __init__(self, embedding: SpeechEmbedding, reader: MeaningReader, known: KnownPhrases) -> None:
        """Hear nothing yet.

        Args:
            embedding: Makes rows of sound; it is the ear's alone.
            reader: Reads classes from rows.
            known: The phrases that it can judge.
        """
        self._embedding, self._reader, self._known = embedding, reader, known
        self._began: int | None = None
        """The sample at which the embedding's stream began; None: it does not run."""
        self._until = 0
        self._rows: list[NDArray[np.float32]] = []

    def follow(self, decoder: DecoderSession) -> None:
        """Hear what is new, where somebody speaks."""
        if decoder.hypothesis is None:
            self._began = None
        else:
            self._catch_up(decoder, decoder.hypothesis.began)

    def forget(self) -> None:
        """What is heard now is not for this ear; what follows it is not what went on before."""
        self._began = None

    def opinion(self, decoder: DecoderSession, began: int, lead_s: float = LEAD_S) -> Opinion | None:
        """What was said since sample ``began``; None: too little is left of it, or its beginning was not followed.

        Args:
            decoder: What it was said to.
            began: When it was noticed.
            lead_s: So much earlier it began.
        """
        self._catch_up(decoder, began)
        rows = self._since(began - round(lead_s * MICROPHONE_HZ))
        if len(rows) < FEWEST_ROWS or self._began is None or self._began > began:
            return None
        keys = self._reader.keys
        likely = dict(zip(keys, self._reader.read(rows).tolist(), strict=True))
        phrases, valid = self._known.among(decoder.grammar)
        shares = {key: likely[key] for key in valid}
        best = max(phrases, key=lambda key: shares[key], default=None)
        phrase, confidence = (None, 0.0) if best is None else (phrases[best], shares[best])
        return Opinion(shares, phrase, confidence, self._known.class_of)

    def _catch_up(self, decoder: DecoderSession, began: int) -> None:
        if self._began is None:
            self._known.among(decoder.grammar)  # while somebody still speaks
            self._embedding.reset()
            self._rows.clear()
            sound = decoder.last(decoder.heard - began + round(LEAD_S * MICROPHONE_HZ))
            self._began = decoder.heard - len(sound)
        else:
            sound = decoder.last(decoder.heard - self._until)
        self._until = decoder.heard
        new = self._embedding.process((np.clip(sound, -1.0, 1.0) * _FULL).astype(np.int16))
        if len(new):
            self._rows.append(new)

    def _since(self, sample: int) -> NDArray[np.float32]:
        """The rows that end after ``sample``."""
        rows = np.concatenate(self._rows) if self._rows else np.zeros((0, self._embedding.size), np.float32)
        skipped = 0 if self._began is None else (sample - self._began) // self._embedding.step
        return rows[max(0, skipped) :]
