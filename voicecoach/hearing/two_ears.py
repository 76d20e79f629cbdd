"""What the recogniser and the second ear are worth together: one confidence, and what one of them hears alone."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from voicecoach.hearing.grammar import Match
    from voicecoach.hearing.policy import Policy
    from voicecoach.hearing.second_ear import Opinion


class TwoEars:
    """Weighs what the recogniser has heard against the second ear's opinion, where there is one."""

    def __init__(self, policy: Policy) -> None:
        self._policy, self._rules = policy, policy.rules.second_ear

    def weighed(self, match: Match, opinion: Opinion | None) -> Match:
        """``match`` with the confidence of both ears; that of the recogniser where the second ear cannot judge it.

        A phrase of safety is never worth less than either ear gives it alone.
        """
        likely = None if opinion is None or match.phrase is None else opinion.of(match.phrase)
        if likely is None or match.phrase is None:
            return match
        rules = self._rules
        odds = rules.of_recognizer * self._log_odds(match.confidence) + rules.of_ear * self._log_odds(likely)
        both = 1.0 / (1.0 + exp(-rules.offset - odds))
        urgent = self._is_urgent(match.phrase)
        return replace(match, confidence=max(both, match.confidence) if urgent else both)

    def instead_of(self, match: Match, opinion: Opinion | None, samples: int) -> Match | None:
        """What the second ear has heard by itself, where the recogniser has heard something else or nothing.

        Nothing but another phrase of safety stands in for one of safety, however unsure the recogniser was of that.
        Talk that begins like a phrase is none: "easier by bicycle".

        Args:
            match: What the recogniser has heard.
            opinion: The second ear's.
            samples: How long it lasted.
        """
        rules = self._rules
        if opinion is None or opinion.phrase is None or samples > rules.longest_s * MICROPHONE_HZ:
            return None
        if opinion.confidence < rules.alone:
            return None
        if not self._is_urgent(opinion.phrase) and (self._holds_a_cry(match) or self._is_talk(match, opinion.phrase)):
            return None
        return replace(match, phrase=opinion.phrase, confidence=opinion.confidence)

    def _holds_a_cry(self, match: Match) -> bool:
        """Whether a phrase of safety is among the words."""
        words = f" {match.words} "
        return self._is_urgent(match.phrase) or any(f" {phrase} " in words for phrase in self._policy.urgent)

    def _is_talk(self, match: Match, phrase: str) -> bool:
        """Whether the recogniser has heard many words beside ``phrase``, or one that means the same, or instead."""
        words, meant, rules = match.words.split(), self._policy.meaning(phrase), self._rules
        pieces = ((begins, ends) for ends in range(len(words), 0, -1) for begins in range(ends))
        same = (one for one in pieces if self._policy.meaning(" ".join(words[slice(*one)])) == meant)
        begins, ends = next(same, (0, 0))
        if begins == ends:
            return len(words) >= rules.words_instead
        return begins >= rules.words_before or len(words) - ends >= rules.words_after

    def _is_urgent(self, phrase: str | None) -> bool:
        return phrase is not None and self._policy.of(phrase).urgent

    def _log_odds(self, probability: float) -> float:
        most = self._rules.most_nats
        least = 1.0 / (1.0 + exp(most))
        bounded = min(max(probability, least), 1.0 - least)
        return log(bounded / (1.0 - bounded))
