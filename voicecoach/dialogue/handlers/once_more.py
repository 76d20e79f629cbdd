""" "Once more": the stretch, or the round of it, from its beginning."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import begin_anew, take_up
from voicecoach.dialogue.leading import let_go
from voicecoach.dialogue.state import Mode, Place
from voicecoach.routine.plan import Again

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(Mode.GUIDING)
def stretch_again(t: Transition) -> None:
    """The stretch from its beginning; of several rounds the one that is on, or was before the rest.

    Where it was asked for another round of an open end, that.
    """
    t.keep_place()
    if _another_round(t):
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


def _another_round(t: Transition) -> bool:
    """ "Once more" at the end of a round of an open end, or in the rest that follows where nobody answers.

    Another round, where there may be one; returns whether there is.
    """
    session, place, beat = t.session, t.session.place, t.session.beat
    if not isinstance(beat, Again) or place.rounds >= beat.most or t.state.mode not in {Mode.GUIDING, Mode.PAUSED}:
        return False
    t.state = replace(t.state, session=replace(session, opened_s=None))  # at its end it is asked anew
    t.put(Place(place.step, beat.to, 0.0, place.rounds + 1))
    if t.state.mode is Mode.GUIDING:
        t.guide()
    else:
        take_up(t)
    return True
