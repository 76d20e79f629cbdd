"""The second ear: it hears which meaning a piece of sound has, or none, without any words.

It works only while the recogniser hears somebody, block by block, so that its answer is there when the recogniser's is.
It knows the coach's phrases from a great many voices, and errs elsewhere than the recogniser; what the two of them
together are worth is decided in `acceptance`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from voicecoach.engines.embedding.port import SpeechEmbedding
    from voicecoach.engines.meanings.port import MeaningReader
    from voicecoach.hearing.decoder import DecoderSession
    from voicecoach.hearing.grammar import Grammar

GRAMMARS: Final = 16
"""As many as `command_recognizer` keeps."""
LEAD_S: Final = 1.0
"""So much sound from before an utterance was noticed belongs to it, unless it belongs to another: a first sign is 0.3 s
late, where the recogniser slept up to 0.7 s, and a word that begins softly more."""
FEWEST_ROWS: Final = 4
END_ROWS: Final = 11
"""Of an utterance that began with somebody else's talk, what was said last: 1.6 s, with the 0.8 s that a row is of.  In
talk of five people that is 12 dB softer, of 130 words by people kept for tuning .65 are the likeliest class in the last
twelve rows, .61 in the last sixteen."""
_FULL: Final = 32767
_CRY: Final = 0.5
"""More likely than anything else."""
_LEAST_POSSIBLE: Final = 0.05
"""Where nearly all is taken for what cannot be meant now, nothing is made of the rest."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second ear makes of an utterance."""

    shares: Mapping[str, float]
    """How likely each class is of which a phrase is valid now, and all valid phrases mean the same; beside what cannot
    be meant now."""
    phrase: str | None
    """The plainest phrase of the likeliest of those whose plainest phrase is valid."""
    confidence: float
    """How likely that is, beside everything that people say."""
    class_of: Callable[[str], str | None] = field(repr=False, compare=False)

    def of(self, phrase: str) -> float | None:
        """How likely the meaning of ``phrase`` is; None: it does not know such phrases, or not which is meant."""
        key = self.class_of(phrase)
        return None if key is None else self.shares.get(key)


@dataclass(frozen=True, slots=True)
class KnownAmong:
    """What the second ear knows of the phrases that are valid."""

    aloud: Mapping[str, str]
    """The classes that it may speak up for, each with its plainest phrase."""
    clear: frozenset[str]
    """The classes of which all valid phrases mean the same."""
    valid: frozenset[str]
    """The classes that have a valid phrase."""
    urgent: frozenset[str]
    """The classes that have a valid phrase of safety."""


class KnownPhrases:
    """Which of the phrases that are valid the second ear can judge."""

    def __init__(
        self,
        class_of: Callable[[str], str | None],
        meaning: Callable[[str], object] = str,
        every: Sequence[str] = (),
    ) -> None:
        """Know nothing of any grammar yet.

        Args:
            class_of: The class of a phrase, one of the reader's keys; None: the ear cannot judge it.
            meaning: Equal for phrases that mean the same.
            every: All phrases that are ever valid, of each class the plainest first; none: those of each grammar, and
                the shortest is the plainest.
        """
        self.class_of, self._meaning = class_of, meaning
        of_class = self._by_class(every)
        self._plainest = {key: phrases[0] for key, phrases in of_class.items()}
        self._shortest = _shortest(of_class)
        self.among = lru_cache(GRAMMARS)(self._among)

    def _among(self, grammar: Grammar) -> KnownAmong:
        said = self._by_class(grammar.phrases)
        clear = frozenset(key for key, phrases in said.items() if len(set(map(self._meaning, phrases))) == 1)
        plainest, shortest = (self._plainest, self._shortest) if self._plainest else (_shortest(said),) * 2
        # Where only long phrases count, as at rest, a class is not heard in place of its short ones.
        aloud = {key: plainest[key] for key in clear if {plainest[key], shortest[key]} <= grammar.phrases}
        urgent = frozenset(key for key, phrases in said.items() if not grammar.urgent.isdisjoint(phrases))
        return KnownAmong(aloud, clear, frozenset(said), urgent)

    def _by_class(self, phrases: Iterable[str]) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for phrase in phrases:
            if (key := self.class_of(phrase)) is not None:
                found[key].append(phrase)
        return found


def _most(likely: Mapping[str, float], keys: Collection[str]) -> float:
    return max((likely[key] for key in keys), default=0.0)


def _shortest(said: Mapping[str, Collection[str]]) -> Mapping[str, str]:
    """Of each class the shortest phrase."""
    return {key: min(phrases, key=lambda one: (one.count(" "), len(one), one)) for key, phrases in said.items()}


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
        self._forgotten = 0
        """Up to this sample nothing is for this ear."""
        self._until = 0
        self._rows: list[NDArray[np.float32]] = []

    def follow(self, decoder: DecoderSession) -> None:
        """Hear what is new, where somebody speaks."""
        if decoder.hypothesis is None:
            self._began = None
        else:
            self._catch_up(decoder, decoder.hypothesis.began)

    def forget(self, decoder: DecoderSession) -> None:
        """What was heard so far is not for this ear, also where it is a part of what follows."""
        self._began, self._forgotten = None, decoder.heard

    def opinion(self, decoder: DecoderSession, began: int, lead_s: float = LEAD_S) -> Opinion | None:
        """What was said since sample ``began``; None: too little is left of it, or its beginning was not for this ear.

        Args:
            decoder: What it was said to.
            began: When it was noticed.
            lead_s: So much earlier it began.
        """
        if began < self._forgotten:
            return None
        self._catch_up(decoder, began)
        rows = self._since(max(began - round(lead_s * MICROPHONE_HZ), decoder.claimed))
        if len(rows) < FEWEST_ROWS or self._began is None or self._began > began:
            return None
        known = self._known.among(decoder.grammar)
        likely = self._likely(rows, known)
        impossible = sum(share for key, share in likely.items() if key not in known.valid)
        possible = max(1.0 - impossible, _LEAST_POSSIBLE)
        shares = {key: min(likely[key] / possible, 1.0) for key in known.clear}
        best = max(known.aloud, key=lambda key: likely[key], default=None)
        phrase, confidence = (None, 0.0) if best is None else (known.aloud[best], likely[best])
        return Opinion(shares, phrase, confidence, self._known.class_of)

    def _likely(self, rows: NDArray[np.float32], known: KnownAmong) -> Mapping[str, float]:
        """How likely each class is: in all of it, or in its end alone, where that is clearer.

        A cry in either is not hidden by what is heard in the other.
        """
        pieces = [rows] if len(rows) <= END_ROWS + 1 else [rows, rows[-END_ROWS:]]
        each = [dict(zip(self._reader.keys, self._reader.read(piece).tolist(), strict=True)) for piece in pieces]
        return max(each, key=lambda likely: (_most(likely, known.urgent) >= _CRY, _most(likely, known.valid)))

    def _catch_up(self, decoder: DecoderSession, began: int) -> None:
        if self._began is None:
            self._known.among(decoder.grammar)  # while somebody still speaks
            self._embedding.reset()
            self._rows.clear()
            lead = decoder.heard - began + round(LEAD_S * MICROPHONE_HZ)
            sound = decoder.last(min(lead, decoder.heard - self._forgotten))
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
