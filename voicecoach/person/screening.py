"""The questions of the first evening: when they are asked, and on which nights there is only breathing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.person.changes import Rest
from voicecoach.person.progress import needs_rest
from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from voicecoach.person.tonight import Tonight

HOLDS_FOR = timedelta(days=183)
"""Half a year: then the same is asked anew."""
REST_LASTS = timedelta(hours=20)
"""So long after rest was suggested there is only breathing: the rest of the night, and the next day."""
TOO_MUCH_PAIN = 8
"""From this rating on, of 10, a night is for breathing only: pain is called severe from 7 or 8 on."""


def due(tonight: Tonight) -> tuple[Condition, ...]:
    """What is to be asked now, in the order in which it is asked; empty when every answer is there and still holds."""
    answers = tonight.person.answers
    return tuple(
        condition
        for condition in Condition
        if condition not in answers or tonight.now - answers[condition].at > HOLDS_FOR
    )


def reason_to_rest(tonight: Tonight, pain: int | None = None) -> Rest | None:
    """Why there is only breathing tonight, if so; `pain` is what was told before tonight's session, from 0 to 10."""
    suggested = tonight.person.suggested_rest
    resting = suggested is not None and suggested <= tonight.now < suggested + REST_LASTS
    if Condition.RED_FLAGS in tonight.conditions:
        return Rest.RED_FLAG
    if resting or needs_rest(tonight.person, tonight.now):
        return Rest.WORSE
    return Rest.PAIN if pain is not None and pain >= TOO_MUCH_PAIN else None


def only_breathing(tonight: Tonight, pain: int | None = None) -> bool:
    """Whether the back should have rest: see `reason_to_rest`."""
    return reason_to_rest(tonight, pain) is not None
