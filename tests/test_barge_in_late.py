"""While nobody knows how late the coach's voice comes back, only who is clearly louder than that voice is believed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pretended_model import PretendedModel, quiet, say

from voicecoach.engines.echo.kalman.canceller import KalmanCanceller
from voicecoach.engines.echo.port import BLOCK, Cleaned
from voicecoach.hearing.barge_in import BargeInGuard
from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.policy import BargeInRules, PhrasePolicy, Policy, Rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

RULES = BargeInRules()
POLICY = replace(Policy({"stop": PhrasePolicy(protected=True)}), rules=Rules(barge_in=RULES))
A_VOICE = 0.16
"""Power of the pretended words, roughly."""
FAR_TOO_LOUD = 10 * A_VOICE


class PretendedCanceller(KalmanCanceller):
    """Removes nothing and says that a tenth of a voice may be left of the echo, and how much of it there can be."""

    def __init__(self, loudest: float, latest_s: float, *, sure: bool) -> None:
        super().__init__()
        self.loudest, self.latest_s, self.sure = loudest, latest_s, sure
        self.residual = 0.1 * A_VOICE
        self.given = self.unsure_until = 0

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:
        del played
        blocks = len(microphone) // BLOCK
        self.given += len(microphone)
        until = self.unsure_until if self.sure else self.given
        return Cleaned(microphone, (self.residual,) * blocks, self.latest_s, (self.loudest,) * blocks, until)


def listening(canceller: PretendedCanceller) -> CommandRecognizer:
    speech_input = CommandRecognizer(PretendedModel(), POLICY, canceller)
    speech_input.listen_for(["next", "stop"])
    return speech_input


def heard(speech_input: CommandRecognizer, *sounds: NDArray[np.float32]) -> list[str | None]:
    sound = np.concatenate(sounds)
    sound = sound[: len(sound) // BLOCK * BLOCK]
    blocks = np.split(sound, len(sound) // BLOCK)
    return [utterance.phrase for block in blocks for utterance in speech_input.hear(block, np.zeros_like(block))]


@pytest.mark.parametrize(
    ("said", "loudest", "sure", "phrase"),
    [
        ("next", 2.0 * A_VOICE, True, "next"),
        ("next", 2.0 * A_VOICE, False, None),
        ("next", 0.4 * A_VOICE, False, None),
        ("next", 0.1 * A_VOICE, False, "next"),
        ("stop", 2.0 * A_VOICE, True, "stop"),
        ("stop", 2.0 * A_VOICE, False, None),
        ("stop", 0.7 * A_VOICE, False, None),
        ("stop", 0.4 * A_VOICE, False, "stop"),
    ],
)
def test_who_is_as_loud_as_a_voice_that_comes_nobody_knows_when_is_not_believed(
    said: str, loudest: float, phrase: str | None, *, sure: bool
) -> None:
    """Also "stop", which is believed of a whisper where the delay is known; but it need not be so much louder."""
    speech_input = listening(PretendedCanceller(loudest, 0.5, sure=sure))
    speech_input.saying("take a breath")
    assert heard(speech_input, quiet(1.0), say(said), quiet(1.0)) == [phrase]


@pytest.mark.parametrize(("loudest", "phrase"), [(0.4 * A_VOICE, None), (0.1 * A_VOICE, "stop")])
def test_a_stop_that_the_coach_may_have_said_itself_must_be_clearly_louder(loudest: float, phrase: str | None) -> None:
    speech_input = listening(PretendedCanceller(loudest, 0.5, sure=False))
    speech_input.saying("say stop at any time")
    assert heard(speech_input, quiet(1.0), say("stop"), quiet(1.0)) == [phrase]


@pytest.mark.parametrize(
    ("phrase", "confidence", "unsure", "believed"),
    [
        ("stop", 0.95, True, True),
        ("stop", 0.85, True, False),
        ("next", 0.95, True, False),
        ("a breath", 0.95, True, False),
        ("stop", 0.95, False, True),
        ("stop", 0.85, False, False),
        ("next", 0.95, False, False),
    ],
)
def test_of_a_sure_cry_it_is_enough_to_be_a_little_louder_than_the_echo_can_be(
    phrase: str, confidence: float, *, unsure: bool, believed: bool
) -> None:
    """Also where more than that seems to be left of it."""
    guard = BargeInGuard(RULES, late_s=0.0)
    guard.saying("take a breath")
    heard_power, seems_left, loudest = 0.01, 0.04, 0.004
    seconds = 50 * BLOCK
    guard.hear(seconds, [(heard_power, seems_left, loudest)] * 50, unsure_until=seconds if unsure else 0)
    protected = phrase != "next"
    assert guard.believes(phrase, confidence, BLOCK, protected=protected) is believed


def test_a_whisper_is_judged_by_what_may_be_left() -> None:
    """That there cannot be more echo than has come back makes nothing that is softer than it a whisper."""
    for seems_left, believed in ((0.04, False), (0.0004, True)):
        guard = BargeInGuard(RULES, late_s=0.0)
        guard.saying("take a breath")
        guard.hear(50 * BLOCK, [(0.002, seems_left, 0.002)] * 50)
        assert guard.believes("stop", 0.95, BLOCK, protected=True) is believed


@pytest.mark.parametrize(("was_elsewhere", "phrase"), [(False, "stop"), (True, None)])
def test_what_began_before_the_delay_was_known_is_judged_by_where_the_echo_came(
    phrase: str | None, *, was_elsewhere: bool
) -> None:
    canceller = PretendedCanceller(2.0 * A_VOICE, 1.0, sure=False)
    speech_input = listening(canceller)
    speech_input.saying("say stop at any time")
    stop = say("stop")
    assert heard(speech_input, quiet(1.0), stop[: len(stop) // 2]) == []
    canceller.unsure_until = canceller.given if was_elsewhere else 0
    canceller.latest_s, canceller.sure = 0.4, True
    assert heard(speech_input, stop[len(stop) // 2 :], quiet(1.0)) == [phrase]
    assert heard(speech_input, quiet(1.0), say("stop"), quiet(1.0)) == ["stop"]


def test_while_the_coach_is_silent_it_does_not_matter() -> None:
    speech_input = listening(PretendedCanceller(FAR_TOO_LOUD, 1.0, sure=False))
    assert heard(speech_input, quiet(1.0), say("next"), quiet(1.0)) == ["next"]


@pytest.mark.parametrize(
    ("latest_s", "after_s", "phrase"),
    [
        (0.04, 1.3, "next"),
        (0.2, 1.3, "next"),
        (0.5, 1.0, None),
        (0.5, 1.6, "next"),
        (1.0, 1.5, None),
        (1.0, 2.1, "next"),
    ],
)
def test_the_tail_is_longer_by_as_much_as_the_speaker_is_late(latest_s: float, after_s: float, phrase: str) -> None:
    """Words of the coach are doubted while they may still be on their way."""
    speech_input = listening(PretendedCanceller(FAR_TOO_LOUD, latest_s, sure=False))
    speech_input.saying("the next one is slow")
    heard(speech_input, quiet(1.0))
    speech_input.saying("")
    assert heard(speech_input, quiet(after_s - 0.3), say("next"), quiet(0.5)) == [phrase]
