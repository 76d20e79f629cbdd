"""What a person chose, such as the model with ``voicecoach models use``: one line in a small file of its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "model.txt"
"""In the user's data folder: a model's name, or its folder."""


def remembered(folder: Path, file: str = FILE) -> str | None:
    """What was chosen, as ``file`` in ``folder`` has it; None leaves it to the coach.

    Raises:
        VoicecoachError: The file is there and cannot be read.
    """
    try:
        return (folder / file).read_text(encoding="utf-8", errors="replace").strip() or None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VoicecoachError(f"{folder / file} cannot be read ({error.strerror}); remove it") from error


def remember(folder: Path, choice: str | None, file: str = FILE) -> None:
    """Remember what was chosen; None forgets it.

    Args:
        folder: The user's data folder; made if it is not there.
        choice: A name, or a folder.
        file: In which it is kept.

    Raises:
        VoicecoachError: The file cannot be written; it stays as it was.
    """
    path = folder / file
    try:
        if choice is None:
            path.unlink(missing_ok=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            _write_whole(path, f"{choice}\n")
    except OSError as error:
        raise VoicecoachError(
            f"{path} cannot be written ({error.strerror}); make {folder} a folder that you may write to, with room on "
            "its disk"
        ) from error


def _write_whole(file: Path, text: str) -> None:
    """Write beside the file and move it there, so that a power cut leaves the old one or the new one."""
    unfinished = file.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
