"""The questions of the first evening: when they are asked, and on which nights there is only breathing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from voicecoach.person.progress import needs_rest
from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from voicecoach.person.tonight import Tonight

HOLDS_FOR = timedelta(days=183)
"""Half a year: then the same is asked anew."""
REST_LASTS = timedelta(hours=20)
"""So long after rest was suggested there is only breathing: the rest of the night, and the next day."""


def due(tonight: Tonight) -> tuple[Condition, ...]:
    """What is to be asked now, in the order in which it is asked; empty when every answer is there and still holds."""
    answers = tonight.person.answers
    return tuple(
        condition
        for condition in Condition
        if condition not in answers or tonight.now - answers[condition].at > HOLDS_FOR
    )


def only_breathing(tonight: Tonight) -> bool:
    """Whether the back should have rest: a red flag, or pain that stretching has made worse."""
    suggested = tonight.person.suggested_rest
    resting = suggested is not None and suggested <= tonight.now < suggested + REST_LASTS
    return resting or Condition.RED_FLAGS in tonight.conditions or needs_rest(tonight.person, tonight.now)
