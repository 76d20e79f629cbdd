"""Standard output and standard error, which the world may close, fill or hold up, and C libraries write into.

Nothing that is printed is worth a session: while one is on, lines go to a thread of their own, and what cannot be
written is lost.  What PortAudio and ALSA say to themselves goes into a log, `settings.libraries_log`.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Full, Queue
from typing import TYPE_CHECKING, Final, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

_STANDARD: Final = (0, 1, 2)
_STDERR: Final = 2
MOST_WAITING: Final = 1_000
"""How many pieces of text may wait to be written; more are lost."""
LEAVE_S: Final = 1.0
"""How long the last lines may take."""
LARGEST_LOG_BYTES: Final = 256 * 1024
"""Beyond that the log begins anew; the one of before is kept beside it once."""
LOOK_S: Final = 60.0
"""Time between two looks at the size of the log."""


@contextmanager
def in_order() -> Iterator[None]:
    """Have all three streams there, and leave nothing behind that the interpreter would stumble over at its end.

    A descriptor that was closed is given to the next file that is opened: to the history, say, into which a library
    would then complain.
    """
    for descriptor in _STANDARD:
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest that is free
    if sys.stdout is None or sys.stdout.closed:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stderr is None or sys.stderr.closed:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the same
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                _give_up(stream)


@contextmanager
def non_blocking_output() -> Iterator[None]:
    """Within this context, printing never fails and never waits: not for a full pipe, and not for a held terminal."""
    before = sys.stdout, sys.stderr
    streams = LossyStream(sys.stdout), LossyStream(sys.stderr)
    sys.stdout, sys.stderr = cast("tuple[TextIO, TextIO]", streams)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream in streams:
            stream.close()


class LossyStream(io.TextIOBase):
    """Writes to another stream on a thread of its own; what cannot be written is lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._texts: Queue[str | None] = Queue(MOST_WAITING)
        self._descriptor = _descriptor_of(stream)
        with suppress(OSError, ValueError):
            stream.flush()  # what was printed before comes before
        self._thread = threading.Thread(target=self._work, name="printing", daemon=True)
        self._thread.start()

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has a plain attribute there
        return self._stream.encoding or "utf-8"

    def write(self, text: str) -> int:
        with suppress(Full):
            self._texts.put_nowait(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        try:
            return self._stream.isatty()
        except ValueError:  # closed
            return False

    def fileno(self) -> int:
        return self._stream.fileno()

    def close(self) -> None:
        """Write what is left, unless that takes long."""
        if not self.closed:
            with suppress(Full):
                self._texts.put_nowait(None)
                self._thread.join(LEAVE_S)
        super().close()

    def _work(self) -> None:
        for text in iter(self._texts.get, None):
            with suppress(OSError, ValueError):
                self._put(text)

    def _put(self, text: str) -> None:
        if self._descriptor is None:
            self._stream.write(text)
            self._stream.flush()
            return
        # Past the stream's own buffer: whoever hangs in there holds its lock, and the interpreter could not end.
        left = memoryview(text.encode(self.encoding, "backslashreplace"))
        while left:
            left = left[os.write(self._descriptor, left) :]


@contextmanager
def libraries_in_log(log: Path) -> Iterator[None]:
    """Have what C libraries write to standard error in a file; our own lines go where they went.

    Args:
        log: The file; it grows to `LARGEST_LOG_BYTES`.  Where it cannot be written, the words are lost.
    """
    into = _opened(log)
    ours = sys.stderr
    kept = os.dup(_STDERR)
    over = threading.Event()
    looking = threading.Thread(target=_kept_small, args=(into, over), name="log", daemon=True)
    looking.start()
    try:
        if _descriptor_of(ours) == _STDERR:
            ours.flush()
            sys.stderr = os.fdopen(kept, "w", 1, encoding=ours.encoding, errors="backslashreplace", closefd=False)
        os.dup2(into, _STDERR)
        yield
    finally:
        over.set()
        looking.join()  # before its descriptor becomes that of another file
        os.dup2(kept, _STDERR)
        sys.stderr = ours
        os.close(kept)
        os.close(into)


def _opened(log: Path) -> int:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if log.stat().st_size > LARGEST_LOG_BYTES:
                log.replace(log.with_name(f"{log.name}.old"))
        return os.open(log, flags, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


def _kept_small(descriptor: int, over: threading.Event) -> None:
    """A sound card may complain for months."""
    while not over.wait(LOOK_S):
        shorten(descriptor)


def shorten(descriptor: int) -> None:
    """Empty a log that has become too large."""
    with suppress(OSError):
        if os.fstat(descriptor).st_size > LARGEST_LOG_BYTES:
            os.ftruncate(descriptor, 0)


def _descriptor_of(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):  # a test's, or closed
        return None


def _give_up(stream: TextIO) -> None:
    """Let what is left in a stream go nowhere."""
    descriptor = _descriptor_of(stream)
    if descriptor is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
