"""Noise to train among."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up_store import store_of

from model.store import TrainingUtterance, UtteranceStore

pytest.importorskip("scipy", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

from model.noise import MADE, babble, brown, hum, noise_segments, pink, snore, white

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Make = Callable[[int, np.random.Generator], NDArray[np.float64]]
    Segments = list[tuple[TrainingUtterance, NDArray[np.float32]]]

RATE_HZ = 16_000


def tone(hertz: float, count: int = RATE_HZ) -> NDArray[np.int16]:
    return (8000 * np.sin(2 * np.pi * hertz * np.arange(count) / RATE_HZ)).astype(np.int16)


def power_db(sound: NDArray[np.float64], lowest_hz: int, highest_hz: int) -> float:
    """Mean power between two frequencies."""
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    return float(10 * np.log10(spectrum[(hertz >= lowest_hz) & (hertz < highest_hz)].mean()))


def talk() -> UtteranceStore:
    """Speech that is known by its frequency; the last row is digital silence."""
    rows = (tone(500), tone(500, 3000), tone(3000), np.zeros(2000, np.int16))
    return store_of(*((TrainingUtterance("hello", "corpus", "speech"), row) for row in rows))


@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_every_noise_can_be_heard_and_is_another_each_time(make: Make) -> None:
    first, again, other = (make(RATE_HZ, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (RATE_HZ,)
    assert np.isfinite(first).all()
    assert first.std() > 0
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(("make", "db_an_octave"), [(white, 0.0), (pink, -3.0), (brown, -6.0)])
def test_colours_fall_as_they_are_known_to(make: Make, db_an_octave: float) -> None:
    noise = make(8 * RATE_HZ, np.random.default_rng(1))
    fall = power_db(noise, 1900, 2100) - power_db(noise, 475, 525)
    assert fall / 2 == pytest.approx(db_an_octave, abs=0.5)


@pytest.mark.parametrize("seed", range(5))
def test_a_hum_is_a_low_tone(seed: int) -> None:
    sound = hum(RATE_HZ, np.random.default_rng(seed))
    assert 45 < np.abs(np.fft.rfft(sound)).argmax() < 260


def test_a_sleeper_breathes_in_and_out() -> None:
    sound = snore(8 * RATE_HZ, np.random.default_rng(1))
    loudness = sound.reshape(-1, 1600).std(axis=1)
    assert loudness.max() > 20 * np.median(loudness[loudness < np.median(loudness)])


@pytest.mark.parametrize("seed", range(5))
def test_talk_is_made_of_the_rows_that_may_be_taken(seed: int) -> None:
    sound = babble(talk(), np.array([0, 1]), 2 * RATE_HZ, np.random.default_rng(seed))
    assert sound.shape == (2 * RATE_HZ,)
    assert power_db(sound, 480, 520) > power_db(sound, 2980, 3020) + 30


def test_talk_of_somebody_who_is_silent_is_silence() -> None:
    assert not babble(talk(), np.array([3]), RATE_HZ, np.random.default_rng(1)).any()


def segments(recordings: list[NDArray[np.int16]], speech: UtteranceStore, minutes: float = 0.8) -> Segments:
    return list(noise_segments(recordings, speech, minutes, np.random.default_rng(1)))


def test_a_third_each_is_made_talked_and_recorded() -> None:
    found = segments([tone(1000)], talk(), minutes=0.8)
    assert len(found) == 6  # of 8 s in 48 s
    sources = Counter(utterance.source for utterance, _ in found)
    assert (sources["babble"], sources["recorded"]) == (2, 2)
    assert set(sources) - {"babble", "recorded"} <= {make.__name__ for make in MADE}
    assert {(utterance.text, utterance.kind) for utterance, _ in found} == {("", "noise")}


def test_without_recordings_and_talk_all_is_made() -> None:
    nobody = UtteranceStore(np.zeros(0, np.int16), np.zeros(1, np.int64), ())
    assert {utterance.source for utterance, _ in segments([], nobody)} <= {make.__name__ for make in MADE}


def test_the_same_chance_gives_the_same_noise() -> None:
    for (_, first), (_, again) in zip(segments([], talk()), segments([], talk()), strict=True):
        np.testing.assert_array_equal(first, again)


def test_a_segment_is_as_loud_however_loud_its_recording_was() -> None:
    soft, loud = (segments([(tone(1000) * gain).astype(np.int16)], talk()) for gain in (0.1, 1.0))
    for (utterance, one), (_, other) in zip(soft, loud, strict=True):
        assert one.shape == (798, 40)
        assert np.isfinite(one).all()
        if utterance.source == "recorded":
            assert one.max(axis=1).mean() == pytest.approx(other.max(axis=1).mean(), abs=0.05)


def test_a_recording_shorter_than_a_segment_is_repeated() -> None:
    found = [features for utterance, features in segments([tone(1000, 4000)], talk()) if utterance.source == "recorded"]
    for features in found:
        assert features.max(axis=1).min() > features.max() - 1
