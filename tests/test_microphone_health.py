"""Whether what comes can be a microphone's sound: what is dead is told in time, what is merely quiet never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.microphone_health import BACK_MOST_S, GATED_S, Deafness, MicrophoneHealth, fault_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Sound = Callable[[int], NDArray[np.float32]]

BLOCK = 320
RNG = np.random.default_rng(12)


def noise(db: float) -> Sound:
    return lambda n: (10 ** (db / 20) * RNG.standard_normal(n)).astype(np.float32)


def constant(value: float) -> Sound:
    return lambda n: np.full(n, value, np.float32)


def sixteen_bits(db: float) -> Sound:
    """Noise so soft that only the last of 16 bits moves, and that only now and then."""
    return lambda n: (np.round(noise(db)(n) * 32768) / 32768).astype(np.float32)


NOTHING, ZEROS, ROOM = constant(np.nan), constant(0.0), noise(-66.0)
LOUD_VOICE = noise(-20.0)


def hears(
    health: MicrophoneHealth,
    sound: Sound,
    seconds: float,
    own_voice: Sound = ZEROS,
) -> float | None:
    """Hear so many seconds of ``sound``; returns after how many of them it was first deaf, None if never."""
    for heard in range(BLOCK, round(seconds * MICROPHONE_HZ) + 1, BLOCK):
        health.hear(sound(BLOCK), own_voice(BLOCK))
        if health.deaf is not None:
            return heard / MICROPHONE_HZ
    return None


DEAD: dict[str, tuple[Sound, Deafness, float]] = {
    "no callback": (NOTHING, Deafness.LOST, 2.2),
    "zeros": (ZEROS, Deafness.ZEROS, 3.2),
    "stuck at full scale": (constant(1.0), Deafness.STUCK, 3.2),
    "a constant": (constant(-0.01), Deafness.STUCK, 3.2),
    "fainter than a microphone": (noise(-125.0), Deafness.FAINT, 3.2),
    "the same, on a constant": (lambda n: noise(-125.0)(n) + np.float32(0.25), Deafness.FAINT, 3.2),
    "wrong byte order": (lambda n: RNG.uniform(-1, 1, n).astype(np.float32), Deafness.GARBAGE, 3.2),
    "a square wave": (lambda n: np.where(np.arange(n) % 64 < 32, 1.0, -1.0).astype(np.float32), Deafness.GARBAGE, 3.2),
    "infinity": (constant(np.inf), Deafness.LOST, 2.2),
}
ALIVE: dict[str, Sound] = {
    "a quiet room": noise(-75.0),
    "a silent room and a fine microphone": noise(-108.0),
    "16 bits of which one moves": sixteen_bits(-98.0),
    "the same, seldom": sixteen_bits(-104.0),
    "somebody speaks": noise(-30.0),
    "a radio, too loud": lambda n: np.asarray(np.clip(noise(-6.0)(n), -0.7, 0.7), np.float32),
    "a quiet room on a constant": lambda n: noise(-75.0)(n) + np.float32(0.5),
    "every other block is late": lambda n: noise(-66.0)(n) if RNG.random() < 0.5 else NOTHING(n),
}


@pytest.mark.parametrize("before_s", [0.0, 30.0])
@pytest.mark.parametrize("name", DEAD)
def test_a_dead_microphone_is_known_in_time(name: str, before_s: float) -> None:
    sound, why, within_s = DEAD[name]
    health = MicrophoneHealth()
    assert hears(health, ROOM, before_s) is None
    after_s = hears(health, sound, 60.0)
    assert after_s is not None
    assert 1.5 < after_s <= (within_s if before_s else 3.2)
    assert health.deaf is why


@pytest.mark.parametrize("name", ALIVE)
def test_what_may_be_a_room_is_never_taken_for_dead(name: str) -> None:
    assert hears(MicrophoneHealth(), ALIVE[name], 60.0) is None


@pytest.mark.parametrize("name", DEAD)
def test_a_dead_microphone_that_comes_back_is_heard_again_soon_and_not_at_a_click(name: str) -> None:
    health = MicrophoneHealth()
    hears(health, DEAD[name][0], 10.0)
    health.hear(noise(-20.0)(BLOCK), ZEROS(BLOCK))
    for _ in range(20):
        health.hear(DEAD[name][0](BLOCK), ZEROS(BLOCK))
    assert health.deaf is not None
    for _ in range(50):
        health.hear(ROOM(BLOCK), ZEROS(BLOCK))
    assert health.deaf is None


def test_a_gap_that_is_short_is_none() -> None:
    health = MicrophoneHealth()
    for _ in range(30):
        assert hears(health, ROOM, 0.5) is None
        assert hears(health, ZEROS, 2.5) is None


def gated() -> MicrophoneHealth:
    """A microphone that has gone to zeros whenever nobody spoke, also between the coach's sentences."""
    health = MicrophoneHealth()
    for _ in range(20):
        assert hears(health, LOUD_VOICE, 1.0, LOUD_VOICE) is None
        assert hears(health, ZEROS, 1.0) is None
    return health


def test_a_noise_gate_may_be_silent_for_long() -> None:
    health = gated()
    for _ in range(10):
        assert hears(health, ZEROS, 30.0) is None
        assert hears(health, noise(-30.0), 0.6) is None


def test_a_gated_microphone_that_does_not_hear_the_coach_is_dead() -> None:
    after_s = hears(gated(), ZEROS, 60.0, LOUD_VOICE)
    assert after_s is not None
    assert after_s < 3.5


def test_a_gated_microphone_that_has_never_heard_the_coach_is_waited_for() -> None:
    health = MicrophoneHealth()
    for _ in range(20):
        hears(health, noise(-30.0), 0.6)
        hears(health, ZEROS, 1.0, LOUD_VOICE)
    after_s = hears(health, ZEROS, 100.0, LOUD_VOICE)
    assert after_s == pytest.approx(GATED_S, abs=1.5)  # the last second was zeros already


def test_a_gate_that_often_shuts_out_the_coach_is_waited_for_too() -> None:
    health = MicrophoneHealth()
    for _ in range(10):
        hears(health, LOUD_VOICE, 1.0, LOUD_VOICE)
        hears(health, ZEROS, 1.2, LOUD_VOICE)
    assert hears(health, ZEROS, GATED_S - 3, LOUD_VOICE) is None


def test_a_gate_tells_nothing_of_a_stream_that_has_ended() -> None:
    after_s = hears(gated(), NOTHING, 60.0)
    assert after_s is not None
    assert after_s < 2.5


def test_the_system_may_make_the_sound_fainter_than_a_microphone_but_not_silent() -> None:
    assert hears(MicrophoneHealth(processed=True), noise(-130.0), 60.0) is None
    assert hears(MicrophoneHealth(processed=True), ZEROS, 4.0) is not None


def test_a_loose_contact_is_trusted_less_each_time() -> None:
    health = MicrophoneHealth()
    changes = 0
    was = None
    for turn in range(round(600 * MICROPHONE_HZ / BLOCK)):
        lost = turn * BLOCK // MICROPHONE_HZ % 8 < 4
        health.hear((NOTHING if lost else ROOM)(BLOCK), ZEROS(BLOCK))
        changes += health.deaf is not was
        was = health.deaf
    assert changes < 12
    for _ in range(round((BACK_MOST_S + 1) * MICROPHONE_HZ / BLOCK)):
        health.hear(ROOM(BLOCK), ZEROS(BLOCK))
    assert health.deaf is None


def test_who_was_understood_can_be_heard() -> None:
    health = MicrophoneHealth()
    hears(health, ZEROS, 10.0)
    health.understood()
    assert health.deaf is None
    after_s = hears(health, ZEROS, 10.0)
    assert after_s is not None
    assert after_s > 2.5


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=30))
def test_it_does_not_matter_how_long_the_blocks_are(sizes: list[int]) -> None:
    sound = np.concatenate([ROOM(20_000), ZEROS(60_000), ROOM(20_000), NOTHING(50_000)])[: sum(sizes)]
    whole, parts = MicrophoneHealth(), MicrophoneHealth()
    whole.hear(sound, np.zeros_like(sound))
    begin = 0
    for size in sizes:
        part = sound[begin : begin + size]
        parts.hear(part, np.zeros_like(part))
        begin += size
    assert parts.deaf is whole.deaf


@pytest.mark.parametrize("name", DEAD)
def test_the_fault_of_a_second(name: str) -> None:
    sound, why, _ = DEAD[name]
    assert fault_of(sound(MICROPHONE_HZ)) is why


@pytest.mark.parametrize("name", ["a quiet room", "16 bits of which one moves", "somebody speaks"])
def test_a_second_without_a_fault(name: str) -> None:
    assert fault_of(ALIVE[name](MICROPHONE_HZ)) is None
