"""How doses become beats."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from small_house import BEDTIME, BRIDGE, CHILD, HUG, STRETCHES, TWIST, language, stretch

from voicecoach.routine.amounts import with_more
from voicecoach.routine.plan import Again, Beat, Cycle, Hold, Ready, Rest, Say, Wait, Way, once, remaining_s
from voicecoach.routine.planning import Preferences, make_plan, swapped
from voicecoach.routine.stretch import (
    Aid,
    Amount,
    Condition,
    Dose,
    Entry,
    Form,
    Phase,
    Reason,
    Routine,
    Side,
    Sides,
    Stretch,
    Unit,
)


def routine(*entries: Entry) -> Routine:
    return Routine("r", "R", "routine", ("r",), (), "", "", entries)


def beats(one: Stretch, dose: Dose) -> list[str]:
    """The beats of a plan of one stretch, after its name and setup, each in a word or two."""
    plan = make_plan(routine(Entry(one, dose)), Preferences(), language().plan)
    step = plan.steps[0]
    return [told(beat) for beat in step.beats[step.setup_beats :]]


def told(beat: Beat) -> str:  # noqa: PLR0911 - a line for each kind
    match beat:
        case Say(text=text):
            return text
        case Wait():
            return "wait"
        case Hold(amount=amount, unit=unit):
            return f"hold {amount} {unit.value}"
        case Cycle(rounds=rounds, breathing=breathing):
            return f"{rounds} breaths" if breathing else f"{rounds} rounds"
        case Again(to=to):
            return f"again from {to}"
        case Way(to=to):
            return f"way to {to.value}"
        case Rest(seconds=seconds):
            return f"rest {seconds:g} seconds"
        case Ready():
            return "ready?"


def is_cue(beat: Beat) -> bool:
    return told(beat) in {HUG.cue, TWIST.cue, CHILD.cue}


WAY_TO_THE_KNEES = (
    "Bend your knees, and roll to the side with more room. "
    "Covers off, push up onto your hands and knees in the middle, facing your pillow. "
    "Walk your hands back, and rise onto your knees."
)


def seconds(low: int, high: int | None = None) -> Amount:
    return Amount(low, high or low, Unit.SECONDS)


def times(number: int) -> Amount:
    return Amount(number, number, Unit.TIMES)


def test_a_hold_begins_with_the_low_end_of_its_dose() -> None:
    assert beats(CHILD, Dose(hold=seconds(30, 60))) == ["Come into the child.", "wait", "hold 30 seconds", "Let go."]


def test_each_side_comes_in_full_first_and_short_after() -> None:
    assert beats(TWIST, Dose(hold=seconds(20), sides=Sides.EACH)) == [
        "Let your knees fall to the right.", "wait", "hold 20 seconds", "Let go.",
        "Now to the left.", "wait", "hold 20 seconds", "Let go.",
    ]  # fmt: skip


def test_after_a_side_there_is_time_to_come_back() -> None:
    slow = replace(TWIST, recover_s=5.0, release_both="One foot down, then the other.", cue_both="Both.")
    assert beats(slow, Dose(hold=seconds(20), sides=Sides.EACH_THEN_BOTH)) == [
        "Let your knees fall to the right.", "wait", "hold 20 seconds", "Let go.", "wait",
        "Now to the left.", "wait", "hold 20 seconds", "Let go.", "wait",
        "Both.", "wait", "hold 20 seconds", "One foot down, then the other.", "wait",
    ]  # fmt: skip


def test_alternating_sides_take_turns() -> None:
    assert beats(TWIST, Dose(hold=seconds(5), sides=Sides.ALTERNATING, repeat=times(2))) == [
        "Let your knees fall to the right.", "wait", "hold 5 seconds", "Let go.",
        "Now to the left.", "wait", "hold 5 seconds", "Let go.",
        "Another one. Now to the right.", "wait", "hold 5 seconds", "Let go.",
        "Now to the left.", "wait", "hold 5 seconds", "Let go.",
    ]  # fmt: skip


def test_a_movement_is_one_beat_of_so_many_rounds() -> None:
    assert beats(BRIDGE, Dose(repeat=times(10), hold=seconds(3))) == [
        "Come into the bridge.", "wait", "10 rounds", "Let go.",
    ]  # fmt: skip


def test_a_phase_without_a_length_lasts_as_long_as_the_hold() -> None:
    plan = make_plan(routine(Entry(BRIDGE, Dose(hold=Amount(5, 5, Unit.COUNTS)))), Preferences(), language().plan)
    cycle = next(beat for beat in plan.steps[0].beats if isinstance(beat, Cycle))
    assert [phase.seconds for phase in cycle.phases] == [2.0, 7.5, 2.0]
    assert [phase.counted for phase in cycle.phases] == [False, True, False]


def test_until_next_has_an_open_end_after_the_first_round() -> None:
    assert beats(CHILD, Dose(hold=Amount(10, 10, Unit.BREATHS), until_next=True)) == [
        "Come into the child.", "wait", "10 breaths", "Let go.", "again from 9",
        "Back into the child.", "wait", "10 breaths", "Let go.", "again from 9",
    ]  # fmt: skip


def test_between_two_rounds_there_is_a_rest() -> None:
    assert beats(BRIDGE, Dose(repeat=times(10), hold=seconds(3), sets=3, rest_s=30)) == [
        "Come into the bridge.", "wait", "10 rounds", "Let go.",
        "Rest for thirty seconds.", "rest 30 seconds", "Second round.",
        "Back into the bridge.", "wait", "10 rounds", "Let go.",
        "And rest.", "rest 30 seconds", "Last round.",
        "Back into the bridge.", "wait", "10 rounds", "Let go.",
    ]  # fmt: skip


def test_the_setup_is_spoken_only_when_the_position_changes() -> None:
    plan = make_plan(routine(*(Entry(one, Dose(hold=seconds(10))) for one in (HUG, TWIST, CHILD))), Preferences(),
                     language().plan)  # fmt: skip
    setups = [
        [told(beat) for beat in itertools.takewhile(lambda one: not is_cue(one), once(step))] for step in plan.steps
    ]
    assert setups == [
        ["We begin with the hug.", "", "Lie on your back.", "wait"],
        ["Now comes the twist."],
        ["And last, the child.", WAY_TO_THE_KNEES, "Come onto your knees.", "wait"],
    ]


def test_what_is_left_out_is_not_planned() -> None:
    plan = make_plan(BEDTIME, Preferences(left_out=frozenset({"hug", "child"})), language().plan)
    assert [step.stretch.key for step in plan.steps] == ["bridge", "twist"]
    assert told(plan.steps[0].beats[0]) == "We begin with the bridge."


def test_who_should_leave_a_stretch_out_hears_it_until_the_stretch_is_familiar() -> None:
    bow = stretch(
        "bow", not_for=(Reason("osteoporosis", Condition.OSTEOPOROSIS), Reason("a hernia")), caution="Go gently."
    )

    def setup(preferences: Preferences) -> list[str]:
        step = make_plan(routine(Entry(bow, Dose(hold=seconds(10)))), preferences, language().plan).steps[0]
        return [told(beat) for beat in step.beats[: step.setup_beats]]

    way = ["way to on the back", "Lie on your back.", "wait"]
    warning = "If you have osteoporosis or a hernia, say next to leave this one out."
    assert setup(Preferences()) == ["We begin with the bow.", warning, "wait", *way, "Go gently."]
    assert setup(Preferences(met=frozenset({"bow"}))) == ["We begin with the bow.", *way, "Go gently."]
    assert setup(Preferences(familiar=frozenset({"bow"}))) == ["We begin with the bow.", *way]
    bow = replace(bow, every_time=frozenset({"caution", "not_for"}))
    assert setup(Preferences(familiar=frozenset({"bow"}))) == setup(Preferences())
    answered = Preferences(answered=frozenset({Condition.OSTEOPOROSIS}))
    assert setup(answered)[1] == "If you have a hernia, say next to leave this one out."


FORMS = [
    (Form.EASIER, ["Come into the bow.", "Do less of the bow.", "wait", "hold 10 seconds", "Let go."]),
    (Form.USUAL, ["Come into the bow.", "wait", "hold 10 seconds", "Let go."]),
    (Form.HARDER, ["Come into the bow.", "Do more of the bow.", "wait", "hold 10 seconds", "Let go."]),
]


@pytest.mark.parametrize(("form", "expected"), FORMS)
def test_the_form_is_told_before_the_hold(form: Form, expected: list[str]) -> None:
    plan = make_plan(routine(Entry(stretch("bow"), Dose(hold=seconds(10)), form=form)), Preferences(), language().plan)
    step = plan.steps[0]
    assert [told(beat) for beat in step.beats[step.setup_beats :]] == expected


def test_the_easier_form_is_told_however_little_the_listener_wants_to_hear() -> None:
    plan = make_plan(
        routine(Entry(stretch("bow"), Dose(hold=seconds(10)), form=Form.EASIER)), Preferences(), language().plan
    )
    assert Say("Do less of the bow.", "Do less of the bow.") in plan.steps[0].beats


def test_form_and_props_are_told_on_the_first_side_only_with_time_for_them() -> None:
    hug = replace(HUG, aids=(Aid("pillow", "Lay your pillow there."), Aid("towel", "Take the towel.")))
    entry = Entry(
        hug,
        Dose(hold=seconds(10), sides=Sides.EACH_THEN_BOTH),
        form=Form.HARDER,
        props=frozenset({"pillow", "block"}),
    )
    step = make_plan(routine(entry), Preferences(), language().plan).steps[0]

    assert [told(beat) for beat in step.beats[step.setup_beats :]] == [
        "Draw your right knee in.", "Do more of the hug.", "Lay your pillow there.", "wait", "hold 10 seconds",
        "Let go.",
        "Now the left knee.", "wait", "hold 10 seconds", "Let go.",
        "Now both knees together.", "wait", "hold 10 seconds", "Let go.",
    ]  # fmt: skip
    assert [beat.seconds for beat in step.beats if isinstance(beat, Wait)][1:] == [8.0, 4.0, 4.0]


@pytest.mark.parametrize(
    ("form", "told_of"),
    [(Form.EASIER, []), (Form.USUAL, ["Lay your pillow there."]), (Form.HARDER, ["Lay your pillow there."])],
)
def test_a_prop_that_the_words_of_a_form_ask_for_is_not_told_of_twice(form: Form, told_of: list[str]) -> None:
    bow = stretch("bow", aids=(Aid("pillow", "Lay your pillow there."),), easier_props=frozenset({"pillow"}))
    entry = Entry(bow, Dose(hold=seconds(10)), form=form, props=frozenset({"pillow"}))
    step = make_plan(routine(entry), Preferences(), language().plan).steps[0]
    assert [told(beat) for beat in step.beats if told(beat) == "Lay your pillow there."] == told_of


def test_sides_are_ids_and_their_words_those_of_the_language() -> None:
    words = replace(
        language().plan,
        sides={
            "side": {Side.RIGHT: "rechts", Side.LEFT: "links"},
            "to the side": {Side.RIGHT: "nach rechts", Side.LEFT: "nach links"},
        },
    )
    lean = stretch("lean", cue="Lehn dich {to the side}, weg von {other side}.", cue_short="{side}", sided=True)
    step = make_plan(routine(Entry(lean, Dose(hold=seconds(5), sides=Sides.EACH))), Preferences(), words).steps[0]
    assert set(step.side_of_beat) == {Side.NONE, Side.RIGHT, Side.LEFT}
    assert told(step.beats[step.setup_beats]) == "Lehn dich nach rechts, weg von links."


SWAPS = [
    # (the sides that are asked for, what takes the place, the sides that are done)
    (Sides.EACH, CHILD, Sides.NONE),
    (Sides.ALTERNATING, CHILD, Sides.NONE),
    (Sides.NONE, TWIST, Sides.EACH),
    (Sides.EACH_THEN_BOTH, TWIST, Sides.EACH),
    (Sides.ALTERNATING, TWIST, Sides.ALTERNATING),
]


@pytest.mark.parametrize(("asked", "other", "sides"), SWAPS)
def test_what_takes_a_place_is_done_on_its_own_sides(asked: Sides, other: Stretch, sides: Sides) -> None:
    entry = Entry(HUG, Dose(hold=seconds(10, 20), sides=asked), remark="Mind the hug.")

    assert swapped(entry, other) == Entry(other, Dose(hold=seconds(10, 20), sides=sides))


def test_a_step_knows_its_level() -> None:
    plan = make_plan(routine(Entry(CHILD, Dose(hold=seconds(10)), level=3)), Preferences(), language().plan)
    assert plan.steps[0].level == 3


def test_a_soft_bed_swaps_what_needs_a_firm_one() -> None:
    cat = stretch("cat", soft_bed="child")
    plan = make_plan(
        routine(Entry(cat, Dose(hold=seconds(10)))), Preferences(soft_bed=True), language().plan, STRETCHES
    )
    assert [step.stretch.key for step in plan.steps] == ["child"]


@pytest.mark.parametrize(
    ("dose", "direction", "expected"),
    [
        (Dose(hold=seconds(20)), 1, "hold 30 seconds"),
        (Dose(hold=seconds(20)), -1, "hold 10 seconds"),
        (Dose(hold=seconds(6)), -1, "hold 5 seconds"),
        (Dose(hold=Amount(10, 10, Unit.COUNTS)), 1, "hold 15 counts"),
        (Dose(hold=Amount(1, 1, Unit.BREATHS)), -1, "1 breaths"),
        (Dose(hold=Amount(10, 10, Unit.BREATHS)), -1, "8 breaths"),
    ],
)
def test_longer_and_shorter_within_reason(dose: Dose, direction: int, expected: str) -> None:
    plan = make_plan(routine(Entry(CHILD, dose)), Preferences(), language().plan)
    changed = with_more(plan.steps[0], direction)
    assert expected in [told(beat) for beat in changed.beats]


def test_what_remains_shrinks_from_beat_to_beat() -> None:
    plan = make_plan(BEDTIME, Preferences(), language().plan)
    places = [
        (i, j)
        for i, step in enumerate(plan.steps)
        for j in range(len(step.beats))
        if plan.steps[i].dose.until_next is False
    ]
    left = [remaining_s(plan, i, j, 0.0, 1.0) for i, j in places]
    assert left == sorted(left, reverse=True)
    assert left[-1] < 10


def test_a_phase_must_have_a_length_when_it_is_planned() -> None:
    with pytest.raises(ValueError, match="length"):
        Cycle(1, (Phase("a", "a", None),))
