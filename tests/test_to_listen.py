"""The sample session of docs/hear.md: both channels at once, as a file that is small."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

import to_listen
from voicecoach.simulation.wav_recording import Recording
from voicecoach.speaking.packs.opus import decoded

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

RATE_HZ = 16_000


def tone(hz: float, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.1 * np.sin(2 * np.pi * hz * time_s)).astype(np.float32)


def test_coach_and_person_are_heard_at_once_and_the_file_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, opus = tmp_path / "session.wav", tmp_path / "hear.opus"
    with Recording(session, RATE_HZ) as recording:
        recording.write(tone(400, 60), tone(1000, 60))
    monkeypatch.setattr(sys, "argv", ["to_listen", str(session), str(opus)])
    to_listen.main()
    assert opus.stat().st_size < 60 * 25_000 / 8
    samples, rate_hz = decoded(opus.read_bytes())
    spectrum = np.abs(np.fft.rfft(samples[:rate_hz].astype(np.float64)))
    assert set(np.argsort(spectrum)[-2:]) == {400, 1000}


def test_nothing_is_louder_than_full_scale() -> None:
    loud = np.full((10, 2), 0.9, np.float32)
    assert np.max(to_listen.together(loud)) == 1.0
