"""What is done to every rendering before it is kept: silence trimmed, loudness levelled, ends rounded off."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.speaking.loudness import loudness_lufs

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPEECH_LUFS = -20.5
"""Loudness of every clip, as `loudness.loudness_lufs` measures it."""
SPEECH_DB = -20.0
"""About the same as RMS of its active speech, relative to full scale, for whoever reckons with levels."""
PEAK_DB = -3.0
"""No clip is louder than this, so that a chime can lie over it."""
QUIET_DB = -50.0
"""Relative to the loudest frame; what is quieter at either end is not part of the sentence."""
FRAME_S = 0.005
LEAD_IN_S = 0.010
TAIL_S = 0.030
ONSET_S = 0.002
"""espeak-ng begins some sounds in the middle of a wave."""


def finish(sound: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """A clip of a raw rendering: no silence but `LEAD_IN_S` and `TAIL_S`, at `SPEECH_LUFS`, from zero to zero.

    Args:
        sound: shape (n,), float32 in -1..1.
        rate_hz: Its rate.

    Returns:
        shape (m,), float32; empty when nothing in ``sound`` is to be heard.
    """
    frame, lead_in, tail = (round(seconds * rate_hz) for seconds in (FRAME_S, LEAD_IN_S, TAIL_S))
    levels = frame_levels(sound, frame)
    heard = np.flatnonzero(levels > np.max(levels, initial=0.0) * _linear(QUIET_DB))
    if not heard.size:
        return np.zeros(0, np.float32)
    begin, end = heard[0] * frame, (heard[-1] + 1) * frame
    sound = sound * np.float32(loudness_gain(sound[begin:end], rate_hz))
    _fade_in(sound[: round(ONSET_S * rate_hz)])
    sound = np.concatenate([np.zeros(lead_in, np.float32), sound, np.zeros(tail + frame, np.float32)])
    sound = sound[begin : end + lead_in + tail]
    _fade_in(sound[:lead_in])
    _fade_in(sound[::-1][:tail])
    return sound


def frame_levels(sound: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    """RMS of each ``frame`` samples of ``sound``; the last frame is filled up with zeros."""
    filled = np.concatenate([sound, np.zeros(-len(sound) % frame, np.float32)])
    power: NDArray[np.float32] = np.mean(np.square(filled.reshape(-1, frame)), axis=1)
    return np.sqrt(power)


def loudness_gain(sound: NDArray[np.float32], rate_hz: int) -> float:
    """What brings ``sound`` to `SPEECH_LUFS`, or its peak to `PEAK_DB` where that is less; 1 where it is too soft."""
    loudness = loudness_lufs(sound, rate_hz)
    if loudness == -math.inf:
        return 1.0
    return min(_linear(SPEECH_LUFS - loudness), _linear(PEAK_DB) / float(np.max(np.abs(sound))))


def _fade_in(part: NDArray[np.float32]) -> None:
    """Let ``part`` (a view, changed in place) rise from zero."""
    part *= np.linspace(0.0, 1.0, len(part), endpoint=False, dtype=np.float32)


def _linear(db: float) -> float:
    return math.pow(10.0, db / 20.0)
