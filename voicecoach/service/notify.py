"""What a service tells its manager: that it is up, what it is at, and that it is alive.

The protocol is systemd's ``sd_notify``: lines of text in one datagram to the socket that the environment names.  Where
it names none, nobody is told.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import MutableMapping

ADDRESS, WATCHDOG_US, WATCHDOG_PID = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"


class ServiceManager:
    """The one that started this process; it may be gone at any time, which ends nothing."""

    def __init__(self, address: str = "", watchdog_s: float | None = None) -> None:
        """Talk to a manager.

        Args:
            address: Path of its socket, or "@" and an abstract name; empty: there is none.
            watchdog_s: It takes the process for hung when it has heard nothing from it for so long; None: never.
        """
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog_s = watchdog_s if address else None

    @classmethod
    def from_environment(cls, environment: MutableMapping[str, str]) -> Self:
        """The manager that ``environment`` names, whose names are taken out: no child is to answer for this process."""
        address = environment.pop(ADDRESS, "")
        microseconds, process = environment.pop(WATCHDOG_US, ""), environment.pop(WATCHDOG_PID, "")
        watched = microseconds.isdecimal() and int(microseconds) > 0 and process in {"", str(os.getpid())}
        return cls(address, int(microseconds) / 1e6 if watched else None)

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self._address)

    def ready(self, status: str) -> None:
        """The process is up, and goes on by itself."""
        self._tell("READY=1", f"STATUS={_line(status)}")

    def status(self, words: str) -> None:
        """What the process is at, in words for a person."""
        self._tell(f"STATUS={_line(words)}")

    def alive(self) -> None:
        """The process is not hung."""
        if self.watchdog_s is not None:
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The process is about to end."""
        self._tell("STOPPING=1", "STATUS=saying good night")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.settimeout(0.0)  # a manager that does not read must not hold the coach up
            out.sendto("\n".join(lines).encode(), self._address)


def _line(words: str) -> str:
    return " ".join(words.split())
