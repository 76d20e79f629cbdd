"""Other plans in the middle of a session: from its beginning, or in fewer minutes.  It is asked once, then done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import go_to_step
from voicecoach.dialogue.handlers.safety import offer_again
from voicecoach.dialogue.handlers.starting import asked_routine, heard_minutes, offer_switch
from voicecoach.dialogue.handlers.status import seconds_left, time_left
from voicecoach.dialogue.state import Mode, Question
from voicecoach.person.fitting import TOLERANCE_S
from voicecoach.routine.plan import remaining_s

if TYPE_CHECKING:
    from voicecoach.dialogue.transition import Transition
    from voicecoach.routine.plan import Step

# --- from the beginning -----------------------------------------------------------------------------------------------


@handler(Mode.ASKING)
def offer_restart(t: Transition) -> None:
    """ "Begin the routine again": much has been done, so it is asked."""
    t.ask(Question.RESTART)


def restart(t: Transition) -> None:
    """The same plan from its first stretch; what hurt once too often is not in it any more."""
    go_to_step(t, 0, t.words.from_the_beginning)


# --- in fewer minutes -------------------------------------------------------------------------------------------------


@handler(Mode.ASKING, stays=True)
def offer_cut(t: Transition) -> None:
    """ "Ten minutes" in a session: for what is left of it; where that is no more than that, nothing need be asked."""
    minutes = heard_minutes(t)
    if seconds_left(t) <= minutes * 60 + TOLERANCE_S:
        time_left.apply(t)
    else:
        t.ask(Question.CUT, str(minutes))


def cut_prompt(t: Transition, minutes: str) -> str:
    return t.words.ask_cut.format(minutes=t.language.minutes(int(minutes) * 60))


def cut(t: Transition) -> None:
    """Leave out what does not fit: the stretch that is on stays, then the last one, then what comes first."""
    session = t.session
    steps, place = session.plan.steps, session.place
    limit_s = int(asked(t).about) * 60 + TOLERANCE_S
    begun = steps[: place.step + 1]
    kept: dict[int, Step] = {}
    for index in (len(steps) - 1, *range(place.step + 1, len(steps) - 1)):
        if index > place.step:
            wanted = dict(sorted({**kept, index: steps[index]}.items()))
            plan = replace(session.plan, steps=(*begun, *wanted.values()))
            if remaining_s(plan, place.step, place.beat, place.offset_s, t.state.pace, place.then) <= limit_s:
                kept = wanted
    plan = replace(session.plan, steps=(*begun, *kept.values()))
    t.state = replace(t.state, session=replace(session, plan=plan))
    go_back(t, t.words.cut_now)


# --- another routine --------------------------------------------------------------------------------------------------


@handler(Mode.ASKING, stays=True)
def switch_after_pain(t: Transition) -> None:
    """ "Let's do" another routine, where something hurts; the same one does not simply go on."""
    if asked_routine(t) == t.session.plan.routine.key:
        offer_again.apply(t)
    else:
        offer_switch.apply(t)
