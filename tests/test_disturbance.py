"""Coughs, doors and snores made of numbers: each like the real thing in what matters, and no two alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.simulation.disturbance import Disturbance, sound_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


def once(disturbance: Disturbance, seed: int = 1, for_s: float | None = None) -> NDArray[np.float32]:
    return sound_of(disturbance, np.random.default_rng(seed), for_s)


def share_below(sound: NDArray[np.float32], hz: float) -> float:
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float(power[: round(hz * len(sound) / MICROPHONE_HZ)].sum() / power.sum())


@pytest.mark.parametrize("disturbance", Disturbance)
def test_the_same_dice_make_the_same_sound_and_others_another(disturbance: Disturbance) -> None:
    sound = once(disturbance)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert np.array_equal(sound, once(disturbance))
    assert not np.array_equal(sound, once(disturbance, seed=2))


@pytest.mark.parametrize("disturbance", Disturbance)
@pytest.mark.parametrize("seconds", [0.1, 10.0])
def test_it_can_go_on_for_a_while_and_never_stops_for_long(disturbance: Disturbance, seconds: float) -> None:
    sound = once(disturbance, for_s=seconds)
    assert len(sound) == round(seconds * MICROPHONE_HZ)
    loud = np.flatnonzero(sound) / MICROPHONE_HZ
    assert np.diff(loud, prepend=0.0, append=seconds).max() < 2.0


@pytest.mark.parametrize(("disturbance", "least_s", "most_s"), [
    (Disturbance.COUGH, 0.3, 2.0),
    (Disturbance.DOOR_SLAM, 0.5, 1.0),
    (Disturbance.SNORE, 1.8, 4.0),
])  # fmt: skip
def test_each_has_its_length(disturbance: Disturbance, least_s: float, most_s: float) -> None:
    for seed in range(10):
        assert least_s < len(once(disturbance, seed)) / MICROPHONE_HZ < most_s


def test_each_has_its_pitch() -> None:
    below = {disturbance: share_below(once(disturbance, for_s=10.0), 500.0) for disturbance in Disturbance}
    assert below[Disturbance.COUGH] < below[Disturbance.DOOR_SLAM] < below[Disturbance.SNORE]
    assert below[Disturbance.SNORE] > 0.7


def test_a_door_is_sudden_and_a_snore_swells() -> None:
    def first_tenth(sound: NDArray[np.float32]) -> float:
        """How much of the loudest is reached within 100 ms of the beginning."""
        return float(np.abs(sound[: MICROPHONE_HZ // 10]).max() / np.abs(sound).max())

    assert first_tenth(once(Disturbance.DOOR_SLAM)) == 1.0
    assert first_tenth(once(Disturbance.COUGH)) > 0.8
    assert first_tenth(once(Disturbance.SNORE)) < 0.5
