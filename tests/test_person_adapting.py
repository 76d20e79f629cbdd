"""A routine as it suits one person on one night."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from a_person import LIBRARY, NOW, WORDS, ago, done, history, hurt, session, yes

from voicecoach.person.adapting import BREATHING, Change, ChangeKind, Prepared, Rest, prepare
from voicecoach.person.person import Condition, Person
from voicecoach.person.tonight import Tonight
from voicecoach.routine.plan import Hold, Say, Step, Wait
from voicecoach.routine.stretch import Amount, Dose, Form, Side, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.routine.stretch import Routine

OSTEOPOROSIS, PREGNANCY, INJURY = Condition.OSTEOPOROSIS, Condition.PREGNANCY, Condition.INJURY
HIP = Condition.HIP
KNEELING, SOFT_BED, RED_FLAGS = Condition.KNEELING, Condition.SOFT_BED, Condition.RED_FLAGS


def prepared(
    routine: str | Routine = "in-bed-basics", *, soft_bed: bool = False, minutes: int | None = None, **known: object
) -> Prepared:
    """Tonight's plan for a person of whom this is known."""
    asked = LIBRARY.routines[routine] if isinstance(routine, str) else routine
    person = Person(**known)  # type: ignore[arg-type]
    return prepare(asked, Tonight(NOW, person, soft_bed), WORDS, LIBRARY.stretches, minutes)


def keys(night: Prepared) -> list[str]:
    return [step.stretch.key for step in night.plan.steps]


def told(night: Prepared) -> list[str]:
    return [change.key for change in night.changes]


def step(night: Prepared, key: str) -> Step:
    return next(one for one in night.plan.steps if one.stretch.key == key)


def hold_s(night: Prepared, key: str) -> int:
    return next(beat.amount for beat in step(night, key).beats if isinstance(beat, Hold))


def words_of(night: Prepared, key: str) -> list[str]:
    return [beat.text if isinstance(beat, Say) else type(beat).__name__ for beat in step(night, key).beats]


# --- the first evening ------------------------------------------------------------------------------------------------


def test_somebody_new_gets_the_routine_as_it_is_written() -> None:
    night = prepared()

    assert keys(night) == ["knee-to-chest", "cat-cow", "pelvic-tilt", "spinal-twist"]
    assert night.plan.routine is LIBRARY.routines["in-bed-basics"]
    assert night.changes == ()
    assert hold_s(night, "knee-to-chest") == 20


ANSWERS: list[tuple[str, tuple[Condition, ...], list[str]]] = [
    ("in-bed-basics", (OSTEOPOROSIS,), ["cat-cow-on-back", "pelvic-tilt", "knees-together-sway"]),
    ("in-bed-basics", (KNEELING,), ["knee-to-chest", "cat-cow-on-back", "pelvic-tilt", "spinal-twist"]),
    ("in-bed-basics", (SOFT_BED,), ["knee-to-chest", "cat-cow-on-back", "pelvic-tilt", "spinal-twist"]),
    ("in-bed-basics", (PREGNANCY,), ["childs-pose", "cat-cow", "pelvic-tilt", "knees-together-sway"]),
    ("in-bed-basics", (PREGNANCY, KNEELING), ["cat-cow-on-back", "pelvic-tilt", "knees-together-sway"]),
    ("in-bed-basics", (INJURY,), ["cat-cow-on-back", "pelvic-tilt", "belly-breathing"]),
    ("bedtime", (OSTEOPOROSIS,), ["pelvic-tilt", "bridge", "knees-together-sway", "feet-together"]),
    ("bedtime", (PREGNANCY,), ["pelvic-tilt", "knees-together-sway", "childs-pose"]),
    ("bedtime", (INJURY,), ["pelvic-tilt", "belly-breathing"]),
    ("bedtime", (HIP,), ["pelvic-tilt", "bridge", "belly-breathing"]),
    (
        "deep-bedtime",
        (HIP,),
        [
            *("cat-cow", "pelvic-tilt", "hamstring-stretch", "sphinx", "cobra", "bridge", "belly-breathing"),
        ],
    ),
    ("morning", (HIP,), ["pelvic-tilt", "hamstring-stretch", "bridge"]),
    (
        "bedtime",
        (KNEELING,),
        [
            *("knee-hug", "thread-the-needle", "bridge", "knees-together-sway", "feet-together"),
            *("both-knees-to-chest", "spinal-twist"),
        ],
    ),
    ("morning", (INJURY,), ["pelvic-tilt", "belly-breathing"]),
    (
        "deep-bedtime",
        (OSTEOPOROSIS,),
        [
            *("cat-cow-on-back", "pelvic-tilt", "knees-together-sway", "hamstring-stretch"),
            *("sphinx", "cobra", "bridge", "belly-breathing"),
        ],
    ),
    (
        "deep-bedtime",
        (PREGNANCY,),
        ["childs-pose", "cat-cow", "pelvic-tilt", "knees-together-sway", "hamstring-stretch", "belly-breathing"],
    ),
    ("wind-down", tuple(set(Condition) - {RED_FLAGS}), ["belly-breathing", "body-scan"]),
]


@pytest.mark.parametrize(("routine", "conditions", "expected"), ANSWERS)
def test_answers_leave_out_and_swap(routine: str, conditions: tuple[Condition, ...], expected: list[str]) -> None:
    assert keys(prepared(routine, answers=yes(*conditions))) == expected


NEVER: Mapping[Condition, set[str]] = {
    OSTEOPOROSIS: {"knee-hug", "knee-to-chest", "both-knees-to-chest", "seated-forward-bend", "spinal-twist"},
    HIP: {
        *("knee-hug", "knee-to-chest", "both-knees-to-chest", "childs-pose", "pigeon", "thread-the-needle"),
        *("feet-together", "seated-forward-bend", "spinal-twist", "supine-twist", "knees-together-sway"),
    },
    KNEELING: {"cat-cow", "childs-pose", "pigeon"},
    PREGNANCY: {"cobra", "sphinx", "legs-up-the-wall", "spinal-twist", "supine-twist", "both-knees-to-chest"},
}


@pytest.mark.parametrize("routine", LIBRARY.routines)
@pytest.mark.parametrize("condition", NEVER)
def test_what_is_not_for_somebody_is_never_planned(routine: str, condition: Condition) -> None:
    assert not set(keys(prepared(routine, answers=yes(condition)))) & NEVER[condition]


def test_what_an_answer_changed_is_told_once_and_by_its_reason() -> None:
    night = prepared("in-bed-basics", answers=yes(OSTEOPOROSIS))

    assert night.changes == (
        Change(ChangeKind.RULED_OUT, ("knee-to-chest",), OSTEOPOROSIS, ("",)),
        Change(ChangeKind.SWAPPED, ("cat-cow", "spinal-twist"), OSTEOPOROSIS, ("", "")),
    )
    assert told(night) == ["ruled out|osteoporosis|knee-to-chest", "swapped|osteoporosis|cat-cow,spinal-twist"]
    assert told(prepared("in-bed-basics", answers=yes(OSTEOPOROSIS), told=frozenset(told(night)))) == []


def test_another_routine_tells_only_what_is_new() -> None:
    before = frozenset(told(prepared("in-bed-basics", answers=yes(OSTEOPOROSIS))))

    assert told(prepared("morning", answers=yes(OSTEOPOROSIS), told=before)) == [
        "ruled out|osteoporosis|lumbar-rotation,both-knees-to-chest"
    ]


def test_an_answer_about_the_bed_counts_more_than_the_settings() -> None:
    assert "cat-cow-on-back" in keys(prepared(soft_bed=True))
    assert "cat-cow" in keys(prepared(soft_bed=True, answers=yes()))
    assert told(prepared(soft_bed=True)) == ["swapped|soft mattress|cat-cow"]


def test_what_takes_a_place_keeps_the_dose_and_drops_the_remark() -> None:
    night = prepared("deep-bedtime", answers=yes(OSTEOPOROSIS))

    hamstring = step(night, "hamstring-stretch")
    assert hamstring.dose.hold == next(
        entry.dose.hold
        for entry in LIBRARY.routines["deep-bedtime"].entries
        if entry.stretch.key == "seated-forward-bend"
    )
    assert set(hamstring.side_of_beat) == {Side.NONE, Side.RIGHT, Side.LEFT}
    assert "You may let the other leg lie long for this one." not in words_of(
        prepared("in-bed-basics", answers=yes(PREGNANCY)), "childs-pose"
    )


def test_what_takes_two_places_is_done_once() -> None:
    twists = replace(
        LIBRARY.routines["bedtime"],
        entries=(LIBRARY.routines["bedtime"].entries[-1], LIBRARY.routines["deep-bedtime"].entries[4]),
    )

    assert keys(prepared(twists, answers=yes(PREGNANCY))) == ["knees-together-sway", "belly-breathing"]


def test_what_takes_the_place_of_a_warm_up_has_a_dose_of_its_own() -> None:
    tilt = step(prepared("bedtime", answers=yes(OSTEOPOROSIS)), "pelvic-tilt")

    assert tilt.dose == Dose(hold=Amount(3, 3, Unit.SECONDS), repeat=Amount(3, 4, Unit.TIMES))


def test_where_hardly_anything_is_left_five_minutes_of_breathing_follow() -> None:
    night = prepared("bedtime", answers=yes(INJURY))

    assert keys(night) == ["pelvic-tilt", "belly-breathing"]
    assert step(night, "belly-breathing").dose.hold == Amount(30, 30, Unit.BREATHS)
    assert keys(prepared("bedtime", left_out=frozenset(LIBRARY.stretches) - {"bridge"})) == ["bridge"], "as was asked"


# --- red flags and rest -----------------------------------------------------------------------------------------------

RESTING = {
    "a red flag": Person(answers=yes(RED_FLAGS)),
    "rest was suggested last night": Person(suggested_rest=NOW - timedelta(hours=19)),
    "the back felt worse twice": Person(sessions=(session(2, pain=(3, 5)), session(1, pain=(2, 6)))),
}


@pytest.mark.parametrize("person", RESTING.values(), ids=RESTING)
@pytest.mark.parametrize("routine", LIBRARY.routines)
def test_a_back_that_should_rest_only_breathes(routine: str, person: Person) -> None:
    night = prepare(LIBRARY.routines[routine], Tonight(NOW, person), WORDS, LIBRARY.stretches)

    assert keys(night) == (["belly-breathing", "body-scan"] if routine == "wind-down" else [BREATHING])
    assert [change.kind for change in night.changes] == [ChangeKind.ONLY_BREATHING]


WHY = [
    # (who, pain before tonight's session, why there is only breathing)
    (Person(), None, None),
    (Person(), 7, None),
    (Person(), 8, Rest.PAIN),
    (Person(), 10, Rest.PAIN),
    (Person(suggested_rest=ago(0.5)), 3, Rest.WORSE),
    (Person(suggested_rest=ago(0.5)), 9, Rest.WORSE),
    (Person(sessions=(session(2, pain=(3, 5)), session(1, pain=(2, 6)))), None, Rest.WORSE),
    (Person(answers=yes(RED_FLAGS), suggested_rest=ago(0.5)), 9, Rest.RED_FLAG),
]


@pytest.mark.parametrize(("person", "pain", "why"), WHY)
def test_why_there_is_only_breathing_is_told(person: Person, pain: int | None, why: Rest | None) -> None:
    routine = LIBRARY.routines["in-bed-basics"]
    night = prepare(routine, Tonight(NOW, person), WORDS, LIBRARY.stretches, pain=pain)

    assert (keys(night) == [BREATHING]) is (why is not None)
    assert [change.rest for change in night.changes] == ([why] if why else [])


def test_what_was_left_out_is_left_out_on_a_night_of_rest_too() -> None:
    assert keys(prepared("wind-down", suggested_rest=ago(0.5), left_out=frozenset({BREATHING}))) == ["body-scan"]


def test_a_day_later_there_are_stretches_again() -> None:
    assert "pelvic-tilt" in keys(prepared(suggested_rest=NOW - timedelta(hours=20)))


# --- pain -------------------------------------------------------------------------------------------------------------


def test_after_pain_the_easier_form_comes_first_and_is_told() -> None:
    night = prepared(sessions=(session(1, hurt("cat-cow")),))

    easier = LIBRARY.stretches["cat-cow"].easier
    said = words_of(night, "cat-cow")
    assert said.index(LIBRARY.stretches["cat-cow"].cue) < said.index(easier) < said.index("Cycle")
    assert told(night) == ["easier first||cat-cow@2026-03-19"]
    assert easier not in words_of(
        prepared(sessions=(session(2, hurt("cat-cow")), session(1, *done("cat-cow")))), "cat-cow"
    )


def test_whoever_asked_for_the_harder_form_gets_the_easier_one_after_pain() -> None:
    harder = prepared(forms={"cat-cow": Form.HARDER})
    after_pain = prepared(forms={"cat-cow": Form.HARDER}, sessions=(session(1, hurt("cat-cow")),))

    cat = LIBRARY.stretches["cat-cow"]
    assert cat.harder in words_of(harder, "cat-cow")
    assert cat.harder not in words_of(after_pain, "cat-cow")
    assert cat.easier in words_of(after_pain, "cat-cow")


def test_three_painful_sessions_leave_it_out_and_say_why_once() -> None:
    night = prepared(sessions=history("!!!", "cat-cow"))

    assert keys(night) == ["knee-to-chest", "pelvic-tilt", "spinal-twist"]
    assert told(night) == ["left out for pain||cat-cow@2026-03-19"]
    assert "cat-cow" in keys(prepared(sessions=history("!!!", "cat-cow"), brought_back={"cat-cow": ago(0.2)}))


# --- what lasts -------------------------------------------------------------------------------------------------------


def test_three_comfortable_sessions_make_a_little_more_which_is_told_when_it_comes() -> None:
    night = prepared(sessions=history("+++", "knee-to-chest"))

    assert hold_s(night, "knee-to-chest") == 25
    assert step(night, "knee-to-chest").level == 1
    assert told(night) == ["more||knee-to-chest@1 2026-03-20"]
    assert told(prepared(sessions=history("++++", "knee-to-chest", level=1))) == []


def test_after_two_weeks_a_step_back_which_is_told() -> None:
    night = prepared(sessions=history("++++++" + "." * 14, "knee-to-chest", level=1))

    assert hold_s(night, "knee-to-chest") == 25
    assert told(night) == ["step back||knee-to-chest@1 2026-03-05"]


def test_never_again_is_silent_and_holds_for_what_would_take_its_place() -> None:
    night = prepared(left_out=frozenset({"cat-cow", "knees-together-sway"}), answers=yes(OSTEOPOROSIS))

    assert keys(night) == ["pelvic-tilt", "belly-breathing"]
    assert not any("cat-cow" in change.stretches for change in night.changes)


def test_a_pillow_is_put_where_it_helps_once() -> None:
    twist = LIBRARY.stretches["spinal-twist"]
    (pillow,) = (aid.say for aid in twist.aids)

    assert pillow not in words_of(prepared(), "spinal-twist")
    night = prepared(props=frozenset({"pillow"}))
    assert words_of(night, "spinal-twist").count(pillow) == 1
    at = words_of(night, "spinal-twist").index(pillow)
    assert step(night, "spinal-twist").beats[at + 1] == Wait(8.0), "time to do so, in the dark"


def test_an_easier_form_that_names_the_pillow_is_enough() -> None:
    said = words_of(prepared(props=frozenset({"pillow"}), sessions=(session(1, hurt("spinal-twist")),)), "spinal-twist")

    assert sum("pillow" in sentence for sentence in said) == 1


def test_words_of_caution_end_when_a_stretch_is_familiar() -> None:
    caution = LIBRARY.stretches["pelvic-tilt"].caution

    assert caution in words_of(prepared(sessions=history("++", "pelvic-tilt")), "pelvic-tilt")
    assert caution not in words_of(prepared(sessions=history("+++", "pelvic-tilt")), "pelvic-tilt")


def test_breathing_is_left_when_nothing_else_is() -> None:
    everything = frozenset(LIBRARY.stretches)

    assert keys(prepared(left_out=everything)) == [BREATHING]
    assert keys(prepared(left_out=everything, minutes=1)) == [BREATHING]
    assert keys(prepared("wind-down", left_out=frozenset({BREATHING}))) == ["body-scan"]


def test_no_more_is_told_than_can_be_listened_to() -> None:
    sessions = (*history("!!!", "spinal-twist"), *history("+++", "pelvic-tilt"), session(0.5, hurt("cat-cow-on-back")))
    night = prepared(answers=yes(OSTEOPOROSIS), sessions=tuple(sorted(sessions, key=lambda one: one.began)))

    assert [change.kind for change in night.changes] == [
        ChangeKind.RULED_OUT,
        ChangeKind.EASIER_FIRST,
        ChangeKind.MORE,
    ], "what lasts can wait for another night; nothing is more without a word"


def test_what_one_condition_does_follows_one_another() -> None:
    changes = prepared("deep-bedtime", answers=yes(KNEELING, PREGNANCY)).changes

    assert [(change.kind, change.condition) for change in changes] == [
        (ChangeKind.RULED_OUT, KNEELING),
        (ChangeKind.SWAPPED, KNEELING),
        (ChangeKind.RULED_OUT, PREGNANCY),
    ]


def test_a_level_that_is_regained_is_told_again() -> None:
    before = frozenset(told(prepared(sessions=history("+++", "knee-to-chest"))))
    sessions = history("+++!+++", "knee-to-chest")

    assert hold_s(prepared(sessions=sessions), "knee-to-chest") == 25
    tomorrow = prepare(
        LIBRARY.routines["in-bed-basics"],
        Tonight(NOW + timedelta(days=1), Person(sessions=sessions, told=before)),
        WORDS,
        LIBRARY.stretches,
    )
    assert told(tomorrow) == ["more||knee-to-chest@1 2026-03-21"]


def test_more_is_told_although_another_routine_lay_between() -> None:
    sessions = history("+++oo", "knee-to-chest")

    assert told(prepared(sessions=sessions)) == ["more||knee-to-chest@1 2026-03-20"]


def test_what_grew_in_one_routine_has_not_grown_in_another() -> None:
    sessions = history("+" * 9, "bridge", level=5, routine="morning")

    assert step(prepared("morning", sessions=sessions), "bridge").level > 0
    assert step(prepared("deep-bedtime", sessions=sessions), "bridge").level == 0
    assert told(prepared("deep-bedtime", sessions=sessions)) == []


def test_there_is_not_more_after_a_night_that_did_harm() -> None:
    assert hold_s(prepared(sessions=history("++x", "knee-to-chest")), "knee-to-chest") == 20
    assert told(prepared(sessions=history("++x", "knee-to-chest"))) == []
    assert hold_s(prepared(sessions=history("++++++x", "knee-to-chest", level=2)), "knee-to-chest") == 25
