"""Tonight's plan: a routine, as it suits this person on this night.

A function of the routine, what is known of the person, and the time.  What an answer of the first evening rules out,
what the person left out and what hurt three times is never in it; there is always at least breathing left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from voicecoach.person.changes import Change, ChangeKind, Difference, Rest, put_together
from voicecoach.person.fitting import TOLERANCE_S, breaths_that_fit, choose_entries, relief_of, session_s
from voicecoach.person.levels import course_of, dose_at, outings_by_stretch, top_level
from voicecoach.person.progress import day_of
from voicecoach.person.screening import reason_to_rest
from voicecoach.routine.planning import Preferences, make_plan, swapped
from voicecoach.routine.stretch import PROPS, Amount, Condition, Dose, Entry, Form, Part, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from voicecoach.person.levels import Course, History
    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.plan import Plan
    from voicecoach.routine.plan_words import PlanWords
    from voicecoach.routine.stretch import Routine, Stretch

__all__ = ["Change", "ChangeKind", "Prepared", "Rest", "prepare"]

BREATHING = "belly-breathing"
"""Key of the stretch that is always left."""
BREATHS = 30
"""Of a night on which there is nothing else: five minutes, which is what breathing needs to do any good."""
ALMOST_NOTHING = 2
"""Where an answer of the first evening leaves no more stretches than this of a routine, breathing follows them."""
FAMILIAR_FROM = 3
"""A stretch that was done so often is known: its words of caution are not said any more."""
MOST_CHANGES = 3
"""More than this is not told in one night; what is left comes up again."""
_OF_A_DOSE = {ChangeKind.MORE, ChangeKind.STEP_BACK}
"""Changes that there is nothing to tell of when every dose is at its low end."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Tonight's plan, and what there is to say about it."""

    plan: Plan
    changes: tuple[Change, ...] = ()
    """What has not been told yet, the weightiest first."""


def prepare(  # noqa: PLR0913, PLR0917 - what a plan is a function of
    routine: Routine,
    tonight: Tonight,
    words: PlanWords,
    stretches: Mapping[str, Stretch],
    minutes: int | None = None,
    pace: float = 1.0,
    pain: int | None = None,
    *,
    gentle: bool = False,
) -> Prepared:
    """The plan of ``routine`` for tonight.

    A back that should rest, or that hurts too much (`screening.TOO_MUCH_PAIN`), only breathes; `Change.rest` tells why.

    Args:
        routine: What was asked for.
        tonight: Who, and when.
        words: The joining words of plans.
        stretches: All stretches, by key; what is swapped in comes from here, and the breathing.
        minutes: What the plan is to be cut to, at least 1; None for the whole routine.
        pace: The pace of counts and breaths, for the length.
        pain: What was told before tonight's session, from 0 to 10; None: it is not known.
        gentle: Whether every dose is to be at its low end.
    """
    night = _Night(routine, tonight, stretches)
    rest = reason_to_rest(tonight, pain)
    entries = night.resting(rest) if rest else night.suited()
    if gentle and not rest:
        entries = night.at_the_low_end(entries)

    def plan_of(some: Sequence[Entry]) -> Plan:
        plan = make_plan(replace(routine, entries=tuple(some)), night.preferences, words)
        return replace(plan, routine=routine)

    def length_s(some: Sequence[Entry]) -> float:
        return session_s(plan_of(some), pace)

    if minutes is not None and length_s(entries) > minutes * 60 + TOLERANCE_S:
        entries = night.cut(entries, minutes, length_s)
    return Prepared(plan_of(entries), put_together(night.differences, tonight.person.told, MOST_CHANGES))


class _Night:
    """Makes the entries of one night, and notes what is different."""

    def __init__(self, routine: Routine, tonight: Tonight, stretches: Mapping[str, Stretch]) -> None:
        self._routine, self._tonight, self._stretches = routine, tonight, stretches
        self._person = tonight.person
        self._history = outings_by_stretch(tonight)
        self.preferences = Preferences(
            familiar=frozenset(key for key, history in self._history.items() if _was_done(history, FAMILIAR_FROM)),
            met=frozenset(key for key, history in self._history.items() if _was_done(history, 1)),
            answered=frozenset(one for one, answer in self._person.answers.items() if not answer.yes),
        )
        self._taken = {entry.stretch.key for entry in routine.entries}
        self._low: dict[str, Dose] = {}
        self._now = tonight.now.isoformat(timespec="minutes")
        self.differences: list[Difference] = []

    def resting(self, why: Rest) -> list[Entry]:
        """What is left on a night on which the back should have rest."""
        self.differences.append(Difference(ChangeKind.ONLY_BREATHING, occasion=self._now, rest=why))
        restful = [
            self._with_props(entry)
            for entry in self._routine.entries
            if entry.stretch.restful
            and entry.stretch.key not in self._person.left_out
            and not self._against(entry.stretch)
        ]
        return [self._long_enough(entry) for entry in restful] or self._breathing()

    def _long_enough(self, entry: Entry) -> Entry:
        """On a night of only breathing, what is held for breaths is held for `BREATHS` at least."""
        hold = entry.dose.hold
        if hold is None or hold.unit is not Unit.BREATHS or hold.low >= BREATHS:
            return entry
        return replace(entry, dose=replace(entry.dose, hold=Amount(BREATHS, max(BREATHS, hold.high), Unit.BREATHS)))

    def suited(self) -> list[Entry]:
        """The routine's entries, as they suit this person."""
        allowed = (self._allowed(entry) for entry in self._routine.entries)
        wanted = (entry for entry in allowed if entry and entry.stretch.key not in self._person.left_out)
        suited = [entry for entry in map(self._as_it_went, wanted) if entry]
        if suited and not self._fills_an_evening(suited) and BREATHING not in self._person.left_out:
            return [*suited, *self._breathing()]
        return suited or self._breathing()

    def _fills_an_evening(self, suited: Sequence[Entry]) -> bool:
        """Whether the routine has few stretches anyway, or enough of them are left, or there is rest among them."""
        ruled_out = any(one.kind is ChangeKind.RULED_OUT for one in self.differences)
        return not ruled_out or len(suited) > ALMOST_NOTHING or any(entry.stretch.restful for entry in suited)

    def cut(self, entries: Sequence[Entry], minutes: int, length_s: Callable[[Sequence[Entry]], float]) -> list[Entry]:
        """What fits into ``minutes``, with every dose at its low end."""
        low = self._low_ends(entries)
        chosen = choose_entries(low, relief_of(self._tonight), minutes, length_s)
        kept = {entry.stretch.key for entry in chosen}
        self.differences = [
            one
            for one in self.differences
            if one.kind not in _OF_A_DOSE and (one.kind is not ChangeKind.EASIER_FIRST or one.stretch in kept)
        ]
        dropped = [entry.stretch.key for entry in entries if entry.stretch.key not in kept]
        for key in dropped or [""]:
            self.differences.append(Difference(ChangeKind.SHORTENED, key, occasion=self._now))
        return list(chosen) or self._few_breaths(minutes, length_s)

    def at_the_low_end(self, entries: Sequence[Entry]) -> list[Entry]:
        """The same with every dose at its low end, on a night on which nobody knows how the back is."""
        low = self._low_ends(entries)
        self.differences = [one for one in self.differences if one.kind not in _OF_A_DOSE]
        if low != list(entries):
            self.differences.append(Difference(ChangeKind.GENTLE, occasion=self._now))
        return low

    def _low_ends(self, entries: Sequence[Entry]) -> list[Entry]:
        return [replace(entry, dose=self._low.get(entry.stretch.key, entry.dose), level=0) for entry in entries]

    # --- one entry

    def _allowed(self, entry: Entry) -> Entry | None:
        """``entry``, or what takes its place where an answer or the bed rules it out, or None."""
        if entry.stretch.key in self._person.left_out:
            return None
        reason = self._against(entry.stretch)
        if reason is None:
            return entry
        stretch = entry.stretch
        other = self._stretches.get((stretch.soft_bed if reason is Condition.SOFT_BED else stretch.instead) or "")
        if other is None or other.key in self._taken | self._person.left_out or self._against(other):
            self.differences.append(Difference(ChangeKind.RULED_OUT, stretch.key, reason, self._unclear_since(reason)))
            return None
        self._taken.add(other.key)
        self.differences.append(Difference(ChangeKind.SWAPPED, stretch.key, reason, self._unclear_since(reason)))
        return swapped(entry, other)

    def _unclear_since(self, condition: Condition) -> str:
        """The day on which somebody was not sure of ``condition``; empty where it is known."""
        answer = self._person.answers.get(condition)
        return "" if answer is None or answer.sure else answer.at.date().isoformat()

    def _against(self, stretch: Stretch) -> Condition | None:
        """What rules ``stretch`` out, if anything; health comes before the bed."""
        conditions = self._tonight.conditions
        against = next((one for one in Condition if one in conditions & stretch.not_with), None)
        on_soft_bed = stretch.soft_bed is not None and Condition.SOFT_BED in conditions
        return against or (Condition.SOFT_BED if on_soft_bed else None)

    def _as_it_went(self, entry: Entry) -> Entry | None:
        """``entry`` with the dose and in the form that past sessions lead to; None where it has hurt too often."""
        key = entry.stretch.key
        history, top = self._history.get(key, ()), top_level(entry.dose)
        course = course_of(history, key, self._person, self._tonight.now, top, self._routine.key)
        if course.left_out_since:
            occasion = course.left_out_since.date().isoformat()
            self.differences.append(Difference(ChangeKind.LEFT_OUT_FOR_PAIN, key, occasion=occasion))
            return None
        self._low[key] = entry.dose
        asked = self._person.forms.get(key, Form.USUAL)
        self._note_course(key, course, asked)
        form = Form.EASIER if course.hurt else asked
        return replace(self._with_props(entry), dose=dose_at(entry.dose, course.level), form=form, level=course.level)

    def _note_course(self, key: str, course: Course, asked: Form) -> None:
        last = course.last.date().isoformat() if course.last else ""
        today = day_of(self._tonight.now).isoformat()
        if course.hurt and asked is not Form.EASIER:
            self.differences.append(Difference(ChangeKind.EASIER_FIRST, key, occasion=last))
        if course.stepped_back:
            self.differences.append(Difference(ChangeKind.STEP_BACK, key, occasion=f"{course.level} {last}"))
        if course.rose:
            self.differences.append(Difference(ChangeKind.MORE, key, occasion=f"{course.level} {today}"))

    def _with_props(self, entry: Entry) -> Entry:
        return replace(entry, props=self._person.props & PROPS)

    # --- breathing

    def _breathing(self, breaths: int = BREATHS) -> list[Entry]:
        """What is left when nothing else is, even if it was left out: nobody is sent away."""
        stretch = self._stretches.get(BREATHING)
        dose = Dose(hold=Amount(breaths, breaths, Unit.BREATHS))
        return [self._with_props(Entry(stretch, dose, part=Part.COOL_DOWN))] if stretch else []

    def _few_breaths(self, minutes: int, length_s: Callable[[Sequence[Entry]], float]) -> list[Entry]:
        return self._breathing(breaths_that_fit(minutes, BREATHS, lambda breaths: length_s(self._breathing(breaths))))


def _was_done(history: History, times: int) -> bool:
    """Whether it was done so many times at least."""
    done = (past for past in history if past.outing.done)
    return len(list(islice(done, times))) == times
