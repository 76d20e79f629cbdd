"""Rounds, the rests between them, and waiting for "ready": read like a night."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import ALL_ANSWERED, BRIDGE, CHILD, TWIST, at_rest, knowledge, language, phrasings

from voicecoach.dialogue.handlers.sessions import SETTLES_S
from voicecoach.dialogue.script import length_s
from voicecoach.dialogue.state import Mode, Session
from voicecoach.dialogue.table import COMMANDS
from voicecoach.person.levels import dose_at, top_level
from voicecoach.routine.plan import Cycle, Hold, Rest
from voicecoach.routine.planning import Preferences, make_plan
from voicecoach.routine.stretch import Amount, Dose, Entry, Routine, Sides, Stretch, Unit

if TYPE_CHECKING:
    from voicecoach.dialogue.events import Event

FIVE = Amount(5, 5, Unit.SECONDS)
THREE_ROUNDS = Dose(hold=FIVE, repeat=Amount(2, 2, Unit.TIMES), sets=3, rest_s=30)
TWO_ROUNDS = Dose(hold=FIVE, sets=2, rest_s=30)
LEFT = Dose(hold=FIVE, sides=Sides.LEFT)
LEFT_TWICE = replace(LEFT, sets=2)
EACH_TWICE = Dose(hold=FIVE, sides=Sides.EACH, sets=2, rest_s=15)


def sheet(*entries: Entry) -> Routine:
    """A physiotherapist's sheet."""
    return Routine("bedtime", "A sheet", "bedtime routine", ("bedtime",), (), "Slowly.", "That was all.", entries)


def night(*entries: Entry) -> Night:
    """Somebody begins the sheet."""
    known = replace(knowledge(), routines={"bedtime": sheet(*entries)})
    return Night(at_rest(knows=known)).says("start bedtime")


def bridge(**changes: Any) -> Night:  # noqa: ANN401 - any field of a dose
    """The bridge in three rounds, and then the twist to the left."""
    return night(Entry(BRIDGE, replace(THREE_ROUNDS, **changes)), Entry(TWIST, LEFT))


def child(**changes: Any) -> Night:  # noqa: ANN401 - any field of a dose
    """The twist, and on the knees two rounds."""
    return night(Entry(TWIST, LEFT), Entry(CHILD, replace(TWO_ROUNDS, **changes)))


def session_of(one: Night) -> Session:
    assert one.state.session is not None
    return one.state.session


def said(one: Night, start: str) -> list[str]:
    """What was heard from the first sentence with these words on, without the counting."""
    heard = [words for words in one.words if words not in language().numbers and words != "(done)"]
    return heard[next(index for index, words in enumerate(heard) if start in words) :]


# --- the order of things ----------------------------------------------------------------------------------------------


def test_three_rounds_with_a_rest_between_them() -> None:
    up_and_down = ["Lift your hips", "Hold it", "Lower", "Lift your hips", "Hold it", "Lower", "Let go."]
    assert said(bridge().until("And last"), "Come into the bridge.") == [
        "Come into the bridge.", *up_and_down,
        "Rest for thirty seconds.", "Second round.", "Back into the bridge.", *up_and_down,
        "And rest.", "Last round.", "Back into the bridge.", *up_and_down,
        "And last, the twist.",
    ]  # fmt: skip


def test_the_rest_is_as_long_as_it_was_written() -> None:
    one = bridge().until("Second round.")
    assert one.when("Second round.") - one.when("Rest for") == pytest.approx(
        30 + language().durations.speech_s("Rest for thirty seconds.")
    )


def test_nobody_rests_on_the_knees() -> None:
    heard = said(child().until("That was all"), "Come into the child.")
    lie_down = (
        "Bend forward, and put your hands down in front of you. "
        "Let your hips down to the side with more room, lie down on that side, and shift to the middle."
    )
    assert heard == [
        "Come into the child.", "Let go.", lie_down, "Rest for thirty seconds.", "Last round.",
        "Covers off, hands and knees, facing your pillow. Rise onto your knees.",
        "Back into the child.", "Let go.", f"{lie_down} That was all.",
    ]  # fmt: skip


def test_for_a_short_rest_nobody_lies_down_and_gets_up_again() -> None:
    heard = said(child(rest_s=15).until("Back into"), "Come into the child.")
    assert heard == [
        "Come into the child.",
        "Let go.",
        "Rest for fifteen seconds.",
        "Last round.",
        "Back into the child.",
    ]


def test_a_rest_that_nobody_wrote_down_is_a_breath() -> None:
    one = bridge(rest_s=None).until("Second round.")
    assert "Rest for a breath." in one.words
    assert one.when("Second round.") - one.when("Rest for") > 10


def test_without_a_rest_one_round_follows_the_other() -> None:
    heard = said(bridge(rest_s=0).until("Last round."), "Let go.")
    assert heard[:2] == ["Let go.", "Second round."]
    assert not any("rest" in words.lower() for words in heard)


def test_one_side_only_and_never_the_other() -> None:
    heard = said(night(Entry(TWIST, LEFT_TWICE)).until("That was all"), "Let your knees")
    assert heard == [
        "Let your knees fall to the left.", "Let go.",
        "Rest for a breath.", "Last round.", "Now to the left.", "Let go.",
        "That was all.",
    ]  # fmt: skip


def test_a_round_is_both_sides_where_both_are_wanted() -> None:
    heard = said(night(Entry(TWIST, EACH_TWICE)).until("That was all"), "Let your knees")
    assert heard == [
        "Let your knees fall to the right.", "Let go.", "Now to the left.", "Let go.",
        "Rest for fifteen seconds.", "Last round.", "Now to the right.", "Let go.", "Now to the left.", "Let go.",
        "That was all.",
    ]  # fmt: skip


# --- "ready" ----------------------------------------------------------------------------------------------------------


def test_nothing_begins_before_somebody_is_ready() -> None:
    one = bridge(ready=True).until("Say ready when you are there.").passes(20)
    assert one.last == "Say ready when you are there."
    assert one.says("ready").passes(0.5).last == "Come into the bridge."
    one.until("Second round.").until("Say ready").passes(25)
    assert one.says("ready").passes(0.5).last == "Back into the bridge."


def test_who_is_ready_on_the_way_is_not_asked() -> None:
    one = bridge(ready=True).until("Lie on your back.").passes(3).says("ready").passes(1)
    assert one.last == "Come into the bridge."


def test_ready_is_asked_for_again_once_and_then_it_is_a_pause() -> None:
    one = bridge(ready=True).until("Say ready when you are there.").until("There is no hurry.").passes(70)
    assert (one.mode, one.last) == (Mode.PAUSED, "We rest here. Take all the time you need.")
    assert one.says("ready").passes(3).last == "Come into the bridge.", "not asked again"


def test_who_never_says_ready_has_fallen_asleep() -> None:
    one = child(ready=True).until("Say ready").passes(1200)
    assert one.mode in (Mode.REST, Mode.ASLEEP)
    assert "fell asleep" in one.facts


# --- what is said meanwhile -------------------------------------------------------------------------------------------

IN_THE_REST = [
    # (what is said in the rest before the second of three rounds, what is heard at once)
    ("ready", "Second round."),
    ("continue", "Second round."),
    ("done", "Second round."),
    ("how many left", "There are two rounds to come. There is one stretch after this one."),
    ("where are we", "This is the bridge, stretch one of two. It is round two of three."),
    ("next", "And last, the twist."),
    ("back", "This is the first one. Here it is from its beginning."),
    ("once more", "Here is the bridge from its beginning."),
    ("longer", "I will give it more."),
    ("shorter", "I will give it less."),
    ("why", "The bridge eases the back."),
    ("pause", "We rest here. Take all the time you need."),
    (
        "that hurts",
        "I am sorry that it hurts. Breathe quietly. Shall I make it easier, go to the next one, or end here?",
    ),
]


@pytest.mark.parametrize(("words", "answer"), IN_THE_REST)
def test_in_a_rest(words: str, answer: str) -> None:
    assert bridge().until("Rest for thirty seconds.").passes(12).says(words).last == answer


IN_THE_SECOND_ROUND = [
    ("how many left", "There is one round after this. There is one stretch after this one."),
    ("where are we", "This is the bridge, stretch one of two. It is round two of three."),
    ("once more", "Let go. Here is that round from its beginning."),
    ("next", "Let go."),
    (
        "that hurts",
        "Come out of the bridge slowly. Breathe quietly. Shall I make it easier, go to the next one, or end here?",
    ),
]


@pytest.mark.parametrize(("words", "answer"), IN_THE_SECOND_ROUND)
def test_in_the_second_round(words: str, answer: str) -> None:
    assert bridge().until("Second round.").until("Hold it").says(words).last == answer


def test_in_the_last_round_of_the_last_stretch() -> None:
    one = child().until("Last round.").until("Back into the child.")
    assert one.says("how many left").last == "This is the last round. No other stretch comes after it."


def test_a_pause_in_a_rest_is_a_rest_of_its_own() -> None:
    one = bridge().until("Rest for thirty seconds.").passes(12).says("pause").passes(100).says("continue")
    assert said(one.until("Back into"), "On we go")[:2] == ["On we go.", "Second round."]


def test_after_a_long_pause_on_the_side_the_whole_way_is_told_again() -> None:
    one = child().until("Rest for thirty seconds.").passes(12).says("pause").passes(100).says("continue")
    heard = said(one.until("Back into"), "On we go")
    assert heard[:3] == ["On we go.", "Last round.", heard[2]]
    assert heard[2].startswith("Bend your knees, and roll to the side with more room.")


def test_longer_in_a_rest_is_a_longer_rest_and_no_longer_bridge() -> None:
    one = bridge().until("Rest for thirty seconds.").passes(12).says("longer")
    beats = session_of(one).step.beats
    assert {beat.seconds for beat in beats if isinstance(beat, Rest)} == {45.0}
    assert {beat.rounds for beat in beats if isinstance(beat, Cycle)} == {2}
    assert "longer" not in one.facts, "of the stretch itself nobody wanted more"
    assert one.until("Second round.").when("Second round.") - one.when("Rest for") > 45


def test_longer_in_a_round_goes_for_the_rounds_to_come() -> None:
    one = bridge().until("Second round.").until("Hold it").says("longer")
    assert [beat.rounds for beat in session_of(one).step.beats if isinstance(beat, Cycle)] == [3, 3, 3]


def test_once_more_is_the_round_and_not_the_whole_stretch() -> None:
    one = bridge().until("Second round.").until("Hold it").says("once more").until("Last round.")
    assert one.words.count("Back into the bridge.") == 2
    assert one.words.count("Come into the bridge.") == 1


def test_the_easier_form_begins_the_round_that_hurt() -> None:
    one = bridge().until("Second round.").until("Hold it").says("ouch").passes(12).says("easier")
    assert said(one.until("Last round."), "Only if it feels right")[:2] == [
        "Only if it feels right. Do less of the bridge.",
        "Back into the bridge.",
    ]
    assert "Come into the bridge." not in said(one, "Only if it feels right")


def test_how_long_counts_the_rests() -> None:
    resting = bridge().until("Rest for thirty seconds.").passes(2).says("how long").last
    assert resting == "It is about two minutes to the end."
    assert bridge().until("Last round.").says("how long").last == "It is about one minute to the end."


# --- the power is cut -------------------------------------------------------------------------------------------------


def after_the_cut(before: Night) -> Night:
    """The coach is switched on again three minutes later."""
    return Night(at_rest(knows=before.state.knows), before.history, before.time).opens(before.place_kept, 180)


@pytest.mark.parametrize("until", ["Second round.", "And rest.", "Last round."])
def test_after_a_power_cut_it_goes_on_with_the_round(until: str) -> None:
    number = "two" if until == "Second round." else "three"
    one = after_the_cut(bridge().until(until).passes(3)).passes(2)
    assert one.last == f"We were at the bridge, round {number}. Shall we go on?"
    one.passes(3).says("yes").until("Lie on your back.").until("Back into the bridge.").until("And last")
    assert one.words.count("Back into the bridge.") == (2 if number == "two" else 1)


def test_in_the_first_round_no_round_is_told() -> None:
    one = after_the_cut(bridge().until("Hold it")).passes(2)
    assert one.last == "We were at the bridge. Shall we go on?"


# --- properties -------------------------------------------------------------------------------------------------------

doses = st.builds(
    Dose,
    hold=st.builds(lambda seconds: Amount(seconds, seconds, Unit.SECONDS), st.integers(3, 30)),
    repeat=st.none() | st.builds(lambda times: Amount(times, times, Unit.TIMES), st.integers(1, 5)),
    sets=st.integers(1, 4),
    rest_s=st.none() | st.just(0) | st.integers(5, 90),
)
entries = st.one_of(
    st.builds(Entry, st.sampled_from([BRIDGE, CHILD]), doses),
    st.builds(
        lambda dose, sides: Entry(TWIST, replace(dose, sides=sides)),
        doses,
        st.sampled_from([Sides.LEFT, Sides.RIGHT, Sides.EACH, Sides.ALTERNATING]),
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(entries, min_size=1, max_size=3, unique_by=lambda entry: entry.stretch.key))
def test_the_estimate_is_what_it_takes(some: list[Entry]) -> None:
    plan = make_plan(sheet(*some), Preferences(), language().plan)
    one = night(*some).until("That was all", within_s=7200)
    while one.mode is Mode.CLOSING:
        one.passes(0.5)
    # Who may be asleep gets to their pillow in peace; no plan reckons with that.
    settles_s = SETTLES_S if plan.ending and one.mode is Mode.ASLEEP else 0.0
    assert one.now_s - settles_s == pytest.approx(length_s(plan, language()), rel=0.06, abs=6)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(0, 3), st.integers(0, 12))
def test_rounds_never_grow_beyond_the_figure_on_the_sheet(sets: int, more: int, level: int) -> None:
    dose = Dose(hold=Amount(10, 20, Unit.SECONDS), sets=sets, more_sets=more, rest_s=30, ready=True)
    raised = dose_at(dose, min(level, top_level(dose)))
    assert sets <= raised.sets <= sets + more
    assert (raised.rest_s, raised.ready) == (30, True)


class WatchedNight(Night):
    """Looks on at everything that happens."""

    def _put(self, event: Event) -> None:
        super()._put(event)
        state, session = self.state, self.state.session
        if session is None or state.mode is not Mode.GUIDING or not state.playing or state.interjection:
            return
        if isinstance(session.beat, Hold | Cycle):
            assert session.is_in_position, "nothing is counted before the way in"
            assert not session.is_between_rounds
        if isinstance(session.beat, Rest) and session.beat.lies:
            assert session.body.lies, "who rests lies down"


phrases = st.sampled_from(COMMANDS).flatmap(lambda one: st.sampled_from(phrasings(one)))
moments = st.sampled_from([0.0, 0.3, 1.7, 4.0, 11.0, 35.0, 75.0])


@settings(max_examples=100, deadline=None)
@given(
    stretch=st.sampled_from([CHILD, BRIDGE]),
    ready=st.booleans(),
    first_s=st.floats(0, 240),
    spoken=st.lists(st.tuples(phrases, moments), max_size=8),
)
def test_whatever_is_said_in_a_round_nothing_is_counted_before_the_way_in(
    stretch: Stretch, *, ready: bool, first_s: float, spoken: list[tuple[str, float]]
) -> None:
    one = Entry(stretch, replace(TWO_ROUNDS if stretch is CHILD else THREE_ROUNDS, ready=ready))
    known = replace(knowledge(), routines={**knowledge().routines, "bedtime": sheet(one, Entry(TWIST, LEFT))})
    watched = WatchedNight(at_rest(knows=known), ALL_ANSWERED).says("start bedtime").passes(first_s)
    for words, seconds in spoken:
        watched.says(words).passes(seconds)
    watched.passes(7200)
    if watched.state.mode is Mode.ASKING:
        watched.passes(7200)
    assert watched.mode in (Mode.REST, Mode.ASLEEP)
