"""Ears that listen for whole phrases and nothing else.

An utterance is accepted only when all of it is one phrase, and surely that one.  The spotter also decides when to stop
waiting: once the words so far are a phrase and the voice has fallen silent, there is no need for the recogniser's own
idea of an end.  It is the wait for silence that makes this safe: by the words alone, one synthetic phrase in ten is
lost to its own beginning.  "Stop" and what else is urgent waits for next to nothing: it is tried as soon as it stands,
and where that was too soon, all of it is heard again.

A recogniser takes what is said amid other talk for a part of that.  So what stands out, by how loud it is, is given to
another recogniser by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.port import LONGEST_BLOCK, MICROPHONE_HZ, UNKNOWN, Partial, Utterance
from voicecoach.hearing.background_speech import BackgroundSpeech
from voicecoach.hearing.grammar import Grammar
from voicecoach.hearing.loudness import OVER_S, Loudness

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import Model, Recognizer
    from voicecoach.hearing.grammar import Match

LEAST_CONFIDENCE = 0.85
"""Less sure than this are two thirds of the other words that sound like a phrase; but also 2 in 100 of the phrases that
people said and that would have been right."""
STEADY_S = 0.1
"""How long the words must have stood unchanged before an utterance is ended early."""
SILENT_S = 0.3
"""How long a voice must have been silent before an utterance is ended early."""
SILENT_MAY_GO_ON_S = 0.5
"""The same where a longer phrase that means something else begins with the words so far: as long as a pause that Vosk
ends an utterance at."""
SILENT_URGENT_S = 0.06
"""The same for an urgent phrase: longer than a word is interrupted by its own consonants only now and then."""
SILENT_ANYWAY_S = 0.14
STEADY_ANYWAY_S = 0.04
"""Where a voice has been silent for so long when an urgent phrase shows, hardly anything is still to come: then it need
not stand for longer than this."""
AGAIN_S = 0.08
"""Where that was too soon, it is tried again after so long."""
LOUDER_THAN_TALK_DB = 6.0
"""Who is louder than other talk by as much is somebody else: a television goes on while a person in the room speaks."""
CRY_S = 0.8
"""Who cries "stop" while somebody else talks on is louder than the talk; then so much of the end is heard by itself."""
AS_IF_ALONE_DB = 20.0
"""Beside so much louder a voice, the talk is next to silence: what may be left of the coach's own voice."""
CRY_MAY_LAST_S = 0.45
"""It shows before it is over, and is understood only then: it is heard again as often as there is time for."""
SHOWN_LATE_S = 0.3
"""An utterance has begun so much earlier than its words show."""
PATIENCE_S = 3.0
"""How long an utterance may hold up a change of phrases."""
LONGEST_UTTERANCE_S = 10.0
"""What lasts longer is no phrase; it is cut off, so that a television cannot keep the ears busy for ever."""
PRE_ROLL_S = 0.8
"""So much sound a new recogniser is given to begin with.  The old one may not yet have shown a word that began 0.6 s
ago: a general model looks 0.4 s ahead and works in steps of 0.2 s (the one that ships: 0.15 s, and 0.09 s)."""
HELD_S = 2.5
"""So much sound of an utterance is held, to be heard again where it was tried too soon."""
LED_IN_S = 0.2
"""A word begins so much before it is loud."""
FADES_S = 0.2
"""And ends so much after it."""
JUST_BEGUN_S = 0.4
"""So long after its first words have shown, all of an utterance is still in the pre-roll."""


@dataclass(slots=True)
class _Underway:
    """An utterance of which something has been noticed; positions are microphone samples."""

    words: str
    began: int
    changed: int
    """When the words last became others."""


class CommandRecognizer:
    """Hears phrases in whatever sound it is given.  For one thread."""

    def __init__(
        self,
        model: Model,
        least_confidence: Mapping[str, float] | None = None,
        meaning: Callable[[str], object] = str,
        urgent: Collection[str] = (),
    ) -> None:
        """Listen for nothing yet.

        Args:
            model: Makes a recogniser for every change of phrases.
            least_confidence: Phrases that are accepted from another confidence on than `LEAST_CONFIDENCE`.
            meaning: Equal for phrases that mean the same: then the shorter one need not wait for the longer one.
            urgent: Phrases that are to be accepted sooner than others.
        """
        self._model = model
        self._least_confidence = dict(least_confidence or {})
        self._meaning, self._urgent = meaning, frozenset(urgent)
        self._asked_for: frozenset[str] = frozenset()
        self._grammar = Grammar.of(())
        self._recognizer: Recognizer = model.recognizer(())
        self._changes_since: int | None = None
        self._utterance: _Underway | None = None
        self._talk = BackgroundSpeech()
        self._over_own_voice = False
        self._tried_until = 0
        """What began before this sample has been tried as an urgent phrase already, too soon."""
        self._tried_again_at = 0
        self._cry_tried = 0
        """When the end of an utterance was last heard by itself."""
        self._loudness = Loudness()
        self._held = np.zeros(0, np.float32)
        """The last sound."""
        self._claimed = 0
        """Up to this sample the sound belongs to utterances that are over."""
        self._accepted = 0
        """When a phrase was last accepted."""
        self._heard = 0

    def listen_for(self, phrases: Collection[str]) -> None:
        """Make ``phrases`` the valid ones from the next utterance on.

        Phrases with words that the model lacks are left out; `check_phrases` tells which.
        """
        asked_for = frozenset(phrases)
        if asked_for != self._asked_for:
            self._asked_for = asked_for
            if self._changes_since is None:
                self._changes_since = self._heard

    def hear(self, block: NDArray[np.float32], *, over_own_voice: bool = False) -> list[Utterance]:
        """Listen to one block of any length.

        Args:
            block: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`, without the coach's own voice; what is no number is
                taken for silence.
            over_own_voice: Whether the coach speaks, or has just spoken: then pieces of talk may be what is left of its
                voice, and count for nothing.

        Returns:
            The utterances that ended in this block, oldest first, also those that are no phrase.
        """
        ended: list[Utterance] = []
        self._over_own_voice = over_own_voice
        for piece in _pieces(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)):
            if self._changes_since is not None and self._may_change():
                ended.extend(self._change_phrases())
            self._heard += len(piece)
            self._loudness.add(piece)
            self._held = np.concatenate([self._held, piece])[-round(HELD_S * MICROPHONE_HZ) :]
            ended.extend(self._listen(piece, self._heard))
            if any(utterance.phrase for utterance in ended):
                self._accepted = self._heard
            ended.extend(self._outburst())
        return ended

    @property
    def somebody_speaks(self) -> bool:
        """Whether words of a valid phrase are being said right now."""
        utterance = self._utterance
        return utterance is not None and not self._grammar.words.isdisjoint(utterance.words.split())

    def _may_change(self) -> bool:
        """Whether no utterance would be cut by a change of phrases.

        A word that has just begun, and is none of the old phrases, may be one of the new; it can still be heard again.
        """
        utterance = self._utterance
        if utterance is None:
            return True
        just_begun = self._heard - utterance.began <= JUST_BEGUN_S * MICROPHONE_HZ
        return just_begun and set(utterance.words.split()) == {UNKNOWN}

    def _change_phrases(self) -> Iterator[Utterance]:
        """Go on with a recogniser for the phrases that were asked for.

        It first gets the last sound that belongs to no utterance yet: somebody may have begun to speak already.
        """
        self._changes_since = None
        unhearable = missing_words(self._model, self._asked_for)
        phrases = [phrase for phrase in self._asked_for if unhearable.isdisjoint(phrase.split())]
        self._grammar = Grammar.of(phrases, self._meaning, self._urgent)
        yield from self._hear_again(self._last(min(self._heard - self._claimed, round(PRE_ROLL_S * MICROPHONE_HZ))))

    def _hear_again(self, sound: NDArray[np.float32]) -> Iterator[Utterance]:
        """Let a new recogniser hear ``sound``, the last of what was heard."""
        self._utterance = None
        self._recognizer = self._model.recognizer(self._grammar.phrases)
        at = self._heard - len(sound)
        for piece in _pieces(sound):
            at += len(piece)
            yield from self._listen(piece, at)

    def _listen(self, piece: NDArray[np.float32], until: int) -> Iterator[Utterance]:
        """Have ``piece``, which ends at sample ``until``, recognised; gives the utterance that ends with it, if any."""
        since = until - len(piece)
        outcome = self._recognizer.accept(piece)
        if isinstance(outcome, Partial):
            self._follow(outcome.words, since, until)
            if self._utterance is None:
                return
            urgent = self._cry(self._utterance, until) or self._tried_again(self._utterance, until)
            if urgent is not None:
                yield urgent
                return
            in_haste = self._is_urgent(self._utterance, until)
            if not in_haste and not self._is_over(self._utterance, until):
                return
            outcome = self._recognizer.finish()
            if in_haste and not self._is_sure(self._grammar.match(outcome)):
                self._tried_until = until
                yield from self._hear_again(self._last(self._heard - self._claimed))
                return
        began = self._utterance.began if self._utterance else since
        self._utterance = None
        match = self._grammar.match(outcome)
        if match.words:
            self._claimed = self._heard
            yield self._told(match, began, until)

    def _tried_again(self, utterance: _Underway, until: int) -> Utterance | None:
        """An urgent phrase that was tried too soon, and is no longer."""
        is_due = until - max(self._tried_until, self._tried_again_at) >= AGAIN_S * MICROPHONE_HZ
        if utterance.began >= self._tried_until or not is_due or not self._stands_urgently(utterance, until):
            return None
        self._tried_again_at = until
        match = self._heard_alone(self._last(until - utterance.began + round(SHOWN_LATE_S * MICROPHONE_HZ)))
        if match.phrase not in self._grammar.urgent or not self._is_sure(match):
            return None
        self._begin_anew()
        return self._told(match, utterance.began, until)

    def _cry(self, utterance: _Underway, until: int) -> Utterance | None:
        """An urgent phrase at the end of other talk, much louder than it; the talk is forgotten then."""
        stands_s = (until - max(utterance.changed, self._cry_tried)) / MICROPHONE_HZ
        if stands_s < STEADY_S or not self._grammar.ends_urgently(utterance.words):
            return None
        if until - utterance.changed > CRY_MAY_LAST_S * MICROPHONE_HZ:
            return None
        talk_s = max(0.0, (until - utterance.began) / MICROPHONE_HZ - CRY_S) + SHOWN_LATE_S
        rise_db = self._loudness.rise_db(CRY_S, talk_s)
        if rise_db < LOUDER_THAN_TALK_DB:
            return None
        self._cry_tried = until
        sound = self._last(round(CRY_S * MICROPHONE_HZ))
        match = self._heard_alone(sound)
        surely = rise_db >= AS_IF_ALONE_DB or match.confidence >= LEAST_CONFIDENCE
        if match.phrase not in self._grammar.urgent or not surely or not self._is_sure(match):
            return None
        self._begin_anew()
        return Utterance(match.words, match.phrase, match.confidence, until - len(sound), until)

    def _outburst(self) -> Iterator[Utterance]:
        """A phrase that stood out from talk around it, which the recogniser takes for one with that; heard by itself.

        A television talks on before and after; but somebody by the microphone is much louder.
        """
        ago_s = self._loudness.outburst_s()
        if ago_s is None or self._may_become_phrase:
            return
        ago = round(ago_s * MICROPHONE_HZ)
        if ago > self._heard - self._accepted:
            return
        sound = self._last(min(ago + round(LED_IN_S * MICROPHONE_HZ), self._heard - self._accepted))
        match = self._heard_alone(sound[: -round((OVER_S - FADES_S) * MICROPHONE_HZ)])
        phrase, began = match.phrase, self._heard - len(sound)
        if phrase is None or phrase in self._grammar.beginnings or match.confidence < LEAST_CONFIDENCE:
            return
        if self._is_sure(match) and not self._is_more_talk(phrase, began):
            self._begin_anew()
            self._accepted = self._heard
            yield Utterance(match.words, phrase, match.confidence, began, self._heard)

    @property
    def _may_become_phrase(self) -> bool:
        """Whether the recogniser is about to hear a phrase by itself."""
        return self._utterance is not None and self._grammar.may_become_phrase(self._utterance.words)

    def _heard_alone(self, sound: NDArray[np.float32]) -> Match:
        """What ``sound`` is to a recogniser that has heard nothing before."""
        recognizer = self._model.recognizer(self._grammar.phrases)
        outcomes = [recognizer.accept(piece) for piece in _pieces(sound)]
        over = next((outcome for outcome in outcomes if not isinstance(outcome, Partial)), None)
        return self._grammar.match(over or recognizer.finish())

    def _begin_anew(self) -> None:
        """Forget the utterance under way."""
        self._utterance, self._claimed = None, self._heard
        self._recognizer = self._model.recognizer(self._grammar.phrases)

    def _last(self, samples: int) -> NDArray[np.float32]:
        """So much of the last sound, as far as it is held."""
        return self._held[max(0, len(self._held) - samples) :]

    def _told(self, match: Match, began: int, ended: int) -> Utterance:
        phrase = match.phrase
        if phrase is None or not self._is_sure(match) or not self._is_meant(match, phrase, began):
            phrase = None
        if phrase is None and not self._over_own_voice:
            self._talk.add(ended, self._level_db(began))
        return Utterance(match.words, phrase, match.confidence, began, ended)

    def _follow(self, words: str, since: int, until: int) -> None:
        if not words:
            self._utterance = None
        elif self._utterance is None:
            self._utterance = _Underway(words, began=since, changed=until)
        elif words != self._utterance.words:
            self._utterance.words, self._utterance.changed = words, until

    def _is_over(self, utterance: _Underway, now: int) -> bool:
        """Whether to end ``utterance`` without waiting for the recogniser to find its end."""
        if now - utterance.began >= LONGEST_UTTERANCE_S * MICROPHONE_HZ:
            return True
        if self._changes_since is not None and now - self._changes_since >= PATIENCE_S * MICROPHONE_HZ:
            return True
        phrase = self._standing_phrase(utterance, now)
        if phrase is None:
            return False
        silent_s = SILENT_MAY_GO_ON_S if phrase in self._grammar.beginnings else SILENT_S
        return self._loudness.silent_for_s() >= silent_s

    def _is_urgent(self, utterance: _Underway, now: int) -> bool:
        """Whether to try at once what ``utterance`` is; all of it must still be there, to be heard again."""
        all_there = now - utterance.began <= (HELD_S - PRE_ROLL_S) * MICROPHONE_HZ
        return all_there and utterance.began >= self._tried_until and self._stands_urgently(utterance, now)

    def _stands_urgently(self, utterance: _Underway, now: int) -> bool:
        silent_s = self._loudness.silent_for_s()
        steady_s = STEADY_S if silent_s < SILENT_ANYWAY_S else STEADY_ANYWAY_S
        is_urgent = self._standing_phrase(utterance, now, steady_s) in self._grammar.urgent
        return is_urgent and silent_s >= SILENT_URGENT_S

    def _standing_phrase(self, utterance: _Underway, now: int, steady_s: float = STEADY_S) -> str | None:
        """The phrase that the words so far are, once they have stood for a while."""
        if now - utterance.changed < steady_s * MICROPHONE_HZ:
            return None
        return self._grammar.phrase(utterance.words)

    def _is_meant(self, match: Match, phrase: str, began: int) -> bool:
        """Whether what began then stands out from the talk around it, or cannot wait."""
        if phrase in self._grammar.urgent:
            return not self._is_more_talk(phrase, began) or match.confidence >= LEAST_CONFIDENCE
        is_apart = self._talk.is_apart(began) or self._loudness.stands_out
        return is_apart and not self._is_more_talk(phrase, began)

    def _is_more_talk(self, phrase: str, began: int) -> bool:
        return self._talk.is_likely_more_of_it(phrase, began, self._level_db(began))

    def _level_db(self, began: int) -> float:
        """How loud what is over now, and was noticed then, has been."""
        return self._loudness.level_db((self._heard - began) / MICROPHONE_HZ + SHOWN_LATE_S)

    def _is_sure(self, match: Match) -> bool:
        if match.phrase is None:
            return False
        return match.confidence >= self._least_confidence.get(match.phrase, LEAST_CONFIDENCE)


def missing_words(model: Model, phrases: Collection[str]) -> set[str]:
    """The words of ``phrases`` that ``model`` cannot recognise."""
    return {word for word in Grammar.of(phrases).words if not model.knows(word)}


def check_phrases(model: Model, phrases: Collection[str]) -> list[str]:
    """The ``phrases`` that ``model`` cannot recognise, a line each that names the words it lacks."""
    missing = missing_words(model, phrases)
    lines = []
    for phrase in sorted(phrases):
        lacking = dict.fromkeys(word for word in phrase.split() if word in missing)
        if lacking:
            lines.append(f'"{phrase}" cannot be heard: the speech model lacks {_listed(lacking)}')
    return lines


def _listed(words: Collection[str]) -> str:
    return " and ".join(f'"{word}"' for word in words)


def _pieces(sound: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    for at in range(0, len(sound), LONGEST_BLOCK):
        yield sound[at : at + LONGEST_BLOCK]
