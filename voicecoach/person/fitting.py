"""Fits a plan into the minutes that somebody has tonight.

Doses go down to their low end before a stretch is dropped; the warm-up and the cool-down stay; of the others, what
helped this person most.  What is left of the time is for fewer rounds of what was too long, and for a long quiet hold,
with fewer breaths than on other nights.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

from voicecoach.routine.plan import remaining_s
from voicecoach.routine.stretch import Amount, Part, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.plan import Plan
    from voicecoach.routine.stretch import Entry

TOLERANCE_S = 30.0
"""How much longer than asked for a plan may be by our estimate; as much more is left for the errors of that."""
GREETING_S = 12.0
"""What the coach says around a session besides the routine's own opening and closing."""
LARGEST_SHARE = 0.55
"""A warm-up or cool-down that would fill more of the time than this makes room for another one."""
FEWEST_BREATHS = 5
"""So few are held on a short night, nearly a minute, of what is else held for many breaths; fewer are not worth it."""
RECENT_SESSIONS = 60
"""What helped is judged by so many of the latest sessions."""
_FEWEST_SESSIONS = 3


def session_s(plan: Plan, pace: float) -> float:
    """Estimated length of a session in seconds, from the greeting to the last word."""
    spoken = sum(
        plan.durations.speech_s(text) for text in (plan.routine.name, plan.routine.opening, plan.routine.closing)
    )
    return GREETING_S + spoken + (remaining_s(plan, 0, 0, 0.0, pace) if plan.steps else 0.0)


def choose_entries(
    entries: Sequence[Entry], relief: Mapping[str, float], minutes: int, length_s: Callable[[Sequence[Entry]], float]
) -> tuple[Entry, ...]:
    """Those of ``entries`` that fit into ``minutes``, in their order.

    None where there is room for neither a warm-up nor a cool-down, not even for a single round of one: that is time to
    breathe, not to stretch.

    Args:
        entries: Their doses are at their low end; holds of many breaths may become shorter still.
        relief: What helped this person, by stretch (`relief_of`).
        minutes: What was asked for.
        length_s: Tells how many seconds a session of some entries lasts.
    """
    limit_s = minutes * 60 + TOLERANCE_S

    def fits(some: Mapping[int, Entry]) -> bool:
        return length_s(_in_order(some)) <= limit_s

    fitted = _around(entries, minutes, length_s, fits)
    if not fitted:
        most = max((entry.dose.sets for entry in entries), default=1)
        if most == 1:
            return ()
        fewer = [replace(entry, dose=replace(entry.dose, sets=min(entry.dose.sets, most - 1))) for entry in entries]
        return choose_entries(fewer, relief, minutes, length_s)
    helpful = sorted(range(len(entries)), key=lambda i: -relief.get(entries[i].stretch.key, 0.0))
    for index in helpful:
        if index not in fitted and fits({**fitted, index: entries[index]}):
            fitted[index] = entries[index]
    for index in helpful:
        if index not in fitted:
            short = _with_fewer_rounds(index, fitted, entries, limit_s, length_s)
            short = short or _with_few_breaths(index, fitted, entries, minutes, length_s)
            fitted.update({index: short} if short else {})
    return _in_order(fitted)


def _around(
    entries: Sequence[Entry],
    minutes: int,
    length_s: Callable[[Sequence[Entry]], float],
    fits: Callable[[Mapping[int, Entry]], bool],
) -> dict[int, Entry]:
    """The warm-up and the cool-down, each as far as there is time for one, by their place."""
    most_s = minutes * 60 * (LARGEST_SHARE if len(entries) > 1 else 1.0)
    found: dict[int, Entry] = {}
    for part in (_marked(entries, Part.WARM_UP), _marked(entries, Part.COOL_DOWN)[::-1]):
        for index, entry in (*((i, entries[i]) for i in part), *_curtailed(part, entries, length_s)):
            if length_s([entry]) - length_s([]) <= most_s and fits({**found, index: entry}):
                found[index] = entry
                break
    return found


def _in_order(entries: Mapping[int, Entry]) -> tuple[Entry, ...]:
    return tuple(entries[index] for index in sorted(entries))


def _curtailed(
    part: Sequence[int], entries: Sequence[Entry], length_s: Callable[[Sequence[Entry]], float]
) -> Iterator[tuple[int, Entry]]:
    """The entries of a part that are held for breaths, held once and for ever fewer of them; the shortest first."""
    for index in sorted(part, key=lambda i: length_s([entries[i]])):
        dose = entries[index].dose
        if dose.hold is not None and dose.hold.unit is Unit.BREATHS:
            once = replace(dose, at_most=1 if dose.at_most else None)
            for breaths in range(dose.hold.low, FEWEST_BREATHS - 1, -1):
                short = replace(once, hold=replace(dose.hold, low=breaths))
                yield index, replace(entries[index], dose=short)


def _with_fewer_rounds(
    index: int,
    fitted: Mapping[int, Entry],
    entries: Sequence[Entry],
    limit_s: float,
    length_s: Callable[[Sequence[Entry]], float],
) -> Entry | None:
    """An entry that was too long to be among the ``fitted``, with as many rounds as there is still time for."""
    entry = entries[index]
    for rounds in range(entry.dose.sets - 1, 0, -1):
        short = replace(entry, dose=replace(entry.dose, sets=rounds))
        if length_s(_in_order({**fitted, index: short})) <= limit_s:
            return short
    return None


def _with_few_breaths(
    index: int,
    fitted: Mapping[int, Entry],
    entries: Sequence[Entry],
    minutes: int,
    length_s: Callable[[Sequence[Entry]], float],
) -> Entry | None:
    """An entry that was too long to be among the ``fitted``, with as many breaths as there is still time for."""
    entry, hold = entries[index], entries[index].dose.hold
    if hold is None or hold.unit is not Unit.BREATHS:
        return None

    def with_breaths(breaths: int) -> Entry:
        return replace(entry, dose=replace(entry.dose, hold=Amount(breaths, hold.high, hold.unit)))

    def length_with(breaths: int) -> float:
        return length_s(_in_order({**fitted, index: with_breaths(breaths)}))

    breaths = breaths_that_fit(minutes, hold.low, length_with)
    return with_breaths(breaths) if breaths >= FEWEST_BREATHS else None


def _marked(entries: Sequence[Entry], part: Part) -> list[int]:
    """Where the entries of a part are; where it has been left out, the outermost entry takes its place."""
    found = [i for i, entry in enumerate(entries) if entry.part is part]
    return found or ([0] if part is Part.WARM_UP else [len(entries) - 1])[: len(entries)]


def relief_of(tonight: Tonight) -> Mapping[str, float]:
    """By how many points pain fell, on average, over the sessions in which a stretch was done.

    Stretches with fewer than three rated sessions are not among them.
    """
    falls: defaultdict[str, list[int]] = defaultdict(list)
    for session in [one for one in tonight.person.sessions if one.began <= tonight.now][-RECENT_SESSIONS:]:
        if session.pain_before is not None and session.pain_after is not None:
            for outing in session.outings:
                if outing.done:
                    falls[outing.key].append(session.pain_before - session.pain_after)
    return {key: fmean(of) for key, of in falls.items() if len(of) >= _FEWEST_SESSIONS}


def breaths_that_fit(minutes: int, usual: int, length_s: Callable[[int], float]) -> int:
    """The most breaths, up to ``usual``, that fit into ``minutes``; at least one."""
    fitting = (breaths for breaths in range(usual, 1, -1) if length_s(breaths) <= minutes * 60 + TOLERANCE_S)
    return next(fitting, 1)
