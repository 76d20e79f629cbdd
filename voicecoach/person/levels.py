"""How much of a stretch a night asks for: it begins with the low end of the dose, and grows as the person does.

A level is a number of small steps up from the low end: first repetitions, then seconds (or counts, or breaths), then
sets.  That is the way of the articles ("begin with a few, and gradually increase") and of the American College of
Sports Medicine; the upper end is the article's, and nothing ever leads beyond it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import takewhile
from math import ceil
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.person.progress import did_harm
from voicecoach.routine.stretch import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from voicecoach.person.person import Outing, Person
    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.stretch import Amount, Dose

COMFORTABLE_FOR_MORE = 3
"""After so many comfortable sessions of one routine in a row there is a little more."""
BREAK = timedelta(weeks=2)
"""After a break of this length there is a little less; after twice this length, twice."""
PAINFUL_TO_LEAVE_OUT = 3
"""After so many sessions with pain in it, a stretch is left out."""
FORGIVING = 10
"""After so many comfortable sessions in a row, earlier pain no longer counts."""

# --- doses ------------------------------------------------------------------------------------------------------------

_STEP = {Unit.SECONDS: 5, Unit.COUNTS: 1, Unit.BREATHS: 1, Unit.TIMES: 1}
_MOST_STEPS = 5
"""From the lower to the upper end of one amount; wider ranges have wider steps."""


def top_level(dose: Dose) -> int:
    """The level at which ``dose`` has come to its upper end; 0 where it is one figure."""
    return len(_figures(dose.repeat)) + len(_figures(dose.hold)) + dose.more_sets


def dose_at(dose: Dose, level: int) -> Dose:
    """``dose`` with its lower end, which is what is done, raised to ``level``."""
    repeat, level = _raised(dose.repeat, level)
    hold, level = _raised(dose.hold, level)
    sets = min(dose.more_sets, level)
    return replace(dose, repeat=repeat, hold=hold, sets=dose.sets + sets, more_sets=dose.more_sets - sets)


def _raised(amount: Amount | None, level: int) -> tuple[Amount | None, int]:
    """``amount`` raised by ``level`` steps, and the steps that were left over."""
    figures = _figures(amount)
    steps = min(level, len(figures))
    raised = replace(amount, low=figures[steps - 1]) if amount and steps else amount
    return raised, level - steps


def _figures(amount: Amount | None) -> tuple[int, ...]:
    """The figures above the lower end, in small steps up to the upper end."""
    if amount is None or amount.low == amount.high:
        return ()
    smallest = _STEP[amount.unit]
    step = smallest * ceil((amount.high - amount.low) / (smallest * _MOST_STEPS))
    return (*range(amount.low + step, amount.high, step), amount.high)


# --- history ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Past:
    """One outing of a stretch, and of its session what matters for it."""

    at: datetime
    """When the session began."""
    outing: Outing
    routine: str = ""
    harm: bool = False
    """The back felt worse after the session (`progress.did_harm`)."""

    @property
    def comfortable(self) -> bool:
        return self.outing.comfortable and not self.harm


History: TypeAlias = "Sequence[Past]"
"""The outings of one stretch, oldest first."""


def outings_by_stretch(tonight: Tonight) -> Mapping[str, History]:
    """The history of each stretch up to now."""
    found: defaultdict[str, list[Past]] = defaultdict(list)
    for session in tonight.person.sessions:
        if session.began <= tonight.now:
            harm = did_harm(session)
            for outing in session.outings:
                found[outing.key].append(Past(session.began, outing, session.routine, harm))
    return found


@dataclass(frozen=True, slots=True)
class Course:
    """How it has gone with one stretch so far, and what follows for tonight."""

    level: int = 0
    last: datetime | None = None
    """The last session in which it was done or hurt."""
    rose: bool = False
    """The level is higher tonight than what was done the last time in this routine."""
    stepped_back: bool = False
    """The level is lower tonight than it was then, for it is long ago."""
    hurt: bool = False
    """It hurt in the last session in which it was done or hurt."""
    left_out_since: datetime | None = None
    """The session whose pain was once too often."""


def course_of(  # noqa: PLR0913, PLR0917 - what a course is a function of
    history: History, key: str, person: Person, now: datetime, top: int, routine: str = ""
) -> Course:
    """The course of the stretch ``key`` in ``routine``.

    Routines ask for different doses of one stretch, so what was comfortable in another one leads to no more in this
    one.  Whatever was not comfortable counts, wherever it was.

    Args:
        history: Its outings in all routines (`outings_by_stretch`).
        key: The stretch.
        person: Who may have asked for more or less of it, or brought it back, and to whom rest was suggested.
        now: The beginning of tonight.
        top: The highest level of tonight's dose (`top_level`).
        routine: The routine that asks for this dose; where only pain matters, it is not needed.
    """
    walk = _Walk(person.lengths.get(key, 0), top, routine, _brought_back(person, key))
    rests = deque([*person.rests_before, *([person.suggested_rest] if person.suggested_rest else [])])
    for past in history:
        while rests and rests[0] < past.at:
            rests.popleft()
            walk.rest()
        walk.past(past)
    for _ in takewhile(lambda rest: rest <= now, rests):
        walk.rest()
    return walk.tonight(now)


def _brought_back(person: Person, key: str) -> datetime | None:
    return max((at for about, at in person.brought_back.items() if about in (key, "")), default=None)


class _Walk:
    """Goes through the history of one stretch, from the first outing to tonight.

    "Longer" and "shorter" move the whole scale: who asked for more begins higher, but pain, harm and breaks lead down
    to the low end all the same; who asked for less stays so far below the upper end.
    """

    def __init__(self, wished: int, top: int, routine: str, forgiven_until: datetime | None) -> None:
        self._lowest, self._highest = min(0, wished), top + min(0, wished)
        self._level = max(self._lowest, min(wished, self._highest))
        self._routine = routine
        self._forgiven_until = forgiven_until
        self._last: datetime | None = None
        self._done_here: int | None = None
        """The level that was done the last time in this routine."""
        self._hurts = False
        self._left_out_since: datetime | None = None
        self._for_more = self._comfortable = self._painful = 0

    def past(self, past: Past) -> None:
        outing = past.outing
        if not outing.done and not outing.hurt:
            self._for_more = 0
            return
        if self._last is not None and past.at - self._last >= BREAK:
            self._take_a_break(past.at - self._last)
        if past.comfortable:
            self._feel_well(past)
        else:
            self._feel_unwell(past)
        self._last, self._hurts = past.at, outing.hurt > 0
        if outing.done and past.routine == self._routine:
            self._done_here = outing.level

    def rest(self) -> None:
        """Rest was suggested: after it, it begins with a little less."""
        self._move(-1)
        self._for_more = 0

    def tonight(self, now: datetime) -> Course:
        before = self._shown
        if self._last is not None and now - self._last >= BREAK:
            self._take_a_break(now - self._last)
        return Course(
            level=self._shown,
            last=self._last,
            rose=self._done_here is not None and self._shown > self._done_here,
            stepped_back=self._shown < before,
            hurt=self._hurts,
            left_out_since=self._left_out_since,
        )

    @property
    def _shown(self) -> int:
        return max(0, self._level)

    def _take_a_break(self, length: timedelta) -> None:
        self._move(-(length // BREAK))
        self._for_more = 0

    def _feel_unwell(self, past: Past) -> None:
        self._for_more = self._comfortable = 0
        if past.outing.hurt or past.harm:
            self._move(-1)
        if past.outing.hurt and (self._forgiven_until is None or past.at > self._forgiven_until):
            self._painful += 1
            if self._painful >= PAINFUL_TO_LEAVE_OUT and self._left_out_since is None:
                self._left_out_since = past.at

    def _feel_well(self, past: Past) -> None:
        self._comfortable += 1
        if self._comfortable >= FORGIVING:
            self._painful = 0
        if past.routine != self._routine or past.outing.level < self._shown:
            return  # neither another routine's dose nor a short night's says anything about more than the usual one
        self._for_more += 1
        if self._for_more == COMFORTABLE_FOR_MORE:
            self._move(1)
            self._for_more = 0

    def _move(self, steps: int) -> None:
        self._level = max(self._lowest, min(self._level + steps, self._highest))
