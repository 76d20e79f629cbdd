"""The barge-in guard: whether a phrase that was heard over the coach's own voice came from a person.

It knows what the coach is saying, and how loud what is left of its echo may be.  While the coach speaks, a phrase is
believed only from somebody who is as loud as that; and one that the coach itself is saying, as a user's own routine
may, only from somebody who is louder.  So is any phrase as long as nobody knows how late the echo comes.
"""

from __future__ import annotations

from collections import deque
from math import log10
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.port import BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.hearing.policy import BargeInRules

MEMORY_S: Final = 12.0
"""Longer than any utterance."""


class BargeInGuard:
    """Follows the microphone and the coach's words."""

    def __init__(self, rules: BargeInRules, late_s: float) -> None:
        """Begin in silence.

        Args:
            rules: What a phrase needs.
            late_s: An utterance has begun so much earlier than it was noticed.
        """
        self._rules = rules
        self._late_blocks = round(late_s * MICROPHONE_HZ) // BLOCK
        self._own_words: deque[tuple[float, str]] = deque([(np.inf, "")])
        """What the coach says and until which sample it said so; the last is what it says now."""
        self._unsure_until = 0
        """Up to which sample it was not known how late the echo is."""
        self._powers: deque[tuple[float, float, float]] = deque(maxlen=round(MEMORY_S * MICROPHONE_HZ / BLOCK))
        """Of the latest blocks: what was heard, what of it may be echo, and what can be at all."""
        self._heard = 0

    def saying(self, words: str) -> None:
        """The speaker says ``words`` from now on: lower case, parted by one blank; empty: nothing."""
        _, before = self._own_words.pop()
        self._own_words.append((self._heard, before))
        self._own_words.append((np.inf, words))

    def hear(
        self, samples: int, powers: Iterable[tuple[float, float, float]], latest_s: float = 0.0, unsure_until: int = 0
    ) -> None:
        """So many more samples of the microphone.

        Args:
            samples: How many.
            powers: For each `BLOCK` of them its power, that of the echo in it, and the same where it is not known when
                that comes; none: how loud it is cannot be known.
            latest_s: How long after it was played the echo may come.
            unsure_until: Up to which sample it was not known how late it is, as far as is known now.
        """
        tail_s = self._rules.tail_s + max(0.0, latest_s - self._rules.tail_delay_s)
        while self._own_words[0][0] + tail_s * MICROPHONE_HZ < self._heard:
            self._own_words.popleft()
        self._heard += samples
        self._powers.extend(powers)
        self._unsure_until = unsure_until

    @property
    def coach_speaks(self) -> bool:
        """Whether it does, or has just done so."""
        return any(words for _, words in self._own_words)

    @property
    def may_be_fooled(self) -> bool:
        """Whether the coach speaks, or has just done so, and nobody knows how loud its echo is."""
        return self.coach_speaks and not self._powers

    def believes(self, phrase: str, confidence: float, began: int, *, protected: bool) -> bool:
        """Whether ``phrase`` came from a person.

        Args:
            phrase: What was heard.
            confidence: How sure that is, 0 to 1.
            began: The microphone sample at which it was noticed.
            protected: Whether the phrase must never be lost.
        """
        if not self.coach_speaks:
            return True
        rules = self._rules
        doubted = not protected and self._is_own(phrase)
        if not self._powers:
            return confidence >= (rules.own_words_confidence if doubted else rules.unknown_echo_confidence)
        heard_db, echo_db, loudest_db = self._levels_db(began)
        is_cry = protected and confidence >= rules.whisper_confidence and not self._is_own(phrase)
        if began - self._late_blocks * BLOCK < self._unsure_until:
            over_db = rules.loud_db if is_cry else rules.louder_db
            return heard_db >= max(rules.softest_db, loudest_db + over_db)
        over_db = rules.louder_db if doubted else rules.loud_db
        # What may be left of the echo is a guess, and in a room that has just changed too much of one.
        most_db = min(echo_db, loudest_db) if is_cry else echo_db
        if heard_db >= max(rules.softest_db, most_db + over_db):
            return True
        whispered = heard_db >= max(rules.whisper_db, echo_db - rules.whisper_below_echo_db)
        return protected and whispered and confidence >= rules.whisper_confidence

    def behind_own_words(self, words: str) -> str:
        """What follows in ``words`` on those that the coach says, or has just said; empty where it says that, too."""
        split = words.split()
        own = next((n for n in range(len(split), 0, -1) if self._is_own(" ".join(split[:n]))), 0)
        rest = " ".join(split[own:])
        return "" if self._is_own(rest) else rest

    def _is_own(self, phrase: str) -> bool:
        """Whether the coach says, or has just said, ``phrase``."""
        return any(f" {phrase} " in f" {words} " for _, words in self._own_words)

    def _levels_db(self, began: int) -> tuple[float, float, float]:
        """How loud the loud part of an utterance is, what may be echo in it, and what can be at all."""
        blocks = (self._heard - began) // BLOCK + self._late_blocks
        heard, echo, loudest = np.percentile(list(self._powers)[-blocks:], 90, axis=0)
        return 10 * log10(heard + 1e-12), 10 * log10(echo + 1e-12), 10 * log10(loudest + 1e-12)
