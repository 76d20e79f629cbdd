"""A service manager of paper: a socket that keeps what a service tells it."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class NotifySocket:
    """Keeps what comes; within ``with``."""

    def __init__(self, path: Path) -> None:
        """Listen at ``path``, which must be short."""
        self.path = path
        self.told: list[str] = []
        """Every line so far."""

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def lines(self) -> list[str]:
        """What has come since this was last asked."""
        new = []
        self._socket.settimeout(0.0)
        while (message := self._next()) is not None:
            new += message.split("\n")
        return new

    def wait_for(self, beginning: str, within_s: float) -> str:
        """Wait until a line begins like that; the line."""
        until_s = time.monotonic() + within_s
        while (left_s := until_s - time.monotonic()) > 0:
            self._socket.settimeout(left_s)
            for line in (self._next() or "").split("\n"):
                if line.startswith(beginning):
                    return line
        raise TimeoutError(f"nothing came that begins with {beginning!r}, but {self.told}")

    def _next(self) -> str | None:
        try:
            message = self._socket.recv(65_536).decode()
        except (BlockingIOError, TimeoutError):
            return None
        self.told += message.split("\n")
        return message
