"""Loudness as ITU-R BS.1770-4 has it, and sentences that are all equally loud."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.speaking.finish import SPEECH_LUFS, finish
from voicecoach.speaking.loudness import loudness_lufs

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sine(pitch_hz: float, peak_db: float, seconds: float, rate_hz: int) -> NDArray[np.float32]:
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (10 ** (peak_db / 20) * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 44_100, 48_000])
def test_the_sine_of_the_standard(rate_hz: int) -> None:
    assert loudness_lufs(sine(997, 0.0, 3, rate_hz), rate_hz) == pytest.approx(-3.01, abs=0.05)


# EBU Tech 3341, cases 1 to 5, shorter and for one channel: there are two there, which are 3 LU louder.
@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 5)], -26.0),
        ([(-33, 5)], -36.0),
        ([(-36, 3), (-23, 18), (-36, 3)], -26.0),
        ([(-72, 3), (-36, 3), (-23, 18), (-36, 3), (-72, 3)], -26.0),
        ([(-26, 10), (-20, 10.05), (-26, 10)], -26.0),
    ],
)
def test_the_cases_of_the_broadcasters(parts: list[tuple[float, float]], lufs: float) -> None:
    sound = np.concatenate([sine(1000, peak_db, seconds, 16_000) for peak_db, seconds in parts])
    assert loudness_lufs(sound, 16_000) == pytest.approx(lufs, abs=0.1)


def test_low_tones_are_hardly_heard_and_high_ones_more() -> None:
    low, middle, high = (loudness_lufs(sine(pitch, -20, 2, 48_000), 48_000) for pitch in (30, 500, 4000))
    assert low < middle - 3
    assert middle < high - 2


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(10, np.float32), np.zeros(48_000, np.float32)])
def test_silence_has_no_loudness(sound: NDArray[np.float32]) -> None:
    assert loudness_lufs(sound, 48_000) == -math.inf


@given(st.floats(0.05, 3.0), st.floats(-40.0, -3.0), st.sampled_from([200.0, 440.0, 2500.0]))
def test_every_sentence_is_as_loud_as_every_other(seconds: float, peak_db: float, pitch_hz: float) -> None:
    sound = finish(sine(pitch_hz, peak_db, seconds, 22_050), 22_050)
    assert loudness_lufs(sound[220:-660], 22_050) == pytest.approx(SPEECH_LUFS, abs=0.6)
