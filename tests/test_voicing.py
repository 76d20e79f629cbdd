"""A voice is told from a whisper, however loud either is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.voicing import voicing
from voicecoach.softness import VOICED, WHISPERED

if TYPE_CHECKING:
    from numpy.typing import NDArray

SECOND = MICROPHONE_HZ


def hiss(samples: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(samples).astype(np.float32)


def vowel(pitch_hz: float, samples: int = SECOND) -> NDArray[np.float32]:
    """Overtones that grow softer, as behind vocal folds; the pitch falls by a fifth, as at the end of a sentence."""
    time = np.arange(samples) / MICROPHONE_HZ
    phase = 2 * np.pi * pitch_hz * (time - 0.1 * time**2 * MICROPHONE_HZ / samples)
    return np.asarray(np.sum([np.sin(number * phase) / number for number in range(1, 20)], axis=0), np.float32)


@pytest.mark.parametrize("pitch_hz", [85, 110, 180, 240, 330])
@pytest.mark.parametrize("gain_db", [0, -60])
def test_vowels_are_voiced_and_hiss_is_whispered(pitch_hz: float, gain_db: float) -> None:
    gain = np.float32(10 ** (gain_db / 20))
    assert voicing(gain * vowel(pitch_hz)) > 0.9
    assert voicing(gain * hiss(SECOND)) < WHISPERED


def test_the_consonants_of_a_word_do_not_make_it_a_whisper() -> None:
    """An "s", a vowel and a "p", which is softer."""
    word = np.concatenate([0.3 * hiss(SECOND // 5), vowel(120, SECOND // 4), 0.2 * hiss(SECOND // 10)])
    assert voicing(word) > VOICED


@pytest.mark.parametrize("noise_db", [-40, -20, -10])
def test_some_noise_in_the_room_changes_little(noise_db: float) -> None:
    voice = vowel(120)
    noise = hiss(SECOND) * np.float32(voice.std() * 10 ** (noise_db / 20))
    assert voicing(voice + noise) > VOICED


@pytest.mark.parametrize("samples", [0, 1, 639])
def test_less_than_a_frame_has_no_voice(samples: int) -> None:
    assert voicing(vowel(120)[:samples]) == 0.0


@pytest.mark.parametrize("value", [0.0, 0.5, -1.0])
def test_what_stands_still_has_no_voice(value: float) -> None:
    assert 0.0 <= voicing(np.full(SECOND, value, np.float32)) < WHISPERED
