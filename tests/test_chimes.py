"""The chimes: soft, short, and to be told apart in the dark."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from voicecoach.dialogue.events import Chime
from voicecoach.speaking.chimes import BREATH_DB, LONGEST_S, PEAK_DB, render

RATE = 48_000
every_chime = pytest.mark.parametrize("chime", Chime)


def pitch_hz(sound: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 2 * RATE))
    return float(np.argmax(spectrum)) / 2


@every_chime
@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
def test_a_chime_is_short_and_soft_and_begins_and_ends_at_nothing(chime: Chime, rate_hz: int) -> None:
    sound = render(chime, rate_hz)
    assert sound.dtype == np.float32
    assert 0.2 < len(sound) / rate_hz <= LONGEST_S
    assert 20 * np.log10(np.max(np.abs(sound))) == pytest.approx(PEAK_DB, abs=0.1)
    assert sound[0] == sound[-1] == 0.0


@every_chime
def test_a_chime_has_neither_a_knock_nor_a_click(chime: Chime) -> None:
    sound = render(chime, RATE)
    peak = np.max(np.abs(sound))
    assert np.max(np.abs(sound[: RATE // 500])) < 0.1 * peak, "it swells"
    assert np.max(np.abs(sound[-RATE // 500 :])) < 0.01 * peak, "it dies away"
    assert np.max(np.abs(np.diff(sound))) < 0.2 * peak, "no step"


def test_breathing_in_rises_and_breathing_out_falls() -> None:
    half = round(0.18 * RATE)
    rising, falling = render(Chime.BREATHE_IN, RATE), render(Chime.BREATHE_OUT, RATE)
    assert pitch_hz(rising[half:]) > 1.3 * pitch_hz(rising[:half])
    assert pitch_hz(falling[half:]) < 0.77 * pitch_hz(falling[:half])


@pytest.mark.parametrize(("one", "other"), list(combinations(Chime, 2)))
def test_no_two_chimes_sound_alike(one: Chime, other: Chime) -> None:
    first, second = render(one, RATE), render(other, RATE)
    frames = min(len(first), len(second))
    assert np.max(np.abs(first[:frames] - second[:frames])) > 0.5 * np.max(np.abs(first))


@pytest.mark.parametrize("lasts_s", [0.4, 3.6, 8.0])
@pytest.mark.parametrize("chime", [Chime.BREATHE_IN, Chime.BREATHE_OUT])
def test_a_breath_may_have_a_soft_tone_as_long_as_itself(chime: Chime, lasts_s: float) -> None:
    sound = render(chime, RATE, lasts_s)
    third = len(sound) // 3
    assert len(sound) / RATE == pytest.approx(lasts_s)
    assert 20 * np.log10(np.max(np.abs(sound))) <= BREATH_DB + 0.1
    assert abs(sound[0]) < 1e-6
    assert np.max(np.abs(sound[-20:])) < 1e-4, "nothing clicks at the turn"
    assert np.max(np.abs(np.diff(sound))) < 0.2 * np.max(np.abs(sound))
    rises = pitch_hz(sound[-third:]) > pitch_hz(sound[:third])
    assert rises is (chime is Chime.BREATHE_IN)
