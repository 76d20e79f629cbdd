"""Leaves a rehearsal on paper: the transcript to read, the picture to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voicecoach.drawing.transcript import transcript
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.simulation.rehearsal import RehearsedSession

SOUND: Final = "session.wav"
TRANSCRIPT: Final = "transcript.md"
PICTURE: Final = "session.png"


def leave_reports(session: RehearsedSession, folder: Path) -> None:
    """Write `TRANSCRIPT` and `PICTURE` of ``session``, finished or broken off, into ``folder``.

    Of a session that never began there is nothing to leave.

    Raises:
        VoicecoachError: They cannot be written there.
    """
    from voicecoach.drawing.session_picture import draw  # noqa: PLC0415 - Pillow takes a while, and only a rehearsal needs it

    if not session.lasted_s:
        return
    try:
        (folder / TRANSCRIPT).write_text(transcript(session), encoding="utf-8")
        draw(session, folder / PICTURE)
    except OSError as error:
        reason = error.strerror or str(error)
        raise VoicecoachError(f"{folder}: cannot write there ({reason}); choose another folder with --out") from error
