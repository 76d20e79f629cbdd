"""After an unforeseen error: what the coach says when it is there again, with everything that it knew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Chime
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.warning import fixed_words

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(stays=True)
def back_again(t: Transition) -> None:
    """A kind sentence; what was going on follows it, as it follows everything that is said in between."""
    t.say(t.words.recovered, remember=False)


@handler(stays=True)
def back_quietly(t: Transition) -> None:
    """Where nobody is being spoken to, a tone is enough: it wakes nobody."""
    if t.state.playing:
        back_again.apply(t)
    else:
        t.sound(Chime.COMING)


@handler(stays=True)
def warn_again(t: Transition) -> None:
    """The fixed sentence has to be heard whole."""
    t.say(f"{t.words.recovered} {fixed_words(t)}")
