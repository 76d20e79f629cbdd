"""Records a live session as a scenario that a rehearsal can play."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.journal.local_time import HERE
from voicecoach.person.wall_time import local
from voicecoach.simulation.measures import LONGEST_S
from voicecoach.simulation.scenario import Scenario
from voicecoach.simulation.scenario_history import bedroom_time, recent_history
from voicecoach.simulation.scenario_recording import SessionRecording, recorded
from voicecoach.simulation.scenario_writing import check_writable, write_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.journal.store import Journal


@contextmanager
def recorded_live(
    path: Path | None, assembly: Assembly, journal: Journal, warn: Callable[[str], None]
) -> Iterator[SessionRecording | None]:
    """An observer that remembers a live session, which is written as a scenario in the end; None for no path.

    Args:
        path: Where to write.
        assembly: Phrases and settings.
        journal: What the coach knows of the person when the session begins.
        warn: Is given a line about what the file holds.

    Raises:
        VoicecoachError: The file cannot be written.
    """
    if path is None:
        yield None
        return
    check_writable(path)
    now = local(journal.told_time()[0], HERE)
    history = recent_history(journal.records(), now)
    recording = SessionRecording({one: assembly.phrasebook.meaning(one) for one in assembly.all_phrases()})
    try:
        yield recording
    finally:
        scenario = Scenario(
            title=f"Recorded on {now:%Y-%m-%d}",
            routine=recording.routine or assembly.settings.usual_routine,
            turns=(),
            soft_bed=assembly.settings.soft_bed,
            # A whole minute, and none before the latest line of the history.
            at=bedroom_time(now, now) + timedelta(seconds=recording.began_s + 59.0),
            history=history,
            limit_s=LONGEST_S,
        )
        if recording.acts:
            write_scenario(path, recorded(scenario, recording.acts, recording.events))
            warn(f"{path} holds what you said and what the coach knows of you; read it before you give it to somebody")
        else:
            if path.is_file() and not path.stat().st_size:  # what was there before is left alone
                path.unlink()
            warn(f"nothing was understood, so there is nothing to record in {path}")
