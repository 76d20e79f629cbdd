"""A real broker for tests: Mosquitto, as Debian packs it, on a free port of this machine and nowhere else."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_PATHS = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
STARTS_S = 10.0


def missing_part() -> str:
    """Why there can be no broker here; empty where there can."""
    try:
        import paho.mqtt.client  # noqa: F401, PLC0415 - only whether it is there
    except ImportError:
        return "needs paho-mqtt"
    return "" if shutil.which("mosquitto", path=_PATHS) else "needs mosquitto"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Broker:
    """Mosquitto on ``port`` of the loopback; what is retained outlives a restart."""

    def __init__(self, folder: Path, *lines: str) -> None:
        """Start nothing yet; ``lines`` are added to its settings."""
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        access = "" if any(line.startswith("allow_anonymous") for line in lines) else "allow_anonymous true"
        self._config.write_text(
            "\n".join(
                [
                    f"listener {self.port} 127.0.0.1",
                    access,
                    "persistence true",
                    f"persistence_location {folder}/",
                    f"log_dest file {folder}/mosquitto.log",
                    f"user {'root' if os.getuid() == 0 else os.environ.get('USER', 'nobody')}",
                    *lines,
                    "",
                ]
            ),
            encoding="utf-8",
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        program = shutil.which("mosquitto", path=_PATHS)
        assert program is not None
        self._process = subprocess.Popen([program, "-c", str(self._config)], stderr=subprocess.DEVNULL)
        end_s = time.monotonic() + STARTS_S
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1.0):
                return
            assert time.monotonic() < end_s, self._config.with_suffix(".log").read_text(encoding="utf-8")
            assert self._process.poll() is None, self._config.with_suffix(".log").read_text(encoding="utf-8")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End it, as a machine does that is switched off in an orderly way."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(STARTS_S)
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.stop()
