"""The simulated acoustic scene: what the microphone on the bedside table picks up.

Voices, other sounds, the noise of the night and the echo of the coach's own speaker are added up block by block, on the
sample clock.  What is louder than full scale is clipped, as a microphone does.  The same seed gives the same samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.simulation.echo_path import DELAY_S, Echo, EchoPath
from voicecoach.simulation.sample_queue import SampleQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_FAULTS: Final = 3
"""Their part of the seed; the noise, the echo and the disturbances have the others."""
LOOP_S: Final = 30
"""Noise is synthesised once and looped; it comes from a Fourier transform, so the loop has no seam."""


class Noise(Enum):
    """Background noise.  The value is the word in scenario files."""

    NONE = "none"
    WHITE = "white"
    PINK = "pink"
    FAN = "fan"
    RAIN = "rain"


class MicrophoneFault(Enum):
    """What a microphone gives that gives no sound.  The value is the word in scenario files."""

    MUTED = "muted"
    """Zeros."""
    LOST = "lost"
    """Nothing at all."""
    STUCK = "stuck"
    """One value, again and again."""
    GARBAGE = "garbage"
    """Noise at full scale."""


@dataclass(frozen=True, slots=True)
class RoomAcoustics:
    """The acoustics of a scenario's room."""

    noise: Noise = Noise.PINK
    noise_db: float = -66.0
    """Level (RMS) of the noise at the microphone, relative to full scale."""
    echo_db: float | None = None
    """Level of the coach's voice at the microphone relative to what the speaker plays; None: it does not get there."""
    echo_delay_s: float = DELAY_S
    echo_drift_ppm: float = 0.0
    distortion: float = 0.0
    """Of the speaker; this and the two above as in `Echo`."""

    @property
    def echo(self) -> Echo | None:
        """What becomes of the coach's voice; None: it does not get to the microphone."""
        if self.echo_db is None:
            return None
        return Echo(self.echo_db, self.echo_delay_s, self.echo_drift_ppm, self.distortion)


class AcousticScene:
    """One microphone, one speaker, and every other source of sound."""

    def __init__(self, room: RoomAcoustics, seed: int, microphone_noise_db: float | None = None) -> None:
        """Set the scene up.

        Args:
            room: Its noise and its echo.
            seed: For everything that is left to chance; 0 or more.
            microphone_noise_db: The microphone's own noise, where the room has none; None: it is perfect.
        """
        noise_rng, echo_rng = (np.random.default_rng([seed, part]) for part in range(2))
        noise, noise_db = room.noise, room.noise_db
        if noise is Noise.NONE and microphone_noise_db is not None:
            noise, noise_db = Noise.WHITE, microphone_noise_db
        self._noise = _noise_loop(noise, noise_db, noise_rng)
        self._garbage = np.random.default_rng([seed, _FAULTS])
        self._echo = None if room.echo is None else EchoPath(room.echo, echo_rng)
        self._sounds = SampleQueue()
        self._faults: list[tuple[int, int, MicrophoneFault]] = []
        """Each with its first sample, and the one after its last."""
        self._position = 0

    @property
    def position(self) -> int:
        """Microphone samples handed out so far."""
        return self._position

    def speak(self, sound: NDArray[np.float32], at: int) -> None:
        """Let somebody say ``sound``, or let it be heard otherwise, beginning at microphone sample ``at``.

        Args:
            sound: shape (n,), float32 at `MICROPHONE_HZ`.
            at: A sample that has not been handed out yet.

        Raises:
            ValueError: It has.
        """
        self._sounds.add(sound, at - self._position)

    def mute(self, begin: int, end: int, fault: MicrophoneFault = MicrophoneFault.MUTED) -> None:
        """Let the microphone give no sound from its sample ``begin`` up to ``end``."""
        self._faults.append((begin, end, fault))

    def is_mute(self, at: int) -> bool:
        """Whether it gives none at sample ``at``."""
        return any(begin <= at < end for begin, end, _ in self._faults)

    def play(self, block: NDArray[np.float32]) -> None:
        """Let the speaker play ``block``, shape (n,), float32 at `MICROPHONE_HZ`, right after what it played before."""
        if self._echo is not None:
            self._echo.play(block)

    def hear(self, samples: int) -> NDArray[np.float32]:
        """The next ``samples`` microphone samples: shape (samples,), float32 in -1..1, NaN where nothing is caught.

        With an echo, ask for no more than its delay ahead of what was played.
        """
        block = self._sounds.take(samples)
        if len(self._noise):
            block += self._noise_from(self._position % len(self._noise), samples)
        if self._echo is not None:
            block += self._echo.take(samples)
        for begin, end, fault in self._faults:
            part = block[max(begin - self._position, 0) : max(end - self._position, 0)]
            if len(part):
                part[:] = self._given_instead(fault, len(part))
        self._position += samples
        return np.clip(block, -1.0, 1.0, out=block)

    def _noise_from(self, first: int, samples: int) -> NDArray[np.float32]:
        noise = self._noise[first : first + samples]
        return noise if len(noise) == samples else self._noise.take(np.arange(first, first + samples), mode="wrap")

    def _given_instead(self, fault: MicrophoneFault, samples: int) -> float | NDArray[np.float64]:
        if fault is MicrophoneFault.GARBAGE:
            return self._garbage.uniform(-1.0, 1.0, samples)
        return {MicrophoneFault.MUTED: 0.0, MicrophoneFault.LOST: np.nan, MicrophoneFault.STUCK: 0.25}[fault]


def _noise_loop(noise: Noise, level_db: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """One round of ``noise`` at ``level_db``: shape (n,), empty for no noise."""
    if noise is Noise.NONE:
        return np.zeros(0, np.float32)
    samples = LOOP_S * MICROPHONE_HZ
    source = _drops(samples, rng) if noise is Noise.RAIN else rng.standard_normal(samples)
    hz = np.arange(samples // 2 + 1) / LOOP_S
    sound = np.fft.irfft(np.fft.rfft(source) * _COLOURS[noise](hz), samples)
    gain = _linear(level_db) / float(np.sqrt(np.mean(sound**2)))
    return np.asarray(sound * gain, np.float32)


def _drops(samples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A hiss of drops too many to tell apart, and every now and then one on the window sill."""
    hiss = rng.standard_normal(samples)
    places = rng.integers(0, samples, 100 * LOOP_S)
    hiss[places] += rng.choice([-1.0, 1.0], len(places)) * rng.exponential(3.0, len(places))
    return hiss


def _white(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ones_like(hz)


def _pink(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the power for twice the frequency, above what a small microphone hears."""
    return 1 / np.sqrt(np.maximum(hz, 30.0))


def _fan(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """A rush of air below a few hundred hertz, and the hum of the blades with two overtones."""
    air = 1 / (1 + (hz / 250.0) ** 2)
    hum = sum(5.0 / k * np.exp(-(((hz - 96.0 * k) / 1.0) ** 2)) for k in (1, 2, 3))
    colour: NDArray[np.float64] = air + hum
    return colour


def _rain(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Drops on a window: bright, without depth."""
    return (hz / 2000.0) / (1 + (hz / 2000.0) ** 2)


_COLOURS: Final[dict[Noise, Callable[[NDArray[np.float64]], NDArray[np.float64]]]] = {
    Noise.WHITE: _white,
    Noise.PINK: _pink,
    Noise.FAN: _fan,
    Noise.RAIN: _rain,
}


def _linear(db: float) -> float:
    return float(10.0 ** (db / 20.0))
