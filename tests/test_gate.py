"""A dozing recogniser: sleeps through silence, wakes in time, and never loses the end of an utterance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pretended_model import TRAITS

from voicecoach.engines.recognition.port import MICROPHONE_HZ, Alternative, Partial, Result
from voicecoach.hearing import gate
from voicecoach.hearing.gate import PRE_ROLL_S, QUIET_S, VadGatedModel, VadGatedRecognizer

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCK = 320
SILENCE = np.zeros(BLOCK, np.float32)
VOICE = np.ones(BLOCK, np.float32)
DONE = Result((Alternative("stop", 0.0),))


class Heard:
    """A recogniser that counts: what it got, and how often it was told to finish."""

    def __init__(self) -> None:
        self.samples = 0
        self.voice = 0
        self.longest = 0
        self.finished = 0

    def accept(self, block: np.ndarray) -> Partial | Result:
        self.samples += len(block)
        self.voice += int(np.sum(block > 0.5))
        self.longest = max(self.longest, len(block))
        return Partial("stop")

    def finish(self) -> Result:
        self.finished += 1
        return DONE


class Loud:
    """Takes any block with a sample above a half for speech."""

    def __init__(self) -> None:
        self._quiet_s = 99.0

    def add(self, block: np.ndarray) -> None:
        self._quiet_s = 0.0 if np.any(block > 0.5) else self._quiet_s + len(block) / MICROPHONE_HZ

    def quiet_for_s(self) -> float:
        return self._quiet_s


@pytest.fixture(autouse=True)
def _simple_activity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "VoiceActivityDetector", Loud)


def seconds(length: float, block: np.ndarray) -> list[np.ndarray]:
    return [block] * round(length * MICROPHONE_HZ / BLOCK)


def hear(blocks: list[np.ndarray]) -> tuple[Heard, list[Partial | Result]]:
    heard = Heard()
    recognizer = VadGatedRecognizer(heard, TRAITS)
    return heard, [recognizer.accept(block) for block in blocks]


def test_a_silent_hour_costs_the_recogniser_nothing() -> None:
    heard, outcomes = hear(seconds(60, SILENCE))
    assert heard.samples == 0
    assert set(outcomes) == {Partial("")}


def test_it_wakes_with_the_last_second_in_its_ear() -> None:
    heard, _ = hear([*seconds(5, SILENCE), VOICE])
    assert heard.samples == PRE_ROLL_S * MICROPHONE_HZ
    assert heard.voice == BLOCK


def test_a_voice_that_began_at_once_is_heard_whole() -> None:
    heard, outcomes = hear(seconds(0.5, VOICE))
    assert heard.samples == 0.5 * MICROPHONE_HZ
    assert outcomes[-1] == Partial("stop")


def test_when_it_dozes_off_the_utterance_is_ended() -> None:
    heard, outcomes = hear(seconds(1, VOICE) + seconds(QUIET_S + 1, SILENCE))
    assert heard.finished == 1
    assert outcomes.count(DONE) == 1
    assert outcomes[-1] == Partial("")
    assert heard.samples == pytest.approx((1 + QUIET_S) * MICROPHONE_HZ, abs=2 * BLOCK)


def test_pauses_within_a_sentence_do_not_end_it() -> None:
    heard, outcomes = hear(seconds(1, VOICE) + seconds(QUIET_S - 0.1, SILENCE) + seconds(1, VOICE))
    assert heard.finished == 0
    assert DONE not in outcomes
    assert heard.voice == 2 * MICROPHONE_HZ


def test_it_knows_the_words_that_its_model_knows() -> None:
    class Few:
        traits = TRAITS

        def knows(self, word: str) -> bool:
            return word == "stop"

        def phones(self, word: str) -> Sequence[str] | None:
            return tuple(word) if self.knows(word) else None

        def recognizer(self, phrases: object) -> Heard:  # noqa: ARG002 - as the protocol has it
            return Heard()

    model = VadGatedModel(Few())
    assert model.knows("stop")
    assert not model.knows("go")
    assert model.phones("stop") == ("s", "t", "o", "p")
    assert model.phones("go") is None
    assert model.recognizer({"stop"}).accept(VOICE) == Partial("stop")


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 3200)), max_size=60))
def test_no_sample_of_a_voice_is_lost_and_no_block_is_too_long(pieces: list[tuple[bool, int]]) -> None:
    blocks = [np.full(length, 1.0 if loud else 0.0, np.float32) for loud, length in pieces]
    heard, _ = hear(blocks)
    assert heard.voice == sum(length for loud, length in pieces if loud)
    assert heard.longest <= 3200
