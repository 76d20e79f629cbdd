"""A session as sound on disk: left the coach, right the microphone.

Written while the session runs, second by second, so that memory stays small and a session that breaks off leaves a file
that plays to where it broke off.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from io import SEEK_CUR
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from voicecoach.errors import CannotCreateError, VoicecoachError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

_CHANNELS: Final = 2
_SAMPLE_BYTES: Final = 2
_FULL_SCALE: Final = 32767
_NOTHING: Final = np.zeros((0, _CHANNELS), np.float32)


class Recording:
    """A stereo WAV file of 16-bit samples that grows; use it in a ``with`` statement."""

    def __init__(self, path: Path, rate_hz: int) -> None:
        """Begin the file ``path`` anew.

        Raises:
            VoicecoachError: It cannot be written there.
        """
        self._path, self._rate_hz = path, rate_hz
        self._waiting: list[NDArray[np.float32]] = []
        """Blocks of shape (n, 2)."""
        self._samples_waiting = 0
        self._data_bytes = 0
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise self._refused(error) from error

    def write(self, coach: NDArray[np.float32], microphone: NDArray[np.float32]) -> None:
        """Add a block of each channel: both shape (n,), float32 in -1..1.

        Raises:
            VoicecoachError: The disk is full, or gone.
        """
        self._waiting.append(np.column_stack([coach, microphone]))
        self._samples_waiting += len(microphone)
        if self._samples_waiting >= self._rate_hz:
            self._flush()

    def close(self) -> None:
        """Write what is left.

        Raises:
            VoicecoachError: The disk is full, or gone.
        """
        if self._file.closed:
            return
        try:
            self._flush()
        finally:
            with suppress(OSError):  # a full disk refuses what is left once more; that has been told already
                self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _flush(self) -> None:
        """Write what waits, and a header that fits."""
        samples = np.clip(np.concatenate([_NOTHING, *self._waiting]), -1.0, 1.0)
        data = np.rint(samples * _FULL_SCALE).astype("<i2").tobytes()
        try:
            self._file.seek(0)
            self._file.write(_header(self._rate_hz, self._data_bytes + len(data)))
            self._file.seek(self._data_bytes, SEEK_CUR)
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise self._refused(error) from error
        self._data_bytes += len(data)
        self._waiting.clear()
        self._samples_waiting = 0

    def _refused(self, error: OSError) -> VoicecoachError:
        reason = error.strerror or str(error)
        return CannotCreateError(
            f"{self._path}: cannot write the recording ({reason}); choose another folder with --out"
        )


def _header(rate_hz: int, data_bytes: int) -> bytes:
    """The 44 bytes before the samples of a PCM WAV file."""
    frame = _CHANNELS * _SAMPLE_BYTES
    kind = struct.pack("<HHIIHH", 1, _CHANNELS, rate_hz, rate_hz * frame, frame, 8 * _SAMPLE_BYTES)
    riff = b"RIFF" + struct.pack("<I", 36 + data_bytes) + b"WAVE"
    return riff + b"fmt " + struct.pack("<I", len(kind)) + kind + b"data" + struct.pack("<I", data_bytes)
