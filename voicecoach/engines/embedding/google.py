"""Google's speech embedding ("speech_embedding", Apache-2.0), in numpy, frame by frame.

A mel spectrogram of 32 bands from 60 to 3,800 Hz, every 10 ms, goes through twenty convolutions; every 80 ms there are
96 numbers for the last 0.775 s.  All convolutions look back only, so nothing is computed twice: each keeps the last two
frames of its input.  A step is 5 million multiplications.  What comes out is what the published network gives for the
same window, but for rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.array_file import read_arrays
from voicecoach.engines.needs import Needs
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Frames = NDArray[np.float32]
    """Activations: shape (frames, bands, channels)."""

NEEDS: Final = Needs(memory_mb=4)
SIZE: Final = 96
STEP: Final = 1280
"""Samples from one embedding to the next: 80 ms, eight frames of the spectrogram."""
REACH: Final = 12_512
"""Samples from the first that an embedding has seen to its last: 76 frames, and the rest of the last one's window."""
_HOP, _WINDOW, _FFT = 160, 400, 512
_BEFORE: Final = _FFT - _HOP + 128
"""Samples before a step that its frames look back on; with them a step has exactly eight frames."""
_DYNAMIC_RANGE_DB: Final = 80.0
_SMALLEST: Final = 1e-10
_BANDS: Final = 32
_SLOPE, _FLOOR = np.float32(0.2), np.float32(-0.4)
"""Of the network's activation: a leaky ramp that ends at the floor."""
_LAYERS: Final = (
    *("band", "time", "pool both"),
    *("band", "time", "band", "time", "pool bands"),
    *("band", "time", "band", "time", "pool both"),
    *("band", "time", "band", "time", "pool bands"),
    *("band", "time", "band", "time", "pool both"),
)
"""After the first convolution, over time and bands, and before the last, over time."""


class GoogleEmbedding:
    """Keeps `port.SpeechEmbedding`."""

    size, step, reach = SIZE, STEP, REACH

    def __init__(self, weights: Path) -> None:
        """Load the network.

        Args:
            weights: The file of its weights, ``speech-embedding.npz``.

        Raises:
            BadFileError: It is missing or broken.
        """
        arrays = read_arrays(weights, "speech embedding")
        try:
            self._mel = np.asarray(arrays["mel"], np.float32)
            self._network = _Network({name: np.asarray(array, np.float32) for name, array in arrays.items()})
        except (KeyError, ValueError) as error:
            raise BadFileError(f"{weights} holds no speech embedding ({error}); install the coach again") from error
        window = np.zeros(_FFT, np.float32)
        begin = (_FFT - _WINDOW) // 2
        window[begin : begin + _WINDOW] = np.hanning(_WINDOW + 1)[:_WINDOW]
        self._window = window
        self.reset()

    def reset(self) -> None:
        """Keeps `port.SpeechEmbedding.reset`."""
        self._waiting = np.zeros(_BEFORE, np.float32)
        self._network.reset()

    def process(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """Keeps `port.SpeechEmbedding.process`."""
        self._waiting = np.concatenate([self._waiting, samples.astype(np.float32)])
        steps = list(self._spectra())
        return self._network.steps(np.concatenate(steps)) if steps else np.zeros((0, SIZE), np.float32)

    def _spectra(self) -> Iterator[NDArray[np.float32]]:
        """The spectrogram of each step that is complete: shape (8, bands)."""
        while len(self._waiting) >= _BEFORE + STEP:
            sound, self._waiting = self._waiting[: _BEFORE + STEP], self._waiting[STEP:]
            windows = np.lib.stride_tricks.sliding_window_view(sound, _FFT)[::_HOP] * self._window
            spectrum = np.fft.rfft(windows)
            power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ self._mel
            decibels = 10.0 * np.log10(np.maximum(power, _SMALLEST))
            yield (np.maximum(decibels, decibels.max() - _DYNAMIC_RANGE_DB) / 10.0 + 2.0).astype(np.float32)


class _Network:
    """The convolutions, each with the frames that it still needs."""

    def __init__(self, weights: dict[str, NDArray[np.float32]]) -> None:
        self._first, self._scale, self._shift = weights["first"], weights["scale"], weights["shift"]
        self._last = weights["last"]
        convolutions = sum(layer in {"band", "time"} for layer in _LAYERS)
        self._weights = [weights[f"weights{number}"] for number in range(convolutions)]
        self._biases = [weights[f"bias{number}"] for number in range(convolutions)]
        self.reset()

    def reset(self) -> None:
        self._kept: list[Frames | None] = [None] * (len(self._weights) + 2)

    def steps(self, spectrum: NDArray[np.float32]) -> NDArray[np.float32]:
        """Frames of the spectrogram, eight for each step, shape (8 * steps, bands), become shape (steps, 96)."""
        frames = self._continued(-2, spectrum[:, :, None])
        padded = np.pad(frames, ((0, 0), (1, 1), (0, 0)))
        squares = np.concatenate(
            [padded[row : row + len(spectrum), band : band + _BANDS] for row in range(3) for band in range(3)], axis=2
        )
        ramped = np.maximum(squares @ self._first, 0.0) * self._scale + self._shift
        frames, number = _activated(ramped), 0
        for layer in _LAYERS:
            if layer in _POOLS:
                frames = _POOLS[layer](frames)
                continue
            over_time = layer == "time"
            wide = _three_frames(self._continued(number, frames)) if over_time else _three_bands(frames)
            frames = _activated(wide @ self._weights[number] + self._biases[number])
            number += 1
        embedding: NDArray[np.float32] = _three_frames(self._continued(-1, frames)) @ self._last
        return embedding[:, 0]

    def _continued(self, number: int, frames: Frames) -> Frames:
        """``frames`` after the two that came before them."""
        before = self._kept[number]
        if before is None:
            before = np.zeros((2, *frames.shape[1:]), np.float32)
        joined: Frames = np.concatenate([before, frames])
        self._kept[number] = joined[-2:]
        return joined


def _activated(sums: Frames) -> Frames:
    activated: Frames = np.maximum(np.maximum(sums, sums * _SLOPE), _FLOOR)
    return activated


def _three_frames(frames: Frames) -> Frames:
    """Each frame beside the two before it: the first two have none, and go."""
    return np.concatenate([frames[:-2], frames[1:-1], frames[2:]], axis=2)


def _three_bands(frames: Frames) -> Frames:
    """Each band between its neighbours; beyond the ends there is nothing."""
    padded = np.pad(frames, ((0, 0), (1, 1), (0, 0)))
    return np.concatenate([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], axis=2)


def _pool_bands(frames: Frames) -> Frames:
    return np.maximum(frames[:, ::2], frames[:, 1::2])


def _pool_both(frames: Frames) -> Frames:
    return _pool_bands(np.maximum(frames[::2], frames[1::2]))


_POOLS: Final[dict[str, Callable[[Frames], Frames]]] = {"pool bands": _pool_bands, "pool both": _pool_both}
