"""The echo path: the coach's voice from speaker to microphone, distorted, delayed, softer, reverberant, drifting.

Speaker and microphone are often two devices with two clocks.  The count of the microphone's samples is the time here;
the speaker's clock may run a little slower or faster, and then the echo comes ever later or ever earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.simulation.sample_queue import SampleQueue

if TYPE_CHECKING:
    from numpy.typing import NDArray

DELAY_S: Final = 0.040
"""From speaker to microphone: the buffers of a sound card and a metre or two of air."""
LEAST_DELAY_S: Final = 0.025
"""An echo can be asked for no earlier: the speaker is given its blocks of 20 ms after the microphone's."""
TAIL_S: Final = 0.200
DECAY_S: Final = 0.060
"""Time in which the tail falls to 1/e: a room with a bed and curtains sounds dry."""
TAIL_GAIN: Final = 0.5
"""Energy of the whole tail relative to the sound that comes straight."""
LOUD: Final = 0.25
"""Amplitude of the tone whose overtones `Echo.distortion` measures: -12 dB, about the peaks of the coach's speech."""
_REACH: Final = 16
"""Samples before and after that a sample between two samples is made of."""
_PLACES: Final = 4096
"""Between two samples; the nearest is taken."""
_KAISER_BETA: Final = 8.0
"""Of the window over the sinc: with all three, what should not be there is 70 dB below what should, up to 6 kHz."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What becomes of the coach's voice on its way to the microphone."""

    level_db: float
    """Of the echo, relative to what is played."""
    delay_s: float = DELAY_S
    """At the beginning; the clocks may change it."""
    drift_ppm: float = 0.0
    """How much faster the microphone's clock runs than the speaker's, in millionths: 100 makes the echo come 6 ms later
    with every minute, -100 as much earlier."""
    distortion: float = 0.0
    """About the share, by amplitude, that overtones have in a tone at `LOUD`; up to 0.1.  A small speaker that plays
    loudly has 0.01 to 0.05."""


class EchoPath:
    """Played at one end, taken at the other.

    Each block is convolved on its own by FFT and added where it arrives (overlap-add).  A silent block, which is most
    of a night, costs nothing.
    """

    def __init__(self, echo: Echo, rng: np.random.Generator) -> None:
        """An echo path as ``echo`` says; its reverberation is drawn from ``rng``."""
        self._drive = _drive(echo.distortion)
        self._response = _response(echo.level_db, rng)
        self._spectra: dict[int, NDArray[np.complex128]] = {}
        self._arriving = SampleQueue()
        self._resampler = _Resampler(self._arriving, echo.drift_ppm)
        self._played = round(echo.delay_s * MICROPHONE_HZ)
        """Where the next sample to be played arrives."""

    def play(self, block: NDArray[np.float32]) -> None:
        """Play ``block``, shape (n,), right after what was played before.

        Raises:
            ValueError: Its echo has been taken already.
        """
        if block.any():
            sound = np.tanh(self._drive * block) / self._drive if self._drive else block
            self._arriving.add(self._convolved(sound), self._played - self._resampler.taken)
        self._played += len(block)

    def take(self, samples: int) -> NDArray[np.float32]:
        """What arrives at the microphone in its next ``samples`` samples: shape (samples,), float32."""
        return self._resampler.take(samples)

    def _convolved(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        length = len(sound) + len(self._response) - 1
        size = 1 << (length - 1).bit_length()
        if size not in self._spectra:
            self._spectra[size] = np.fft.rfft(self._response, size)
        echo = np.fft.irfft(np.fft.rfft(sound, size) * self._spectra[size], size)
        return echo[:length].astype(np.float32)


class _Resampler:
    """The same sound on another clock: resampled by band-limited interpolation (windowed sinc).

    Sample n of the microphone is the sound at place n / (1 + drift), computed from n alone; so nothing adds up, and
    blocks of any size give the same samples.
    """

    def __init__(self, source: SampleQueue, drift_ppm: float) -> None:
        self.taken = 0
        """Samples taken from ``source`` so far."""
        self._source = source
        self._step = 1.0 / (1.0 + drift_ppm * 1e-6)
        self._weights = _windowed_sincs()
        self._given = 0
        self._kept = np.zeros(0, np.float32)
        """The last of what was taken from ``source``, which the next samples still need."""

    def take(self, samples: int) -> NDArray[np.float32]:
        if self._step == 1.0:
            self.taken += samples
            return self._source.take(samples)
        places = np.rint(np.arange(self._given, self._given + samples) * (self._step * _PLACES)).astype(np.int64)
        self._given += samples
        whole, part = np.divmod(places, _PLACES)
        begin, end = int(whole[0]) - _REACH + 1, int(whole[-1]) + _REACH + 1
        sound = self._between(begin, end)
        if not sound.any():
            return np.zeros(samples, np.float32)
        around = np.lib.stride_tricks.sliding_window_view(sound, 2 * _REACH)[whole - whole[0]]
        return np.asarray(np.einsum("nt,nt->n", around, self._weights[part]), np.float32)

    def _between(self, begin: int, end: int) -> NDArray[np.float32]:
        """Samples ``begin`` to ``end`` of the source; before its first one there was silence."""
        if end > self.taken:
            self._kept = np.concatenate([self._kept, self._source.take(end - self.taken)])
            self.taken = end
        self._kept = self._kept[begin - end :]
        return np.concatenate([np.zeros(end - begin - len(self._kept), np.float32), self._kept])


def _windowed_sincs() -> NDArray[np.float32]:
    """How much each of the samples around counts, for every place between two samples: (_PLACES, 2 * _REACH)."""
    parts = np.arange(_PLACES)[:, np.newaxis] / _PLACES
    distances = parts - np.arange(1 - _REACH, _REACH + 1)
    inside = np.sqrt(np.maximum(1.0 - (distances / _REACH) ** 2, 0.0))
    weights = np.sinc(distances) * np.i0(_KAISER_BETA * inside) / np.i0(_KAISER_BETA)
    return weights.astype(np.float32)


def _drive(distortion: float) -> float:
    """The ``g`` with which tanh(g x) / g, a soft limit, gives a tone at `LOUD` such overtones; 0 for none.

    tanh(g x) / g is x - (g x)² x / 3 and smaller terms, of which a tone of amplitude a gets a third harmonic of g² a² /
    12; the smaller terms are left out.
    """
    return float(np.sqrt(12.0 * distortion) / LOUD)


def _response(level_db: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """The impulse response, apart from the delay: shape (n,)."""
    times = np.arange(round(TAIL_S * MICROPHONE_HZ)) / MICROPHONE_HZ
    tail = rng.standard_normal(len(times)) * np.exp(-times / DECAY_S)
    tail *= np.sqrt(TAIL_GAIN / np.sum(tail**2))
    tail[0] = 1.0
    response: NDArray[np.float64] = tail * (10.0 ** (level_db / 20.0) / np.sqrt(np.sum(tail**2)))
    return response
