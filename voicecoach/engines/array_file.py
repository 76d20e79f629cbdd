"""Reads the file of a network's weights, ``.npz``, whatever has become of it on a memory card."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile

import numpy as np

from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

_BROKEN: Final = (
    *(OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error, struct.error, OverflowError, MemoryError),
    *(NotImplementedError, RuntimeError, SyntaxError),
)
"""What numpy and Python say about one thing or another that is wrong in such a file."""


def read_arrays(file: Path, holds: str) -> dict[str, NDArray[Any]]:
    """All arrays in ``file``, by their names.

    Args:
        file: As `numpy.savez` writes it.
        holds: What should be in it, for the message.

    Raises:
        BadFileError: It is missing or broken.
    """
    try:
        with np.load(file) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except _BROKEN as error:
        raise BadFileError(f"{file} holds no {holds} ({error}); install the coach again") from error
