"""How much faster one clock runs than another, heard in what both carry: the drift of a microphone from a speaker.

Two sound cards have two clocks, some ten millionths apart.  An echo then slides by a sample or two a second, and a
filter that has learned it is wrong again within a second.  The phase between microphone and speaker turns by as much
from one second to the next, at all frequencies alike, whatever the room does: comparing each moment with the one a
second before leaves the drift alone (weighted average coherence drift; Schmalenstroeer and others, EUSIPCO 2017).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRAME: Final = MICROPHONE_HZ // 2
"""Much longer than any echo is late."""
_HOP: Final = MICROPHONE_HZ // 4
_APART: Final = 4
"""Hops between the moments that are compared: a second."""
_MOST: Final = 8.0
"""Samples of drift in that time: 500 millionths, more than sound cards ever have."""
_STEP: Final = 0.4
_SIGNIFICANT: Final = {8: 10.0, 24: 2.5}
"""Millionths that so many comparisons can tell from nothing, also while somebody speaks over the coach."""
_SURE: Final = 0.6
"""How much of what was compared must agree; 0.9 is usual in a quiet room."""
_LOUD_COUNTS: Final = 0.7
"""A frequency counts by the amplitude of what is played there to this power: what is soft drowns in the room's noise.
Where all counted the same, no drift was found at an echo 6 to 12 dB above that noise, and two thirds of the others."""
_LOWEST_HZ, _HIGHEST_HZ = 150, 4000
_SILENT: Final = 1e-4
"""Root mean square of a speaker that says nothing: -80 dB."""


class ClockDrift:
    """Follows microphone and speaker, and tells how far their clocks are apart."""

    def __init__(self) -> None:
        bins = np.arange(_LOWEST_HZ * _FRAME // MICROPHONE_HZ, _HIGHEST_HZ * _FRAME // MICROPHONE_HZ)
        self._bins = slice(int(bins[0]), int(bins[-1]) + 1)
        self._window = np.hanning(_FRAME).astype(np.float32)
        self._lags = np.arange(-_MOST, _MOST + _STEP / 2, _STEP)
        self._turns = np.exp(2j * np.pi * np.outer(self._lags, bins) / _FRAME).astype(np.complex64)
        self._sound = np.zeros((2, _FRAME), np.float32)
        """Microphone and speaker, the last half second."""
        self._new = 0
        self.start_over()

    def start_over(self) -> None:
        """Forget what was compared: the clocks have been set."""
        self._moments: deque[NDArray[np.complex64] | None] = deque(maxlen=_APART + 1)
        self._agreed = np.zeros(self._turns.shape[1], np.complex64)
        self._compared = 0

    def take(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> float | None:
        """The next samples of both, as many of each: shape (n,), n a whole part of a quarter of a second.

        Returns:
            Millionths by which the microphone's clock is the faster one, when enough has been heard; nearly always
            None.  It takes seconds in which the speaker plays, and less than a few millionths are taken for none.
        """
        self._sound = np.concatenate([self._sound[:, len(microphone) :], [microphone, played]], axis=1)
        self._new += len(microphone)
        if self._new < _HOP:
            return None
        self._new = 0
        return self._compare(self._phases())

    def _phases(self) -> NDArray[np.complex64] | None:
        if np.sqrt(np.mean(np.square(self._sound), axis=1)).min() < _SILENT:
            return None
        heard, said = np.fft.rfft(self._window * self._sound, axis=1)[:, self._bins]
        cross = heard * said.conj()
        weight = np.abs(said) ** _LOUD_COUNTS
        weight /= np.sqrt(np.mean(np.square(weight)))
        return np.asarray(weight * cross / (np.abs(cross) + np.finfo(np.float32).tiny), np.complex64)

    def _compare(self, phases: NDArray[np.complex64] | None) -> float | None:
        self._moments.append(phases)
        before = self._moments[0]
        if phases is None or before is None or len(self._moments) <= _APART:
            return None
        self._agreed += phases * before.conj()
        self._compared += 1
        if self._compared not in _SIGNIFICANT:
            return None
        ppm = self._measured_ppm()
        if abs(ppm) > _SIGNIFICANT[self._compared]:
            self.start_over()
            return ppm
        if self._compared == max(_SIGNIFICANT):
            self.start_over()
        return None

    def _measured_ppm(self) -> float:
        """By the lag at which most of what was compared agrees; 0.0 where too little does."""
        agreement = (self._turns @ self._agreed).real / np.abs(self._agreed).sum()
        best = int(np.argmax(agreement))
        if agreement[best] < _SURE or not 0 < best < len(self._lags) - 1:
            return 0.0
        lag = self._lags[best] + _STEP * _top(*agreement[best - 1 : best + 2])
        return float(lag / (_APART * _HOP) * 1e6)


def _top(left: float, middle: float, right: float) -> float:
    """Where, between -0.5 and 0.5, the parabola through three equally spaced values has its top."""
    bend = left - 2 * middle + right
    return 0.0 if bend == 0.0 else 0.5 * (left - right) / bend
