"""Noise to mix in: recorded in rooms, made from chance, or other people talking all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TALKERS = 5
"""So many voices at once that no word of any can be made out."""


def pink(length: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise that falls by 3 dB an octave, as most rooms do: shape (length,), mean power 1."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return unit_power(np.fft.irfft(spectrum, length).astype(np.float32))


def babble(talk: Sequence[NDArray[np.float32]], length: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """`TALKERS` recordings of ``talk`` over one another, all equally loud: shape (length,), mean power 1."""
    chosen = rng.choice(len(talk), TALKERS, replace=len(talk) < TALKERS)
    voices = [unit_power(_from_somewhere(talk[index], length, rng)) for index in chosen]
    return unit_power(np.sum(voices, axis=0, dtype=np.float32))


def unit_power(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """``sound`` at mean power 1; silence stays what it is."""
    power = np.mean(np.square(sound, dtype=np.float64))
    return sound if power == 0 else (sound / np.sqrt(power)).astype(np.float32)


def _from_somewhere(sound: NDArray[np.float32], length: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """``length`` samples of ``sound`` from a random place on, going round where it is too short."""
    return np.take(sound, np.arange(length) + int(rng.integers(len(sound))), mode="wrap")


@dataclass(frozen=True, slots=True)
class NoiseShelf:
    """All the noise there is to choose from."""

    recorded: Sequence[NDArray[np.float32]] = ()
    talk: Sequence[NDArray[np.float32]] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """What `noise` chooses from, each as often as the others."""
        return (*(["recorded"] if self.recorded else []), "pink", *(["babble"] if self.talk else []))

    def noise(self, length: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Noise of a source that chance decides: shape (length,), mean power 1."""
        match self.sources[int(rng.integers(len(self.sources)))]:
            case "recorded":
                chosen = self.recorded[int(rng.integers(len(self.recorded)))]
                return unit_power(_from_somewhere(chosen, length, rng))
            case "babble":
                return babble(self.talk, length, rng)
            case _:
                return pink(length, rng)
