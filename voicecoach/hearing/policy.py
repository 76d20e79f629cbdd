"""What decides whether a phrase that was recognised is obeyed: every threshold, with the measurement it came from.

A confidence is the probability of the words among all that the recogniser offers and that could have been said (see
`grammar.Match`).  Levels are in decibels relative to full scale.  The figures were measured on the tuning recordings
(people) and on synthetic persons; `docs/benchmark.md` has what each rule brings.

More than 300 lines: every threshold that hearing goes by stands here, each with the measurement it came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

LEAST_CONFIDENCE: Final = 0.85
"""Less sure than this are two thirds of the other words that sound like a phrase; but also 2 in 100 of the phrases that
people said and that would have been right."""
LONG_PHRASE_CONFIDENCE: Final = {3: 0.6, 4: 0.25}
"""The same for phrases of three words, and of four or more, which are not heard by chance.  In 85 minutes of people's
recordings that are kept for tuning two pieces more are taken for a phrase than with `LEAST_CONFIDENCE` ("it's too
easy", "i feel numb"), and of 240 hard sentences by two voices none; of 290 commands five more are understood."""
STOP_CONFIDENCE: Final = 0.3
"""Of 120 people who said "stop" in the middle of a routine, 105 are heard with the usual confidence and 109 with this;
of 400 other words from people, one is taken for "stop" with either."""
SINGLE_WORD_CONFIDENCE: Final = 0.97
"""A single word of need ends the routine.  Of 36 synthetic persons who say one, 33 are heard with the usual confidence,
and the same 33 with this.  Of 400 other words from people, 10 are taken for "numb" with the usual one, and 7 with 0.95;
in an hour of people's sentences, two pieces are taken for "numbness" with 0.95 and one with this."""

LETTERS_OF_A_CRY: Final = 6
"""What has fewer, such as "i fell", is as easily a piece of something else as a single word."""


@dataclass(frozen=True, slots=True)
class PhrasePolicy:
    """What is asked of one phrase."""

    least_confidence: float = LEAST_CONFIDENCE
    urgent: bool = False
    """Tried as soon as it stands, obeyed in any talk, and also when it is said several times in a row."""
    protected: bool = False
    """It must never be lost: that the coach is saying it itself is no reason to doubt it."""
    at_once: bool = False
    """Obeyed as soon as it stands, also where a longer phrase begins with it; what the longer one means follows."""


@cache
def ordinary(phrase: str) -> PhrasePolicy:
    """What is asked of ``phrase``, which is none of safety: the more words it has, the less."""
    return PhrasePolicy(least_confidence(phrase))


def least_confidence(phrase: str) -> float:
    """Of any phrase, by the number of its words."""
    longest = max(LONG_PHRASE_CONFIDENCE)
    return LONG_PHRASE_CONFIDENCE.get(min(phrase.count(" ") + 1, longest), LEAST_CONFIDENCE)


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """When an utterance is over, sooner than the recogniser finds its own end.  All in seconds.

    It is the wait for trailing silence that makes this safe: by the words alone, one synthetic phrase in ten is lost to
    its own beginning.
    """

    partial_stable_s: float = 0.1
    """How long a partial result must have stood unchanged."""
    endpoint_silence_s: float = 0.3
    """How long the voice must have been silent."""
    silence_may_go_on_s: float | None = None
    """The same where a longer phrase of another meaning begins with the words so far; None: as long as the pause that
    the recogniser ends an utterance at by itself (`RecognizerTraits.endpoint_pause_s`)."""
    urgent_silence_s: float = 0.06
    """The same for an urgent phrase: longer than a word is interrupted by its own consonants only now and then."""
    long_silence_s: float = 0.14
    partial_stable_after_long_silence_s: float = 0.04
    """Where a voice has been silent for ``long_silence_s`` when an urgent phrase shows, hardly anything is still to
    come: then it need not stand for longer than this."""
    patience_s: float = 3.0
    """How long an utterance may hold up a change of phrases."""
    longest_s: float = 10.0
    """What lasts longer is no phrase; it is cut off, so that a television cannot keep the recogniser busy for ever."""


@dataclass(frozen=True, slots=True)
class RedecodingRules:
    """When a piece of the latest sound is decoded by itself."""

    tail: bool = True
    """Whether an urgent phrase that somebody cries over other talk is decoded by itself."""
    foreground: bool = True
    """Whether a phrase that stands out from talk before and after it is decoded by itself."""
    tail_s: float = 0.8
    """So much of the end of the sound is decoded."""
    tail_rise_db: float = 6.0
    """Who is louder than other talk by as much is somebody else: a television goes on while a person in the room
    speaks."""
    tail_alone_db: float = 20.0
    """Beside so much louder a voice, the talk is next to silence: what may be left of the coach's own voice."""
    tail_lasts_s: float = 0.45
    """It shows before it is over, and is understood only then: it is decoded again as often as there is time for."""
    confidence: float = LEAST_CONFIDENCE
    """What is taken out of talk must be as sure as this, whatever the phrase; unless next to nothing else is heard."""
    sequel_s: float = 2.0
    """So long after a phrase that was obeyed at once it may still turn out to have been the beginning of another: the
    "listening" of a slow voice is over 1.3 s after its "stop", and then the voice must have been silent for a while."""


@dataclass(frozen=True, slots=True)
class BackgroundRules:
    """What a phrase needs beside other talk.  What sounds like one in the middle of it is more likely a piece of it."""

    apart_s: float = 0.6
    """What follows other talk sooner than this is a piece of that talk, and not meant for the coach; unless it is
    urgent, or stands out.  Of nine pieces of people's sentences that were taken for a phrase, seven stood beside other
    pieces.  The recogniser's wait for the end of the talk comes on top."""
    second_ear_confidence: float = 0.9
    """Nor need a phrase be apart of which the recogniser is sure, and to whose meaning the second ear gives so large a
    share of all that can be meant now."""
    stands_out_is_apart: bool = True
    """Whether who is much louder than all that was to be heard for a second before need not be apart."""
    recurring_window_s: float = 60.0
    recurring_times: int = 5
    louder_than_recurring_db: float = 3.0
    """Who snores, or a television, is heard again and again: five times in a minute.  Sooner or later that sounds like
    a phrase; so then a phrase must be louder than three in four of them, for every other breath of a snorer is soft."""
    long_phrase_words: int = 3
    """So long a phrase is not heard by chance, unless it is a guess; so "start bedtime routine" is obeyed at once,
    also by somebody who has just been talking."""
    urgent_confidence: float = LEAST_CONFIDENCE
    """An urgent phrase as sure as this is believed in any talk; one that was taken out of the middle of talk, and is no
    louder than that, when it is said again."""
    repeated_within_s: float = 30.0
    repeated_confidence: float = 0.95
    repeated_apart_s: float = 1.0
    """Who is taken for what is heard again and again, and within this time says nothing but the same once more, is
    believed, if it was so sure both times and so far from other talk.  Of 71 commands in a quiet room, 69 are as sure.
    In an hour of snoring nothing was obeyed for that; with the usual confidence it would have been eight phrases."""
    urgent_repeated_within_s: float = 10.0
    """The same for an urgent phrase, which need be no surer than at any time: who needs help cries again at once.
    Within 20 s, an hour of sentences brought one "stop" more."""


@dataclass(frozen=True, slots=True)
class DoubtedCryRules:
    """When an urgent phrase that was too uncertain is believed: the second time.

    Said into the coach's own sentence, "that hurts" is often heard with a confidence of 0.5 to 0.8.  In live sessions
    on a slow machine 3 of 141 urgent phrases were lost when they were said first.
    """

    within_s: float = 10.0
    """From the end of the first to the beginning of the second, with nothing else between."""
    confidence: float = 0.5
    """The least, both times."""
    strict_above: float = LEAST_CONFIDENCE
    strict_confidence: float = LEAST_CONFIDENCE
    """The least in a phrase of which more than that is asked: single words, which other sounds are taken for."""
    apart_s: float = 1.0
    """So far from other talk the first must be."""


@dataclass(frozen=True, slots=True)
class BargeInRules:
    """What a phrase needs while the coach speaks.

    A canceller needs some seconds until it has learned a room, and what it leaves then may sound like a word.
    """

    tail_s: float = 1.0
    """How long after the coach has said something it may still be heard: speaker, room, microphone and recogniser are
    late."""
    tail_delay_s: float = 0.2
    """How late the echo may be for that: of a wireless speaker it is later, and the tail longer by as much."""
    loud_db: float = 3.0
    """How far above the residual echo somebody speaks, at least."""
    louder_db: float = 6.0
    """The same for somebody who says what the coach is saying, unless the phrase is protected; and as long as it is not
    known how late the echo comes, for all but a protected phrase that is sure and that the coach is not saying."""
    softest_db: float = -57.0
    """12 dB below the whispers that the scenes are tried with.  What is left of an echo can be softer and still be
    understood: in a room without noise to hide it, "please leave" was taken for "please stop"."""
    whisper_confidence: float = 0.9
    whisper_db: float = -48.0
    whisper_below_echo_db: float = 10.0
    """A protected phrase is believed at ``whisper_confidence`` although it is softer than the echo may be, down to
    ``whisper_db`` (3 dB below those whispers) and to so far below the residual echo: so is a whisper where the echo has
    not been learned yet.  But not where it is not even known when it comes.  With 20 dB the coach's own "go only as far
    as is comfortable", 11 dB below, was taken for "stop" once in nine hours."""
    unknown_echo_confidence: float = 0.5
    """The least confidence in any phrase where how loud the echo is cannot be known."""
    own_words_confidence: float = 0.9
    """The same in a phrase that the coach is saying, unless it is protected."""


@dataclass(frozen=True, slots=True)
class SecondEarRules:
    """What the recogniser and the second ear are worth together.

    A score is a logistic function of what both say.  The weights were chosen by what was understood and what falsely,
    of what people and two voices of Kokoro said, all for tuning; `scripts/model/LABBOOK.md` has the figures.  A lower
    offset lets the second ear doubt more: fewer pieces of talk are taken for a phrase, and more phrases have to be said
    twice.
    """

    listens: bool = True
    offset: float = 3.5
    of_recognizer: float = 0.3
    of_ear: float = 0.9
    """Of the log odds that the recogniser gives a phrase, and of those that the second ear gives its meaning."""
    most_nats: float = 7.0
    """No log odds count for more."""
    alone: float = 0.95
    """The second ear alone is believed, where the recogniser has understood something else or nothing."""
    repeated_within_s: float = 10.0
    """What it doubted is believed when it is said again within this time, as people do who get no answer.  Within 30 s
    four of nine phrases that 16 minutes of snoring were taken for had been "said again" so, within 10 s one."""
    words_after: int = 2
    words_before: int = 3
    words_instead: int = 5
    """Where the recogniser has heard the phrase too and so many words behind it, or before it, or so many words in its
    place, the second ear alone is not believed: that is talk.  Of sentences that begin or end like a phrase ("ready for
    the holidays", "the days grow longer") two voices for tuning said 361; it took six of them.  Of 290 commands by
    the same voices none is lost for this."""
    longest_s: float = 3.5
    """What lasts longer is talk, in which the second ear is not asked for a phrase."""


@dataclass(frozen=True, slots=True)
class NearPhraseRules:
    """When words that are no phrase stand for the one that sounds most like them."""

    least_words: int = 4
    """Of the phrase; a shorter one sounds like too much else."""
    least_heard: int = 3
    """Words of what was heard."""
    farthest: float = 0.25
    """So much of the phrase's phones may have been heard as others, or not, or too many."""
    clearer_by: float = 0.1
    """So much further away must every phrase of another meaning be."""
    confidence: float = 0.5
    """The least of the recogniser in the words that it heard."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that hearing decides by, but for what is asked of each phrase."""

    endpoint: EndpointRules = field(default_factory=EndpointRules)
    redecoding: RedecodingRules = field(default_factory=RedecodingRules)
    background: BackgroundRules = field(default_factory=BackgroundRules)
    doubted_cry: DoubtedCryRules = field(default_factory=DoubtedCryRules)
    barge_in: BargeInRules = field(default_factory=BargeInRules)
    second_ear: SecondEarRules = field(default_factory=SecondEarRules)
    near: NearPhraseRules = field(default_factory=NearPhraseRules)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked of each phrase, and what phrases mean."""

    phrases: Mapping[str, PhrasePolicy] = field(default_factory=dict)
    """Those of which something else is asked than of the others."""
    meaning: Callable[[str], object] = str
    """Equal for phrases that mean the same: then the shorter one need not wait for the longer one."""
    rules: Rules = field(default_factory=Rules)
    others: Callable[[str], PhrasePolicy] = ordinary
    """What is asked of any other phrase."""

    def of(self, phrase: str) -> PhrasePolicy:
        """What is asked of ``phrase``."""
        return self.phrases.get(phrase) or self.others(phrase)

    @property
    def urgent(self) -> frozenset[str]:
        """The urgent phrases."""
        return frozenset(phrase for phrase, asked in self.phrases.items() if asked.urgent)

    @property
    def at_once(self) -> frozenset[str]:
        """The phrases that wait for no longer one."""
        return frozenset(phrase for phrase, asked in self.phrases.items() if asked.at_once)


def safety_policy(  # noqa: PLR0913 - the kinds of phrases, each by its name
    stop: Collection[str],
    hurts: Collection[str],
    others: Collection[str],
    meaning: Callable[[str], object] = str,
    *,
    plain: Collection[str] = ("stop",),
    unmistakable: Collection[str] = (),
) -> Policy:
    """The policy of the product: what is asked of the phrases of safety; everything else is `ordinary`.

    Args:
        stop: Phrases that stop.
        hurts: Phrases that say that something hurts.
        others: All other words of need, such as the red flags; a single word of these may end a routine.
        meaning: See `Policy`.
        plain: For what stops, the word that a guess is enough for, and that waits for nothing; for pain, the cries that
            need be no surer than any phrase, although they may be a single word.
        unmistakable: Short ones that hardly any other word is taken for: of these, too, no more is asked.
    """
    surely = {phrase: _confidence(phrase) for phrase in (*stop, *hurts, *others)}
    plainly = {phrase for phrase in stop if any(f" {one} " in f" {phrase} " for one in plain)}
    surely |= dict.fromkeys(plainly, STOP_CONFIDENCE)
    clear = {phrase for phrase in surely if phrase in unmistakable or (phrase in hurts and phrase in plain)}
    surely |= dict.fromkeys(clear - plainly, LEAST_CONFIDENCE)
    phrases = {
        phrase: PhrasePolicy(sure, urgent=True, protected=True, at_once=phrase in plainly)
        for phrase, sure in surely.items()
    }
    return Policy(phrases, meaning)


def _confidence(phrase: str) -> float:
    """What is asked of a phrase of safety; one in a single word, or a short one, is soon heard in other words."""
    short = " " not in phrase or len(phrase.replace(" ", "")) < LETTERS_OF_A_CRY
    return SINGLE_WORD_CONFIDENCE if short else least_confidence(phrase)
