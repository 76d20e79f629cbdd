"""Sound files of any format that libsndfile knows.  No other module loads soundfile, which brings libsndfile along.

It is loaded where the first file is read: a machine that reads none does not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import soxr

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadFileError, MissingPartError
from voicecoach.invocation import to_install
from voicecoach.wav import FASTEST_HZ, SLOWEST_HZ

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from numpy.typing import NDArray


def sound_library() -> ModuleType:
    """The package soundfile.

    Raises:
        MissingPartError: It is not there, or without its library.
    """
    try:
        import soundfile  # noqa: PLC0415 - see above
    except (ImportError, OSError) as error:
        raise MissingPartError(
            f"sound files and voice packs need soundfile, which cannot be loaded ({error}); type: "
            f"{to_install('--upgrade', 'soundfile')}"
        ) from error
    module: ModuleType = soundfile
    return module


def read_sound(path: Path) -> NDArray[np.float32]:
    """The sound of a file of any format that libsndfile knows.

    Returns:
        Shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; its channels made one.

    Raises:
        BadFileError: It is no sound file, or it is empty, or there is none.
        MissingPartError: The library that reads it is missing.
    """
    library = sound_library()
    if not path.is_file():
        raise BadFileError(f"there is no file {path}; name a recording")
    try:
        channels, rate_hz = library.read(path, dtype="float32", always_2d=True)
    except (OSError, library.LibsndfileError) as error:
        raise BadFileError(f"{path} cannot be read as sound ({error}); record it again, or leave it out") from None
    if not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise BadFileError(
            f"{path} cannot be read as sound (its header speaks of {rate_hz} samples a second); record it again, or "
            "leave it out"
        )
    if not len(channels):
        raise BadFileError(f"{path} holds no sound; record it again, or leave it out")
    sound = np.asarray(np.mean(channels, axis=1), np.float32)
    return sound if rate_hz == MICROPHONE_HZ else np.asarray(soxr.resample(sound, rate_hz, MICROPHONE_HZ), np.float32)


def write_sound(path: Path, sound: NDArray[np.int16]) -> None:
    """Write ``sound``, shape (n,) at `MICROPHONE_HZ`, in the format that the name of ``path`` ends with.

    Raises:
        OSError: It cannot be written.
        MissingPartError: The library that writes it is missing.
    """
    library = sound_library()
    try:
        library.write(path, sound, MICROPHONE_HZ)
    except library.LibsndfileError as error:
        raise OSError(str(error)) from None
