"""How much of a stretch a night asks for: it begins with the low end of the dose, and grows as the person does.

A level is a number of small steps up from the low end: first repetitions, then seconds (or counts, or breaths), then
sets.  That is the way of the articles ("begin with a few, and gradually increase") and of the American College of
Sports Medicine; the upper end is the article's, and nothing ever leads beyond it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.routine.stretch import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from voicecoach.person.person import Outing, Person
    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.stretch import Amount, Dose

COMFORTABLE_FOR_MORE = 3
"""After so many comfortable sessions in a row there is a little more."""
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

History: TypeAlias = "Sequence[tuple[datetime, Outing]]"
"""The outings of one stretch, oldest first, each with the beginning of its session."""


def outings_by_stretch(tonight: Tonight) -> Mapping[str, History]:
    """The history of each stretch up to now."""
    found: defaultdict[str, list[tuple[datetime, Outing]]] = defaultdict(list)
    for session in tonight.person.sessions:
        if session.began <= tonight.now:
            for outing in session.outings:
                found[outing.key].append((session.began, outing))
    return found


@dataclass(frozen=True, slots=True)
class Course:
    """How it has gone with one stretch so far, and what follows for tonight."""

    level: int = 0
    last: datetime | None = None
    """The last session in which it was done or hurt."""
    rose: bool = False
    """The level is higher tonight than it was then."""
    stepped_back: bool = False
    """The level is lower tonight than it was then, for it is long ago."""
    hurt: bool = False
    """It hurt then."""
    left_out_since: datetime | None = None
    """The session whose pain was once too often."""


def course_of(history: History, key: str, person: Person, now: datetime, top: int) -> Course:
    """The course of the stretch ``key``.

    Args:
        history: Its outings (`outings_by_stretch`).
        key: The stretch.
        person: Who may have asked for more or less of it, or brought it back.
        now: The beginning of tonight.
        top: The highest level of tonight's dose (`top_level`).
    """
    walk = _Walk(person.lengths.get(key, 0), top, _brought_back(person, key))
    for at, outing in history:
        walk.past(at, outing)
    return walk.tonight(now)


def _brought_back(person: Person, key: str) -> datetime | None:
    return max((at for about, at in person.brought_back.items() if about in (key, "")), default=None)


class _Walk:
    """Goes through the history of one stretch, from the first outing to tonight.

    "Longer" and "shorter" move the whole scale: who asked for more begins higher, but pain and breaks lead down to the
    low end all the same; who asked for less stays so far below the upper end.
    """

    def __init__(self, wished: int, top: int, forgiven_until: datetime | None) -> None:
        self._lowest, self._highest = min(0, wished), top + min(0, wished)
        self._level = max(self._lowest, min(wished, self._highest))
        self._forgiven_until = forgiven_until
        self._last: datetime | None = None
        self._rose = self._hurts = False
        self._left_out_since: datetime | None = None
        self._for_more = self._comfortable = self._painful = 0

    def past(self, at: datetime, outing: Outing) -> None:
        if not outing.done and not outing.hurt:
            self._for_more = 0
            return
        if self._last is not None and at - self._last >= BREAK:
            self._take_a_break(at - self._last)
        before = self._level
        if outing.hurt:
            self._hurt(at)
        elif outing.changed:
            self._for_more = self._comfortable = 0
        else:
            self._feel_well(outing)
        self._last, self._hurts, self._rose = at, outing.hurt > 0, self._level > max(0, before)

    def tonight(self, now: datetime) -> Course:
        before = self._shown
        if self._last is not None and now - self._last >= BREAK:
            self._take_a_break(now - self._last)
        lower = self._shown < before
        return Course(
            level=self._shown,
            last=self._last,
            rose=self._rose and not lower,
            stepped_back=lower,
            hurt=self._hurts,
            left_out_since=self._left_out_since,
        )

    @property
    def _shown(self) -> int:
        return max(0, self._level)

    def _take_a_break(self, length: timedelta) -> None:
        self._move(-(length // BREAK))
        self._for_more = 0

    def _hurt(self, at: datetime) -> None:
        self._move(-1)
        self._for_more = self._comfortable = 0
        if self._forgiven_until is None or at > self._forgiven_until:
            self._painful += 1
            if self._painful >= PAINFUL_TO_LEAVE_OUT and self._left_out_since is None:
                self._left_out_since = at

    def _feel_well(self, outing: Outing) -> None:
        self._comfortable += 1
        if self._comfortable >= FORGIVING:
            self._painful = 0
        if outing.level < self._shown:  # a short night's dose says nothing about more than the usual one
            return
        self._for_more += 1
        if self._for_more == COMFORTABLE_FOR_MORE:
            self._move(1)
            self._for_more = 0

    def _move(self, steps: int) -> None:
        self._level = max(self._lowest, min(self._level + steps, self._highest))
