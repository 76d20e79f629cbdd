"""Ears that do not hear the coach: the echo of its voice is removed, and what could still be it is doubted.

A canceller needs some seconds until it has learned a room, and what it leaves then may sound like a word.  So while the
coach speaks, a phrase is believed only from somebody who is as loud as what may be left of the echo; and one that the
coach itself is saying, as a user's own routine may, only from somebody who is louder.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from math import log10
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.adaptive_filter import BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from voicecoach.engines.echo.kalman import EchoCanceller
    from voicecoach.engines.recognition.port import Utterance
    from voicecoach.hearing.command_recognizer import CommandRecognizer

TAIL_S: Final = 1.0
"""How long after the coach has said something it may still be heard: speaker, room, microphone and recogniser are
late."""
MEMORY_S: Final = 12.0
"""Longer than any utterance."""
BEFORE_S: Final = 0.3
"""An utterance has begun so much earlier than it was noticed."""
LOUD_DB: Final = 3.0
"""How far above the possible echo somebody speaks, at least."""
LOUDER_DB: Final = 6.0
"""The same for somebody who says what the coach is saying, unless it must never be lost."""
SOFTEST_DB: Final = -57.0
"""Relative to full scale; 12 dB below the whispers that the scenes are tried with.  What is left of an echo can be
softer and still be understood: in a room without noise to hide it, "please leave" was taken for "please stop"."""
SURE_ENOUGH: Final = 0.5
"""The least confidence in any phrase while the coach speaks, where how loud the echo is cannot be known."""
SURE: Final = 0.9
"""The same in a phrase that the coach is saying, unless it must never be lost.  What must never be lost is believed at
this confidence although it is softer than the echo may be: so is a whisper where the echo has not been learned yet."""
SOFT_DB: Final = -48.0
"""Then it must be as loud as this, relative to full scale: 3 dB below the whispers that the scenes are tried with."""
SOFTER_DB: Final = 20.0
"""And no further below the possible echo than by so much."""


class BargeInGuard:
    """Keeps the promise of `protocol.SpeechInput` over the coach's own voice."""

    def __init__(
        self, spotter: CommandRecognizer, canceller: EchoCanceller | None, always: Collection[str] = ()
    ) -> None:
        """Stand in front of ears that hear whatever there is.

        Args:
            spotter: Hears phrases.
            canceller: Removes the echo; None where something else does, or nothing.
            always: Phrases that must never be lost: to stop, and where it hurts.  What the coach is saying is no
                reason to doubt them, only silence where a voice should be.
        """
        self._spotter, self._canceller, self._always = spotter, canceller, frozenset(always)
        self._own_words: deque[tuple[float, str]] = deque([(np.inf, "")])
        """What the coach says and until which sample it may be heard; the last is what it says now."""
        self._blocks: deque[tuple[float, float]] = deque(maxlen=round(MEMORY_S * MICROPHONE_HZ / BLOCK))
        """Powers of the latest blocks: what was heard, and what of it may be echo."""
        self._heard = 0

    def listen_for(self, phrases: Collection[str]) -> None:
        """Make ``phrases`` the valid ones from the next utterance on."""
        self._spotter.listen_for(phrases)

    def saying(self, words: str) -> None:
        """Be told what the speaker says from now on."""
        _, before = self._own_words.pop()
        self._own_words.append((self._heard + TAIL_S * MICROPHONE_HZ, before))
        self._own_words.append((np.inf, words))

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        """Listen to one block of any length; ``played``, of the same length, is the echo reference."""
        while self._own_words[0][0] < self._heard:
            self._own_words.popleft()
        sound = self._without_echo(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), played)
        self._heard += len(sound)
        heard = self._spotter.hear(sound, over_own_voice=self._coach_speaks)
        return [self._believed(utterance) for utterance in heard]

    @property
    def somebody_speaks(self) -> bool:
        """Whether words of a valid phrase are being said right now."""
        return self._spotter.somebody_speaks

    def _without_echo(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._canceller is None:
            return block
        sound = self._canceller.remove(block, played)
        powers = np.mean(np.square(sound.reshape(-1, BLOCK)), axis=1)
        self._blocks.extend(zip(powers.tolist(), self._canceller.residual_echo_power, strict=True))
        return sound

    def _believed(self, utterance: Utterance) -> Utterance:
        """``utterance``, which is no phrase any more if it is more likely the coach's own."""
        if utterance.phrase is None or not self._coach_speaks:
            return utterance
        always = utterance.phrase in self._always
        doubted = not always and self._is_own(utterance.phrase)
        if self._canceller is None:
            believed = utterance.confidence >= (SURE if doubted else SURE_ENOUGH)
        else:
            heard_db, echo_db = self._levels_db(utterance)
            is_loud = heard_db >= max(SOFTEST_DB, echo_db + (LOUDER_DB if doubted else LOUD_DB))
            is_whisper = heard_db >= max(SOFT_DB, echo_db - SOFTER_DB) and utterance.confidence >= SURE
            believed = is_loud or (always and is_whisper)
        return utterance if believed else replace(utterance, phrase=None)

    @property
    def _coach_speaks(self) -> bool:
        """Whether it does, or has just done so."""
        return any(words for _, words in self._own_words)

    def _is_own(self, phrase: str) -> bool:
        """Whether the coach says, or has just said, ``phrase``."""
        return any(f" {phrase} " in f" {words} " for _, words in self._own_words)

    def _levels_db(self, utterance: Utterance) -> tuple[float, float]:
        """How loud the loud part of an utterance is, and what may be echo in it."""
        first = (self._heard - utterance.began) // BLOCK + round(BEFORE_S * MICROPHONE_HZ) // BLOCK
        heard, echo = np.percentile(list(self._blocks)[-first:], 90, axis=0)
        return 10 * log10(heard + 1e-12), 10 * log10(echo + 1e-12)
