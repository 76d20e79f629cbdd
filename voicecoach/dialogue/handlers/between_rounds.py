"""Between two rounds of a stretch, and where "ready" is waited for: what ends the quiet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.state import Place

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


def end_rest(t: Transition) -> None:
    """Enough of the rest: on to the name of the next round, or past it where it is being said."""
    session = t.session
    round_, at = session.step.rounds[session.round], session.place.beat
    t.put(Place(session.place.step, round_.named_at if at < round_.named_at else round_.begins_at))


def end_waiting(t: Transition) -> None:
    """After a pause there is no more rest, and nobody is asked whether they are ready who has just said so."""
    session = t.session
    if session.is_between_rounds:
        end_rest(t)
    elif session.step.is_ready_at(session.place.beat):
        t.put(replace(session.place, beat=session.place.beat + 1, offset_s=0.0))
