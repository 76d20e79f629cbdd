"""Chooses "something for tonight"."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.person.levels import course_of, outings_by_stretch
from voicecoach.person.progress import FORGOTTEN_AFTER
from voicecoach.person.screening import only_breathing
from voicecoach.routine.stretch import When

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.stretch import Routine

MORNING_FROM, DAY_FROM, EVENING_FROM = 4, 11, 17
"""Hours of the day."""
STILL_SORE = timedelta(hours=40)
"""What hurt since then is yesterday's pain: last night's, or that of the evening before, but no older."""
SOME_PAIN = 5
"""From this rating on, of 10, a night is not one to try something long or new."""
SHORT = 5
"""A routine of so many stretches is a short one."""


def choose(routines: Mapping[str, Routine], tonight: Tonight, pain: int | None = None) -> str:
    """The key of the routine for somebody who wants "something for tonight".

    It is one for this time of day; without what hurt yesterday, where there is such a one; not one of which little is
    left for this person; with pain from `SOME_PAIN` on a short one, and one that is known; and among those the one that
    was done longest ago, a gentle one first.

    Args:
        routines: All routines, by key; at least one.
        tonight: Who, and when.
        pain: What was told before tonight's session, from 0 to 10; None: the latest rating of the last two weeks
            counts.
    """
    candidates = _for_this_hour(routines.values(), tonight)
    if only_breathing(tonight, pain):
        candidates = [one for one in routines.values() if _is_restful(one)] or candidates
    sore, unwanted = _sore(tonight), _unwanted(routines.values(), tonight)
    careful = (_latest_rating(tonight) if pain is None else pain) >= SOME_PAIN
    last_done = {session.routine: session.began.timestamp() for session in tonight.person.sessions}

    def against(routine: Routine) -> tuple[bool, bool, bool, bool, float, bool, int, str]:
        keys = {entry.stretch.key for entry in routine.entries}
        return (
            bool(keys & sore),
            2 * len(keys & unwanted) > len(keys),
            careful and len(routine.entries) > SHORT,
            careful and routine.key not in last_done and not _is_restful(routine),
            last_done.get(routine.key, 0.0),
            _is_restful(routine),
            len(keys),
            routine.key,
        )

    return min(candidates, key=against).key


def _latest_rating(tonight: Tonight) -> int:
    """The pain that was told last, 0 where none was told for long."""
    for session in reversed(tonight.person.sessions):
        rating = session.pain_before if session.pain_after is None else session.pain_after
        if rating is not None and tonight.now - FORGOTTEN_AFTER < session.began <= tonight.now:
            return rating
    return 0


def time_of_day(hour: int) -> When:
    """The kind of routine that an hour of the day is for."""
    if MORNING_FROM <= hour < DAY_FROM:
        return When.MORNING
    return When.DAY if DAY_FROM <= hour < EVENING_FROM else When.BEDTIME


def offered(routines: Iterable[Routine], *, late: bool) -> list[str]:
    """The names of the routines that are told to somebody who asks what there is.

    ``late``: it is bedtime, and what is for the day is not offered, where there is anything else.
    """
    every = list(routines)
    calm = [routine for routine in every if routine.when is not When.DAY]
    return [routine.say[0] for routine in (late and calm) or every]


def _for_this_hour(routines: Iterable[Routine], tonight: Tonight) -> list[Routine]:
    """Those that are meant for this time of day; where there is none, those for any time; else all.

    What is for the day is never chosen at another time, as long as there is anything else.
    """
    every = list(routines)
    wanted = time_of_day(tonight.now.hour)
    for times in ({wanted, When.ANY} if wanted is When.DAY else {wanted}, {When.ANY}, set(When) - {When.DAY}):
        if found := [routine for routine in every if routine.when in times]:
            return found
    return every


def _sore(tonight: Tonight) -> frozenset[str]:
    """What hurt lately."""
    return frozenset(
        outing.key
        for session in tonight.person.sessions
        if tonight.now - STILL_SORE < session.began <= tonight.now
        for outing in session.outings
        if outing.hurt
    )


def _unwanted(routines: Iterable[Routine], tonight: Tonight) -> frozenset[str]:
    """What the person left out, what an answer rules out, and what hurt too often."""
    person, history = tonight.person, outings_by_stretch(tonight)
    every = {entry.stretch.key: entry.stretch for routine in routines for entry in routine.entries}
    ruled_out = {key for key, stretch in every.items() if stretch.not_with & tonight.conditions}
    painful = {key for key in every if any(past.outing.hurt for past in history.get(key, ()))}
    hurt = {key for key in painful if course_of(history[key], key, person, tonight.now, top=0).left_out_since}
    return person.left_out | ruled_out | hurt


def _is_restful(routine: Routine) -> bool:
    return all(entry.stretch.restful for entry in routine.entries)
