"""The simulated bedroom: voice, noise and echo, each in its place and at its level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.hearing.protocol import MICROPHONE_HZ
from voicecoach.room.bedroom import ECHO_DELAY_S, ECHO_TAIL_S, LOOP_S, Bedroom, Noise, Room

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 320
SILENT = Room(noise=Noise.NONE)
NOISES = [noise for noise in Noise if noise is not Noise.NONE]
DELAY = round(ECHO_DELAY_S * MICROPHONE_HZ)


def heard(bedroom: Bedroom, samples: int) -> NDArray[np.float32]:
    return np.concatenate([bedroom.hear(BLOCK) for _ in range(samples // BLOCK)])


def level_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64))))


def share_below(sound: NDArray[np.float32], hz: float) -> float:
    """How much of the power lies below a frequency."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float(power[: round(hz * len(sound) / MICROPHONE_HZ)].sum() / power.sum())


def test_an_empty_room_is_silent() -> None:
    block = Bedroom(SILENT, seed=0).hear(BLOCK)
    assert block.shape == (BLOCK,)
    assert block.dtype == np.float32
    assert not block.any()


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("db", [-70.0, -35.0])
def test_noise_has_the_level_that_was_asked_for(noise: Noise, db: float) -> None:
    assert level_db(heard(Bedroom(Room(noise, db), seed=3), LOOP_S * MICROPHONE_HZ)) == pytest.approx(db, abs=0.1)


def test_noises_have_their_colours() -> None:
    low = {noise: share_below(heard(Bedroom(Room(noise, -40.0), seed=1), 160_000), 1000.0) for noise in NOISES}
    assert low[Noise.WHITE] == pytest.approx(1 / 8, abs=0.01)
    assert low[Noise.RAIN] < low[Noise.WHITE] < low[Noise.PINK] < low[Noise.FAN]


@pytest.mark.parametrize("noise", NOISES)
def test_the_same_seed_gives_the_same_samples(noise: Noise) -> None:
    room = Room(noise, -40.0)
    first, again, other = (heard(Bedroom(room, seed), 16_000) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_noise_is_the_same_in_blocks_of_any_size() -> None:
    one, other = (Bedroom(Room(Noise.FAN, -40.0), seed=4) for _ in range(2))
    assert np.array_equal(one.hear(3000), np.concatenate([other.hear(size) for size in (1, 999, 2000)]))


@pytest.mark.parametrize("noise", NOISES)
def test_noise_goes_round_without_a_seam(noise: Noise) -> None:
    bedroom = Bedroom(Room(noise, -40.0), seed=5)
    heard(bedroom, LOOP_S * MICROPHONE_HZ - BLOCK)
    steps = np.abs(np.diff(heard(bedroom, 2 * BLOCK)))
    assert steps[BLOCK - 1] < 4 * steps.mean()


@pytest.mark.parametrize("at", [0, 1, 319, 320, 1234])
def test_a_voice_begins_at_its_sample(at: int) -> None:
    voice = np.linspace(0.1, 0.5, 1000, dtype=np.float32)
    bedroom = Bedroom(SILENT, seed=0)
    bedroom.speak(voice, at)
    expected = np.zeros(3200, np.float32)
    expected[at : at + 1000] = voice
    assert np.array_equal(heard(bedroom, 3200), expected)


def test_voices_add_up_and_never_leave_full_scale() -> None:
    bedroom = Bedroom(SILENT, seed=0)
    for sound in (np.full(100, 0.4, np.float32), np.full(50, 0.9, np.float32)):
        bedroom.speak(sound, 10)
    block = bedroom.hear(BLOCK)
    assert block[10] == 1.0
    assert block[80] == pytest.approx(0.4)


def test_nobody_speaks_in_the_past() -> None:
    bedroom = Bedroom(SILENT, seed=0)
    bedroom.hear(BLOCK)
    with pytest.raises(ValueError, match="too late"):
        bedroom.speak(np.ones(10, np.float32), BLOCK - 1)


# --- the echo of the speaker ------------------------------------------------------------------------------------------


def echo_of(played: NDArray[np.float32], room: Room, samples: int) -> NDArray[np.float32]:
    """What the microphone hears while ``played`` is played block by block."""
    bedroom = Bedroom(room, seed=7)
    padded = np.concatenate([played, np.zeros(samples - len(played), np.float32)])
    blocks = []
    for begin in range(0, samples, BLOCK):
        blocks.append(bedroom.hear(BLOCK))
        bedroom.play(padded[begin : begin + BLOCK])
    return np.concatenate(blocks)


def test_without_an_echo_the_speaker_is_not_heard() -> None:
    assert not echo_of(np.ones(BLOCK, np.float32), SILENT, 3200).any()


@pytest.mark.parametrize("at", [0, 5, 640, 700])
def test_a_click_comes_back_forty_milliseconds_later_with_a_tail(at: int) -> None:
    click = np.zeros(960, np.float32)
    click[at] = 1.0
    echo = echo_of(click, Room(Noise.NONE, echo_db=-6.0), 9600)
    arrives = at + DELAY
    tail = round(ECHO_TAIL_S * MICROPHONE_HZ)
    assert np.abs(echo[:arrives]).max(initial=0.0) < 1e-6
    assert np.argmax(np.abs(echo)) == arrives
    assert np.abs(echo[arrives + tail :]).max() < 1e-6
    early, late = np.split(echo[arrives + 1 : arrives + tail - 1], 2)
    assert level_db(early) > level_db(late) + 6


@pytest.mark.parametrize("db", [-6.0, -20.0])
def test_the_echo_has_the_level_that_was_asked_for(db: float) -> None:
    played = (0.1 * np.random.default_rng(1).standard_normal(32_000)).astype(np.float32)
    echo = echo_of(played, Room(Noise.NONE, echo_db=db), 32_000)
    assert level_db(echo[8000:]) - level_db(played) == pytest.approx(db, abs=0.5)


def test_the_echo_is_a_convolution_whatever_the_blocks_hold() -> None:
    """Block by block is the same as all at once, silent blocks between loud ones included."""
    room = Room(Noise.NONE, echo_db=-3.0)
    click = np.zeros(BLOCK, np.float32)
    click[0] = 1.0
    response = echo_of(click, room, 6400)[DELAY:]
    played = np.random.default_rng(2).uniform(-0.2, 0.2, 3200).astype(np.float32)
    played[640:1600] = 0.0
    expected = np.convolve(played, response)[: 6400 - DELAY]
    assert np.allclose(echo_of(played, room, 6400)[DELAY:], expected, atol=1e-5)


def test_hearing_further_ahead_than_the_echo_is_refused() -> None:
    bedroom = Bedroom(Room(Noise.NONE, echo_db=-6.0), seed=0)
    bedroom.hear(2 * DELAY)
    with pytest.raises(ValueError, match="too late"):
        bedroom.play(np.ones(BLOCK, np.float32))
