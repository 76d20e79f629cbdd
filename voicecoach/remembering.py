"""What a coach remembers by: the journal, and whether the microphone is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.surroundings import Memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from voicecoach.dialogue.events import Note
    from voicecoach.journal.store import Journal
    from voicecoach.muting import MuteFile
    from voicecoach.person.tonight import Tonight
    from voicecoach.repertoire import Repertoire


def memory_of(
    repertoire: Repertoire, journal: Journal, mute_file: MuteFile, now: Callable[[], datetime] | None
) -> Memory:
    """The memory of a coach.

    Args:
        repertoire: What the settings say of the person.
        journal: What is to be remembered.
        mute_file: Whether the microphone is off.
        now: The time of day, with its zone; None: what the journal's clock says.
    """

    def write(note: Note) -> None:
        journal.write(note.fact, note.about, side=note.side, second=note.second, value=note.value)

    def kept_place() -> tuple[str, float] | None:
        kept = journal.kept_place()
        return None if kept is None else (kept.text, journal.age_s(kept))

    def tonight() -> Tonight:
        return repertoire.tonight(journal, now and now())

    def mute(for_s: float | None) -> None:
        at, is_known = journal.told_time()
        mute_file.write(for_s, at, is_known=is_known)

    return Memory(
        write, tonight, journal.keep_place, journal.forget_place, kept_place, mute=mute, unmute=mute_file.clear
    )
