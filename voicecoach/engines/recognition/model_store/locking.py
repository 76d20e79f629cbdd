"""One command at a time changes a folder of fetched things, and leaves nothing half done in it."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = ".lock"
_SCRATCH = ".unfinished-"


@contextmanager
def changing(folder: Path, thing: str) -> Iterator[Path]:
    """Nobody else changes ``folder`` meanwhile; gives an empty folder on the same disk, removed in the end.

    Args:
        folder: Made if it is not there.
        thing: What is in it, for the messages: "model".

    Raises:
        VoicecoachError: Another command changes it right now, or it cannot be changed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("w") as lock:  # the system unlocks it, also when the process is killed
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in folder.glob(f"{_SCRATCH}*"):  # by a command that was killed
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=folder, prefix=_SCRATCH, ignore_cleanup_errors=True) as scratch:
                yield Path(scratch)
    except BlockingIOError:
        raise VoicecoachError(
            f"another command is getting or removing a {thing} right now; wait until it is done"
        ) from None
    except OSError as error:
        raise VoicecoachError(
            f"{folder} cannot be written ({error.strerror or error}); make it a folder that you may write "
            "to, with room on its disk"
        ) from error
