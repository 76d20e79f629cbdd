"""What time it is, for somebody who cannot see a clock in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.telling import time_told

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(stays=True, looks_up=True)
def say_time(t: Transition) -> None:
    """What the clock on the wall shows, if it can be believed."""
    t.say(time_told(t.tonight, t.language), remember=False)
