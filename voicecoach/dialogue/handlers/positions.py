"""What is done for somebody who cannot kneel, or cannot lie on the front: without it tonight, and for good if wished.

Trouble kneeling is a question of the first evening, so that what serves instead takes its place.  Lying on the front is
none: what needs it is left out as by "never again", and "bring it back" brings it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.handlers.asking import asked, go_back
from voicecoach.dialogue.handlers.base import handler
from voicecoach.dialogue.handlers.guiding import go_to_step, step_after
from voicecoach.dialogue.handlers.need import lead_out
from voicecoach.dialogue.handlers.safety import is_dropped
from voicecoach.dialogue.handlers.sessions import rest
from voicecoach.dialogue.state import Mode, Question
from voicecoach.person.adapting import prepare
from voicecoach.person.facts import Fact
from voicecoach.person.person import Answer, Condition, Person
from voicecoach.routine.stretch import Position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.dialogue.transition import Transition
    from voicecoach.routine.plan import Step

NEEDED: Final[Mapping[Question, frozenset[Position]]] = {
    Question.ON_KNEES: frozenset({Position.HANDS_AND_KNEES, Position.KNEELING}),
    Question.ON_FRONT: frozenset({Position.ON_FRONT}),
}
"""The positions that each question is about."""


@handler(Mode.ASKING, Mode.HURT, stays=True)
def cannot_kneel(t: Transition) -> None:
    _go_without(t, Question.ON_KNEES)


@handler(Mode.ASKING, Mode.HURT, stays=True)
def cannot_be_prone(t: Transition) -> None:
    _go_without(t, Question.ON_FRONT)


@handler(Mode.ASKING, stays=True)
def never_kneel(t: Transition) -> None:
    """The same while no stretch is on: only the question."""
    _ask_at_rest(t, Question.ON_KNEES)


@handler(Mode.ASKING, stays=True)
def never_prone(t: Transition) -> None:
    _ask_at_rest(t, Question.ON_FRONT)


def _go_without(t: Transition, question: Question) -> None:
    """Out of the stretch, if it needs what cannot be done, and none such later; the question whether for good."""
    _leave_out_later(t, question)
    known, session = _is_known(t, question), t.session
    stretch = session.step.stretch
    if stretch.position not in NEEDED[question]:
        _ask_or_say(t, question)
        return
    if stretch.key not in session.dropped:
        t.note(Fact.STRETCH_SKIPPED, stretch.key)
    words = f"{lead_out(t)} {t.words.done_without}".strip()
    t.state = replace(t.state, session=replace(t.session, dropped=t.session.dropped | {stretch.key}))
    if known:
        t.say(f"{words} {t.words.hurt_twice_again}", must=True)
    else:
        t.ask_after(words, question)


def _ask_at_rest(t: Transition, question: Question) -> None:
    if t.state.mode is Mode.CLOSING and not _is_known(t, question):
        rest(t, Mode.ASLEEP if t.state.falls_asleep else Mode.REST)
    _ask_or_say(t, question)


def _ask_or_say(t: Transition, question: Question) -> None:
    if _is_known(t, question):
        t.say(t.words.done_without, remember=False)
    else:
        t.ask(question, before=t.words.done_without)


def _is_known(t: Transition, question: Question) -> bool:
    """Whether all of it is left out for good already."""
    if question is Question.ON_KNEES:
        return Condition.KNEELING in t.tonight.conditions
    return not _on_front(t)


def _on_front(t: Transition) -> list[str]:
    """Keys of what is done on the front and not left out, in an order that is always the same."""
    prone, left_out = NEEDED[Question.ON_FRONT], t.person.left_out
    stretches = t.state.knows.stretches.values()
    return sorted(one.key for one in stretches if one.position in prone and one.key not in left_out)


def _leave_out_later(t: Transition, question: Question) -> None:
    """What comes later tonight and needs it is left out, or what serves instead takes its place."""
    session, needed = t.session, NEEDED[question]
    here = session.place.step + 1
    kept = list(session.plan.steps[:here])
    others = _in_place_of_kneeling(t) if question is Question.ON_KNEES else {}
    for step in session.plan.steps[here:]:
        if step.stretch.position not in needed:
            kept.append(step)
        elif (other := others.get(step.stretch.instead or "")) and other.stretch.key not in {
            one.stretch.key for one in (*kept, *session.plan.steps)
        }:
            kept.append(other)
    t.state = replace(t.state, session=replace(session, plan=replace(session.plan, steps=tuple(kept))))


def _in_place_of_kneeling(t: Transition) -> dict[str, Step]:
    """The steps that this routine would have for somebody who has trouble kneeling, by key."""
    knows, person = t.state.knows, _with_trouble_kneeling(t)
    routine = knows.routines[t.session.plan.routine.key]
    tonight = replace(t.tonight, person=person)
    plan = prepare(
        routine, tonight, t.language.plan, knows.stretches, pace=t.state.pace, pain=t.session.pain_before
    ).plan
    return {step.stretch.key: step for step in plan.steps}


def _with_trouble_kneeling(t: Transition) -> Person:
    answers = {**t.person.answers, Condition.KNEELING: Answer(yes=True, at=t.time_of_day)}
    return replace(t.person, answers=answers)


# --- answers ----------------------------------------------------------------------------------------------------------


def never_on_knees(t: Transition) -> None:
    t.note(Fact.ANSWERED, Condition.KNEELING.value, value=1)
    t.remember(_with_trouble_kneeling(t))
    _go_past(t, t.words.left_out_then)


def never_on_front(t: Transition) -> None:
    keys = _on_front(t)
    for key in keys:
        t.note(Fact.LEFT_OUT, key)
    t.remember(replace(t.person, left_out=t.person.left_out.union(keys)))
    _go_past(t, t.words.left_out_then)


def not_tonight(t: Transition) -> None:
    _go_past(t, t.words.only_tonight)


def _go_past(t: Transition, remark: str) -> None:
    """On to the next stretch, where the one that is on cannot be done; back to what was going on otherwise."""
    if asked(t).behind is Mode.HURT and is_dropped(t):
        go_to_step(t, step_after(t), remark)
    else:
        go_back(t, remark)
