"""Who needs help cries again at once: a cry that was refused for doubt alone is believed the second time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from voicecoach.hearing.policy import DoubtedCryRules, PhrasePolicy


@dataclass(frozen=True, slots=True)
class _Cry:
    meaning: object
    ended: int
    """Microphone sample."""


class DoubtedCry:
    """The last urgent phrase that nothing spoke against but that it was not sure enough."""

    def __init__(self, rules: DoubtedCryRules) -> None:
        self._rules = rules
        self._cry: _Cry | None = None

    def is_likely(self, asked: PhrasePolicy, confidence: float) -> bool:
        """Whether a phrase of which so much is ``asked`` may count as a cry with this confidence."""
        rules = self._rules
        strict = asked.least_confidence > rules.strict_above
        return asked.urgent and confidence >= (rules.strict_confidence if strict else rules.confidence)

    def add(self, meaning: object, ended: int) -> None:
        """Such a cry has ended at that sample."""
        self._cry = _Cry(meaning, ended)

    def forget(self) -> None:
        """A phrase was obeyed: what was cried before is over."""
        self._cry = None

    def is_confirmed(self, meaning: object, began: int, talk_ended: int | None) -> bool:
        """Whether a cry that began at that sample is the same once more, soon, and nothing else was said between.

        Args:
            meaning: What it means.
            began: Microphone sample.
            talk_ended: When other talk, or a doubted cry, ended last, also a sample; None: there was none.
        """
        cry = self._cry
        if cry is None or cry.meaning != meaning or (talk_ended is not None and talk_ended > cry.ended):
            return False
        return cry.ended <= began <= cry.ended + self._rules.within_s * MICROPHONE_HZ
