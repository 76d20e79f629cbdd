"""How much voice there is in what was said: vocal folds make sound periodic, and a whisper has none.

It is the autocorrelation, at the lags that a voice can have, of what lies below the second formant; frames count by
their power, so that the "s" of "stop" says nothing where its vowel does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRAME: Final = round(0.040 * MICROPHONE_HZ)
"""Three periods of the lowest voice."""
_HOP: Final = round(0.020 * MICROPHONE_HZ)
_LOUD_DB: Final = -15.0
"""Frames that are softer than the loudest by more say little."""
_LOWEST_HZ, _HIGHEST_HZ = 70, 400
"""Fundamentals of voices: a low man's, a child's."""
_BELOW_HZ: Final = 1000
"""What is above is noise in many voices too."""
_POINTS: Final = 1024
"""Of the Fourier transform: a frame and the longest lag fit into it."""
_WINDOW: Final = np.hanning(_FRAME)
_LAGS: Final = slice(MICROPHONE_HZ // _HIGHEST_HZ, MICROPHONE_HZ // _LOWEST_HZ + 1)
_BAND: Final = slice(-(-_LOWEST_HZ * _POINTS // MICROPHONE_HZ), _BELOW_HZ * _POINTS // MICROPHONE_HZ + 1)
_NOTHING: Final = 1e-20


def _autocorrelation(power_spectra: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.fft.irfft(power_spectra, _POINTS, axis=-1)


_OF_WINDOW: Final = _autocorrelation(np.abs(np.fft.rfft(_WINDOW, _POINTS)) ** 2)


def voicing(sound: NDArray[np.float32]) -> float:
    """How periodic ``sound`` is where it is loud: 0 (noise) to 1 (a sung vowel).

    Args:
        sound: shape (n,), what was said and no long silence, at `MICROPHONE_HZ`; 0.0 for less than a frame.
    """
    if len(sound) < _FRAME:
        return 0.0
    frames = sliding_window_view(sound.astype(np.float64), _FRAME)[::_HOP]
    frames = frames - np.mean(frames, axis=1, keepdims=True)
    powers = np.mean(np.square(frames), axis=1)
    loud = powers >= powers.max() * 10 ** (_LOUD_DB / 10)
    spectra = np.abs(np.fft.rfft(frames[loud] * _WINDOW, _POINTS, axis=1)) ** 2
    low = np.zeros_like(spectra)
    low[:, _BAND] = spectra[:, _BAND]
    found = _autocorrelation(low)
    relative = found / (found[:, :1] + _NOTHING) * (_OF_WINDOW[0] / _OF_WINDOW)
    peaks = np.clip(_highest_peaks(relative), 0.0, 1.0)
    weights = powers[loud] + _NOTHING
    return float(np.sum(peaks * weights) / np.sum(weights))


def _highest_peaks(correlations: NDArray[np.float64]) -> NDArray[np.float64]:
    """The highest local maximum within `_LAGS` of each row, 0 where there is none: shape (frames,).

    What only falls from lag 0 on is a slow tone, or the edge of the band, and no pitch.
    """
    here = correlations[:, _LAGS]
    before = correlations[:, _LAGS.start - 1 : _LAGS.stop - 1]
    after = correlations[:, _LAGS.start + 1 : _LAGS.stop + 1]
    peaks: NDArray[np.float64] = np.where((here > before) & (here >= after), here, 0.0)
    return np.asarray(np.max(peaks, axis=1), np.float64)
