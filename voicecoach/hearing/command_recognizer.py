"""The recogniser of commands: whole phrases and nothing else, in whatever sound the microphone brings.

The way of a block of sound, each stage in a file of its own: the echo canceller takes out the coach's own voice; the
decoder follows what is said; the endpointer ends an utterance; strategies look a second time at what stands out; and
each candidate gets one verdict, before anything is changed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.echo.port import BLOCK as ECHO_BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ, UNKNOWN, Delivery, Utterance
from voicecoach.hearing.acceptance import Acceptance, Accepted, Candidate, Origin, Refusal, told
from voicecoach.hearing.background_speech import BackgroundSpeech
from voicecoach.hearing.barge_in import BargeInGuard
from voicecoach.hearing.decoder import HELD_S, DecoderSession
from voicecoach.hearing.endpointing import Endpointer
from voicecoach.hearing.grammar import Grammar
from voicecoach.hearing.loudness import Loudness
from voicecoach.hearing.near_phrases import NearPhrases
from voicecoach.hearing.phrases import missing_words
from voicecoach.hearing.policy import Policy
from voicecoach.hearing.redecoding import ForegroundRedecode, SequelRedecode, TailRedecode
from voicecoach.hearing.spare_ear import SpareEar
from voicecoach.hearing.voicing import voicing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from voicecoach.engines.echo.port import EchoCanceller
    from voicecoach.engines.recognition.port import Model
    from voicecoach.hearing.decoder import Hypothesis
    from voicecoach.hearing.grammar import Match
    from voicecoach.hearing.second_ear import SecondEar

GRAMMARS = 16
"""So many are kept, each for the phrases of one state: one of four thousand phrases takes 15 ms to make, and is needed
again as often as that state comes."""
JUST_BEGUN_S = 0.4
"""So long after its first words have shown, all of an utterance is still in the recogniser's pre-roll."""


class CommandRecognizer:
    """Keeps the promise of `engines.recognition.port.SpeechInput`.  For one thread."""

    def __init__(
        self,
        model: Model,
        policy: Policy | None = None,
        canceller: EchoCanceller | None = None,
        second_ear: SecondEar | None = None,
    ) -> None:
        """Listen for nothing yet.

        Args:
            model: Makes a recogniser for every set of phrases.
            policy: What is asked of each phrase.
            canceller: Removes the coach's own voice; None where something else does, or nothing.
            second_ear: Hears meanings without words; None where there is none.  It is this recogniser's alone.
        """
        self._model, self._policy, self._canceller = model, policy or Policy(), canceller
        rules = self._policy.rules
        self._decoder = DecoderSession(model)
        self._loudness = Loudness()
        self._endpointer = Endpointer(rules.endpoint, model.traits)
        self._guard = BargeInGuard(rules.barge_in, model.traits.partial_latency_s)
        background = BackgroundSpeech(rules.background)
        self._acceptance = Acceptance(self._policy, background, self._loudness, self._guard)
        self._tail = TailRedecode(rules.redecoding, self._endpointer)
        self._foreground = ForegroundRedecode(rules.redecoding)
        self._sequel = SequelRedecode(rules.redecoding, self._endpointer)
        self._grammar_of = lru_cache(GRAMMARS)(self._made_grammar)
        self._asked_for: frozenset[str] = frozenset()
        self._changes_since: int | None = None
        """Since which sample other phrases are asked for than are listened for."""
        self._tried_until = 0
        """Up to this sample an urgent phrase was tried, and was not understood."""
        self._settled = 0
        """When a phrase was last accepted, or doubted by the second ear: what is before that is not heard again."""
        self._near = NearPhrases(model.phones, self._policy.meaning, rules.near)
        self._second_ear = SpareEar(second_ear if rules.second_ear.listens else None, self._guard)

    def listen_for(self, phrases: Collection[str]) -> None:
        """Make ``phrases`` the valid ones from the next utterance on.

        Phrases with words that the model lacks are left out; `phrases.check_phrases` tells which.
        """
        asked_for = frozenset(phrases)
        if asked_for != self._asked_for:
            self._asked_for = asked_for
            if self._changes_since is None:
                self._changes_since = self._decoder.heard

    def saying(self, words: str) -> None:
        """Be told what the speaker says from now on."""
        self._guard.saying(words)

    @property
    def somebody_speaks(self) -> bool:
        """Whether words of a valid phrase are being said right now."""
        hypothesis = self._decoder.hypothesis
        return hypothesis is not None and not self._decoder.grammar.words.isdisjoint(hypothesis.words.split())

    @property
    def echo_delay_s(self) -> float | None:
        """How late the coach's own voice comes back to the microphone; None: it was not found, or is not looked for."""
        return None if self._canceller is None else self._canceller.delay_s

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> list[Utterance]:
        """Listen to one block of any length.

        Args:
            block: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; what is no number is taken for silence.
            played: shape (n,), the echo reference.

        Returns:
            The utterances that ended in this block, oldest first, also those that are no phrase.
        """
        if not np.isfinite(block).all():
            block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
        sound = self._cancelled(block, played)
        ended: list[Utterance] = []
        for piece in self._decoder.pieces(sound):
            if self._changes_since is not None and self._may_change():
                ended.extend(self._change_phrases())
            self._decoder.hold(piece)
            self._loudness.add(piece)
            if sequel := self._look_at_sequel():
                ended.append(sequel)
                continue
            ended.extend(self._listen(piece, self._decoder.heard))
            ended.extend(self._look_at_foreground())
            self._second_ear.follow(self._decoder)
        return ended

    # --- echo ---------------------------------------------------------------------------------------------------------

    def _cancelled(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._canceller is None:
            self._guard.hear(len(block), ())
            return block
        cleaned = self._canceller.remove(block, played)
        residual = cleaned.residual_echo_power
        heard = () if residual is None else np.mean(np.square(cleaned.sound.reshape(-1, ECHO_BLOCK)), axis=1).tolist()
        powers = zip(heard, residual or (), cleaned.loudest_echo_power or residual or (), strict=True)
        self._guard.hear(len(cleaned.sound), powers, cleaned.latest_s, cleaned.unsure_until)
        return cleaned.sound

    # --- other phrases ------------------------------------------------------------------------------------------------

    def _may_change(self) -> bool:
        """Whether no utterance would be cut by a change of phrases.

        A word that has just begun, and is none of the old phrases, may be one of the new; it can still be heard again.
        """
        hypothesis = self._decoder.hypothesis
        if hypothesis is None:
            return True
        just_begun = self._decoder.heard - hypothesis.began <= JUST_BEGUN_S * MICROPHONE_HZ
        return just_begun and set(hypothesis.words.split()) == {UNKNOWN}

    def _change_phrases(self) -> Iterator[Utterance]:
        """Go on with a recogniser for the phrases that were asked for.

        It first gets the last sound that belongs to no utterance yet: somebody may have begun to speak already.
        """
        self._changes_since = None
        self._decoder.grammar = self._grammar_of(self._asked_for)
        yield from self._hear_again(self._decoder.unclaimed(self._decoder.traits.pre_roll_s))

    def _made_grammar(self, asked_for: frozenset[str]) -> Grammar:
        """What can be heard of ``asked_for``."""
        unhearable = missing_words(self._model, asked_for)
        phrases = [phrase for phrase in asked_for if unhearable.isdisjoint(phrase.split())]
        policy, margin_nats = self._policy, self._decoder.traits.nbest_margin_nats
        return Grammar.of(phrases, policy.meaning, policy.urgent, margin_nats, policy.at_once)

    def _hear_again(self, sound: NDArray[np.float32]) -> Iterator[Utterance]:
        """Let a new recogniser hear ``sound``, the last of what was heard."""
        self._decoder.start_over(claim=False)
        at = self._decoder.heard - len(sound)
        for piece in self._decoder.pieces(sound):
            at += len(piece)
            yield from self._listen(piece, at)

    # --- utterances ---------------------------------------------------------------------------------------------------

    def _listen(self, piece: NDArray[np.float32], until: int) -> Iterator[Utterance]:
        """Have ``piece``, which ends at sample ``until``, recognised; gives the utterance that ends with it, if any."""
        decoder = self._decoder
        began = until - len(piece)
        result = decoder.decode(piece, until)
        if result is not None:
            began = decoder.hypothesis.began if decoder.hypothesis else began
            yield from self._ended(decoder.grammar.match(result, self._guard.behind_own_words), began, until)
            return
        hypothesis = decoder.hypothesis
        if hypothesis is None:
            return
        candidate = self._tail.candidate(decoder, self._loudness, until)
        if candidate and (utterance := self._accept(candidate)):
            yield utterance
            return
        early = self._is_urgent(hypothesis, until)
        if early or self._is_over(hypothesis, until):
            match = decoder.end(self._guard.behind_own_words)
            if early and not self._acceptance.is_sure(match, self._second_ear.opinion(decoder, hypothesis.began)):
                self._tried_until = until
                yield from self._hear_again(decoder.unclaimed())
            else:
                yield from self._ended(match, hypothesis.began, until)

    def _is_over(self, hypothesis: Hypothesis, until: int) -> bool:
        """Whether to end the utterance without waiting for the recogniser to find its end."""
        patience = self._endpointer.rules.patience_s * MICROPHONE_HZ
        if self._changes_since is not None and until - self._changes_since >= patience:
            return True
        return self._endpointer.is_over(hypothesis, self._decoder.grammar, until, self._loudness.silent_for_s())

    def _is_urgent(self, hypothesis: Hypothesis, until: int) -> bool:
        """Whether to try at once what is being said; all of it must still be there, to be heard again."""
        held_s = HELD_S - self._decoder.traits.pre_roll_s
        if until - hypothesis.began > held_s * MICROPHONE_HZ or hypothesis.began < self._tried_until:
            return False
        return self._endpointer.is_urgent(hypothesis, self._decoder.grammar, until, self._loudness.silent_for_s())

    def _ended(self, match: Match, began: int, until: int) -> Iterator[Utterance]:
        """The decoder's own utterance is over: it is told whatever it was, unless it was silence."""
        self._decoder.hypothesis = None
        if not match.words:
            return
        level_db, least = self._level_db(began), 0.0
        if not self._guard.coach_speaks:  # what is left of its own voice sounds like many things
            match, least = self._near.nearest(match, self._decoder.grammar)
        opinion = self._second_ear.opinion(self._decoder, began)
        candidate = Candidate(match, began, until, least_confidence=least, opinion=opinion)
        verdict = self._acceptance.judge(candidate, level_db)
        self._acceptance.remember(verdict, level_db)
        self._decoder.claim()
        if isinstance(verdict, Accepted):
            self._settled = self._decoder.heard
            self._sequel.obeyed(verdict.phrase, began, until)
            yield told(verdict, self._delivery(began, level_db))
            return
        if verdict.why is Refusal.DOUBTED:
            self._settled = self._decoder.heard
        yield told(verdict)

    def _look_at_sequel(self) -> Utterance | None:
        candidate = self._sequel.candidate(self._decoder, self._loudness)
        return self._accept(candidate) if candidate else None

    def _look_at_foreground(self) -> Iterator[Utterance]:
        candidate = self._foreground.candidate(self._decoder, self._loudness, self._settled)
        if candidate and (utterance := self._accept(candidate)):
            yield utterance

    def _accept(self, candidate: Candidate) -> Utterance | None:
        """What came of a second look: an utterance in place of the one under way, or nothing at all."""
        began, level_db = candidate.began, self._level_db(candidate.began)
        if candidate.origin is Origin.FOREGROUND:
            opinion = self._second_ear.opinion(self._decoder, began, lead_s=0.0)
            if candidate.match.phrase is None and opinion and opinion.phrase in self._decoder.grammar.beginnings:
                return None  # it may be the beginning of more
            candidate = replace(candidate, opinion=opinion)
        verdict = self._acceptance.judge(candidate, level_db)
        self._acceptance.remember(verdict, level_db)
        if not isinstance(verdict, Accepted):
            if verdict.why is Refusal.DOUBTED:
                self._settled = self._decoder.heard
            return None
        delivery = self._delivery(began, level_db)
        self._decoder.start_over()
        self._settled = self._decoder.heard
        return told(verdict, delivery)

    def _level_db(self, began: int) -> float:
        """How loud what is over now, and was noticed then, has been."""
        return self._loudness.level_db(self._ago(began) / MICROPHONE_HZ)

    def _delivery(self, began: int, level_db: float) -> Delivery:
        """How that was said."""
        said = self._decoder.last(self._ago(began))
        return Delivery(level_db, level_db - self._loudness.room_db(), voicing(said))

    def _ago(self, began: int) -> int:
        """How many samples ago something began that was noticed at sample ``began``."""
        return self._decoder.heard - began + round(self._decoder.traits.partial_latency_s * MICROPHONE_HZ)
