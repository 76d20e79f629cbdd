"""The gate: a recogniser that works only while somebody may be speaking, and is given the second before as pre-roll.

A bedroom is silent for nearly all of a night.  With all phrases valid, a minute of faint noise took 3.5 % of a core
without the gate and 0.16 % with it.  And an utterance that begins with a voice, not with minutes of somebody's fan, is
better understood: in steady noise a recogniser sooner or later hears words that are not there, and what is said next is
then no whole phrase any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ, Partial, Result
from voicecoach.hearing.activity import VoiceActivityDetector

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import Model, Recognizer, RecognizerTraits

QUIET_S = 1.2
"""Quiet for so long, the gate closes: longer than the pause at which it ends an utterance by itself."""
PRE_ROLL_S = 1.0
"""How much sound from before it woke a recogniser is given; a voice may have begun 0.7 s before it was noticed."""
_PRE_ROLL = round(PRE_ROLL_S * MICROPHONE_HZ)
_HISS = np.random.default_rng(0).normal(0.0, 1.0, MICROPHONE_HZ)
"""A second of noise: the dither that a recogniser may want."""


class VadGatedModel:
    """A model whose recognisers are gated by voice activity."""

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def traits(self) -> RecognizerTraits:
        """Those of the model behind it."""
        return self._model.traits

    def knows(self, word: str) -> bool:
        """Whether ``word`` can be recognised at all."""
        return self._model.knows(word)

    def phones(self, word: str) -> Sequence[str] | None:
        """How ``word`` is said; None: the model behind it does not tell."""
        return self._model.phones(word)

    def recognizer(self, phrases: Collection[str]) -> VadGatedRecognizer:
        """A new recogniser for ``phrases``, its gate closed."""
        return VadGatedRecognizer(self._model.recognizer(phrases), self.traits)


class VadGatedRecognizer:
    """A `Recognizer` that listens only when there may be something to hear."""

    def __init__(self, recognizer: Recognizer, traits: RecognizerTraits) -> None:
        self._recognizer = recognizer
        self._longest_block = traits.longest_block
        self._dither = (traits.least_noise * _HISS).astype(np.float32)
        self._activity = VoiceActivityDetector()
        self._awake = False
        self._heard = 0
        self._missed = np.zeros(0, np.float32)
        """The last sound that was not listened to: shape (n,), at most `PRE_ROLL_S` long."""

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        """Listen to ``block``, or sleep through it; shape (n,), float32 in -1..1 at `MICROPHONE_HZ`."""
        self._activity.add(block)
        quiet_s = self._activity.quiet_for_s()
        if not self._awake:
            self._missed = np.concatenate([self._missed, block])[-_PRE_ROLL:]
            return self._wake() if quiet_s == 0.0 else Partial("")
        outcome = self._listen(block)
        if quiet_s < QUIET_S:
            return outcome
        self._awake = False
        return self._recognizer.finish() if isinstance(outcome, Partial) else outcome

    def finish(self) -> Result:
        """End the utterance under way."""
        return self._recognizer.finish()

    def _wake(self) -> Partial | Result:
        """Listen to what was slept through, and gives what the last of it sounded like."""
        self._awake = True
        missed, self._missed = self._missed, self._missed[:0]
        outcome: Partial | Result = Partial("")
        for at in range(0, len(missed), self._longest_block):
            outcome = self._listen(missed[at : at + self._longest_block])
        return outcome

    def _listen(self, block: NDArray[np.float32]) -> Partial | Result:
        hiss = np.take(self._dither, range(self._heard, self._heard + len(block)), mode="wrap")
        self._heard += len(block)
        return self._recognizer.accept(block + hiss)
