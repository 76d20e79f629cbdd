"""Kokoro's network: symbols and the style of a voice become sound.  Slow: about as long as the sound lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.synthesis.kokoro.symbols import NUMBER_OF
from voicecoach.engines.synthesis.kokoro.weights import NETWORK

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RATE_HZ: Final = 24_000
STYLE_SIZE: Final = 256
_AROUND: Final = 0
"""The number that stands before the first symbol and after the last."""


class Kokoro:
    """The network, loaded."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Load it.

        Args:
            folder: Holds ``model.onnx``, and a file for each voice in ``voices``.
            threads: With one, the same words are always the same samples.

        Raises:
            ModuleNotFoundError: There is no onnxruntime.
            Exception: Of onnxruntime's own kinds: the file is broken.
        """
        import onnxruntime  # noqa: PLC0415 - an extra; whoever asks for this voice has it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self._session = onnxruntime.InferenceSession(str(folder / NETWORK), options, providers=["CPUExecutionProvider"])

    def sound(self, symbols: str, style: NDArray[np.float32], speed: float = 1.0) -> NDArray[np.float32]:
        """``symbols`` as sound.

        Args:
            symbols: Of `NUMBER_OF`, at least one.
            style: Of a voice, by the number of symbols: shape (n, 256), as `read_style` has it.
            speed: 1.0 is the voice's own.

        Returns:
            Shape (n,), float32, at `RATE_HZ`.
        """
        numbers = [NUMBER_OF[symbol] for symbol in symbols]
        (sound,) = self._session.run(
            None,
            {
                "tokens": np.array([[_AROUND, *numbers, _AROUND]], np.int64),
                "style": style[min(len(numbers), len(style)) - 1].reshape(1, STYLE_SIZE),
                "speed": np.array([speed], np.float32),
            },
        )
        return np.asarray(sound, np.float32).ravel()


def read_style(file: Path) -> NDArray[np.float32]:
    """The style of a voice: shape (n, 256); row k is for k + 1 symbols."""
    return np.fromfile(file, "<f4").reshape(-1, STYLE_SIZE).astype(np.float32, copy=False)
