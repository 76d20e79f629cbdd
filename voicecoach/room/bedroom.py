"""A bedroom made of numbers: what the microphone on the bedside table picks up when nobody is really there.

The person's voice, the noise of the night and the echo of the coach's own speaker are added up block by block, on the
sample clock.  The speaker runs at the microphone's rate: in a rehearsal there is one clock.  The same seed gives the
same samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.hearing.protocol import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LOOP_S: Final = 30
"""Noise is made once and goes round and round; a Fourier transform made it, so it has no seam."""
ECHO_DELAY_S: Final = 0.040
"""From speaker to microphone: the buffers of a sound card and a metre or two of air."""
ECHO_TAIL_S: Final = 0.200
ECHO_DECAY_S: Final = 0.060
"""Time in which the tail falls to 1/e: a room with a bed and curtains sounds dry."""
ECHO_TAIL_GAIN: Final = 0.5
"""Energy of the whole tail relative to the sound that comes straight."""


class Noise(Enum):
    """What the night sounds like.  The value is the word in scenario files."""

    NONE = "none"
    WHITE = "white"
    PINK = "pink"
    FAN = "fan"
    RAIN = "rain"


@dataclass(frozen=True, slots=True)
class Room:
    """The bedroom of a scenario."""

    noise: Noise = Noise.PINK
    noise_db: float = -66.0
    """Level (RMS) of the noise at the microphone, relative to full scale."""
    echo_db: float | None = None
    """Level of the coach's voice at the microphone relative to what the speaker plays; None: it does not get there."""


class Bedroom:
    """One microphone, one speaker, one person in bed."""

    def __init__(self, room: Room, seed: int) -> None:
        """Furnish a bedroom.

        Args:
            room: Its noise and its echo.
            seed: For everything that is left to chance; 0 or more.
        """
        noise_dice, echo_dice = (np.random.default_rng([seed, part]) for part in range(2))
        self._noise = _noise_loop(room.noise, room.noise_db, noise_dice)
        self._echo = None if room.echo_db is None else _Echo(room.echo_db, echo_dice)
        self._voice = _Ahead()
        self._position = 0

    @property
    def position(self) -> int:
        """Microphone samples handed out so far."""
        return self._position

    def speak(self, sound: NDArray[np.float32], at: int) -> None:
        """Let the person say ``sound``, beginning at microphone sample ``at``.

        Args:
            sound: shape (n,), float32 at `MICROPHONE_HZ`.
            at: A sample that has not been handed out yet.

        Raises:
            ValueError: It has.
        """
        self._voice.add(sound, at - self._position)

    def play(self, block: NDArray[np.float32]) -> None:
        """Let the speaker play ``block``, shape (n,), float32 at `MICROPHONE_HZ`, right after what it played before."""
        if self._echo is not None:
            self._echo.play(block)

    def hear(self, samples: int) -> NDArray[np.float32]:
        """The next ``samples`` microphone samples: shape (samples,), float32 in -1..1.

        With an echo, ask for no more than `ECHO_DELAY_S` ahead of what was played.
        """
        block = self._voice.take(samples)
        if len(self._noise):
            block += self._noise.take(np.arange(self._position, self._position + samples), mode="wrap")
        if self._echo is not None:
            block += self._echo.take(samples)
        self._position += samples
        return np.clip(block, -1.0, 1.0, out=block)


class _Ahead:
    """Sound that lies ahead: added anywhere from now on, taken from the front."""

    def __init__(self) -> None:
        self._sound = np.zeros(0, np.float32)

    def add(self, sound: NDArray[np.float32], offset: int) -> None:
        if offset < 0:
            raise ValueError(f"that is {-offset} samples too late: they have been taken already")
        missing = offset + len(sound) - len(self._sound)
        if missing > 0:
            self._sound = np.concatenate([self._sound, np.zeros(missing, np.float32)])
        self._sound[offset : offset + len(sound)] += sound

    def take(self, samples: int) -> NDArray[np.float32]:
        taken = np.zeros(samples, np.float32)
        head = self._sound[:samples]
        taken[: len(head)] = head
        self._sound = self._sound[samples:]
        return taken


class _Echo:
    """The speaker's sound as it reaches the microphone: late, quieter, with a short tail.

    Each block is convolved on its own by FFT and added where it arrives (overlap-add).  A silent block, which is most
    of a night, costs nothing.
    """

    def __init__(self, level_db: float, dice: np.random.Generator) -> None:
        self._response = _response(level_db, dice)
        self._spectra: dict[int, NDArray[np.complex128]] = {}
        self._ahead = _Ahead()
        self._played = round(ECHO_DELAY_S * MICROPHONE_HZ)
        """Where the next sample to be played arrives."""
        self._taken = 0

    def play(self, block: NDArray[np.float32]) -> None:
        if block.any():
            self._ahead.add(self._convolved(block), self._played - self._taken)
        self._played += len(block)

    def take(self, samples: int) -> NDArray[np.float32]:
        self._taken += samples
        return self._ahead.take(samples)

    def _convolved(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        length = len(sound) + len(self._response) - 1
        size = 1 << (length - 1).bit_length()
        if size not in self._spectra:
            self._spectra[size] = np.fft.rfft(self._response, size)
        echo = np.fft.irfft(np.fft.rfft(sound, size) * self._spectra[size], size)
        return echo[:length].astype(np.float32)


def _response(level_db: float, dice: np.random.Generator) -> NDArray[np.float64]:
    """What the microphone gets of one click of the speaker, apart from the delay: shape (n,)."""
    times = np.arange(round(ECHO_TAIL_S * MICROPHONE_HZ)) / MICROPHONE_HZ
    tail = dice.standard_normal(len(times)) * np.exp(-times / ECHO_DECAY_S)
    tail *= np.sqrt(ECHO_TAIL_GAIN / np.sum(tail**2))
    tail[0] = 1.0
    response: NDArray[np.float64] = tail * (_linear(level_db) / np.sqrt(np.sum(tail**2)))
    return response


def _noise_loop(noise: Noise, level_db: float, dice: np.random.Generator) -> NDArray[np.float32]:
    """One round of ``noise`` at ``level_db``: shape (n,), empty for no noise."""
    if noise is Noise.NONE:
        return np.zeros(0, np.float32)
    samples = LOOP_S * MICROPHONE_HZ
    source = _drops(samples, dice) if noise is Noise.RAIN else dice.standard_normal(samples)
    hz = np.arange(samples // 2 + 1) / LOOP_S
    sound = np.fft.irfft(np.fft.rfft(source) * _COLOURS[noise](hz), samples)
    gain = _linear(level_db) / float(np.sqrt(np.mean(sound**2)))
    return np.asarray(sound * gain, np.float32)


def _drops(samples: int, dice: np.random.Generator) -> NDArray[np.float64]:
    """A hiss of drops too many to tell apart, and every now and then one on the window sill."""
    hiss = dice.standard_normal(samples)
    places = dice.integers(0, samples, 100 * LOOP_S)
    hiss[places] += dice.choice([-1.0, 1.0], len(places)) * dice.exponential(3.0, len(places))
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
