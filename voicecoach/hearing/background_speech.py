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


@dataclass(frozen=True, slots=True)
class _Said:
    meaning: object
    ended: int


class BackgroundSpeech:
    """The last utterances that were no phrase, and the last phrase that stood alone."""

    def __init__(self, rules: BackgroundRules) -> None:
        self._rules = rules
        self._pieces: deque[_Piece] = deque(maxlen=4 * rules.recurring_times)
        self._said: _Said | None = None

    def add(self, ended: int, level_db: float) -> None:
        """An utterance that was no phrase has ended at that sample."""
        self._pieces.append(_Piece(ended, level_db))

    def add_phrase(self, meaning: object, ended: int) -> None:
        """A phrase that stood alone has ended at that sample; it is not talk, whether it was obeyed or not."""
        self._said = _Said(meaning, ended)

    @property
    def last_ended(self) -> int | None:
        """The sample at which other talk ended last."""
        return self._pieces[-1].ended if self._pieces else None

    def is_apart(self, began: int, least_s: float) -> bool:
        """Whether what began at that sample follows other talk no sooner than after ``least_s``."""
        return not self._pieces or began - self._pieces[-1].ended >= least_s * MICROPHONE_HZ

    def is_said_again(self, meaning: object, began: int, within_s: float) -> bool:
        """Whether the last phrase meant the same, so short a while before; the same sound heard again is none."""
        said, since = self._said, began - within_s * MICROPHONE_HZ
        return said is not None and said.meaning == meaning and since <= said.ended <= began

    def is_likely_background(self, began: int, level_db: float) -> bool:
        """Whether what began at that sample, so loud, is no louder than what has been heard again and again."""
        rules = self._rules
        since = began - rules.recurring_window_s * MICROPHONE_HZ
        levels_db = [piece.level_db for piece in self._pieces if piece.ended >= since]
        often = len(levels_db) >= rules.recurring_times
        return often and level_db < quantiles(levels_db, n=4)[2] + rules.louder_than_recurring_db
