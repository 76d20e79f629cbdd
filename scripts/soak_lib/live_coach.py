"""``voicecoach run`` in a process of its own, in a virtual room; what it prints, line by line."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

    from soak_lib.virtual_room import VirtualRoom

TOP: Final = Path(__file__).resolve().parents[2]
LEAVES_S: Final = 10.0
"""It is ended by force when it takes longer."""


class LiveProcess:
    """The coach, within ``with``."""

    def __init__(self, room: VirtualRoom, folder: Path, cache: Path, *options: str) -> None:
        """Prepare to run in ``room``.

        Args:
            room: The sound card.
            folder: Settings and history go below it.
            cache: Clips go below it; coaches may share it.
            options: Of ``voicecoach run``, beside ``--verbose``.
        """
        homes = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("CONFIG", "DATA", "STATE")}
        self._environment = room.environment | homes | {"XDG_CACHE_HOME": str(cache)}
        self._folder, self._options = folder, options
        self._lines: list[tuple[float, str]] = []
        """Each with the second at which it came, by the monotonic clock."""
        self._told = threading.Condition()

    def __enter__(self) -> Self:
        self._errors = (self._folder / "stderr").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voicecoach", "run", "--verbose", *self._options],
            cwd=TOP,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(LEAVES_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        self._errors.close()

    def errors(self) -> str:
        """What it has said on stderr."""
        return (self._folder / "stderr").read_text(encoding="utf-8")

    def _read(self) -> None:
        if self.process.stdout is None:
            raise ValueError("the process needs a pipe")
        for line in self.process.stdout:
            with self._told:
                self._lines.append((time.monotonic(), line.rstrip()))
                self._told.notify_all()
        with self._told:
            self._told.notify_all()
