"""Ears that do not hear the coach: who says what the coach is saying must be louder than its echo can be."""

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

PROTECTED = Policy(dict.fromkeys(["stop", "that hurts"], PhrasePolicy(protected=True)))
STOP_AT_ONCE = Policy({"stop": PhrasePolicy(0.3, protected=True)})
RULES = BargeInRules()
PHRASES = ["next", "stop", "how long", "that hurts"]
DOUBTFUL = PretendedModel(doubts={"next": {"stop": -1.95}})
"""Hears "next" with a confidence of 0.88: enough, but not beyond doubt."""


class PretendedCanceller(KalmanCanceller):
    """Removes nothing, and says that so much of everything may be echo."""

    def __init__(self, echo: float) -> None:
        super().__init__()
        self._echo = echo

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:
        del played
        return Cleaned(microphone, (self._echo,) * (len(microphone) // BLOCK))


def listening_with(
    canceller: KalmanCanceller | None, model: PretendedModel | None = None, rules: BargeInRules = RULES
) -> CommandRecognizer:
    speech_input = CommandRecognizer(
        model or PretendedModel(), replace(PROTECTED, rules=Rules(barge_in=rules)), canceller
    )
    speech_input.listen_for(PHRASES)
    return speech_input


def heard(speech_input: CommandRecognizer, *sounds: NDArray[np.float32]) -> list[str | None]:
    sound = np.concatenate(sounds)
    sound = sound[: len(sound) // BLOCK * BLOCK]
    blocks = np.split(sound, len(sound) // BLOCK)
    return [utterance.phrase for block in blocks for utterance in speech_input.hear(block, np.zeros_like(block))]


A_VOICE = 0.16
"""Power of the pretended words, roughly."""


@pytest.mark.parametrize(
    ("saying", "said", "echo", "phrase"),
    [
        ("", "next", 10 * A_VOICE, "next"),
        ("take a breath", "next", 0.4 * A_VOICE, "next"),
        ("take a breath", "next", 10 * A_VOICE, None),
        ("take a breath", "stop", 0.4 * A_VOICE, "stop"),
        ("take a breath", "stop", 10 * A_VOICE, "stop"),
        ("take a breath", "stop", 200 * A_VOICE, None),
        ("the next one is slow", "next", 10 * A_VOICE, None),
        ("the next one is slow", "next", 0.4 * A_VOICE, None),
        ("the next one is slow", "next", 0.1 * A_VOICE, "next"),
        ("the next one is slow", "how long", 0.4 * A_VOICE, "how long"),
        ("what is next", "next", 10 * A_VOICE, None),
        ("nextdoor", "next", 0.4 * A_VOICE, "next"),
        ("say stop at any time", "stop", 10 * A_VOICE, "stop"),
        ("say stop at any time", "stop", 0.4 * A_VOICE, "stop"),
        ("if that hurts say so", "that hurts", 0.4 * A_VOICE, "that hurts"),
    ],
)
def test_what_the_coach_is_saying_itself_must_be_louder_than_its_echo(
    saying: str, said: str, echo: float, phrase: str | None
) -> None:
    speech_input = listening_with(PretendedCanceller(echo))
    speech_input.saying(saying)
    assert heard(speech_input, quiet(1.0), say(said), quiet(1.0)) == [phrase]


@pytest.mark.parametrize(("late_s", "phrase"), [(RULES.tail_s - 0.9, None), (RULES.tail_s + 0.3, "next")])
def test_it_is_doubted_for_a_moment_after_the_coach_has_said_it(late_s: float, phrase: str | None) -> None:
    speech_input = listening_with(PretendedCanceller(10 * A_VOICE))
    speech_input.saying("the next one is slow")
    heard(speech_input, quiet(1.0))
    speech_input.saying("")
    assert heard(speech_input, quiet(late_s), say("next"), quiet(0.5)) == [phrase]


@pytest.mark.parametrize(("said", "phrase"), [("next", None), ("how long", "how long"), ("stop", "stop")])
def test_where_the_echo_cannot_be_known_a_doubtful_phrase_of_the_coach_is_not_believed(said: str, phrase: str) -> None:
    """But what must never be lost is not doubted by text alone."""
    speech_input = listening_with(None, DOUBTFUL)
    speech_input.saying("the next one stop how much")
    assert heard(speech_input, quiet(1.0), say(said), quiet(1.0)) == [phrase]


@pytest.mark.parametrize(("echo", "phrase"), [(0.4 * A_VOICE, "stop"), (10 * A_VOICE, None)])
def test_a_mere_guess_that_is_softer_than_the_echo_may_be_is_nobodys(echo: float, phrase: str | None) -> None:
    guess = PretendedModel(doubts={"stop": {"[unk]": 0.5}})
    speech_input = CommandRecognizer(guess, STOP_AT_ONCE, PretendedCanceller(echo))
    speech_input.listen_for(["stop"])
    speech_input.saying("thank you")
    assert heard(speech_input, quiet(1.0), say("stop"), quiet(1.0)) == [phrase]


@pytest.mark.parametrize(("saying", "phrase"), [("please leave this one out", None), ("", "stop")])
def test_what_is_softer_than_any_whisper_is_what_was_left_of_the_coachs_voice(saying: str, phrase: str | None) -> None:
    """However sure the recogniser is: in a silent room it understands what is left."""
    nothing_is_loud = BargeInRules(softest_db=0.0, whisper_db=0.0)
    speech_input = listening_with(PretendedCanceller(0.0), rules=nothing_is_loud)
    speech_input.saying(saying)
    assert heard(speech_input, quiet(1.0), say("stop"), quiet(1.0)) == [phrase]


def test_a_stop_that_is_softer_than_the_echo_may_be_must_be_as_loud_as_a_whisper() -> None:
    believed = []
    for echo in (0.4 * A_VOICE, 10 * A_VOICE):
        speech_input = listening_with(PretendedCanceller(echo), rules=BargeInRules(whisper_db=0.0))
        speech_input.saying("take a breath")
        believed += heard(speech_input, quiet(1.0), say("stop"), quiet(1.0))
    assert believed == ["stop", None]


@pytest.mark.parametrize(
    ("heard_db", "echo_db", "believed"),
    [
        (-30.0, -34.0, True),
        (-45.0, -36.0, True),
        (
            -43.3,
            -32.2,
            False,
        ),  # what was left of "go only as far as is comfortable"
        (-41.3, -24.0, False),
        (-49.0, -55.0, True),
        (-49.0, -45.0, False),
    ],
)
def test_a_whispered_stop_is_believed_down_to_ten_decibels_below_what_the_echo_may_be(
    *, heard_db: float, echo_db: float, believed: bool
) -> None:
    guard = BargeInGuard(BargeInRules(), late_s=0.3)
    guard.saying("go only as far as is comfortable")
    powers = [(10 ** (heard_db / 10), 10 ** (echo_db / 10), 10 ** (-18 / 10))] * 100
    guard.hear(100 * BLOCK, powers)
    assert guard.believes("stop", 0.965, 70 * BLOCK, protected=True) is believed


def test_pieces_of_the_coachs_own_voice_are_not_the_talk_of_others() -> None:
    """A command right after them is meant."""
    speech_input = listening_with(PretendedCanceller(0.0))
    speech_input.saying("slow and restful")
    assert heard(speech_input, say("oh dear"), quiet(0.9), say("next"), quiet(1.0)) == [None, "next"]
    silent = listening_with(PretendedCanceller(0.0))
    assert heard(silent, say("oh dear"), quiet(0.9), say("next"), quiet(1.0)) == [None, None]


@pytest.mark.parametrize(("saying", "phrase"), [("", "stop"), ("thank you", None)])
def test_where_the_echo_cannot_be_known_a_mere_guess_is_not_believed_while_the_coach_speaks(
    saying: str, phrase: str | None
) -> None:
    guess = PretendedModel(doubts={"stop": {"[unk]": 0.5}})
    speech_input = CommandRecognizer(guess, STOP_AT_ONCE)
    speech_input.listen_for(["stop"])
    speech_input.saying(saying)
    assert heard(speech_input, quiet(1.0), say("stop"), quiet(1.0)) == [phrase]


def test_without_doubt_it_is_believed() -> None:
    speech_input = listening_with(None, PretendedModel())
    speech_input.saying("the next one")
    assert RULES.whisper_confidence < 1.0
    assert heard(speech_input, quiet(1.0), say("next"), quiet(1.0)) == ["next"]


@pytest.mark.filterwarnings("error")
def test_samples_that_are_no_numbers_do_no_harm() -> None:
    speech_input = listening_with(KalmanCanceller())
    broken = np.full(10 * BLOCK, np.nan, np.float32)
    speech_input.hear(broken, np.zeros_like(broken))
    assert heard(speech_input, quiet(1.0), say("next"), quiet(1.0)) == ["next"]
