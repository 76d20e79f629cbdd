"""Other bodies, rooms and microphones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("scipy", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

from model.waveforms import breathy, clipped, in_room, narrowed, resized, room, varied

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE_HZ = 16_000


def tone(hertz: float, count: int = RATE_HZ) -> NDArray[np.float32]:
    return (8000 * np.sin(2 * np.pi * hertz * np.arange(count) / RATE_HZ)).astype(np.float32)


def hum(hertz: int = 100, count: int = RATE_HZ) -> NDArray[np.float32]:
    """Something like a voice: many overtones of one pitch."""
    return np.asarray(np.sum([tone(hertz * k, count) / k for k in range(1, 30)], axis=0), np.float32)


def pitch_hz(samples: NDArray[np.float32]) -> float:
    return float(np.abs(np.fft.rfft(samples)).argmax() * RATE_HZ / len(samples))


def rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def periodicity(samples: NDArray[np.float32], period: int) -> float:
    """Correlation of a sound with itself one period later."""
    return float(np.corrcoef(samples[:-period], samples[period:])[0, 1])


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.25])
def test_a_smaller_body_is_higher_and_faster(factor: float) -> None:
    changed = resized(tone(400), factor)
    assert pitch_hz(changed) == pytest.approx(400 * factor, rel=0.01)
    assert len(changed) == pytest.approx(RATE_HZ / factor, abs=2)


def test_a_voice_without_breath_stays_as_it_was() -> None:
    np.testing.assert_allclose(breathy(hum(), 0.0, np.random.default_rng(1)), hum(), atol=1)


def test_breath_has_no_tone() -> None:
    assert periodicity(hum(), 160) > 0.99
    assert periodicity(breathy(hum(), 1.0, np.random.default_rng(1)), 160) < 0.7


def test_breath_has_the_spectrum_of_the_voice() -> None:
    """A tone of 2 kHz becomes breath around 2 kHz."""
    breath = breathy(tone(2000), 1.0, np.random.default_rng(1))
    power = np.abs(np.fft.rfft(breath)) ** 2
    assert power[1800:2200].sum() > 0.9 * power.sum()


@pytest.mark.parametrize("seed", range(8))
def test_a_room_is_the_sound_itself_and_then_echoes_that_die_away(seed: int) -> None:
    response = room(np.random.default_rng(seed))
    assert 0.1 * RATE_HZ - 1 <= len(response) <= 0.7 * RATE_HZ
    assert response[0] == 1 == np.abs(response).max()
    assert not response[1:16].any(), "the nearest wall is some way off"
    early, late = np.array_split(np.abs(response[1:]), 2)
    assert 0 < late.mean() < 0.1 * early.mean()


def test_in_a_room_a_sound_is_as_loud_and_goes_on_after_its_end() -> None:
    heard = in_room(tone(400), np.random.default_rng(1))
    assert len(heard) == RATE_HZ + RATE_HZ // 10
    assert np.abs(heard).max() == pytest.approx(8000, rel=0.01)
    assert rms(heard[RATE_HZ : RATE_HZ + 400]) > 10


@pytest.mark.parametrize("seed", range(5))
def test_clipping_cuts_the_peaks_and_nothing_else(seed: int) -> None:
    heard = clipped(tone(400), np.random.default_rng(seed))
    limit = np.abs(heard).max()
    assert 0.2 * 8000 <= limit <= 0.7 * 8000
    np.testing.assert_array_equal(heard, np.clip(tone(400), -limit, limit))


@pytest.mark.parametrize("seed", range(5))
def test_a_poor_microphone_hears_the_middle(seed: int) -> None:
    lowest, middle, highest = (rms(narrowed(tone(hz), np.random.default_rng(seed))[4000:]) for hz in (30, 1000, 7500))
    assert middle == pytest.approx(rms(tone(1000)), rel=0.15)
    assert lowest < 0.3 * middle
    assert highest < 0.3 * middle


@pytest.mark.parametrize("human", [False, True])
@pytest.mark.parametrize("far", [False, True])
def test_every_variant_is_sound_of_about_the_same_length(*, human: bool, far: bool) -> None:
    samples = hum(110, 4000).astype(np.int16)
    before = samples.copy()
    tail = 1600 if far else 0
    for seed in range(60):
        heard = varied(samples, np.random.default_rng(seed), human=human, far=far)
        assert heard.dtype == np.float32
        assert np.isfinite(heard).all()
        assert heard.any()
        assert 4000 / 1.2 - 2 <= len(heard) - tail <= 4000 / 0.82 + 2
    np.testing.assert_array_equal(samples, before)


def test_the_same_chance_gives_the_same_variant() -> None:
    samples = hum(110, 4000).astype(np.int16)
    first, again, other = (varied(samples, np.random.default_rng(s), human=False, far=True) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_people_are_changed_less_than_synthetic_voices() -> None:
    samples = hum(110, 4000).astype(np.int16)

    def untouched(*, human: bool) -> int:
        heard = (varied(samples, np.random.default_rng(seed), human=human, far=False) for seed in range(100))
        return sum(np.array_equal(one, samples) for one in heard)

    assert untouched(human=True) > untouched(human=False) + 10


@pytest.mark.parametrize("far", [False, True])
def test_the_shortest_recording_can_be_varied_in_every_way(*, far: bool) -> None:
    samples = hum(110, 1600).astype(np.int16)
    for seed in range(100):
        assert np.isfinite(varied(samples, np.random.default_rng(seed), human=False, far=far)).all()
