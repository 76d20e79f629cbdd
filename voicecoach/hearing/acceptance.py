"""The verdict: whether something that was decoded is a phrase that is obeyed, and if not, why.

There is one verdict on each candidate, and it is made before anything that hearing remembers is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias

from voicecoach.engines.recognition.port import Ears, Utterance
from voicecoach.hearing.doubted_cry import DoubtedCry
from voicecoach.hearing.two_ears import TwoEars

if TYPE_CHECKING:
    from voicecoach.engines.recognition.port import Delivery
    from voicecoach.hearing.background_speech import BackgroundSpeech
    from voicecoach.hearing.barge_in import BargeInGuard
    from voicecoach.hearing.grammar import Match
    from voicecoach.hearing.loudness import Loudness
    from voicecoach.hearing.policy import Policy
    from voicecoach.hearing.second_ear import Opinion


class Origin(Enum):
    """How a candidate was found."""

    DECODER = "decoder"
    """The utterance that the recogniser followed has ended."""
    TAIL = "tail"
    """The end of other talk, decoded by itself."""
    FOREGROUND = "foreground"
    """What stood out from other talk, decoded by itself."""
    SEQUEL = "sequel"
    """The whole of what began with a phrase that was obeyed at once."""


class Refusal(Enum):
    """Why a candidate is not obeyed."""

    NO_PHRASE = "no phrase"
    """The words are no whole phrase that is valid now."""
    UNSURE = "unsure"
    """Something else is too likely."""
    BESIDE_TALK = "beside talk"
    """It follows other talk at once, and does not stand out from it."""
    RECURRING = "like what is heard again and again"
    """It is no louder than the snoring or the television of the last minute."""
    DOUBTED = "the second ear hears none"
    """The recogniser is sure of it, but the second ear hears no such thing."""
    OWN_VOICE = "own voice"
    """It is more likely the coach's own echo."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a phrase; positions are microphone samples."""

    match: Match
    began: int
    """When it was noticed."""
    ended: int
    origin: Origin = Origin.DECODER
    least_confidence: float = 0.0
    """What its origin asks for, beside what the phrase itself does."""
    opinion: Opinion | None = None
    """What the second ear makes of it, where it was asked."""
    recognizers: float | None = None
    """The confidence of the recogniser alone, where that of ``match`` is what both ears together are worth."""
    spoken_up: bool = False
    """Whether the phrase is what the second ear alone has heard."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is obeyed."""

    candidate: Candidate
    phrase: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It is not."""

    candidate: Candidate
    why: Refusal


Verdict: TypeAlias = Accepted | Refused
_NOTHING_HEARD: Final = frozenset({Refusal.NO_PHRASE, Refusal.UNSURE, Refusal.DOUBTED})


class Acceptance:
    """Judges candidates by the policy of their phrase, the talk beside them, and the coach's own voice."""

    def __init__(self, policy: Policy, background: BackgroundSpeech, loudness: Loudness, guard: BargeInGuard) -> None:
        self._policy, self._background, self._loudness, self._guard = policy, background, loudness, guard
        self._doubted = DoubtedCry(policy.rules.doubted_cry)
        self._ears = TwoEars(policy)

    def is_sure(self, match: Match, opinion: Opinion | None = None) -> bool:
        """Whether ``match`` is a phrase, with the confidence that is asked of it."""
        return self._is_enough(self._ears.weighed(match, opinion))

    def judge(self, candidate: Candidate, level_db: float) -> Verdict:
        """Whether ``candidate``, so loud, is obeyed; or else what the second ear has heard instead of it."""
        match, opinion = candidate.match, candidate.opinion
        weighed = replace(candidate, match=self._ears.weighed(match, opinion), recognizers=match.confidence)
        verdict = self._judge(weighed, level_db)
        if isinstance(verdict, Accepted) or verdict.why not in _NOTHING_HEARD:
            return verdict
        instead = self._ears.instead_of(match, opinion, candidate.ended - candidate.began)
        phrase = None if instead is None else instead.phrase
        if instead is None or phrase is None:
            return verdict
        if verdict.why is Refusal.DOUBTED and not self._policy.of(phrase).urgent:
            return verdict  # said again it is believed; who had it taken for something else would never be
        spoken_up = replace(weighed, match=instead, spoken_up=True)
        return verdict if self._against(spoken_up, phrase, level_db) else Accepted(spoken_up, phrase)

    def _judge(self, candidate: Candidate, level_db: float) -> Verdict:
        phrase = candidate.match.phrase
        if phrase is None:
            return Refused(candidate, Refusal.NO_PHRASE)
        why = self._unsure(candidate, phrase) or self._against(candidate, phrase, level_db)
        return Refused(candidate, why) if why else Accepted(candidate, phrase)

    def remember(self, verdict: Verdict, level_db: float) -> None:
        """Note what ``verdict``, on something so loud, tells of the room.

        Only what is surely no phrase counts as talk: nobody's command is refused because another was.
        """
        candidate, phrase = verdict.candidate, verdict.candidate.match.phrase
        why = verdict.why if isinstance(verdict, Refused) else None
        may_be_meant = why in {None, Refusal.RECURRING, Refusal.DOUBTED}
        alone = phrase is not None and may_be_meant and self._stands_alone(candidate, phrase)
        if phrase is not None and (alone or (why is Refusal.DOUBTED and self._is_apart(candidate))):
            self._background.add_phrase(self._policy.meaning(phrase), candidate.ended)
        if why is None:
            self._doubted.forget()
        elif why is Refusal.UNSURE and phrase is not None and self._is_doubted_only(candidate, phrase, level_db):
            self._doubted.add(self._policy.meaning(phrase), candidate.ended)
        # Pieces of talk may be what is left of the coach's voice, and then count for nothing.
        is_talk = candidate.origin is Origin.DECODER and why in {Refusal.NO_PHRASE, Refusal.UNSURE}
        if is_talk and not self._guard.coach_speaks:
            self._background.add(candidate.ended, level_db)

    def _unsure(self, candidate: Candidate, phrase: str) -> Refusal | None:
        enough = self._is_enough(candidate.match) and candidate.match.confidence >= candidate.least_confidence
        if enough or self._is_cried_again(candidate, phrase):
            return None
        alone = replace(candidate.match, confidence=candidate.recognizers or 0.0)
        if not self._is_enough(alone) or alone.confidence < candidate.least_confidence:
            return Refusal.UNSURE
        within_s = self._policy.rules.second_ear.repeated_within_s
        again = self._background.is_said_again(self._policy.meaning(phrase), candidate.began, within_s)
        return None if again and self._is_apart(candidate) else Refusal.DOUBTED

    def _is_enough(self, match: Match) -> bool:
        return match.phrase is not None and match.confidence >= self._policy.of(match.phrase).least_confidence

    def _against(self, candidate: Candidate, phrase: str, level_db: float) -> Refusal | None:
        """What speaks against it but doubt."""
        return self._not_meant(candidate, phrase, level_db) or self._own(candidate, phrase)

    def _may_be_a_cry(self, candidate: Candidate, phrase: str) -> bool:
        likely = self._doubted.is_likely(self._policy.of(phrase), candidate.match.confidence)
        return likely and candidate.origin is Origin.DECODER and not self._guard.may_be_fooled

    def _is_cried_again(self, candidate: Candidate, phrase: str) -> bool:
        meaning, talk_ended = self._policy.meaning(phrase), self._background.last_ended
        again = self._doubted.is_confirmed(meaning, candidate.began, talk_ended)
        return again and self._may_be_a_cry(candidate, phrase)

    def _is_doubted_only(self, candidate: Candidate, phrase: str, level_db: float) -> bool:
        """Whether an urgent phrase that is not sure enough stands alone, and nothing else speaks against it."""
        apart = self._background.is_apart(candidate.began, self._policy.rules.doubted_cry.apart_s)
        alone = apart and self._may_be_a_cry(candidate, phrase)
        return alone and self._against(candidate, phrase, level_db) is None

    def _not_meant(self, candidate: Candidate, phrase: str, level_db: float) -> Refusal | None:
        """Whether it is a piece of other talk."""
        if candidate.origin is Origin.TAIL:
            return None
        background, began, rules = self._background, candidate.began, self._policy.rules.background
        urgent = self._policy.of(phrase).urgent
        if urgent:
            sure = candidate.match.confidence >= rules.urgent_confidence and candidate.origin is Origin.DECODER
        else:
            sure = len(phrase.split()) >= rules.long_phrase_words
        if not sure and background.is_likely_background(began, level_db):
            within_s = rules.urgent_repeated_within_s if urgent else rules.repeated_within_s
            again = background.is_said_again(self._policy.meaning(phrase), began, within_s)
            return None if again and self._stands_alone(candidate, phrase) else Refusal.RECURRING
        stands_out = rules.stands_out_is_apart and self._loudness.stands_out
        apart = candidate.origin is Origin.FOREGROUND or background.is_apart(began, rules.apart_s) or stands_out
        return None if apart or urgent or self._both_are_sure(candidate, phrase) else Refusal.BESIDE_TALK

    def _both_are_sure(self, candidate: Candidate, phrase: str) -> bool:
        """Whether each ear has heard ``phrase``, and is sure of it among what can be meant now."""
        likely = None if candidate.opinion is None else candidate.opinion.of(phrase)
        if likely is None or candidate.spoken_up or candidate.recognizers is None:
            return False
        least = max(self._policy.of(phrase).least_confidence, candidate.least_confidence)
        return likely >= self._policy.rules.background.second_ear_confidence and candidate.recognizers >= least

    def _stands_alone(self, candidate: Candidate, phrase: str) -> bool:
        """Whether it is surely a phrase, with silence before it and after."""
        confidence = max(candidate.match.confidence, candidate.recognizers or 0.0)
        least = self._policy.rules.background.repeated_confidence
        return (self._policy.of(phrase).urgent or confidence >= least) and self._is_apart(candidate)

    def _is_apart(self, candidate: Candidate) -> bool:
        """Whether there is silence before it, or it stands out."""
        apart_s = self._policy.rules.background.repeated_apart_s
        return candidate.origin is Origin.FOREGROUND or self._background.is_apart(candidate.began, apart_s)

    def _own(self, candidate: Candidate, phrase: str) -> Refusal | None:
        confidence, protected = candidate.match.confidence, self._policy.of(phrase).protected
        believed = self._guard.believes(phrase, confidence, candidate.began, protected=protected)
        return None if believed else Refusal.OWN_VOICE


def told(verdict: Verdict, delivery: Delivery | None = None) -> Utterance:
    """``verdict`` as the listener is told it; ``delivery``: how a phrase that is obeyed was said."""
    candidate = verdict.candidate
    match, opinion = candidate.match, candidate.opinion
    phrase, why = (verdict.phrase, "") if isinstance(verdict, Accepted) else (None, verdict.why.value)
    second = None
    if opinion is not None:
        second = opinion.confidence if match.phrase is None else opinion.of(match.phrase)
    ears = None if candidate.recognizers is None else Ears(candidate.recognizers, second)
    return Utterance(match.words, phrase, match.confidence, candidate.began, candidate.ended, why, delivery, ears)
