"""Leaves a session on paper: the transcript to read, the picture to look at."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.transcript import transcript
from voicecoach.errors import CannotCreateError
from voicecoach.trace import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicecoach.session_trace import Trace

SOUND: Final = "session.wav"
TRANSCRIPT: Final = "transcript.md"
PICTURE: Final = "session.png"
TRACE: Final = "trace.jsonl"


def leave_reports(session: Trace, folder: Path) -> None:
    """Write `TRANSCRIPT` and `PICTURE` of ``session``, finished or broken off, into ``folder``.

    Of a session that never began there is nothing to leave.

    Raises:
        VoicecoachError: They cannot be written there.
    """
    from voicecoach.drawing.png import write_png  # noqa: PLC0415 - Pillow takes a while, and only reports need it
    from voicecoach.drawing.session_layout import session_sheet  # noqa: PLC0415

    if not session.lasted_s:
        return
    with _told_where(folder):
        (folder / TRANSCRIPT).write_text(transcript(session), encoding="utf-8")
        write_png(session_sheet(session), folder / PICTURE)


def leave_trace(session: Trace, folder: Path) -> None:
    """Write `TRACE` of ``session`` into ``folder``; errors are as for `leave_reports`."""
    with _told_where(folder):
        (folder / TRACE).write_text(as_text(session), encoding="utf-8")


def make_folder(folder: Path) -> None:
    """Make ``folder``, unless it is there.

    Raises:
        VoicecoachError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotCreateError(f"{folder} cannot be made ({error.strerror}); name another folder with --out") from None


@contextmanager
def _told_where(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotCreateError(f"{folder}: cannot write there ({reason}); choose another folder with --out") from error
