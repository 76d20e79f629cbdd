"""The loop that everybody writes: the final results of a recogniser with a grammar, deaf while it speaks itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from voicecoach.engines.recognition.port import Utterance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

_FULL_SCALE = 32767


class Recogniser(Protocol):
    """Hears one set of phrases."""

    def accept(self, samples: bytes) -> str:
        """The words of the utterance that ended within ``samples`` (16 bits, 16 kHz); empty: none did."""


class PlainLoop:
    """Keeps the promise of `port.SpeechInput`."""

    somebody_speaks = False
    echo_delay_s: None = None
    """It does not know before an utterance is over."""

    def __init__(self, recogniser: Callable[[frozenset[str]], Recogniser], listed: frozenset[str]) -> None:
        """Listen for nothing yet.

        Args:
            recogniser: Makes one for a set of phrases.
            listed: The phrases that its author knows of; others are not listened for.
        """
        self._make, self._listed = recogniser, listed
        self._phrases: frozenset[str] = frozenset()
        self._recogniser: Recogniser | None = None
        self._heard = 0

    def listen_for(self, phrases: Collection[str]) -> None:
        """Make ``phrases`` the valid ones; an utterance under way is forgotten."""
        known = self._listed.intersection(phrases)
        if known != self._phrases:
            self._phrases = known
            self._recogniser = self._make(self._phrases)

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        """Listen to a block, unless anything was played meanwhile."""
        self._heard += len(block)
        if self._recogniser is None or played.any():
            return []
        words = self._recogniser.accept((np.clip(block, -1.0, 1.0) * _FULL_SCALE).astype("<i2").tobytes())
        if not words:
            return []
        return [Utterance(words, words if words in self._phrases else None, 1.0, self._heard, self._heard)]

    def saying(self, words: str) -> None:
        """It does not matter to somebody who is deaf meanwhile."""
