"""The simulated bedroom: voices and noise, each in its place and at its level.  Its echo: `test_echo_path.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.simulation.acoustic_scene import LOOP_S, AcousticScene, Noise, RoomAcoustics
from voicecoach.simulation.echo_path import DELAY_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 320
SILENT = RoomAcoustics(noise=Noise.NONE)
NOISES = [noise for noise in Noise if noise is not Noise.NONE]


def heard(bedroom: AcousticScene, samples: int) -> NDArray[np.float32]:
    return np.concatenate([bedroom.hear(BLOCK) for _ in range(samples // BLOCK)])


def level_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64))))


def share_below(sound: NDArray[np.float32], hz: float) -> float:
    """How much of the power lies below a frequency."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float(power[: round(hz * len(sound) / MICROPHONE_HZ)].sum() / power.sum())


def test_an_empty_room_is_silent() -> None:
    block = AcousticScene(SILENT, seed=0).hear(BLOCK)
    assert block.shape == (BLOCK,)
    assert block.dtype == np.float32
    assert not block.any()


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("db", [-70.0, -35.0])
def test_noise_has_the_level_that_was_asked_for(noise: Noise, db: float) -> None:
    assert level_db(heard(AcousticScene(RoomAcoustics(noise, db), seed=3), LOOP_S * MICROPHONE_HZ)) == pytest.approx(
        db, abs=0.1
    )


def test_noises_have_their_colours() -> None:
    low = {
        noise: share_below(heard(AcousticScene(RoomAcoustics(noise, -40.0), seed=1), 160_000), 1000.0)
        for noise in NOISES
    }
    assert low[Noise.WHITE] == pytest.approx(1 / 8, abs=0.01)
    assert low[Noise.RAIN] < low[Noise.WHITE] < low[Noise.PINK] < low[Noise.FAN]


@pytest.mark.parametrize("noise", NOISES)
def test_the_same_seed_gives_the_same_samples(noise: Noise) -> None:
    room = RoomAcoustics(noise, -40.0)
    first, again, other = (heard(AcousticScene(room, seed), 16_000) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_noise_is_the_same_in_blocks_of_any_size() -> None:
    one, other = (AcousticScene(RoomAcoustics(Noise.FAN, -40.0), seed=4) for _ in range(2))
    assert np.array_equal(one.hear(3000), np.concatenate([other.hear(size) for size in (1, 999, 2000)]))


@pytest.mark.parametrize("noise", NOISES)
def test_noise_goes_round_without_a_seam(noise: Noise) -> None:
    bedroom = AcousticScene(RoomAcoustics(noise, -40.0), seed=5)
    heard(bedroom, LOOP_S * MICROPHONE_HZ - BLOCK)
    steps = np.abs(np.diff(heard(bedroom, 2 * BLOCK)))
    assert steps[BLOCK - 1] < 4 * steps.mean()


@pytest.mark.parametrize("at", [0, 1, 319, 320, 1234])
def test_a_voice_begins_at_its_sample(at: int) -> None:
    voice = np.linspace(0.1, 0.5, 1000, dtype=np.float32)
    bedroom = AcousticScene(SILENT, seed=0)
    bedroom.speak(voice, at)
    expected = np.zeros(3200, np.float32)
    expected[at : at + 1000] = voice
    assert np.array_equal(heard(bedroom, 3200), expected)


def test_voices_add_up_and_never_leave_full_scale() -> None:
    bedroom = AcousticScene(SILENT, seed=0)
    for sound in (np.full(100, 0.4, np.float32), np.full(50, 0.9, np.float32)):
        bedroom.speak(sound, 10)
    block = bedroom.hear(BLOCK)
    assert block[10] == 1.0
    assert block[80] == pytest.approx(0.4)


@pytest.mark.parametrize(("begin", "end"), [(0, 3200), (640, 960), (700, 701), (500, 2000), (3199, 9999)])
def test_a_muted_microphone_gives_nothing_but_zeros_and_only_then(begin: int, end: int) -> None:
    room = RoomAcoustics(Noise.WHITE, -40.0)
    muted, open_ = AcousticScene(room, seed=6), AcousticScene(room, seed=6)
    muted.mute(begin, end)
    expected = heard(open_, 6400)
    expected[begin:end] = 0.0
    assert np.array_equal(heard(muted, 6400), expected)


def test_a_microphone_is_muted_when_two_reasons_overlap() -> None:
    bedroom = AcousticScene(RoomAcoustics(Noise.WHITE, -40.0), seed=6)
    bedroom.mute(100, 2000)
    bedroom.mute(500, 1000)
    assert np.flatnonzero(heard(bedroom, 3200)[100:])[0] == 1900


def test_nobody_speaks_in_the_past() -> None:
    bedroom = AcousticScene(SILENT, seed=0)
    bedroom.hear(BLOCK)
    with pytest.raises(ValueError, match="too late"):
        bedroom.speak(np.ones(10, np.float32), BLOCK - 1)


# --- the echo of the speaker ------------------------------------------------------------------------------------------


def test_without_an_echo_the_speaker_is_not_heard() -> None:
    bedroom = AcousticScene(SILENT, seed=0)
    bedroom.play(np.ones(BLOCK, np.float32))
    assert not bedroom.hear(3200).any()


def test_the_echo_of_the_speaker_is_added_to_the_noise() -> None:
    delay = round(DELAY_S * MICROPHONE_HZ)
    quiet, loud = (AcousticScene(RoomAcoustics(Noise.WHITE, -60.0, echo_db=-6.0), seed=2) for _ in range(2))
    loud.play(np.ones(BLOCK, np.float32))
    quiet_block, loud_block = quiet.hear(delay + BLOCK), loud.hear(delay + BLOCK)
    assert np.array_equal(quiet_block[:delay], loud_block[:delay])
    assert np.abs(loud_block - quiet_block)[delay:].min() > 0.01


def test_hearing_further_ahead_than_the_echo_is_refused() -> None:
    bedroom = AcousticScene(RoomAcoustics(Noise.NONE, echo_db=-6.0), seed=0)
    bedroom.hear(2 * round(DELAY_S * MICROPHONE_HZ))
    with pytest.raises(ValueError, match="too late"):
        bedroom.play(np.ones(BLOCK, np.float32))
