"""The one reader of WAV files: whoever wrote them, they are PCM samples, or it is said in a few words why not.

The standard library's reader believes what a header says, and raises whatever comes of it.
"""

from __future__ import annotations

import struct
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOWEST_HZ, FASTEST_HZ = 1_000, 768_000
"""Sample rates of sound; a broken header has others, and resampling from 1 Hz would fill the memory."""
MOST_CHANNELS: Final = 32
WIDEST_BYTES: Final = 4
_BROKEN = (wave.Error, struct.error, EOFError, OSError, RuntimeError, ArithmeticError, ValueError, MemoryError)
"""What the standard library says about one thing or another that is wrong in a file."""


class NotWavError(Exception):
    """The file is no WAV file of PCM samples; ``str(error)`` says why, in words that fit into brackets."""


@dataclass(frozen=True, slots=True)
class Pcm:
    """What a WAV file holds."""

    data: bytes
    """Little-endian samples, all channels in turn; whole frames only."""
    rate_hz: int
    channels: int
    sample_bytes: int
    """From 1 to 4; samples of one byte are unsigned."""
    whole: bool
    """Whether the file has all the samples that its header promises, as far as they were wanted."""

    def samples(self) -> NDArray[np.float32]:
        """Shape (n, channels), float32 in -1..1."""
        flat = np.frombuffer(self.data, np.uint8)
        if self.sample_bytes == 1:
            numbers = flat.astype(np.float64) / 128.0 - 1.0
        else:
            top = np.zeros((len(flat) // self.sample_bytes, 4), np.uint8)  # numpy has no 24-bit type
            top[:, 4 - self.sample_bytes :] = flat.reshape(-1, self.sample_bytes)
            numbers = top.view("<i4").ravel().astype(np.float64) / 2.0**31
        return numbers.reshape(-1, self.channels).astype(np.float32)

    def mono_int16(self) -> NDArray[np.int16]:
        """Shape (n,), the very numbers that the file holds.

        Raises:
            NotWavError: It is not mono, or its samples have not 16 bits.
        """
        if (self.channels, self.sample_bytes) != (1, 2):
            raise NotWavError("it is not mono of 16 bits")
        return np.frombuffer(self.data, "<i2").astype(np.int16)


def read_wav(source: Path | IO[bytes], most_s: float | None = None) -> Pcm:
    """Read a WAV file.

    Args:
        source: The file, or an open one.
        most_s: How much of it is wanted at most; None: everything.

    Raises:
        FileNotFoundError: There is no such file.
        NotWavError: It cannot be read, or is none.
    """
    try:
        with wave.open(str(source) if isinstance(source, Path) else source, "rb") as file:
            return _read(file, most_s)
    except FileNotFoundError:
        raise
    except _BROKEN as error:
        raise NotWavError(_reason(error)) from error


def _read(file: wave.Wave_read, most_s: float | None) -> Pcm:
    rate_hz, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise NotWavError(f"its header speaks of {rate_hz} samples a second")
    if not 1 <= channels <= MOST_CHANNELS:
        raise NotWavError(f"its header speaks of {channels} channels")
    if not 1 <= width <= WIDEST_BYTES:
        raise NotWavError(f"its header speaks of samples of {8 * width} bits")
    frames = file.getnframes() if most_s is None else min(file.getnframes(), round(most_s * rate_hz))
    data = file.readframes(frames)
    frame_bytes = channels * width
    return Pcm(
        data[: len(data) // frame_bytes * frame_bytes],
        rate_hz,
        channels,
        width,
        whole=len(data) == frames * frame_bytes,
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, EOFError | RuntimeError):  # a chunk that is said to go on behind the end of the file
        return "it is cut short"
    return getattr(error, "strerror", None) or str(error) or "its header makes no sense"
