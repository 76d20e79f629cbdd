"""How long a voice has been silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.loudness import Loudness

if TYPE_CHECKING:
    from numpy.typing import NDArray

VOICE = 0.3


def sound(*parts: tuple[float, float]) -> NDArray[np.float32]:
    """Noise: for each part its seconds and its level (root of the mean square)."""
    chance = np.random.default_rng(0)
    noise = [chance.choice([-level, level], round(seconds * MICROPHONE_HZ)) for seconds, level in parts]
    return np.concatenate(noise).astype(np.float32)


@pytest.mark.parametrize(
    ("parts", "silent_s"),
    [
        ([(1.0, VOICE)], 0.0),
        ([(1.0, VOICE), (0.3, 0.0)], 0.3),
        ([(1.0, VOICE), (0.3, VOICE / 10)], 0.3),  # 20 dB less
        ([(1.0, VOICE), (0.3, VOICE / 3)], 0.0),  # 10 dB less
        ([(1.0, VOICE), (0.3, 0.0), (0.02, VOICE)], 0.0),
        ([(0.5, 0.01)], 0.0),  # a steady noise is no voice that has fallen silent
        ([(1.0, 0.0)], 0.0),
        ([(0.1, VOICE), (3.0, 0.01)], 0.0),  # too long ago
        ([], 0.0),
    ],
)
@pytest.mark.parametrize("block", [33, 320, 1000, 100_000])
def test_silence_is_what_is_far_below_the_loudest_moment(
    parts: list[tuple[float, float]], silent_s: float, block: int
) -> None:
    loudness = Loudness()
    samples = sound(*parts) if parts else np.zeros(0, np.float32)
    for at in range(0, len(samples), block):
        loudness.add(samples[at : at + block])
    assert loudness.silent_for_s() == pytest.approx(silent_s, abs=0.021)


@pytest.mark.parametrize(
    ("parts", "rise_db"),
    [
        ([(1.0, VOICE / 10), (0.5, VOICE)], 20.0),
        ([(1.0, VOICE), (0.5, VOICE)], 0.0),
        ([(1.0, VOICE), (0.9, VOICE / 10)], -20.0),
        ([(3.0, VOICE), (1.0, VOICE / 10), (0.5, VOICE)], 0.0),  # what was two seconds ago is remembered
        ([(3.0, VOICE), (2.0, VOICE / 10), (0.5, VOICE)], 20.0),  # and no longer
    ],
)
def test_how_far_the_last_moments_stand_out(parts: list[tuple[float, float]], rise_db: float) -> None:
    loudness = Loudness()
    loudness.add(sound(*parts))
    assert loudness.rise_db(0.8) == pytest.approx(rise_db, abs=0.1)


@pytest.mark.parametrize(
    ("parts", "ago_s"),
    [
        ([(2.0, VOICE / 10), (0.5, VOICE), (0.3, VOICE / 10)], 0.8),
        ([(2.0, 0.0), (0.5, VOICE), (0.3, 0.0)], 0.8),
        ([(2.0, VOICE / 10), (0.3, VOICE), (0.3, 0.0), (0.3, VOICE), (0.3, 0.0)], 1.2),  # two words of one phrase
        ([(2.0, VOICE / 10), (0.5, VOICE), (0.2, VOICE / 10)], None),  # it may go on
        ([(2.0, VOICE / 10), (0.5, VOICE), (0.4, VOICE / 10)], None),  # that was told before
        ([(2.0, VOICE / 2), (0.5, VOICE), (0.3, VOICE / 10)], None),  # others are nearly as loud
        ([(1.0, VOICE), (0.5, 0.0), (0.5, VOICE), (0.3, 0.0)], None),  # a piece of what was said before
        ([(2.0, 0.0), (0.06, VOICE), (0.3, 0.0)], None),  # a click
        ([(3.0, 0.0)], None),
        ([], None),
    ],
)
def test_an_outburst_is_louder_than_what_was_before_and_after(
    parts: list[tuple[float, float]], ago_s: float | None
) -> None:
    loudness = Loudness()
    samples = sound(*parts) if parts else np.zeros(0, np.float32)
    for at in range(0, len(samples), 320):
        loudness.add(samples[at : at + 320])
    assert loudness.ended_foreground_s() == (None if ago_s is None else pytest.approx(ago_s, abs=0.021))


def test_most_of_it_is_neither_the_pauses_nor_the_beginning_of_something_else() -> None:
    loudness = Loudness()
    loudness.add(sound((0.5, VOICE / 10), (0.3, 0.0), (0.2, VOICE)))
    assert loudness.level_db(1.0) == pytest.approx(20 * np.log10(VOICE / 10), abs=0.1)
    assert Loudness().level_db(1.0) == -200.0


@pytest.mark.parametrize(
    ("parts", "room_db"), [([(2.0, 0.001), (1.0, VOICE)], -60.0), ([(3.0, VOICE)], -10.5), ([], -200.0)]
)
def test_a_room_is_as_loud_as_its_softest_moments(parts: list[tuple[float, float]], room_db: float) -> None:
    loudness = Loudness()
    loudness.add(sound(*parts) if parts else np.zeros(0, np.float32))
    assert loudness.room_db() == pytest.approx(room_db, abs=0.1)
