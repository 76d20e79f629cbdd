"""Where the session stands: how long, how many, what comes, why.  Afterwards everything goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.routine.plan import remaining_s
from voicecoach.routine.stretch import Side

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition


@handler(stays=True)
def time_left(t: Transition) -> None:
    t.keep_place()
    place = t.session.place
    seconds = remaining_s(t.session.plan, place.step, place.beat, place.offset_s, t.state.pace)
    t.say(t.words.time_left.format(minutes=t.language.about(seconds)), remember=False)


@handler(stays=True)
def stretches_left(t: Transition) -> None:
    left = len(t.session.plan.steps) - t.session.place.step - 1
    if left:
        t.say(t.language.counted(t.words.left, left), remember=False)
    else:
        t.say(t.words.left_none, remember=False)


@handler(stays=True)
def what_comes(t: Transition) -> None:
    steps, step = t.session.plan.steps, t.session.place.step
    if step + 1 < len(steps):
        t.say(t.words.coming.format(name=steps[step + 1].stretch.name), remember=False)
    else:
        t.say(t.words.coming_none, remember=False)


@handler(stays=True)
def where(t: Transition) -> None:
    session, words = t.session, t.words
    sentence = {
        Side.NONE: words.where,
        Side.BOTH: words.where_both,
    }.get(session.side, t.language.plan.on_side(words.where_side, session.side))
    number, of = session.place.step + 1, len(session.plan.steps)
    name = session.step.stretch.name
    t.say(
        sentence.format(name=name, number=t.language.number(number), of=t.language.number(of)),
        remember=False,
    )


@handler(stays=True)
def why(t: Transition) -> None:
    t.say(t.session.step.stretch.benefit)
