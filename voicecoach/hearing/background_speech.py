"""What else is to be heard in the room: the television, a partner, somebody who snores."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from voicecoach.hearing.policy import BackgroundRules


@dataclass(frozen=True, slots=True)
class _Piece:
    ended: int
    """Microphone sample."""
    level_db: float


class BackgroundSpeech:
    """The last utterances that were no phrase."""

    def __init__(self, rules: BackgroundRules) -> None:
        self._rules = rules
        self._pieces: deque[_Piece] = deque(maxlen=4 * rules.recurring_times)

    def add(self, ended: int, level_db: float) -> None:
        """An utterance that was no phrase has ended at that sample."""
        self._pieces.append(_Piece(ended, level_db))

    def is_apart(self, began: int) -> bool:
        """Whether what began at that sample does not follow other talk at once."""
        return not self._pieces or began - self._pieces[-1].ended >= self._rules.apart_s * MICROPHONE_HZ

    def is_likely_more_of_it(self, phrase: str, began: int, level_db: float) -> bool:
        """Whether ``phrase``, so loud, is no louder than what has been heard again and again."""
        rules = self._rules
        if len(phrase.split()) >= rules.long_phrase_words:
            return False
        since = began - rules.recurring_window_s * MICROPHONE_HZ
        levels_db = [piece.level_db for piece in self._pieces if piece.ended >= since]
        often = len(levels_db) >= rules.recurring_times
        return often and level_db < quantiles(levels_db, n=4)[2] + rules.louder_than_recurring_db
