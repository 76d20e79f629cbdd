"""The text recogniser, for rehearsals without sound: it hears exactly what is said, at the moment it has been said."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.port import Utterance
from voicecoach.plain import plain

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import Delivery


class TextInput:
    """Keeps `port.SpeechInput` without a recogniser.

    The phrases that count for an utterance are those that were valid when it began, as with a real recogniser.
    """

    echo_delay_s: float | None = None
    """Nothing sounds, so nothing comes back."""

    def __init__(self) -> None:
        self._phrases: frozenset[str] = frozenset()
        self._heard_samples = 0
        self._coming: deque[_Overheard] = deque()

    def listen_for(self, phrases: Collection[str]) -> None:
        """Make ``phrases`` the valid ones from the next utterance on."""
        self._phrases = frozenset(phrases)

    def overhear(self, words: str, began: int, ended: int, delivery: Delivery | None = None) -> None:
        """Be told that the person says ``words`` from microphone sample ``began`` to ``ended``; in order of time."""
        self._coming.append(_Overheard(plain(words), began, ended, delivery))

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:  # noqa: ARG002 - deaf
        """What was said to its end by the end of this block; the sound itself is not listened to."""
        self._heard_samples += len(block)
        for said in self._coming:
            if said.began < self._heard_samples and said.valid is None:
                said.valid = said.words in self._phrases
        heard = []
        while self._coming and self._coming[0].ended <= self._heard_samples:
            heard.append(self._coming.popleft().utterance(self._heard_samples))
        return heard

    def saying(self, words: str) -> None:
        """Be told what the coach says; only the person is heard here, so it does not matter."""

    @property
    def somebody_speaks(self) -> bool:
        """Whether words of a valid phrase are being said right now."""
        return any(said.valid for said in self._coming)


@dataclass(slots=True)
class _Overheard:
    words: str
    began: int
    ended: int
    delivery: Delivery | None = None
    valid: bool | None = None
    """Whether the words are a phrase; None until they are begun."""

    def utterance(self, now: int) -> Utterance:
        phrase, delivery = (self.words, self.delivery) if self.valid else (None, None)
        return Utterance(self.words, phrase, 1.0, self.began, now, delivery=delivery)
