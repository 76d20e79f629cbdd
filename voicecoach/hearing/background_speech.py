"""What else is to be heard in the room: the television, a partner, somebody who snores.

What sounds like a phrase in the middle of it is more likely a piece of it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import quantiles

from voicecoach.engines.recognition.port import MICROPHONE_HZ

APART_S = 0.6
"""What follows other talk sooner than this is a piece of that talk, and not meant for the coach; unless it is urgent,
or stands out.  Television, a partner, a sentence with a pause in it: of nine pieces of people's sentences that were
taken for a phrase, seven stood beside other pieces.  The recogniser's wait for the end of the talk comes on top."""
HABIT_S = 60.0
HABIT_TIMES = 5
LOUDER_THAN_HABIT_DB = 3.0
"""Who snores, or a television, is heard again and again: five times in a minute.  Sooner or later that sounds like a
phrase; so then a phrase must be louder than three in four of them, for every other breath of a snorer is soft."""
NOBODY_SNORES = 3
"""Words: so long a phrase is not heard by chance."""


@dataclass(frozen=True, slots=True)
class _Piece:
    ended: int
    """Microphone sample."""
    level_db: float


class BackgroundSpeech:
    """The last utterances that were no phrase."""

    def __init__(self) -> None:
        self._pieces: deque[_Piece] = deque(maxlen=4 * HABIT_TIMES)

    def add(self, ended: int, level_db: float) -> None:
        """An utterance that was no phrase has ended at that sample."""
        self._pieces.append(_Piece(ended, level_db))

    def is_apart(self, began: int) -> bool:
        """Whether what began at that sample does not follow other talk at once."""
        return not self._pieces or began - self._pieces[-1].ended >= APART_S * MICROPHONE_HZ

    def is_likely_more_of_it(self, phrase: str, began: int, level_db: float) -> bool:
        """Whether ``phrase``, so loud, is no louder than what has been heard again and again."""
        if len(phrase.split()) >= NOBODY_SNORES:
            return False
        since = began - HABIT_S * MICROPHONE_HZ
        levels_db = [piece.level_db for piece in self._pieces if piece.ended >= since]
        return len(levels_db) >= HABIT_TIMES and level_db < quantiles(levels_db, n=4)[2] + LOUDER_THAN_HABIT_DB
