"""One process at a time: what is read, changed and written again would else lose what another one wrote meanwhile."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold ``folder``, which is made if it is not there; whoever else wants to hold it waits.

    Raises:
        OSError: The folder cannot be made, or not be opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # a network's file system may have no locks; a person works there all the same
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # the system does so, too, when the process is killed, and with that unlocks it
