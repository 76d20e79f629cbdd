"""The verdict on what was decoded: obeyed or not, why not, and nothing remembered of what is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from pretended_model import PretendedModel, quiet, say

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.acceptance import Acceptance, Accepted, Candidate, Origin, Refusal, Refused
from voicecoach.hearing.background_speech import BackgroundSpeech
from voicecoach.hearing.barge_in import BargeInGuard
from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.grammar import Match
from voicecoach.hearing.loudness import Loudness
from voicecoach.hearing.policy import BargeInRules, PhrasePolicy, Policy, Rules, safety_policy
from voicecoach.hearing.second_ear import Opinion
from voicecoach.session_events import Understood

BLOCK = 320
NOT_FOR_THE_COACH = {Refusal.BESIDE_TALK, Refusal.RECURRING, Refusal.OWN_VOICE}
POLICY = safety_policy(["stop"], ["that hurts"], ["numb", "my leg is numb"])
VOICE_DB = -20.0


@dataclass
class Room:
    """What a candidate is judged by."""

    policy: Policy = POLICY
    saying: str = ""
    """What the coach says."""
    echo_db: float = -200.0
    """What may be left of its echo."""
    voice_db: float = VOICE_DB
    """How loud the person is."""
    talk: list[tuple[float, float]] = field(default_factory=list)
    """When other talk ended, in seconds before the candidate began, and how loud it was."""

    def judge(
        self,
        phrase: str | None,
        confidence: float = 1.0,
        origin: Origin = Origin.DECODER,
        least_confidence: float = 0.0,
        opinion: Opinion | None = None,
    ) -> Refusal | None:
        """What speaks against ``phrase``, said at the hundredth second."""
        began, ended = 100 * MICROPHONE_HZ, 101 * MICROPHONE_HZ
        rules = self.policy.rules
        background, guard = BackgroundSpeech(rules.background), BargeInGuard(rules.barge_in, 0.3)
        for ago_s, level_db in self.talk:
            background.add(round(began - ago_s * MICROPHONE_HZ), level_db)
        guard.saying(self.saying)
        voice, echo = 10 ** (self.voice_db / 10), 10 ** (self.echo_db / 10)
        guard.hear(ended, [(voice, echo, echo)] * (ended // BLOCK))
        acceptance = Acceptance(self.policy, background, Loudness(), guard)
        match = Match(phrase or "[unk]", phrase, confidence)
        candidate = Candidate(match, began, ended, origin, least_confidence, opinion)
        verdict = acceptance.judge(candidate, self.voice_db)
        assert isinstance(verdict, Accepted | Refused)
        return verdict.why if isinstance(verdict, Refused) else None


SNORER = [(10.0 * n, VOICE_DB) for n in range(1, 6)]


@pytest.mark.parametrize(
    ("room", "phrase", "confidence", "origin", "why"),
    [
        (Room(), "next", 1.0, Origin.DECODER, None),
        (Room(), None, 1.0, Origin.DECODER, Refusal.NO_PHRASE),
        (Room(), "next", 0.84, Origin.DECODER, Refusal.UNSURE),
        (Room(), "stop", 0.31, Origin.DECODER, None),
        (Room(), "that hurts", 0.84, Origin.DECODER, Refusal.UNSURE),
        (Room(), "numb", 0.96, Origin.DECODER, Refusal.UNSURE),
        (Room(), "my leg is numb", 0.86, Origin.DECODER, None),
        # Beside other talk.
        (Room(talk=[(0.5, VOICE_DB)]), "next", 1.0, Origin.DECODER, Refusal.BESIDE_TALK),
        (Room(talk=[(0.7, VOICE_DB)]), "next", 1.0, Origin.DECODER, None),
        (Room(talk=[(0.5, VOICE_DB)]), "stop", 0.5, Origin.DECODER, None),
        (Room(talk=[(0.5, VOICE_DB)]), "next", 1.0, Origin.FOREGROUND, None),
        # As loud as what is heard again and again.
        (Room(talk=SNORER), "next", 1.0, Origin.DECODER, Refusal.RECURRING),
        (Room(talk=SNORER), "start bedtime routine", 1.0, Origin.DECODER, None),
        (Room(talk=SNORER), "stop", 0.8, Origin.DECODER, Refusal.RECURRING),
        (Room(talk=SNORER), "stop", 0.86, Origin.DECODER, None),
        (Room(talk=SNORER), "next", 1.0, Origin.FOREGROUND, Refusal.RECURRING),
        (Room(talk=SNORER), "stop", 0.4, Origin.TAIL, None),
        (Room(talk=[(ago_s, VOICE_DB - 9) for ago_s, _ in SNORER]), "next", 1.0, Origin.DECODER, None),
        # Over the coach's own voice.
        (Room(saying="rest", echo_db=VOICE_DB - 4), "next", 1.0, Origin.DECODER, None),
        (Room(saying="rest", echo_db=VOICE_DB), "next", 1.0, Origin.DECODER, Refusal.OWN_VOICE),
        (Room(saying="", echo_db=VOICE_DB), "next", 1.0, Origin.DECODER, None),
        (Room(saying="the next one", echo_db=VOICE_DB - 4), "next", 1.0, Origin.DECODER, Refusal.OWN_VOICE),
        (Room(saying="the next one", echo_db=VOICE_DB - 7), "next", 1.0, Origin.DECODER, None),
        (Room(saying="say stop", echo_db=VOICE_DB - 4), "stop", 0.4, Origin.DECODER, None),
        (Room(saying="say stop", echo_db=VOICE_DB), "stop", 0.4, Origin.DECODER, Refusal.OWN_VOICE),
        (Room(saying="say stop", echo_db=VOICE_DB), "stop", 0.95, Origin.DECODER, None),
        (Room(saying="say stop", echo_db=VOICE_DB), "stop", 0.4, Origin.TAIL, Refusal.OWN_VOICE),
    ],
)
def test_each_reason_to_refuse_has_its_name(
    room: Room, phrase: str | None, confidence: float, origin: Origin, why: Refusal | None
) -> None:
    assert room.judge(phrase, confidence, origin) is why


@pytest.mark.parametrize(
    ("phrase", "confidence", "heard_instead", "likely", "why"),
    [
        ("next", 0.9, None, 0.95, None),
        ("next", 0.9, None, 0.85, Refusal.BESIDE_TALK),  # the second ear is not so sure
        ("next", 0.84, None, 0.95, Refusal.BESIDE_TALK),  # the recogniser is not
        (None, 0.9, "next", 0.99, Refusal.NO_PHRASE),  # it has heard other words
    ],
)
def test_beside_talk_a_phrase_is_believed_that_both_ears_are_sure_of(
    phrase: str | None, confidence: float, heard_instead: str | None, likely: float, why: Refusal | None
) -> None:
    opinion = Opinion({"next": likely}, heard_instead, likely, str)
    assert Room(talk=[(0.5, VOICE_DB)]).judge(phrase, confidence, opinion=opinion) is why


@pytest.mark.parametrize(("voice_db", "why"), [(-56.0, None), (-58.0, Refusal.OWN_VOICE)])
def test_what_is_softer_than_any_whisper_was_left_of_the_coachs_voice(voice_db: float, why: Refusal | None) -> None:
    """Also in a room without a sound, where nothing of an echo is expected any more."""
    assert Room(saying="please leave this out", voice_db=voice_db).judge("stop") is why
    assert Room(saying="", voice_db=voice_db).judge("stop") is None


def test_what_was_taken_out_of_talk_must_be_as_sure_as_its_origin_asks() -> None:
    assert Room().judge("stop", 0.5, Origin.TAIL, least_confidence=0.85) is Refusal.UNSURE
    assert Room().judge("stop", 0.9, Origin.TAIL, least_confidence=0.85) is None


def test_a_refusal_is_reported_with_the_utterance() -> None:
    recognizer = CommandRecognizer(PretendedModel())
    recognizer.listen_for(["next"])
    sound = np.concatenate([quiet(1.0), say("oh dear"), quiet(2.0)])
    blocks = [sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK)]
    heard = [one for block in blocks for one in recognizer.hear(block, np.zeros_like(block))]
    assert [(one.phrase, one.refusal) for one in heard] == [(None, "no phrase")]


@pytest.mark.parametrize(
    ("believed", "heard"),
    [(True, [("stop", "stop"), ("stop [unk]", None)]), (False, [("[unk] stop [unk]", None)])],
)
def test_a_cry_that_the_guard_refuses_does_not_cut_off_what_is_being_said(
    believed: bool,  # noqa: FBT001 - a column of the table
    heard: list[tuple[str, str | None]],
) -> None:
    """The verdict comes before the recogniser is replaced: what was being heard goes on, and ends as one utterance."""
    sure_enough = 0.0 if believed else 1.1
    rules = Rules(barge_in=BargeInRules(unknown_echo_confidence=sure_enough))
    policy = Policy({"stop": PhrasePolicy(urgent=True, protected=True)}, rules=rules)
    recognizer = CommandRecognizer(PretendedModel(lag_s=0.1), policy)
    recognizer.listen_for(["stop"])
    recognizer.saying("slow and restful")
    television = quiet(3.0, 0.1001)
    sound = np.concatenate([quiet(1.0), television, quiet(0.6), say("stop"), quiet(0.05), television, quiet(2.0)])
    blocks = [sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK)]
    utterances = [one for block in blocks for one in recognizer.hear(block, np.zeros_like(block))]
    assert [(one.words, one.phrase) for one in utterances] == heard


def test_a_single_word_of_safety_must_be_surer_unless_it_is_plain_or_unmistakable() -> None:
    stop, hurts = ["stop", "can we stop", "enough", "that's enough"], ["that hurts", "ouch", "ow"]
    needs = ["numb", "dizzy"]
    policy = safety_policy(stop, hurts, needs, plain=("stop", "that hurts", "ouch"), unmistakable=("stop", "dizzy"))
    asked = {phrase: policy.of(phrase).least_confidence for phrase in (*stop, *hurts, *needs)}
    assert asked == {
        "stop": 0.3,
        "can we stop": 0.3,
        "enough": 0.97,
        "that's enough": 0.85,
        "that hurts": 0.85,
        "ouch": 0.85,
        "ow": 0.97,
        "numb": 0.97,
        "dizzy": 0.85,
    }
    assert {phrase for phrase in asked if policy.of(phrase).urgent} == {*stop, *hurts, *needs}


@pytest.mark.parametrize("why", Refusal, ids=lambda why: why.value)
def test_the_dialogue_is_told_of_what_may_have_been_meant_for_it(why: Refusal) -> None:
    """Who has answered a question and was not understood is asked again, whatever the reason."""
    understood = Understood("nö", None, 0.5, 1.0, 2.0, why.value)
    assert (understood.event is None) is (why in NOT_FOR_THE_COACH)
