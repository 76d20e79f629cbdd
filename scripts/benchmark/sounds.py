"""Sound files, of any format that libsndfile knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadFileError, MissingPartError
from voicecoach.wav import FASTEST_HZ, SLOWEST_HZ

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from numpy.typing import NDArray


def read_sound(path: Path) -> NDArray[np.float32]:
    """The sound of a file: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`, its channels made one.

    Raises:
        BadFileError: It is no sound file, or it is empty.
        MissingPartError: The library that reads it is missing.
    """
    library = _soundfile()
    try:
        channels, rate_hz = library.read(path, dtype="float32", always_2d=True)
    except (OSError, library.LibsndfileError) as error:
        raise BadFileError(
            f"{path} cannot be read as sound ({error}); replace it, or take it out of the index"
        ) from None
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise BadFileError(
            f"{path} cannot be read as sound (its header speaks of {rate_hz} samples a second); replace it, or take it "
            "out of the index"
        )
    if not len(channels):
        raise BadFileError(f"{path} holds no sound; replace it, or take it out of the index")
    sound = np.asarray(np.mean(channels, axis=1), np.float32)
    return sound if rate_hz == MICROPHONE_HZ else np.asarray(soxr.resample(sound, rate_hz, MICROPHONE_HZ), np.float32)


def write_sound(path: Path, sound: NDArray[np.int16]) -> None:
    """Write ``sound``, shape (n,) at `MICROPHONE_HZ`, in the format that the name of ``path`` ends with.

    Raises:
        OSError: It cannot be written.
        MissingPartError: The library that writes it is missing.
    """
    library = _soundfile()
    try:
        library.write(path, sound, MICROPHONE_HZ)
    except library.LibsndfileError as error:
        raise OSError(str(error)) from None


def _soundfile() -> ModuleType:
    try:
        import soundfile  # noqa: PLC0415 - the figures of a table can be reckoned and tested without it
    except (ImportError, OSError) as error:
        raise MissingPartError(
            f"sound files cannot be read: {error}; start the benchmark with scripts/bench, which installs what it needs"
        ) from None
    return soundfile  # type: ignore[no-any-return, unused-ignore]  # where it is missing, its type is too
