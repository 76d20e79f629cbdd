"""Where the session stands: how long, how many, what comes, why.  Afterwards everything goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.state import Mode
from voicecoach.languages.language import capitalised
from voicecoach.routine.plan import Cycle, Hold, follows_pace, nominal_s, remaining_s
from voicecoach.routine.stretch import Side

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition

IN_MINUTES_FROM_S = 90.0
"""So long a rest of a hold is told in minutes."""
TO_THE_SECOND_S = 10
"""What is longer is told in steps of `STEP_S`."""
STEP_S = 5


def seconds_left(t: Transition) -> float:
    """Estimated seconds from here to the end of the routine."""
    t.keep_place()
    place = t.session.place
    return remaining_s(t.session.plan, place.step, place.beat, place.offset_s, t.state.pace, place.then)


@handler(stays=True)
def time_left(t: Transition) -> None:
    """To the end of the routine."""
    t.say(t.words.time_left.format(minutes=t.language.about(seconds_left(t))), remember=False)


@handler(stays=True)
def how_long(t: Transition) -> None:
    """Who holds something wants to know first for how long they still do."""
    seconds, (hold_s, rest) = seconds_left(t), _rest_of_hold(t)
    if not rest:
        time_left.apply(t)
        return
    then = t.words.then_to_the_end.format(minutes=t.language.about(seconds - hold_s))
    t.say(f"{capitalised(t.words.more_here.format(rest=rest))} {then}", remember=False)


def _rest_of_hold(t: Transition) -> tuple[float, str]:
    """How long what is being held goes on, in seconds and as it is said; nothing said where nothing is held."""
    session, language = t.session, t.language
    beat, tempo = session.beat, t.state.pace if follows_pace(session.beat) else 1.0
    if t.state.mode is Mode.HURT or not session.is_in_position:
        return 0.0, ""
    left_s = nominal_s(beat) - session.place.offset_s
    match beat:
        case Hold() if left_s * tempo >= IN_MINUTES_FROM_S:
            return left_s * tempo, language.minutes(left_s * tempo)
        case Hold() if seconds := round(left_s * tempo):
            whole = seconds if seconds <= TO_THE_SECOND_S else STEP_S * round(seconds / STEP_S)
            return left_s * tempo, language.counted(t.words.seconds, whole)
        case Cycle(breathing=True) if breaths := round(left_s / beat.round_s):
            return left_s * tempo, language.counted(t.words.breaths, breaths)
        case _:
            return 0.0, ""


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
