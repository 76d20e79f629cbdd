"""Voice activity: silence and steady noise let the recogniser sleep, a voice wakes it, however it arrives."""

from __future__ import annotations

import ctypes.util
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.engines.synthesis.port import Voice
from voicecoach.hearing.activity import VoiceActivityDetector
from voicecoach.speaking.clips import ClipCache

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def noise(seconds: float, level_db: float) -> NDArray[np.float32]:
    chance = np.random.default_rng(1)
    return (chance.standard_normal(round(seconds * MICROPHONE_HZ)) * 10 ** (level_db / 20)).astype(np.float32)


def heard(sound: NDArray[np.float32], block: int = 320) -> list[float]:
    """How long it had been quiet after each block."""
    activity, quiet_s = VoiceActivityDetector(), []
    for at in range(0, len(sound), block):
        activity.add(sound[at : at + block])
        quiet_s.append(activity.quiet_for_s())
    return quiet_s


def test_silence_is_quiet_for_as_long_as_it_lasts() -> None:
    assert heard(np.zeros(3 * MICROPHONE_HZ, np.float32))[-1] == pytest.approx(3.0, abs=0.03)


@pytest.mark.parametrize("level_db", [-70.0, -60.0, -50.0])
def test_a_steady_noise_is_no_voice(level_db: float) -> None:
    assert heard(noise(5.0, level_db))[-1] > 4.0


def test_a_click_keeps_nobody_awake_for_long() -> None:
    sound = np.zeros(2 * MICROPHONE_HZ, np.float32)
    sound[8000:8016] = 0.8
    assert heard(sound)[-1] > 0.6


@pytest.mark.sound
@pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize("gain_db", [0.0, -20.0, -30.0])
@pytest.mark.parametrize("block", [160, 320, 1000, 3200])
def test_a_voice_is_noticed_soon(tmp_path: Path, gain_db: float, block: int) -> None:
    word = _word(tmp_path) * 10 ** (gain_db / 20)
    sound = noise(3.0, -70.0)
    sound[MICROPHONE_HZ : MICROPHONE_HZ + len(word)] += word
    quiet_s = heard(sound, block)
    noticed = next(n for n, seconds in enumerate(quiet_s) if n * block > MICROPHONE_HZ and seconds == 0.0)
    assert (noticed + 1) * block / MICROPHONE_HZ < 1.8


@cache
def _word(folder: Path) -> NDArray[np.float32]:
    with EspeakSynthesizer() as synthesizer:
        return ClipCache(folder, Voice("en-us+m3"), MICROPHONE_HZ, synthesizer, print).get("stop")
