"""Kokoro's network: symbols and the style of a voice become sound.  Slow: about as long as the sound lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

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
SOUND, LENGTHS = "audio", "/encoder/Clip_output_0"
"""What the network gives, and what it could give: how many frames each symbol lasts."""
FRAME: Final = 600
"""Samples."""
_FIRST_SOUND_S: Final = 0.0625
"""So long before the first symbol the mouth is on its way to it."""
_RISE_S: Final = 0.020


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
        network = with_output((folder / NETWORK).read_bytes(), LENGTHS)
        self._session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])

    def sound(self, symbols: str, style: NDArray[np.float32], speed: float = 1.0) -> NDArray[np.float32]:
        """``symbols`` as sound, silent until the first of them.

        Before the first symbol the network breathes in, so to say; at a slow pace that becomes a sound of 0.2 s, and
        "twelve" is "a twelve".

        Args:
            symbols: Of `NUMBER_OF`, at least one.
            style: Of a voice, by the number of symbols: shape (n, 256), as `read_style` has it.
            speed: 1.0 is the voice's own.

        Returns:
            Shape (n,), float32, at `RATE_HZ`.
        """
        return self.sound_and_frames(symbols, style, speed)[0]

    def sound_and_frames(
        self, symbols: str, style: NDArray[np.float32], speed: float = 1.0
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """The same, and how long each symbol lasts.

        Args:
            symbols: As for `sound`, and so are the others.
            style: See there.
            speed: See there.

        Returns:
            The sound; and for what is before the first symbol, each symbol, and what is after the last its number of
            frames of `FRAME` samples, shape (number of symbols + 2,).
        """
        numbers = [NUMBER_OF[symbol] for symbol in symbols]
        sound, frames = self._computed(
            {
                "tokens": np.array([[_AROUND, *numbers, _AROUND]], np.int64),
                "style": style[min(len(numbers), len(style)) - 1].reshape(1, STYLE_SIZE),
                "speed": np.array([speed], np.float32),
            }
        )
        lengths = frames.ravel()
        return begun_at(sound.ravel(), int(lengths[0]) * FRAME), lengths

    def _computed(self, inputs: dict[str, NDArray[Any]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """What the network makes of its inputs: the sound, and how many frames each symbol lasts."""
        sound, frames = self._session.run([SOUND, LENGTHS], inputs)
        return np.asarray(sound, np.float32), np.asarray(frames, np.int64)


def begun_at(sound: NDArray[np.float32], first: int) -> NDArray[np.float32]:
    """``sound`` with silence before its first symbol, which begins at sample ``first``."""
    begin, rise = max(0, first - round(_FIRST_SOUND_S * RATE_HZ)), round(_RISE_S * RATE_HZ)
    sound = sound.copy()
    sound[:begin] = 0.0
    sound[begin : begin + rise] *= np.linspace(0.0, 1.0, rise, endpoint=False, dtype=np.float32)[: len(sound) - begin]
    return sound


def with_output(network: bytes, name: str) -> bytes:
    """An ONNX file that also gives the value ``name``, which is in its graph.

    Messages of protocol buffers that are written one after the other are merged: this appends a model with nothing but
    a graph (field 7) with nothing but an output (12) with nothing but a name (1).
    """
    return network + _field(7, _field(12, _field(1, name.encode())))


def _field(number: int, content: bytes) -> bytes:
    """A field of a message: its number, the length of its content, which is below 128 bytes, and that."""
    return bytes([number << 3 | 2, len(content)]) + content


def read_style(file: Path) -> NDArray[np.float32]:
    """The style of a voice: shape (n, 256); row k is for k + 1 symbols."""
    return np.fromfile(file, "<f4").reshape(-1, STYLE_SIZE).astype(np.float32, copy=False)
