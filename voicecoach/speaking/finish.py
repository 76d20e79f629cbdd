"""What is done to every rendering before it is kept: silence trimmed, loudness levelled, ends rounded off."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPEECH_DB = -20.0
"""Loudness of every clip: RMS of its active speech, relative to full scale."""
PEAK_DB = -3.0
"""No clip is louder than this, so that a chime can lie over it."""
ACTIVE_DB = -30.0
"""Relative to the loudest frame; quieter ones are pauses, which do not count as speech."""
QUIET_DB = -50.0
"""Relative to the loudest frame; what is quieter at either end is not part of the sentence."""
FRAME_S = 0.005
LEAD_IN_S = 0.010
TAIL_S = 0.030
ONSET_S = 0.002
"""espeak-ng begins some sounds in the middle of a wave."""


def finish(sound: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """A clip of a raw rendering: no silence but `LEAD_IN_S` and `TAIL_S`, at `SPEECH_DB`, from zero to zero.

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
    sound = sound * np.float32(loudness_gain(sound, levels))
    _fade_in(sound[: round(ONSET_S * rate_hz)])
    sound = np.concatenate([np.zeros(lead_in, np.float32), sound, np.zeros(tail + frame, np.float32)])
    begin, end = heard[0] * frame, (heard[-1] + 1) * frame
    sound = sound[begin : end + lead_in + tail]
    _fade_in(sound[:lead_in])
    _fade_in(sound[::-1][:tail])
    return sound


def frame_levels(sound: NDArray[np.float32], frame: int) -> NDArray[np.float32]:
    """RMS of each ``frame`` samples of ``sound``; the last frame is filled up with zeros."""
    filled = np.concatenate([sound, np.zeros(-len(sound) % frame, np.float32)])
    power: NDArray[np.float32] = np.mean(np.square(filled.reshape(-1, frame)), axis=1)
    return np.sqrt(power)


def loudness_gain(sound: NDArray[np.float32], levels: NDArray[np.float32]) -> float:
    """What brings the active speech of ``sound`` to `SPEECH_DB`, or its peak to `PEAK_DB` where that is less."""
    active = levels[levels > np.max(levels) * _linear(ACTIVE_DB)]
    to_level = _linear(SPEECH_DB) / math.sqrt(float(np.mean(np.square(active))))
    to_peak = _linear(PEAK_DB) / float(np.max(np.abs(sound)))
    return min(to_level, to_peak)


def _fade_in(part: NDArray[np.float32]) -> None:
    """Let ``part`` (a view, changed in place) rise from zero."""
    part *= np.linspace(0.0, 1.0, len(part), endpoint=False, dtype=np.float32)


def _linear(db: float) -> float:
    return math.pow(10.0, db / 20.0)
