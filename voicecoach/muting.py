"""Whether the microphone is off because somebody wants it so: a small file, which outlives the program.

It is no line of the history: a history can be deleted, or set aside because it is damaged, and the microphone must not
be on because of that.  A file that cannot be read means that it is off.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "microphone-off"
"""In the data folder; that it is there means that the microphone is off."""


@dataclass(frozen=True, slots=True)
class MicrophoneOff:
    """The microphone is off."""

    for_s: float | None = None
    """For so many seconds from now; None: until somebody turns it on."""


class MuteFile:
    """The file; without a path only memory, for rehearsals."""

    def __init__(self, path: Path | None) -> None:
        """Keep it at ``path``."""
        self._path = path

    def read(self, now: datetime, *, is_known: bool) -> MicrophoneOff | None:
        """Whether the microphone is off; None: it is on.

        Args:
            now: What time it is.
            is_known: Whether that can be believed.  Where not, all of the time that was asked for begins anew: rather
                too long than too short.
        """
        if self._path is None:
            return None
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            return MicrophoneOff()
        with suppress(ValueError, TypeError, KeyError, OverflowError):
            kept = json.loads(text)
            if kept["for_s"] is None:
                return MicrophoneOff()
            for_s = float(kept["for_s"])
            left_s = (datetime.fromisoformat(kept["since"]) + timedelta(seconds=for_s) - now).total_seconds()
            return MicrophoneOff(min(max(left_s, 0.0), for_s) if is_known and kept["known"] else for_s)
        return MicrophoneOff()

    def write(self, for_s: float | None, now: datetime, *, is_known: bool) -> None:
        """The microphone is off from now on; on the disk before this returns.

        Raises:
            OSError: It cannot be written.
        """
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"since": now.astimezone(UTC).isoformat(), "for_s": for_s, "known": is_known}
        with self._path.open("w", encoding="utf-8") as file:
            file.write(json.dumps(kept) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._sync_folder()

    def clear(self) -> None:
        """The microphone is on."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            self._sync_folder()

    def _sync_folder(self) -> None:
        if self._path is None:
            return
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
