"""The questions of the first evening: when they are asked, and on which nights there is only breathing.

What is not known is taken as though it held (`carefully`): a question that nobody answered, and one that somebody was
not sure of, rule out the same as a yes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from voicecoach.person.changes import Rest
from voicecoach.person.person import Answer
from voicecoach.person.progress import needs_rest
from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from voicecoach.person.tonight import Tonight

HOLDS_FOR = timedelta(days=183)
"""Half a year: then the same is asked anew."""
AWAY = timedelta(weeks=2)
"""After a break of this length it is asked whether anything is new; only then, so that nobody learns to say no."""
MAY_BE_NEW = (Condition.RED_FLAGS, Condition.INJURY)
"""What may have come since."""
UNSURE_HOLDS_FOR = timedelta(days=7)
"""Who was not sure is asked again after a week: time enough to think, or to ask somebody."""
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
        if condition not in answers or tonight.now - answers[condition].at > _holds_for(answers[condition])
    )


def _holds_for(answer: Answer) -> timedelta:
    return HOLDS_FOR if answer.sure else UNSURE_HOLDS_FOR


def asks_for_news(tonight: Tonight) -> bool:
    """Whether there has been a break since it was known that there is no red flag, and it is not asked about anyway."""
    answer = tonight.person.answers.get(Condition.RED_FLAGS)
    if answer is None or set(MAY_BE_NEW) & set(due(tonight)):
        return False
    known = [session.ended for session in tonight.person.sessions if answer.at <= session.ended <= tonight.now]
    return any(after - before >= AWAY for before, after in pairwise([*known, tonight.now]))


def carefully(tonight: Tonight) -> Tonight:
    """``tonight``, with everything that is `due` and has not been answered taken as though it held."""
    known = tonight.person.answers
    unknown = {
        condition: Answer(yes=True, at=tonight.now, sure=False)
        for condition in due(tonight)
        if condition not in known or not known[condition].yes
    }
    return replace(tonight, person=replace(tonight.person, answers={**known, **unknown}))


def reason_to_rest(tonight: Tonight, pain: int | None = None) -> Rest | None:
    """Why there is only breathing tonight, if so; `pain` is what was told before tonight's session, from 0 to 10."""
    suggested = tonight.person.suggested_rest
    resting = suggested is not None and suggested <= tonight.now < suggested + REST_LASTS
    if Condition.RED_FLAGS in tonight.conditions:
        return Rest.RED_FLAG if tonight.person.answers[Condition.RED_FLAGS].sure else Rest.UNCLEAR
    if resting or needs_rest(tonight.person, tonight.now):
        return Rest.WORSE
    return Rest.PAIN if pain is not None and pain >= TOO_MUCH_PAIN else None


def only_breathing(tonight: Tonight, pain: int | None = None) -> bool:
    """Whether the back should have rest: see `reason_to_rest`."""
    return reason_to_rest(tonight, pain) is not None
