"""Where a session is, as a short text that outlives a power cut, and back again.

The text says only what cannot be planned anew.  It is read with the routines and the person of the moment: what it
names and is there no more is passed over.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.dialogue.body import Body
from voicecoach.dialogue.events import ForgetPlace, KeepPlace
from voicecoach.dialogue.state import Mode, Place, Question, Session
from voicecoach.languages.language import LARGEST_NUMBER
from voicecoach.person.adapting import prepare
from voicecoach.person.screening import carefully
from voicecoach.routine.ways import ANYWHERE, LYING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.dialogue.events import Action
    from voicecoach.dialogue.state import State
    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.plan import Plan, Step
    from voicecoach.routine.plan_words import PlanWords
    from voicecoach.routine.stretch import Routine, Stretch

_Text: TypeAlias = "dict[str, object]"
_LONGEST_S = 24 * 3600.0
_MOST_BEATS = 10_000


def changes_of_place(before: State, after: State) -> tuple[Action, ...]:
    """What to keep after a step of the dialogue: the place, where it is another; nothing once a session is over."""
    if _under_way(after):
        same = _under_way(before) and _text(before) == _text(after)
        return () if same else (KeepPlace(text_of(after)),)
    return (ForgetPlace(),) if _holds_a_place(before) and not _holds_a_place(after) else ()


def _under_way(state: State) -> bool:
    mode = state.asked.behind if state.asked else state.mode
    return state.session is not None and mode is not Mode.CLOSING


def _holds_a_place(state: State) -> bool:
    return _under_way(state) or (state.asked is not None and state.asked.question is Question.RESUME)


def text_of(state: State) -> str:
    """The place of the session under way, in one line."""
    began_s = state.session.began_s if state.session else state.now_s
    return json.dumps(_text(state) | {"second": round(state.now_s - began_s)}, separators=(",", ":"))


def _text(state: State) -> _Text:
    """All but the time."""
    session = state.session
    if session is None:
        return {}
    return {
        "routine": session.plan.routine.key,
        "minutes": session.minutes,
        "stretches": [step.stretch.key for step in session.plan.steps],
        "step": session.place.step,
        "beat": session.place.aims_at,
        "lies": session.body.lies,
        "round": session.round,
        "hurt": sorted(session.hurt),
        "hurts": session.hurts,
        "dropped": sorted(session.dropped),
        "easier": sorted(session.easier),
        "pain": session.pain_before,
        "gentle": session.gentle,
    }


def read_session(  # noqa: PLR0913, PLR0917 - what a plan is a function of, and what was kept
    text: str,
    routines: Mapping[str, Routine],
    stretches: Mapping[str, Stretch],
    tonight: Tonight,
    words: PlanWords,
    pace: float,
    now_s: float,
) -> Session | None:
    """The session that `text_of` told of, planned anew; None where that cannot be done.

    A stretch that is not in the plan any more is passed over, and so is one that was dropped: the next one of the old
    plan that is also in the new one takes its place.
    """
    kept = _read(text)
    routine = routines.get(_word(kept, "routine"))
    if routine is None:
        return None
    dropped = _words(kept, "dropped")
    minutes, second = _number(kept, "minutes", 24 * 60), _number(kept, "second", _LONGEST_S)
    pain = _number(kept, "pain", LARGEST_NUMBER)
    gentle = kept.get("gentle") is True
    careful = carefully(tonight)
    plan = prepare(routine, careful, words, stretches, minutes, pace, pain, gentle=gentle).plan
    old = _list(kept, "stretches")
    step, beat = _number(kept, "step", len(old)), _number(kept, "beat", _MOST_BEATS)
    round_ = _number(kept, "round", _MOST_BEATS)
    plan = replace(plan, steps=tuple(s for s in plan.steps if s.stretch.key in old and s.stretch.key not in dropped))
    place = None if step is None else _place(plan, old, step, beat or 0, round_)
    if place is None:
        return None
    return Session(
        plan,
        place,
        body=Body(LYING if kept.get("lies") is True else ANYWHERE),
        hurt=_words(kept, "hurt"),
        hurts=_number(kept, "hurts", 1000) or 0,
        dropped=dropped,
        easier=_words(kept, "easier"),
        began_s=now_s - (second or 0),
        minutes=minutes,
        pain_before=pain,
        gentle=gentle,
    )


def _place(plan: Plan, old: list[str], step: int, beat: int, round_: int | None) -> Place | None:
    """The place in ``plan`` that answers to a step of the ``old`` one; None when nothing is left after it."""
    index = _index(plan, old, step)
    if index is not None:
        return Place(index, _beat(plan.steps[index], beat, round_))
    followers = (_index(plan, old, later) for later in range(step + 1, len(old)))
    index = next((found for found in followers if found is not None), None)
    return None if index is None else Place(index)


def _beat(step: Step, beat: int, round_: int | None) -> int:
    """Where to go on in ``step``: at ``beat``, or where that is in another round now, at the beginning of the old one.

    The beats of a step change with what the person knows by now and has no need to be told.  A place that was kept
    before there were rounds has none.
    """
    there = beat < len(step.beats)
    if there and round_ in (None, step.round_at(beat)):
        return beat
    return step.rounds[round_].begins_at if round_ and round_ < len(step.rounds) else 0


def _index(plan: Plan, old: list[str], step: int) -> int | None:
    """Where the stretch of an ``old`` step is in ``plan``; a stretch may come more than once."""
    if step >= len(old):
        return None
    times = old[:step].count(old[step])
    found = [index for index, one in enumerate(plan.steps) if one.stretch.key == old[step]]
    return found[times] if times < len(found) else None


# --- reading what may be anything -------------------------------------------------------------------------------------


def _read(text: str) -> _Text:
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _word(kept: _Text, key: str) -> str:
    word = kept.get(key)
    return word if isinstance(word, str) else ""


def _list(kept: _Text, key: str) -> list[str]:
    words = kept.get(key)
    return [word for word in words if isinstance(word, str)] if isinstance(words, list) else []


def _words(kept: _Text, key: str) -> frozenset[str]:
    return frozenset(_list(kept, key))


def _number(kept: _Text, key: str, most: float) -> int | None:
    number = kept.get(key)
    is_one = isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= most
    return int(number) if is_one and isinstance(number, int | float) else None
