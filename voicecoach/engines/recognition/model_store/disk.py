"""Room on the disk: how much is taken, how much is free, and how that is said."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from pathlib import Path


def bytes_in(folder: Path) -> int:
    """The size of all files of a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def size(count: float) -> str:
    """``count`` bytes in the largest unit that leaves at least 1, as disks are sold: "5 MB"."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= one:
            return f"{count / one:,.0f} {unit}"
    return f"{count:.0f} bytes"


def require_free(folder: Path, needed_bytes: int) -> None:
    """Make sure that the disk where ``folder`` lies has room.

    Raises:
        VoicecoachError: It has not.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        raise VoicecoachError(
            f"{size(needed_bytes)} are needed where {folder} lies, and {size(free)} are free; make room and try again"
        )
