""" "Once more": the stretch, or the round of it, from its beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import another_round, begin_anew, take_up
from voicecoach.dialogue.leading import let_go
from voicecoach.dialogue.state import Mode, Place

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(Mode.GUIDING)
def stretch_again(t: Transition) -> None:
    """The stretch from its beginning; of several rounds the one that is on, or was before the rest.

    Where it was asked for another round of an open end, that.
    """
    t.keep_place()
    if another_round(t):
        return
    let_go(t)
    session = t.session
    step, number = session.step, session.round
    if session.is_between_rounds:
        number -= 1
    t.put(Place(session.place.step, step.rounds[number].begins_at))
    begin_anew(t)
    take_up(t, t.words.round_anew if number else t.words.round_more.format(name=step.stretch.name))


@handler(Mode.GUIDING)
def start_over(t: Transition) -> None:
    """The stretch from its beginning, whatever round is on."""
    t.keep_place()
    let_go(t)
    step = t.session.step
    t.put(Place(t.session.place.step, step.rounds[0].begins_at))
    begin_anew(t)
    take_up(t, t.words.round_more.format(name=step.stretch.name))
