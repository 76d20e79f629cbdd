"""A recording in a bedroom: a moment of quiet, then the sound, then quiet again; and perhaps a noise all the while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEFORE_S = 1.0
AFTER_S = 1.5
QUIET_ROOM_DBFS = -66.0
"""The noise of a bedroom at night and of a fair microphone: the root mean square, relative to full scale."""
_FRAME = MICROPHONE_HZ // 50
_SPEECH_RANGE_DB = 25.0
"""What is softer than the loudest frame by more than this is a pause, and not a part of how loud somebody speaks."""


def in_quiet_room(sound: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """``sound``, shape (n,) at `MICROPHONE_HZ`, with quiet before and after it: shape (n + 2.5 s,)."""
    padded = np.pad(sound, (round(BEFORE_S * MICROPHONE_HZ), round(AFTER_S * MICROPHONE_HZ)))
    room = rng.normal(0.0, 10 ** (QUIET_ROOM_DBFS / 20), len(padded))
    return (padded + room).astype(np.float32)


def speech_power(sound: NDArray[np.float32]) -> float:
    """The mean power of somebody's speech, without the pauses: of all frames of 20 ms that are not too soft."""
    whole = max(len(sound) // _FRAME, 1) * _FRAME
    frames = np.resize(sound, whole).reshape(-1, _FRAME)
    powers = np.mean(np.square(frames, dtype=np.float64), axis=1)
    return float(np.mean(powers[powers >= powers.max() * 10 ** (-_SPEECH_RANGE_DB / 10)]))


def with_noise(
    scene: NDArray[np.float32], noise: NDArray[np.float32], power: float, snr_db: float
) -> NDArray[np.float32]:
    """``scene`` with ``noise`` (same shape, mean power 1) that lies ``snr_db`` below speech of mean power ``power``.

    What would then be louder than full scale makes all of it softer, as a microphone's level would have been set.
    """
    mixed = scene + noise * np.float32(np.sqrt(power / 10 ** (snr_db / 10)))
    return np.asarray(mixed / max(1.0, float(np.abs(mixed).max())), np.float32)
