"""What is set to a value by hand: words only lead up and down."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.cue_schedule import TalkLevel
from voicecoach.dialogue.events import Adjustable, Adjusted, ImpossibleEventError, SetVolume
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.changes import LOUDEST_DB, QUIETEST_DB
from voicecoach.person.facts import Fact

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(stays=True)
def adjust(t: Transition) -> None:
    """Nothing is said of it: who moves a slider sees where it is."""
    match t.event:
        case Adjusted(what=Adjustable.VOLUME, value=value):
            volume_db = min(max(value, QUIETEST_DB), LOUDEST_DB)
            t.state = replace(t.state, volume_db=volume_db)
            t.actions.append(SetVolume(volume_db))
            t.note(Fact.VOLUME, value=volume_db)
        case Adjusted(what=Adjustable.TALK, value=value):
            talk = TalkLevel(round(min(max(value, TalkLevel.LEAST), TalkLevel.FULL)))
            t.state = replace(t.state, talk=talk)
            t.note(Fact.TALK, value=talk)
        case other:
            raise ImpossibleEventError(f"{other} sets nothing")
