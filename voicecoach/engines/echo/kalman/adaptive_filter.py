"""The filter that learns how the speaker sounds at the microphone: room, loudness, and what is left of the delay.

A partitioned-block frequency-domain Kalman filter (Enzner and Vary, Signal Processing 86, 2006; Kuech, Mabande and
Enzner, ICASSP 2014).  It knows how sure it is of each part of what it has learned, and how loud everything else is, so
it goes on learning while the coach speaks alone and holds still while somebody speaks over it.  That is what the words
of a person over the coach's voice depend on: a canceller that adapts then, or that suppresses what it cannot model,
takes them for echo.  Where it is surer than it should be, because the way has changed, `residual_echo.py` tells it so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from voicecoach.engines.echo.kalman.residual_echo import ResidualEcho
from voicecoach.engines.echo.port import BLOCK

if TYPE_CHECKING:
    from numpy.typing import NDArray

Samples: TypeAlias = "NDArray[np.float32]"
Spectrum: TypeAlias = "NDArray[np.complex64]"
Powers: TypeAlias = "NDArray[np.float32]"

BINS: Final = BLOCK + 1
PARTITIONS: Final = 20
"""Of one block each: an echo that comes up to 0.4 s after the reference, its tail included, is learned."""
STEADINESS: Final = 0.9998
"""How much of an echo path is still true a block later.  Less follows a person who walks through the room sooner, and
unlearns more while somebody speaks: at 0.9995, a third of the commands spoken over the coach were lost."""
_STEADIER_POWERS: Final = 0.9
"""Weight of the past in how loud everything but the echo is."""
_NEIGHBOURS: Final = np.full(5, 0.2, np.float32)
_UNSURE: Final = 1.0
"""How far off the first partition may be at the beginning: an echo as loud as what was played; squared."""
_LATER_IS_LESS: Final = 0.1
"""The tail of a room decays: each partition is expected to be less by this, natural logarithm."""
_LEAST: Final = 1e-6
_MORE_UNSURE: Final = 2.0
"""So many times the echo that was left over is what it may be wrong by; more learns sooner, and unlearns more while
somebody speaks."""
_ELSEWHERE: Final = np.float32(0.01)
"""How much of it may come sooner or later than what was learned, in each partition."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """One block without the echo that is known."""

    left: Samples
    """shape (BLOCK,): the microphone less the echo that was expected."""
    expected: Samples
    """shape (BLOCK,): that echo."""
    residual_echo_power: Powers
    """shape (BINS,): power of the echo that may still be in ``left``, of a frame of two blocks."""


class _Latest:
    """What there was in the latest blocks, frequency by frequency; a block moves no other."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._ring = np.zeros((2 * PARTITIONS, BINS), kind)
        self._first = PARTITIONS

    def add(self, row: NDArray[np.generic]) -> None:
        """Put in the next one, shape (BINS,)."""
        self._first = (self._first - 1) % PARTITIONS
        self._ring[self._first] = self._ring[self._first + PARTITIONS] = row

    @property
    def rows(self) -> NDArray[Any]:
        """The latest first, shape (PARTITIONS, BINS)."""
        return self._ring[self._first : self._first + PARTITIONS]


class AdaptiveFilter:
    """Learns the way from speaker to microphone, block by block."""

    def __init__(self) -> None:
        self._played = np.zeros(2 * BLOCK, np.float32)
        self._spectra = _Latest(np.complex64)
        """Of what was played."""
        self._played_power = _Latest(np.float32)
        self._weights = np.zeros((PARTITIONS, BINS), np.complex64)
        self._others = np.zeros(BINS, np.float32)
        """Power of whatever is no echo."""
        self._residual = ResidualEcho(BINS)
        self._missed = np.zeros(BINS, np.float32)
        """Power of the echo that was left in the block before."""
        self.reset_covariance()

    def reset_covariance(self) -> None:
        """Be as unsure of everything as in the beginning: the way has changed."""
        falling = np.exp(-_LATER_IS_LESS * np.arange(PARTITIONS, dtype=np.float32))
        self._variance = np.repeat(np.float32(_UNSURE) * falling[:, None], BINS, axis=1)

    def inflate_covariance(self) -> None:
        """Be unsure of when the echo comes, but not of how loud it is: a clock has been set."""
        self._variance = np.maximum(self._variance, _power(self._weights))

    def reset_weights(self) -> None:
        """Expect no echo, and be no less sure of that than of what was learned."""
        self._weights[:] = 0.0

    def shift(self, blocks: int) -> None:
        """Expect the echo that many blocks later than so far (earlier, where negative)."""
        for part in (self._weights, self._variance):
            part[:] = np.roll(part, blocks, axis=0)
        self._weights[slice(blocks) if blocks > 0 else slice(blocks, None)] = 0.0

    def remember(self, played: Samples) -> None:
        """Take ``played``, shape (BLOCK,), for what was played before the next block."""
        self._played = np.concatenate([self._played[BLOCK:], played])
        spectrum = np.asarray(np.fft.rfft(self._played), np.complex64)
        self._spectra.add(spectrum)
        self._played_power.add(_power(spectrum))

    def take(self, microphone: Samples, played: Samples) -> Filtered:
        """The next block of both, shape (BLOCK,) each."""
        self.remember(played)
        expected = np.fft.irfft(np.sum(self._spectra.rows * self._weights, axis=0))[BLOCK:].astype(np.float32)
        left = microphone - expected
        error = _spectrum(left)
        learned = _power(self._weights)
        missed = self._miss(error, _spectrum(expected), learned)
        return Filtered(left, expected, np.maximum(self._learn(error, learned), missed))

    def _miss(self, error: Spectrum, expected: Spectrum, learned: Powers) -> Powers:
        """How much echo there still is in what is left; where it is much, be less sure."""
        share = self._residual.share(error, expected)
        elsewhere = _ELSEWHERE * np.sum(learned, axis=0)
        self._variance = np.maximum(self._variance, _MORE_UNSURE * share * (learned + elsewhere))
        before, self._missed = self._missed, share * _power(expected)
        return np.maximum(before, self._missed)

    def _learn(self, error: Spectrum, learned: Powers) -> Powers:
        """Correct the weights by the spectrum of what is left; gives how much of it may be echo."""
        error_power = _power(error)
        self._others = _STEADIER_POWERS * self._others + (1 - _STEADIER_POWERS) * error_power
        # A voice begins at once: what is loud now counts at once, what was loud counts on.
        others = np.maximum(self._others, np.convolve(error_power, _NEIGHBOURS, "same"))
        played_power = self._played_power.rows
        self._variance = STEADINESS**2 * self._variance + np.float32(1 - STEADINESS**2) * learned
        doubtful = np.sum(played_power * self._variance, axis=0)
        gain = self._variance / (doubtful + 2 * others + _LEAST)
        step = np.fft.irfft(gain * self._spectra.rows.conj() * error, axis=1)
        step[:, BLOCK:] = 0.0  # a partition answers for one block, not for what a circular convolution wraps around
        self._weights += np.fft.rfft(step, axis=1).astype(np.complex64)
        self._variance *= 1 - gain * played_power / 2
        return np.asarray(doubtful / 2, np.float32)


def _spectrum(block: Samples) -> Spectrum:
    """Of a frame whose second half is ``block``, shape (BINS,)."""
    return np.asarray(np.fft.rfft(np.concatenate([np.zeros(BLOCK, np.float32), block])), np.complex64)


def _power(spectra: Spectrum) -> Powers:
    return np.asarray(spectra.real**2 + spectra.imag**2, np.float32)
