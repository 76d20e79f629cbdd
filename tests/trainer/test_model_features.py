"""Log-mel features.  That they are those of Vosk itself is checked in test_kaldi_model.py."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

from model.features import FLOOR, log_mel


def tone(hertz: float, count: int = 8000, level: float = 3000.0) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return (level * np.sin(2 * np.pi * hertz * np.arange(count) / 16_000)).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "frames"), [(0, 0), (1, 0), (399, 0), (400, 1), (559, 1), (560, 2), (16_000, 98), (128_000, 798)]
)
def test_a_frame_of_25_ms_begins_every_10_ms(samples: int, frames: int) -> None:
    features = log_mel(tone(440, samples))
    assert features.shape == (frames, 40)
    assert features.dtype == np.float32


def test_digital_silence_is_the_floor() -> None:
    assert np.all(log_mel(np.zeros(1600, np.float32)) == np.float32(FLOOR))


def test_twice_as_loud_is_four_times_the_power() -> None:
    noise = np.random.default_rng(1).normal(0, 500, 8000).astype(np.float32)
    np.testing.assert_allclose(log_mel(2 * noise) - log_mel(noise), np.log(4), atol=1e-3)


def test_a_higher_tone_is_in_a_higher_band() -> None:
    loudest = [int(log_mel(tone(hertz))[20].argmax()) for hertz in (100, 300, 700, 1500, 3000, 6000)]
    assert loudest == sorted(set(loudest))


def test_a_frame_is_what_kaldi_makes_of_it() -> None:
    """Without its mean, pre-emphasised, under Povey's window, and its power in triangles that are even in mel."""
    sound = np.random.default_rng(1).normal(50, 500, 400)
    frame = sound - sound.mean()
    frame = frame - 0.97 * np.concatenate([frame[:1], frame[:-1]])
    power = np.abs(np.fft.rfft(frame * np.hanning(400) ** 0.85, 512)) ** 2
    lowest, highest, bins = (1127 * np.log1p(np.array(hertz) / 700) for hertz in (20, 7600, np.arange(257) * 31.25))
    edges = np.linspace(lowest, highest, 42)
    triangles = [np.interp(bins, edges[k : k + 3], [0, 1, 0]) for k in range(40)]
    expected = np.log([triangle @ power for triangle in triangles])
    np.testing.assert_allclose(log_mel(sound.astype(np.float32)), expected[None], atol=1e-2)


def test_the_same_sound_has_the_same_features() -> None:
    """Nothing is added to it by chance, as Kaldi does unless it is told not to."""
    np.testing.assert_array_equal(log_mel(tone(440)), log_mel(tone(440)))
