"""The way of the coach's voice to the microphone: late, quieter, with a tail, adrift and strained, as asked for."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.simulation import echo_path
from voicecoach.simulation.echo_path import DELAY_S, LOUD, TAIL_S, Echo, EchoPath

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BLOCK = 320
DELAY = round(DELAY_S * MICROPHONE_HZ)
TAIL = round(TAIL_S * MICROPHONE_HZ)


@pytest.fixture
def dry_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing comes back but the sound that comes straight."""
    monkeypatch.setattr(echo_path, "TAIL_GAIN", 0.0)


def echo_of(
    played: NDArray[np.float32], echo: Echo, samples: int, sizes: Sequence[int] = (BLOCK,)
) -> NDArray[np.float32]:
    """What the microphone hears, in ``samples`` or a few more, while ``played`` is played block by block."""
    path = EchoPath(echo, np.random.default_rng(7))
    padded = np.concatenate([played, np.zeros(samples + max(sizes) - len(played), np.float32)])
    blocks: list[NDArray[np.float32]] = []
    begin, size = 0, cycle(sizes)
    while begin < samples:
        end = begin + next(size)
        blocks.append(path.take(end - begin))
        path.play(padded[begin:end])
        begin = end
    return np.concatenate(blocks)[:samples]


def click(at: int = 0) -> NDArray[np.float32]:
    sound = np.zeros(at // BLOCK * BLOCK + BLOCK, np.float32)
    sound[at] = 1.0
    return sound


def tone(hz: float, seconds: float, amplitude: float = LOUD) -> NDArray[np.float32]:
    times = np.arange(round(seconds * MICROPHONE_HZ)) / MICROPHONE_HZ
    return np.asarray(amplitude * np.sin(2 * np.pi * hz * times), np.float32)


def level_db(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64))))


@pytest.mark.parametrize("at", [0, 5, 640, 700])
@pytest.mark.parametrize("delay_s", [0.025, 0.04, 0.2])
def test_a_click_comes_back_in_its_time_with_a_tail(at: int, delay_s: float) -> None:
    arrives = at + round(delay_s * MICROPHONE_HZ)
    heard = echo_of(click(at), Echo(-6.0, delay_s), 9600)
    assert np.abs(heard[:arrives]).max(initial=0.0) < 1e-6
    assert np.argmax(np.abs(heard)) == arrives
    assert np.abs(heard[arrives + TAIL :]).max() < 1e-6
    early, late = np.split(heard[arrives + 1 : arrives + TAIL - 1], 2)
    assert level_db(early) > level_db(late) + 6


@pytest.mark.parametrize("drift_ppm", [0.0, 100.0])
@pytest.mark.parametrize("db", [-6.0, -20.0])
def test_the_echo_has_the_level_that_was_asked_for(db: float, drift_ppm: float) -> None:
    played = (0.1 * np.random.default_rng(1).standard_normal(32_000)).astype(np.float32)
    heard = echo_of(played, Echo(db, drift_ppm=drift_ppm), 32_000)
    assert level_db(heard[8000:]) - level_db(played) == pytest.approx(db, abs=0.5)


def test_the_echo_is_a_convolution_whatever_the_blocks_hold() -> None:
    """Block by block is the same as all at once, silent blocks between loud ones included."""
    echo = Echo(-3.0)
    response = echo_of(click(), echo, 6400)[DELAY:]
    played = np.random.default_rng(2).uniform(-0.2, 0.2, 3200).astype(np.float32)
    played[640:1600] = 0.0
    expected = np.convolve(played, response)[: 6400 - DELAY]
    assert np.allclose(echo_of(played, echo, 6400)[DELAY:], expected, atol=1e-5)


# --- two clocks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drift_ppm", [100.0, -100.0, 37.5])
@pytest.mark.parametrize("hz", [300.0, 1234.0, 5000.0])
@pytest.mark.usefixtures("dry_room")
def test_a_tone_slides_by_so_many_millionths_and_stays_clean(drift_ppm: float, hz: float) -> None:
    seconds = 4.0
    heard = echo_of(tone(hz, seconds), Echo(0.0, 0.05, drift_ppm), round(seconds * MICROPHONE_HZ))
    places = np.arange(len(heard)) / (1.0 + drift_ppm * 1e-6) - 0.05 * MICROPHONE_HZ
    expected = LOUD * np.sin(2 * np.pi * hz * places / MICROPHONE_HZ)
    settled = slice(1000, None)  # a tone that begins all at once has no clean beginning
    wrong = (heard - expected)[settled].astype(np.float32)
    assert level_db(wrong) < level_db(expected[settled].astype(np.float32)) - 70


@pytest.mark.parametrize(("drift_ppm", "arrives_s"), [(500.0, 10.105), (0.0, 10.1), (-500.0, 10.095)])
@pytest.mark.usefixtures("dry_room")
def test_after_ten_seconds_a_click_comes_some_milliseconds_later_or_earlier(drift_ppm: float, arrives_s: float) -> None:
    at = 10 * MICROPHONE_HZ
    heard = echo_of(click(at), Echo(0.0, 0.1, drift_ppm), at + 3200)
    assert np.argmax(np.abs(heard)) == pytest.approx(arrives_s * MICROPHONE_HZ, abs=1)


@pytest.mark.parametrize("drift_ppm", [0.0, 100.0, -250.0])
def test_blocks_of_any_size_give_the_same_echo(drift_ppm: float) -> None:
    played = np.random.default_rng(3).uniform(-0.3, 0.3, 16_000).astype(np.float32)
    echo = Echo(-3.0, 0.1, drift_ppm, distortion=0.03)
    one, other = (echo_of(played, echo, 20_000, sizes) for sizes in ((BLOCK,), (1, 160, 7, 480)))
    assert np.allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("drift_ppm", [100.0, -100.0])
def test_a_silent_speaker_has_a_silent_echo(drift_ppm: float) -> None:
    assert not echo_of(np.zeros(BLOCK, np.float32), Echo(0.0, 0.1, drift_ppm), 16_000).any()


# --- the speaker ------------------------------------------------------------------------------------------------------


def overtones(sound: NDArray[np.float32], hz: int) -> float:
    """Amplitude of all overtones of a tone of ``hz``, relative to the tone itself: one second of it is looked at."""
    amplitudes = np.abs(np.fft.rfft(sound[4000 : 4000 + MICROPHONE_HZ]))
    return float(np.sqrt(np.sum(amplitudes[2 * hz :: hz] ** 2)) / amplitudes[hz])


@pytest.mark.parametrize("share", [0.0, 0.01, 0.03])
def test_a_strained_speaker_adds_overtones(share: float) -> None:
    heard = echo_of(tone(400.0, 2.0), Echo(0.0, distortion=share), 32_000)
    assert overtones(heard, 400) == pytest.approx(share, rel=0.25, abs=1e-3)


def test_a_strained_speaker_is_clean_when_it_plays_softly() -> None:
    heard = echo_of(tone(400.0, 2.0, amplitude=LOUD / 10), Echo(0.0, distortion=0.03), 32_000)
    assert overtones(heard, 400) < 0.001
