"""A recording in a room: how loud somebody speaks, and noise that is as much softer as was asked for."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmark.noise import NoiseShelf, babble, pink, unit_power
from benchmark.scenes import AFTER_S, BEFORE_S, QUIET_ROOM_DBFS, in_quiet_room, speech_power, with_noise
from voicecoach.engines.recognition.port import MICROPHONE_HZ

Sound = NDArray[np.float32]


def tone(seconds: float, amplitude: float = 0.1, hertz: float = 440.0) -> Sound:
    """A sine; its power is half its amplitude squared."""
    at = np.arange(round(seconds * MICROPHONE_HZ)) / MICROPHONE_HZ
    return (amplitude * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def power(sound: Sound) -> float:
    return float(np.mean(np.square(sound, dtype=np.float64)))


def chance() -> np.random.Generator:
    return np.random.default_rng(5)


def test_quiet_lies_before_and_after_the_sound() -> None:
    sound = tone(2.0)
    scene = in_quiet_room(sound, chance())
    before, after = round(BEFORE_S * MICROPHONE_HZ), round(AFTER_S * MICROPHONE_HZ)
    assert scene.dtype == np.float32
    assert len(scene) == before + len(sound) + after
    assert 10 * np.log10(power(scene[:before])) == pytest.approx(QUIET_ROOM_DBFS, abs=0.5)
    assert np.allclose(scene[before:-after], sound, atol=0.005)


@pytest.mark.parametrize("pause_s", [0.0, 0.5, 3.0])
def test_pauses_make_nobody_softer(pause_s: float) -> None:
    said = tone(1.0, amplitude=0.2)
    with_pauses = np.concatenate([np.zeros(round(pause_s * MICROPHONE_HZ), np.float32), said, 0.001 * said])
    assert speech_power(with_pauses) == pytest.approx(0.2**2 / 2, rel=0.02)


@pytest.mark.parametrize("samples", [1, 100, 319, 321])
def test_the_shortest_sounds_have_a_power_too(samples: int) -> None:
    assert speech_power(np.full(samples, 0.5, np.float32)) == pytest.approx(0.25)


@pytest.mark.parametrize("snr_db", [18, 12, 6, 0])
def test_noise_is_as_much_softer_than_the_speech_as_was_asked_for(snr_db: int) -> None:
    said = tone(1.0)
    scene = in_quiet_room(said, chance())
    mixed = with_noise(scene, pink(len(scene), chance()), speech_power(said), snr_db)
    assert 10 * np.log10(speech_power(said) / power(mixed - scene)) == pytest.approx(snr_db, abs=0.01)


def test_what_would_be_too_loud_makes_all_of_it_softer() -> None:
    said = tone(1.0, amplitude=0.9)
    noise = pink(len(said), chance())
    mixed = with_noise(said, noise, speech_power(said), 0)
    assert np.abs(mixed).max() == pytest.approx(1.0)
    scale = mixed[100] / (said[100] + noise[100] * np.sqrt(speech_power(said)))
    assert np.allclose(mixed, scale * (said + noise * np.sqrt(speech_power(said))), atol=1e-5)


# --- noise ------------------------------------------------------------------------------------------------------------


def test_pink_noise_falls_by_3_db_an_octave() -> None:
    spectrum = np.abs(np.fft.rfft(pink(1 << 16, chance()))) ** 2
    octaves = [spectrum[1 << k : 2 << k].mean() for k in range(8, 15)]
    falls_db = -10 * np.diff(np.log10(octaves))
    assert np.mean(falls_db) == pytest.approx(3.0, abs=0.3)


def test_babble_is_several_voices_none_louder_than_the_others() -> None:
    talk = [tone(1.0, amplitude=0.9 / n, hertz=100.0 * n) for n in range(3, 8)]
    mixed = babble(talk, MICROPHONE_HZ, chance())
    peaks = np.abs(np.fft.rfft(mixed))[[300, 400, 500, 600, 700]]
    assert peaks == pytest.approx(np.full(5, peaks.mean()), rel=0.02)


def test_noise_of_every_source_has_mean_power_1() -> None:
    shelf = NoiseShelf(recorded=[tone(0.3, 0.2)], talk=[tone(1.0, 0.4), tone(0.7, 0.01)])
    rng = chance()
    assert shelf.sources == ("recorded", "pink", "babble")
    for _ in range(12):
        noise = shelf.noise(24_000, rng)
        assert noise.shape == (24_000,)
        assert power(noise) == pytest.approx(1.0, rel=1e-3)


def test_without_recordings_there_is_pink_noise() -> None:
    shelf = NoiseShelf()
    assert shelf.sources == ("pink",)
    assert power(shelf.noise(1000, chance())) == pytest.approx(1.0, rel=1e-3)


def test_silence_stays_silent() -> None:
    assert not unit_power(np.zeros(10, np.float32)).any()
