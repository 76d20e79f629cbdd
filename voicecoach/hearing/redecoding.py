"""Second looks: small strategies that decode a piece of the latest sound by itself.

A recogniser takes what is said amid other talk for a part of that talk.  So what stands out, by how loud it is, is
given to another recogniser alone.  A strategy only makes a candidate; `acceptance` judges it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.acceptance import Candidate, Origin
from voicecoach.hearing.loudness import OVER_S

if TYPE_CHECKING:
    from voicecoach.hearing.decoder import DecoderSession
    from voicecoach.hearing.endpointing import Endpointer
    from voicecoach.hearing.loudness import Loudness
    from voicecoach.hearing.policy import RedecodingRules

FADES_S = 0.2
"""A word ends so much after it was loud."""


class TailRedecode:
    """Somebody cries "stop" while somebody else talks on: the loud end of the talk, by itself."""

    def __init__(self, rules: RedecodingRules, endpointer: Endpointer) -> None:
        self._rules, self._endpointer = rules, endpointer
        self._tried = 0

    def candidate(self, decoder: DecoderSession, loudness: Loudness, until: int) -> Candidate | None:
        hypothesis, rules = decoder.hypothesis, self._rules
        if not rules.tail or hypothesis is None or not decoder.grammar.ends_urgently(hypothesis.words):
            return None
        stands_s = (until - max(hypothesis.changed, self._tried)) / MICROPHONE_HZ
        too_late = until - hypothesis.changed > rules.tail_lasts_s * MICROPHONE_HZ
        if stands_s < self._endpointer.rules.partial_stable_s or too_late:
            return None
        talk_s = max(0.0, (until - hypothesis.began) / MICROPHONE_HZ - rules.tail_s) + decoder.traits.partial_latency_s
        rise_db = loudness.rise_db(rules.tail_s, talk_s)
        if rise_db < rules.tail_rise_db:
            return None
        self._tried = until
        sound = decoder.last(round(rules.tail_s * MICROPHONE_HZ))
        match = decoder.alone(sound)
        if match.phrase not in decoder.grammar.urgent:
            return None
        least = 0.0 if rise_db >= rules.tail_alone_db else rules.confidence
        return Candidate(match, until - len(sound), until, Origin.TAIL, least)


class ForegroundRedecode:
    """Somebody is much louder than a television that talks on before and after: their words by themselves."""

    def __init__(self, rules: RedecodingRules) -> None:
        self._rules = rules

    def candidate(self, decoder: DecoderSession, loudness: Loudness, settled: int) -> Candidate | None:
        """What stood out and is over, unless it began before sample ``settled``, up to which all is judged.

        Words that are no phrase are a candidate too: the second ear may hear one in them.  But not where a cry is among
        what is being said, which would be lost.
        """
        ago_s = loudness.ended_foreground_s() if self._rules.foreground else None
        hypothesis, grammar = decoder.hypothesis, decoder.grammar
        if ago_s is None or (hypothesis is not None and grammar.may_become_phrase(hypothesis.words)):
            return None
        ago, heard = round(ago_s * MICROPHONE_HZ), decoder.heard
        if ago > heard - settled:
            return None
        sound = decoder.last(min(ago + round(decoder.traits.lead_in_s * MICROPHONE_HZ), heard - settled))
        match = decoder.alone(sound[: -round((OVER_S - FADES_S) * MICROPHONE_HZ)])
        if not match.words or match.phrase in grammar.beginnings:
            return None
        if match.phrase is None and hypothesis is not None and grammar.holds_a_cry(hypothesis.words):
            return None
        return Candidate(match, heard - len(sound), heard, Origin.FOREGROUND, self._rules.confidence)


class SequelRedecode:
    """ "Stop" waits for nothing; where it was the beginning of "stop listening", that follows: the whole, by itself."""

    def __init__(self, rules: RedecodingRules, endpointer: Endpointer) -> None:
        self._rules, self._endpointer = rules, endpointer
        self._obeyed: tuple[str, int, int] | None = None
        """The phrase that was obeyed last, and the samples at which it was noticed and accepted."""

    def obeyed(self, phrase: str, began: int, ended: int) -> None:
        """Be told that ``phrase`` was accepted, whatever may follow."""
        self._obeyed = phrase, began, ended

    def candidate(self, decoder: DecoderSession, loudness: Loudness) -> Candidate | None:
        """What the voice, now that it is silent, has said in all; where that may be more than what was obeyed."""
        if self._obeyed is None:
            return None
        phrase, began, ended = self._obeyed
        since_s, silent_s = (decoder.heard - ended) / MICROPHONE_HZ, loudness.silent_for_s()
        if since_s > self._rules.sequel_s:
            self._obeyed = None
        if silent_s < self._endpointer.rules.endpoint_silence_s or silent_s >= since_s:
            return None
        self._obeyed = None
        if phrase not in decoder.grammar.going_on:
            return None
        lead_in_s = decoder.traits.partial_latency_s + decoder.traits.lead_in_s
        match = decoder.alone(decoder.last(decoder.heard - began + round(lead_in_s * MICROPHONE_HZ)))
        if match.phrase is None or not decoder.grammar.goes_on(match.phrase, phrase):
            return None
        return Candidate(match, ended, decoder.heard, Origin.SEQUEL, self._rules.confidence)
