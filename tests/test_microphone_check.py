"""The doctor listens for a second: to a microphone made of lists, with every fault that it may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fake_sound_card import FakeCard, microphone

from voicecoach.engines.audio_io.port import Direction
from voicecoach.errors import MissingPartError
from voicecoach.hearing.microphone_health import Deafness
from voicecoach.microphone_check import LISTENS_S, OPENS_S, WORDS, MicrophoneLog, microphone_fault
from voicecoach.session_events import Entered, LostHearing, RegainedHearing
from voicecoach.shortened import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RNG = np.random.default_rng(8)
TURN_S = 0.02


class Listened:
    """What came of listening to a microphone that brings ``sound`` when it is asked for so many frames."""

    def __init__(self, sound: Callable[[int], NDArray[np.float64]] | None, rate_hz: int = 48_000) -> None:
        self.card, self.waited_s = FakeCard(microphone(rate_hz=rate_hz)), 0.0
        self._sound, self._brought_s = sound, 0.0
        self.fault = microphone_fault(self.card, None, self._wait)

    def _wait(self, seconds: float) -> None:
        self.waited_s += seconds
        stream = self.card.open_now(Direction.MICROPHONE)
        assert stream is not None
        while self._sound is not None and self._brought_s + TURN_S <= self.waited_s:
            stream.turn(self._sound(round(stream.rate_hz * TURN_S)).astype(np.float32))
            self._brought_s += TURN_S


SOUNDS: dict[str, tuple[Callable[[int], NDArray[np.float64]] | None, Deafness | None]] = {
    "a quiet room": (lambda n: 1e-4 * RNG.standard_normal(n), None),
    "nothing": (None, Deafness.LOST),
    "muted": (np.zeros, Deafness.ZEROS),
    "stuck": (lambda n: np.full(n, -0.5), Deafness.STUCK),
    "not switched on": (lambda n: 1e-7 * RNG.standard_normal(n), Deafness.FAINT),
    "garbage": (lambda n: RNG.uniform(-1, 1, n), Deafness.GARBAGE),
}


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
@pytest.mark.parametrize("name", SOUNDS)
def test_what_comes_is_told(name: str, rate_hz: int) -> None:
    sound, fault = SOUNDS[name]
    listened = Listened(sound, rate_hz)
    assert listened.fault is fault
    assert listened.card.open_now(Direction.MICROPHONE) is None, "it is closed again"


def test_a_second_is_enough_where_there_is_sound_and_nothing_takes_long() -> None:
    assert Listened(SOUNDS["a quiet room"][0]).waited_s <= LISTENS_S + 0.2
    assert all(Listened(sound).waited_s <= OPENS_S + 0.2 for sound, _ in SOUNDS.values())


def test_a_noise_gate_that_opens_after_two_seconds_is_no_fault() -> None:
    begun = []

    def gated(frames: int) -> NDArray[np.float64]:
        begun.append(frames)
        return (sum(begun) > 2 * 48_000) * 1e-3 * RNG.standard_normal(frames)

    assert Listened(gated).fault is None


def test_a_microphone_that_will_not_open_or_is_not_there() -> None:
    card = FakeCard(microphone())
    card.refusing["USB mic"] = "Device or resource busy"
    with pytest.raises(MissingPartError, match="busy"):
        microphone_fault(card, None, lambda _: None)
    with pytest.raises(MissingPartError, match="no microphone found"):
        microphone_fault(FakeCard(), None, lambda _: None)


def test_a_session_tells_of_it_once_each_time() -> None:
    lines: list[str] = []
    log = MicrophoneLog(lines.append)
    for event in (Entered("guiding", 1.0), LostHearing("zeros", 2.0), RegainedHearing(3.0)):
        log(event)
    assert lines == [f"I cannot hear anything. The microphone: {WORDS[Deafness.ZEROS]}", "I can hear again."]


@pytest.mark.parametrize("fault", Deafness)
def test_every_fault_has_words_that_say_what_to_do_and_fit_a_screen(fault: Deafness) -> None:
    assert "voicecoach devices" in shortened(WORDS[fault])


def test_a_device_without_a_clock_is_judged_by_its_first_seconds() -> None:
    """ALSA's null device is read as fast as the processor can: hours of nothing in a moment."""
    asked = []

    def flood(frames: int) -> NDArray[np.float64]:
        asked.append(frames)
        return np.zeros(600 * frames)

    assert Listened(flood).fault is Deafness.ZEROS
    assert 600 * sum(asked) > 1000 * 48_000, "there was far more than was listened to"
