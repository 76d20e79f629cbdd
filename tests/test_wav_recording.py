"""The recording of a session: it grows, and it plays at any time."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from voicecoach.errors import VoicecoachError
from voicecoach.simulation.wav_recording import Recording

RATE = 16_000
BLOCK = 320


def read(path: Path) -> tuple[int, np.ndarray[tuple[int, ...], np.dtype[np.int16]]]:
    """Rate, and samples of shape (n, 2)."""
    with wave.open(str(path), "rb") as file:
        assert file.getnchannels() == 2
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return file.getframerate(), samples.astype(np.int16).reshape(-1, 2)


def write(recording: Recording, blocks: int) -> None:
    for number in range(blocks):
        recording.write(np.full(BLOCK, number / 1000, np.float32), np.full(BLOCK, -number / 1000, np.float32))


def test_every_sample_is_in_its_place(tmp_path: Path) -> None:
    with Recording(tmp_path / "a.wav", RATE) as recording:
        write(recording, 120)
    rate_hz, sound = read(tmp_path / "a.wav")
    expected = np.round(np.repeat(np.arange(120), BLOCK) / 1000 * 32767)
    assert rate_hz == RATE
    assert np.array_equal(sound, np.column_stack([expected, -expected]))


def test_the_loudest_sound_is_not_turned_over(tmp_path: Path) -> None:
    with Recording(tmp_path / "a.wav", RATE) as recording:
        recording.write(np.array([1.5, -1.5], np.float32), np.array([1.0, -1.0], np.float32))
    assert read(tmp_path / "a.wav")[1].tolist() == [[32767, 32767], [-32767, -32767]]


def test_a_recording_of_nothing_is_a_wav_of_nothing(tmp_path: Path) -> None:
    with Recording(tmp_path / "a.wav", RATE):
        pass
    assert len(read(tmp_path / "a.wav")[1]) == 0


def test_it_plays_while_it_grows(tmp_path: Path) -> None:
    """A process that is killed leaves all but the last second."""
    recording = Recording(tmp_path / "a.wav", RATE)
    for seconds in (1, 2, 3):
        write(recording, 50)
        assert len(read(tmp_path / "a.wav")[1]) == seconds * RATE
    write(recording, 49)
    assert len(read(tmp_path / "a.wav")[1]) == 3 * RATE
    recording.close()
    assert len(read(tmp_path / "a.wav")[1]) == 3 * RATE + 49 * BLOCK


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "a.wav", RATE)
    write(recording, 1)
    recording.close()
    recording.close()
    assert len(read(tmp_path / "a.wav")[1]) == BLOCK


@pytest.mark.parametrize("place", ["missing/a.wav", "."])
def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path, place: str) -> None:
    with pytest.raises(VoicecoachError, match=r"cannot write the recording .*; choose another folder with --out"):
        Recording(tmp_path / place, RATE)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_a_full_disk_is_told_in_one_line() -> None:
    recording = Recording(Path("/dev/full"), RATE)
    with pytest.raises(VoicecoachError, match="No space left on device"):
        write(recording, 50)
    with pytest.raises(VoicecoachError, match="No space left on device"):
        recording.close()
    recording.close()
