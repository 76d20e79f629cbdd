"""Small talk: "thank you", "all right".  It breaks into nothing that is being said or counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import beat_done, go_on
from voicecoach.dialogue.state import Mode
from voicecoach.routine.plan import Ready, Rest, Wait

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(stays=True)
def let_it_pass(_: Transition) -> None:
    """It has been heard, and changes nothing."""


@handler(stays=True)
def welcome_thanks(t: Transition) -> None:
    """ "Thank you": a short word, where nothing is being said or counted."""
    if not t.state.playing or _has_time_to_move(t):
        t.say(t.words.thanked, remember=False)


@handler(Mode.CLOSING, Mode.ASKING, stays=True)
def agree(t: Transition) -> None:
    """ "All right" while there is time to move means "ready"; within a hold it is only a word."""
    if _has_time_to_move(t):
        beat_done.apply(t)


def _has_time_to_move(t: Transition) -> bool:
    return t.state.mode is Mode.GUIDING and isinstance(t.session.beat, Wait | Rest | Ready) and not t.state.interjection


@handler(Mode.GUIDING, stays=True)
def agree_to_go_on(t: Transition) -> None:
    """ "All right" after "stop": an answer, once it has been asked how to go on."""
    saying = t.state.saying
    if saying is not None and saying.text.endswith(t.words.ask_go_on):
        go_on.apply(t)
