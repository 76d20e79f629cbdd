"""What there is to say of this machine's clock: for the doctor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.errors import MissingPartError
from voicecoach.journal.local_time import HERE
from voicecoach.journal.looking import records_in
from voicecoach.journal.wall_clock import PATIENCE_S, RELEASED, is_plausible
from voicecoach.person.wall_time import local

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.journal.wall_clock import Clock

_SLACK = timedelta(hours=1)
_HOW = 'connect the machine to a network, or type: sudo timedatectl set-time "YEAR-MONTH-DAY HOUR:MINUTE"'


def examine_clock(clock: Clock, history: Path) -> str:
    """What the clock shows, where that can be.

    Args:
        clock: This machine's.
        history: The file; it need not exist.

    Raises:
        MissingPartError: It shows a time that cannot be.
        VoicecoachError: The history cannot be read.
    """
    now = clock()
    shown = f"{local(now, HERE):%-d %B %Y, %H:%M}"
    if not is_plausible(now):
        raise MissingPartError(f"it shows {shown}, and this voicecoach is of {RELEASED:%-d %B %Y}; {_HOW}")
    later = [record.at for record in records_in(history) if record.at > now + _SLACK]
    if not clock.is_known():
        if later:
            raise MissingPartError(f"it shows {shown}, and the history has lines that are later; {_HOW}")
        hours = round(PATIENCE_S / 3600)
        return (
            f"{shown}, which nobody has confirmed since the start; reminders wait for a network, {hours} hours at most"
        )
    if later:
        return f"{shown}; {len(later)} lines of the history are later, by a clock that was wrong, and count as older"
    return shown
