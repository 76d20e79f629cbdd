"""What holds for every person, every history and every night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from a_person import LIBRARY, NOW, WORDS
from hypothesis import assume, example, given
from hypothesis import strategies as st

from voicecoach.person.adapting import BREATHING, BREATHS, Prepared, prepare
from voicecoach.person.choosing import choose
from voicecoach.person.facts import Fact
from voicecoach.person.fitting import session_s
from voicecoach.person.levels import PAINFUL_TO_LEAVE_OUT, dose_at, top_level
from voicecoach.person.person import Answer, Condition, Form, Outing, PastSession, Person
from voicecoach.person.screening import only_breathing
from voicecoach.person.tonight import Tonight
from voicecoach.routine.plan import Cycle, Hold, Say
from voicecoach.routine.stretch import PROPS, Dose, Entry, Routine, Sides, Stretch, Unit

if TYPE_CHECKING:
    from collections.abc import Callable

STRETCHES = LIBRARY.stretches
KEYS = st.sampled_from(sorted(STRETCHES))
ROUTINES = st.sampled_from(sorted(LIBRARY.routines.values(), key=lambda one: one.key))
PAIN = st.none() | st.integers(0, 10)
MINUTES = st.none() | st.integers(1, 30)

OUTINGS = st.builds(
    Outing,
    key=KEYS,
    done=st.booleans(),
    hurt=st.sampled_from([0, 0, 0, 1, 2]),
    changed=st.booleans(),
    level=st.integers(0, 12),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[PastSession, ...]:
    """Up to a month of sessions with gaps between them; what goes well is likely to go well again."""
    days = sorted(draw(st.lists(st.floats(0.1, 80), max_size=30)), reverse=True)
    usual = draw(st.lists(OUTINGS, max_size=8, unique_by=lambda outing: outing.key))
    made = []
    for day in days:
        outings = draw(st.just(usual) | st.lists(OUTINGS, max_size=8, unique_by=lambda outing: outing.key))
        began = NOW - timedelta(days=day)
        routine = draw(ROUTINES).key
        ending = draw(st.sampled_from([Fact.SESSION_FINISHED, Fact.SESSION_ENDED_EARLY, None]))
        made.append(PastSession(routine, began, began, ending, tuple(outings), draw(PAIN), draw(PAIN)))
    return tuple(made)


TIMES = st.floats(0, 90).map(lambda day: NOW - timedelta(days=day))
PEOPLE = st.builds(
    Person,
    sessions=histories(),
    answers=st.dictionaries(st.sampled_from(Condition), st.builds(Answer, yes=st.booleans(), at=TIMES)),
    left_out=st.frozensets(KEYS, max_size=6),
    brought_back=st.dictionaries(KEYS | st.just(""), TIMES, max_size=3),
    forms=st.dictionaries(KEYS, st.sampled_from(Form), max_size=5),
    lengths=st.dictionaries(KEYS, st.integers(-5, 5), max_size=5),
    props=st.frozensets(st.sampled_from(sorted(PROPS))),
    suggested_rest=st.none() | TIMES,
)
NIGHTS = st.builds(Tonight, now=st.just(NOW), person=PEOPLE, soft_bed=st.booleans())


def of(routine: Routine, tonight: Tonight, minutes: int | None = None, pace: float = 1.0) -> Prepared:
    return prepare(routine, tonight, WORDS, STRETCHES, minutes, pace)


@given(ROUTINES, NIGHTS, MINUTES)
def test_there_is_always_something_left_and_it_is_allowed(
    routine: Routine, tonight: Tonight, minutes: int | None
) -> None:
    steps = of(routine, tonight, minutes).plan.steps

    assert steps
    for step in steps:
        assert not step.stretch.not_with & tonight.conditions
        assert step.stretch.key not in tonight.person.left_out or (len(steps) == 1 and step.stretch.restful)
        if Condition.RED_FLAGS in tonight.conditions:
            assert step.stretch.restful


@given(ROUTINES, NIGHTS, MINUTES)
def test_nothing_is_done_twice_and_the_order_is_the_routines(
    routine: Routine, tonight: Tonight, minutes: int | None
) -> None:
    keys = [step.stretch.key for step in of(routine, tonight, minutes).plan.steps]
    order = [entry.stretch.key for entry in routine.entries]
    kept = [key for key in keys if key in order]

    assert len(set(keys)) == len(keys)
    assert kept == [key for key in order if key in keys]


def amounts(dose: Dose) -> tuple[int, int, int]:
    """What is done: repetitions, hold, sets."""
    return (dose.repeat.low if dose.repeat else 1, dose.hold.low if dose.hold else 0, dose.sets)


@given(ROUTINES, NIGHTS, MINUTES)
def test_no_dose_is_beyond_its_ends_and_the_plan_does_what_the_dose_says(
    routine: Routine, tonight: Tonight, minutes: int | None
) -> None:
    written = {entry.stretch.key: entry.dose for entry in routine.entries}
    steps = of(routine, tonight, minutes).plan.steps
    for step in steps:
        if step.stretch.key not in written:
            continue
        if step.stretch.key == BREATHING and all(one.stretch.restful for one in steps):
            assert 1 <= amounts(step.dose)[1] <= BREATHS, "a night of only breathing, as long as there is time"
            continue
        asked = written[step.stretch.key]
        most = amounts(dose_at(asked, top_level(asked)))
        breaths = asked.hold is not None and asked.hold.unit is Unit.BREATHS
        assert all(
            (low <= done or (minutes is not None and breaths)) and done <= high  # as few as there is time for
            for low, done, high in zip(amounts(asked), amounts(step.dose), most, strict=True)
        )
        holds = [beat.amount for beat in step.beats if isinstance(beat, Hold)]
        assert not holds or (step.dose.hold and set(holds) == {step.dose.hold.low})
        rounds = [beat.rounds for beat in step.beats if isinstance(beat, Cycle) and not beat.breathing]
        assert not rounds or set(rounds) == {amounts(step.dose)[0]}


@given(ROUTINES, NIGHTS, st.integers(1, 30), st.sampled_from([0.8, 1.0, 1.5]))
def test_a_fitted_night_is_no_longer_than_asked_for_and_a_minute(
    routine: Routine, tonight: Tonight, minutes: int, pace: float
) -> None:
    assert session_s(of(routine, tonight, minutes, pace).plan, pace) <= (minutes + 1) * 60


def latest(tonight: Tonight, wanted: Callable[[Outing], bool], key: str) -> Outing | None:
    outings = [one for session in tonight.person.sessions for one in session.outings if one.key == key and wanted(one)]
    return outings[-1] if outings else None


@given(ROUTINES, NIGHTS)
def test_after_pain_the_easier_form_comes_first(routine: Routine, tonight: Tonight) -> None:
    for step in of(routine, tonight).plan.steps:
        last = latest(tonight, lambda one: one.done or one.hurt > 0, step.stretch.key)
        if last and last.hurt and not step.stretch.restful:
            assert step.stretch.easier in [beat.text for beat in step.beats if isinstance(beat, Say)]


@given(ROUTINES, NIGHTS)
def test_what_hurt_in_the_last_three_sessions_is_left_out(routine: Routine, tonight: Tonight) -> None:
    for step in of(routine, tonight).plan.steps:
        if step.stretch.restful:
            continue
        pains = [
            (session.began, one.hurt)
            for session in tonight.person.sessions
            for one in session.outings
            if one.key == step.stretch.key
        ][-PAINFUL_TO_LEAVE_OUT:]
        back = [at for key, at in tonight.person.brought_back.items() if key in ("", step.stretch.key)]
        if len(pains) == PAINFUL_TO_LEAVE_OUT and all(hurt for _, hurt in pains):
            assert any(at >= pains[0][0] for at in back)


@given(ROUTINES, NIGHTS, MINUTES)
def test_the_same_night_is_the_same_plan(routine: Routine, tonight: Tonight, minutes: int | None) -> None:
    first = of(routine, tonight, minutes)

    assert of(routine, tonight, minutes) == first
    told = replace(tonight, person=replace(tonight.person, told=frozenset(change.key for change in first.changes)))
    again = of(routine, told, minutes)
    assert again.plan == first.plan
    assert not {change.key for change in again.changes} & {change.key for change in first.changes}


@given(ROUTINES, NIGHTS)
def test_a_bad_night_never_leads_to_more(routine: Routine, tonight: Tonight) -> None:
    """One session more in which everything hurts: no level is higher than it was."""
    before = {step.stretch.key: step.level for step in of(routine, tonight).plan.steps}
    outings = tuple(Outing(entry.stretch.key, done=True, hurt=1) for entry in routine.entries)
    painful = PastSession(routine.key, NOW, NOW, Fact.SESSION_FINISHED, outings)
    person = replace(tonight.person, sessions=(*tonight.person.sessions, painful))

    for step in of(routine, replace(tonight, person=person)).plan.steps:
        assert step.level <= before.get(step.stretch.key, 0)


@given(ROUTINES, NIGHTS, st.booleans())
def test_a_night_that_did_harm_never_leads_to_more(routine: Routine, tonight: Tonight, rests: bool) -> None:  # noqa: FBT001 - drawn
    """One session more after which the back felt worse: no level is higher, and none that was up stays.

    A night of only breathing shows no levels to compare with.
    """
    assume(not only_breathing(tonight))
    before = {step.stretch.key: step.level for step in of(routine, tonight).plan.steps}
    outings = tuple(Outing(entry.stretch.key, done=True, level=20) for entry in routine.entries)
    harmful = PastSession(routine.key, NOW, NOW, Fact.SESSION_FINISHED, outings, pain_before=3, pain_after=5)
    earlier = (
        *tonight.person.rests_before,
        *([tonight.person.suggested_rest] if tonight.person.suggested_rest else []),
    )
    person = replace(tonight.person, sessions=(*tonight.person.sessions, harmful))
    if rests:
        person = replace(person, suggested_rest=NOW, rests_before=earlier)
    later = replace(tonight, now=NOW + timedelta(days=1), person=person)

    for step in of(routine, later).plan.steps:
        if step.stretch.key in {entry.stretch.key for entry in routine.entries}:
            was = before.get(step.stretch.key, 0)
            assert step.level <= max(0, was - 1 - rests)


def test_who_wished_for_more_has_less_of_it_after_rest_and_harm() -> None:
    """Each takes one level, also where the night between was one of only breathing."""
    routine = LIBRARY.routines["back-strength"]
    wished = Person(lengths={"bridge": 3})
    outings = tuple(Outing(entry.stretch.key, done=True, level=20) for entry in routine.entries)
    harmful = PastSession(routine.key, NOW, NOW, Fact.SESSION_FINISHED, outings, pain_before=3, pain_after=5)
    rested = replace(wished, suggested_rest=NOW)

    def level(person: Person, now: datetime) -> int | None:
        steps = of(routine, Tonight(now=now, person=person)).plan.steps
        return next((step.level for step in steps if step.stretch.key == "bridge"), None)

    assert level(wished, NOW) == 3
    assert level(rested, NOW) is None
    assert level(replace(rested, sessions=(harmful,)), NOW + timedelta(days=1)) == 1


@given(NIGHTS, st.integers(0, 23))
def test_something_is_always_chosen_and_always_the_same(tonight: Tonight, hour: int) -> None:
    tonight = replace(tonight, now=NOW.replace(hour=hour))
    backwards = {key: LIBRARY.routines[key] for key in sorted(LIBRARY.routines, reverse=True)}

    assert choose(LIBRARY.routines, tonight) == choose(backwards, tonight)


# --- routines that people write ---------------------------------------------------------------------------------------

ANY_ENTRIES = st.lists(ROUTINES.flatmap(lambda one: st.sampled_from(one.entries)), min_size=1, max_size=12)


@given(ANY_ENTRIES, NIGHTS, st.integers(1, 40))
@example([LIBRARY.routines["bedtime"].entries[-1]] * 3, Tonight(datetime(2026, 3, 20, 22, 0, tzinfo=UTC)), 5)
def test_any_routine_can_be_fitted(entries: list[Entry], tonight: Tonight, minutes: int) -> None:
    routine = replace(LIBRARY.routines["bedtime"], entries=tuple(entries))
    night = of(routine, tonight, minutes)

    assert night.plan.steps
    assert session_s(night.plan, 1.0) <= (minutes + 1) * 60


@given(st.sampled_from(sorted(STRETCHES.values(), key=lambda one: one.key)))
def test_what_takes_a_place_suits_its_sides(stretch: Stretch) -> None:
    answers = {condition: Answer(yes=True, at=NOW) for condition in stretch.not_with}
    for routine in LIBRARY.routines.values():
        for step in of(routine, Tonight(NOW, Person(answers=answers))).plan.steps:
            assert (step.dose.sides is Sides.NONE) == (not step.stretch.sided)
