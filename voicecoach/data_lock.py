"""One coach at a time on a data folder: two would both answer, and write into one history."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import AlreadyRunningError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "coach.lock"
"""Beside the history; it holds the number of the process.  The lock is the system's, not the file: it goes with the
process, however that ends."""


@contextmanager
def data_folder_lock(folder: Path, service: str = "") -> Iterator[None]:
    """Hold the lock on ``folder``, which is made if missing.

    Where no file can be made there (a disk that is full or read-only), the coach works without: the journal says so.

    Args:
        folder: The user's data folder.
        service: The unit by which a coach may have been started, to say how that one is ended.

    Raises:
        AlreadyRunningError: Another coach holds it.
    """
    lock = _opened(folder)
    if lock is None:
        yield
        return
    try:
        _take(lock, folder, service)
        yield
    finally:
        os.close(lock)


def _opened(folder: Path) -> int | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None


def _take(lock: int, folder: Path, service: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        process = os.pread(lock, 20, 0).decode(errors="replace").strip()
        how = f"type: systemctl --user stop {service}" if _is_of(process, service) else "end that one first"
        raise AlreadyRunningError(
            f"another coach{f' (process {process})' if process else ''} is at work with the history in {folder}; {how}"
        ) from None
    except OSError:  # a network's disk without locks
        return
    with suppress(OSError):  # a full disk: only the number is missing
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)


def _is_of(process: str, service: str) -> bool:
    """Whether a process was started by a unit of systemd's."""
    with suppress(OSError):
        return bool(service) and service in Path(f"/proc/{process}/cgroup").read_text(encoding="utf-8")
    return False
