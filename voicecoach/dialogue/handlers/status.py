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
    seconds = remaining_s(t.session.plan, place.step, place.beat, place.offset_s, t.state.pace, place.then)
    t.say(t.words.time_left.format(minutes=t.language.about(seconds)), remember=False)


@handler(stays=True)
def stretches_left(t: Transition) -> None:
    """Of several rounds those that are left of this stretch, and then the stretches."""
    session, words = t.session, t.words
    left = len(session.plan.steps) - session.place.step - 1
    rounds = _rounds_left(t)
    last = words.left_none_after_rounds if rounds else words.left_none
    stretches = t.language.counted(words.left, left) if left else last
    t.say(f"{rounds} {stretches}".strip(), remember=False)


def _rounds_left(t: Transition) -> str:
    """How many rounds come after the one that is on; in a rest, how many come.  Nothing where there is only one."""
    session, words = t.session, t.words
    of = len(session.step.rounds)
    if of == 1:
        return ""
    if session.is_between_rounds:
        return t.language.counted(words.rounds_ahead, of - session.round)
    after = of - session.round - 1
    return t.language.counted(words.rounds_after, after) if after else words.rounds_after_none


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
    said = sentence.format(name=name, number=t.language.number(number), of=t.language.number(of))
    rounds = len(session.step.rounds)
    if rounds > 1:
        here = t.language.number(session.round + 1)
        said = words.where_round.format(where=said, number=here, of=t.language.number(rounds))
    t.say(said, remember=False)


@handler(stays=True)
def why(t: Transition) -> None:
    t.say(t.session.step.stretch.benefit)
