"""Somebody has to get up in the middle of a session: a long and quiet pause, and the way back into the position."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.body import in_position
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import go_to_step
from voicecoach.dialogue.handlers.pausing import grow_quiet
from voicecoach.dialogue.handlers.safety import step_left_after_pain
from voicecoach.dialogue.leading import letting_go
from voicecoach.dialogue.state import Mode
from voicecoach.routine.stretch import Position

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(Mode.PAUSED)
def get_up(t: Transition) -> None:
    """Quiet at once.  Whoever comes back is on their feet, and is led from there."""
    t.stop_playback()
    t.enter(Mode.PAUSED)
    grow_quiet(t)
    place, step = t.session.place, t.session.step
    if step.moves_at < place.beat <= step.arrives_at:  # half of the way there is no place to come back to
        t.put(replace(place, beat=step.moves_at, offset_s=0.0))
    out = letting_go(t)
    standing = in_position(Position.STANDING, has_let_go=True)
    t.state = replace(t.state, session=replace(t.session, is_up=True, body=standing))
    t.say(f"{out.words} {t.words.getting_up}".strip(), remember=False)
    # Nobody who is up hears again what was said to somebody who lay.
    t.state = replace(t.state, said=t.prompt(t.words.getting_up))


@handler(Mode.PAUSED, Mode.CLOSING, Mode.ASKING)
def get_up_after_pain(t: Transition) -> None:
    """Afterwards the side begins anew, as after any pause where it hurt."""
    left = step_left_after_pain(t)
    if left is None:
        get_up.apply(t)
    else:
        go_to_step(t, left)
