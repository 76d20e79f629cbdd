"""Where an utterance ends: once its words are a phrase that stands, and the voice has fallen silent.

There is then no need to wait for the recogniser's own endpoint.  "Stop" and what else is urgent waits for next to
nothing: it is tried as soon as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from voicecoach.engines.recognition.port import RecognizerTraits
    from voicecoach.hearing.decoder import Hypothesis
    from voicecoach.hearing.grammar import Grammar
    from voicecoach.hearing.policy import EndpointRules


class Endpointer:
    """Judges a partial result by how long it has stood and how long the voice has been silent."""

    def __init__(self, rules: EndpointRules, traits: RecognizerTraits) -> None:
        self.rules = rules
        self._may_go_on_s = traits.endpoint_pause_s if rules.silence_may_go_on_s is None else rules.silence_may_go_on_s

    def is_over(self, hypothesis: Hypothesis, grammar: Grammar, now: int, silent_s: float) -> bool:
        """Whether the utterance is a phrase that is over; ``now`` is a microphone sample."""
        rules = self.rules
        if now - hypothesis.began >= rules.longest_s * MICROPHONE_HZ:
            return True
        phrase = self._standing_phrase(hypothesis, grammar, now, rules.partial_stable_s)
        if phrase is None:
            return False
        return silent_s >= (self._may_go_on_s if phrase in grammar.beginnings else rules.endpoint_silence_s)

    def is_urgent(self, hypothesis: Hypothesis, grammar: Grammar, now: int, silent_s: float) -> bool:
        """Whether the utterance is an urgent phrase that is to be tried at once.

        Where a longer phrase of another meaning begins with it, as "no more tips" with "no more", it is ended as any
        other is: a breath between two words must not stop a session.
        """
        rules = self.rules
        surely = silent_s >= rules.long_silence_s
        stable_s = rules.partial_stable_after_long_silence_s if surely else rules.partial_stable_s
        phrase = self._standing_phrase(hypothesis, grammar, now, stable_s)
        may_become_another = phrase in grammar.beginnings
        least_s = rules.endpoint_silence_s if may_become_another else rules.urgent_silence_s
        return phrase in grammar.urgent and silent_s >= least_s

    def _standing_phrase(self, hypothesis: Hypothesis, grammar: Grammar, now: int, stable_s: float) -> str | None:
        """The phrase that the words so far are, once they have stood for so long."""
        if now - hypothesis.changed < stable_s * MICROPHONE_HZ:
            return None
        return grammar.phrase(hypothesis.words)
