"""A decoder session: one recogniser after another on the same stream of sound, and what it is hearing now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ, Partial
from voicecoach.hearing.grammar import Grammar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import Model, Recognizer, Result
    from voicecoach.hearing.grammar import Match

HELD_S = 2.5
"""So much of the latest sound is held, to be decoded again."""


@dataclass(slots=True)
class Hypothesis:
    """An utterance of which something has been noticed; positions are microphone samples."""

    words: str
    began: int
    changed: int
    """When the words last became others."""


class DecoderSession:
    """Follows the stream with one recogniser; can decode the latest sound again with others."""

    def __init__(self, model: Model) -> None:
        self.traits = model.traits
        self.grammar = Grammar.of((), margin_nats=self.traits.nbest_margin_nats)
        self.hypothesis: Hypothesis | None = None
        """What the utterance under way sounds like; None: nothing is being said."""
        self.heard = 0
        """Samples so far."""
        self.claimed = 0
        """Up to this sample the sound belongs to utterances that are over."""
        self._model = model
        self._recognizer: Recognizer = model.recognizer(())
        self._held = np.zeros(0, np.float32)

    def hold(self, piece: NDArray[np.float32]) -> None:
        """The next sound, which `decode` is then given."""
        self.heard += len(piece)
        self._held = np.concatenate([self._held, piece])[-round(HELD_S * MICROPHONE_HZ) :]

    def decode(self, piece: NDArray[np.float32], until: int) -> Result | None:
        """Have ``piece``, which ends at sample ``until``, decoded; gives the result, if that ended an utterance."""
        since = until - len(piece)
        outcome = self._recognizer.accept(piece)
        if not isinstance(outcome, Partial):
            return outcome
        self._follow(outcome.words, since, until)
        return None

    def end(self, behind_own_words: Callable[[str], str]) -> Match:
        """End the utterance under way, whatever the recogniser thinks of it; see `Grammar.match`."""
        return self.grammar.match(self._recognizer.finish(), behind_own_words)

    def claim(self) -> None:
        """Everything that was heard belongs to an utterance that is over."""
        self.hypothesis, self.claimed = None, self.heard

    def start_over(self, *, claim: bool = True) -> None:
        """Go on with a new recogniser, for the grammar as it is now; what the old one was hearing is forgotten."""
        self.hypothesis = None
        if claim:
            self.claimed = self.heard
        self._recognizer = self._model.recognizer(self.grammar.phrases)

    def unclaimed(self, most_s: float = HELD_S) -> NDArray[np.float32]:
        """The latest sound that belongs to no utterance yet."""
        return self.last(min(self.heard - self.claimed, round(most_s * MICROPHONE_HZ)))

    def last(self, samples: int) -> NDArray[np.float32]:
        """So much of the latest sound, as far as it is held."""
        return self._held[max(0, len(self._held) - samples) :]

    def alone(self, sound: NDArray[np.float32]) -> Match:
        """What ``sound`` is to a recogniser that has heard nothing before."""
        recognizer = self._model.recognizer(self.grammar.phrases)
        outcomes = [recognizer.accept(piece) for piece in self.pieces(sound)]
        over = next((outcome for outcome in outcomes if not isinstance(outcome, Partial)), None)
        return self.grammar.match(over or recognizer.finish())

    def pieces(self, sound: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """``sound`` in pieces that the recogniser takes."""
        longest = self.traits.longest_block
        for at in range(0, len(sound), longest):
            yield sound[at : at + longest]

    def _follow(self, words: str, since: int, until: int) -> None:
        if not words:
            self.hypothesis = None
        elif self.hypothesis is None:
            self.hypothesis = Hypothesis(words, began=since, changed=until)
        elif words != self.hypothesis.words:
            self.hypothesis.words, self.hypothesis.changed = words, until
