"""Nobody is told what to do, or counted for, who has not been led into the position and had time to get there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import at_rest, knowledge, language, phrasebook, stretch

from voicecoach.dialogue.events import Action, Ended, Event, Heard, Perform
from voicecoach.dialogue.handlers.guiding import LYING_STILL_S
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import COMMANDS
from voicecoach.languages.commands import Command
from voicecoach.routine.plan import Wait, Way
from voicecoach.routine.stretch import Amount, Dose, Entry, Form, Phase, Position, Routine, Sides, Stretch, Unit
from voicecoach.routine.ways import MOVEMENTS_S, ON_THE_BACK, RESTS_IN, body, way, way_s

WORDS = language().plan
MOVEMENT_WORDS = {text: to for (_, to), said in WORDS.ways.items() for text in (said.text, said.brief)}


def in_position(position: Position) -> Stretch:
    """A stretch whose words are like no other's."""
    key = position.name.lower().replace("_", " ")
    return stretch(
        key,
        position=position,
        setup=f"Be {key} now.",
        cue=f"Lean {key} to the {{side}}.",
        cue_short=f"Lean {key} {{side}}.",
        caution=f"Mind the {key}.",
        phases=(Phase("Rock to and fro", "rock", 3.0),) if position is Position.HANDS_AND_KNEES else (),
    )


STRETCHES = {one.key: one for one in map(in_position, Position)}
SETUPS = {one.setup: one for one in STRETCHES.values()}
CUES = {
    WORDS.on_side(text, side): one
    for one in STRETCHES.values()
    for text in (one.cue, one.cue_short)
    for side in WORDS.sides["side"]
}


def entry(one: Stretch, form: Form = Form.USUAL) -> Entry:
    if one.phases:
        repeat, hold = Amount(2, 2, Unit.TIMES), None
    else:
        repeat, hold = None, Amount(5, 5, Unit.SECONDS)
    is_open = one.position is Position.ON_FRONT
    return Entry(one, Dose(hold=hold, repeat=repeat, until_next=is_open, sides=Sides.EACH), "One remark.", form=form)


def routine(*stretches: Stretch) -> Routine:
    return Routine(
        "bedtime", "B", "bedtime routine", ("bedtime",), (), "Hello.", "That was all.", tuple(map(entry, stretches))
    )


class Body(Night):
    """A night of somebody who does what is said, as it is said, and no more; what is wrong raises."""

    def __init__(self, *stretches: Stretch) -> None:
        knows = replace(knowledge(), routines={"bedtime": routine(*stretches)}, stretches=STRETCHES)
        super().__init__(at_rest(knows=knows))
        self.position: Position | None = None
        self.was: Position | None = None
        """The position before the way, or None where it is not known."""
        self.led_to: set[Position] = set()
        self.set_up: Stretch | None = None
        self.saying = ""
        self.kind = ""
        self.quiet_since_s: float | None = None
        self.counted = 0

    def leave(self) -> None:
        if self.position is not None:
            self.was, self.position, self.led_to = self.position, None, set()

    def arrive(self, one: Stretch) -> None:
        to = one.position
        known = self.was is not None and body(self.was) is not body(to)
        if known or to not in ON_THE_BACK:
            assert body(to) in self.led_to or body(self.was) is body(to), f"no way from {self.was} to {to}"
        self.position, self.was, self.set_up = to, None, None

    def says_to_be_there(self, event: Event) -> bool:
        """ "Ready" into a remark that is made while there is time to get there: who says so is there."""
        session = self.state.session
        said = isinstance(event, Heard) and event.meaning.command in SAY_SO and self.state.mode is Mode.GUIDING
        return said and session is not None and isinstance(session.beat, Wait)

    def _put(self, event: Event) -> None:
        waiting = self.kind == "wait" and not self.state.interjection
        passed = isinstance(event, Ended) or (isinstance(event, Heard) and event.meaning.command in PASSES)
        arriving = self.set_up if (waiting and passed) or self.says_to_be_there(event) else None
        before = self.state.token
        if arriving is not None:
            self.arrive(arriving)
        super()._put(event)
        if self.state.mode in (Mode.PAUSED, Mode.STOPPED) and self.quiet_since_s is None:
            self.quiet_since_s = self.now_s
        assert self.state.token >= before

    def _do(self, action: Action) -> None:
        super()._do(action)
        if not isinstance(action, Perform):
            return
        text = (
            " ".join(cue.sound for cue in action.cues if isinstance(cue.sound, str))
            if action.beat == "sentence"
            else ""
        )
        self.saying, self.kind = text, action.beat
        if self.state.mode is Mode.GUIDING:
            self._guided(text, action.beat)
        for one in STRETCHES.values():
            if one.come_out in text and one.position in RESTS_IN:
                self.leave()
                self.was = RESTS_IN[one.position]

    def _guided(self, text: str, kind: str) -> None:
        if self.quiet_since_s is not None:
            if self.now_s - self.quiet_since_s > LYING_STILL_S and self.position not in ON_THE_BACK:
                self.leave()
                self.was = None
            self.quiet_since_s = None
        for words, to in MOVEMENT_WORDS.items():
            if words in text:
                self.leave()
                self.led_to.add(to)
        if text in SETUPS:
            self.leave()
            self.set_up = SETUPS[text]
        session = self.state.session
        assert session is not None
        if text in CUES:
            assert self.position is CUES[text].position, f"{text} to somebody who is {self.position}"
        if kind in ("hold", "breaths", "movement"):
            self.counted += 1
            assert self.position is session.step.stretch.position, f"counts for somebody who is {self.position}"


SAY_SO = (Command.READY, Command("done"))
PASSES = (Command.READY, Command.CONTINUE, Command("done"), Command.ALL_RIGHT)
GIVEN_UP = {Command.RED_FLAG, Command("good night"), Command.START, Command.SWITCH_TO}
"""These end the session; another one begins from nobody knows where."""

commands = st.sampled_from([one for one in COMMANDS if one not in GIVEN_UP])
phrases = commands.flatmap(lambda one: st.sampled_from(sorted(phrasebook().phrases_for({one}))))
lengths = st.sampled_from([0.3, 2.0, 6.0, 14.0, 35.0, 90.0])
orders = st.lists(st.sampled_from(list(STRETCHES.values())), min_size=2, max_size=6)


@settings(max_examples=120, deadline=None)
@given(orders, st.lists(st.tuples(phrases, lengths), max_size=20))
def test_nobody_is_counted_for_who_was_not_led_there(order: list[Stretch], events: list[tuple[str, float]]) -> None:
    night = Body(*order).says("start bedtime routine")
    for phrase, seconds in events:
        if night.mode in (Mode.REST, Mode.ASLEEP, Mode.CLOSING, Mode.WARNING):
            return
        night.says(phrase).passes(seconds)


@pytest.mark.parametrize(("start", "to"), list(product(STRETCHES.values(), repeat=2)), ids=lambda one: one.key)
def test_every_pair_of_positions_has_its_way(start: Stretch, to: Stretch) -> None:
    night = Body(start, to).says("start bedtime routine").until("That was all.", 900)
    assert isinstance(night, Body)
    assert night.counted >= 4


@pytest.mark.parametrize(("start", "to"), list(product([None, *Position], Position)))
def test_a_way_is_a_chain_of_movements_that_begins_and_ends_where_it_should(
    start: Position | None, to: Position
) -> None:
    movements = way(start, to)
    assert all(before[1] is after[0] for before, after in pairwise(movements))
    assert (movements[0][0], movements[-1][1]) == (body(start), body(to)) if movements else body(start) is body(to)
    assert way_s(start, to) >= 5
    assert len(movements) <= 4


def test_each_movement_has_words_in_each_language() -> None:
    assert WORDS.ways.keys() == MOVEMENTS_S.keys()


def test_from_all_fours_one_lies_down_on_the_side_first() -> None:
    said = Way(Position.ON_BACK, WORDS.ways).begun_at(Position.HANDS_AND_KNEES)
    assert said.text == (
        "Let your hips sink to one side, and lie down on that side. From your side, roll slowly onto your back."
    )
    assert said.brief == "Roll onto your back."


def test_who_knows_the_way_hears_few_words() -> None:
    assert (
        Way(Position.HANDS_AND_KNEES, WORDS.ways, known=True).begun_at(None).text == "Come onto your hands and knees."
    )


def test_after_pain_one_is_led_in_again_before_the_easier_form_and_the_cue() -> None:
    night = Body(STRETCHES["on back"], STRETCHES["hands and knees"]).says("start bedtime routine")
    night.until("Rock", 300).passes(2).says("that hurts").passes(15).says("easier")
    begun = night.now_s
    night.until("Lean hands and knees")
    assert night.since(begun)[0].startswith("From your side, push up with your hands")
    assert night.since(begun)[1:] == [
        "Be hands and knees now.", "Only if it feels right. Do less of the hands and knees.",
        "Lean hands and knees to the right.",
    ]  # fmt: skip


def test_after_a_long_pause_on_all_fours_one_is_led_in_again_on_the_back_one_just_goes_on() -> None:
    for key, led in (("hands and knees", True), ("on back", False)):
        night = Body(STRETCHES[key]).says("start bedtime routine").until(f"Lean {key}", 300).passes(9)
        begun = night.says("pause").passes(LYING_STILL_S + 10).now_s
        night.says("continue").passes(25)
        assert (f"Be {key} now." in night.since(begun)) is led


def test_who_goes_on_from_the_middle_of_a_hold_on_all_fours_hears_the_way_out() -> None:
    first, second = STRETCHES["kneeling"], STRETCHES["on back"]
    night = Body(first, second).says("start bedtime routine").until("three", 300).says("next")
    assert night.last == "Let go."
    assert night.passes(2).last == "And last, the on back."


def test_words_of_caution_are_said_once_in_a_session() -> None:
    night = Body(STRETCHES["on back"], STRETCHES["on front"]).says("start bedtime routine").until("three", 300)
    night.says("that hurts").passes(12).says("easier").until("three").says("stop").passes(5).says("continue").passes(1)
    night.says("back").until("three", 120)
    assert night.words.count("Mind the on back.") == 1
    assert night.words.count("One remark.") == 1


def test_nobody_is_left_on_all_fours_at_the_end() -> None:
    night = Body(STRETCHES["hands and knees"]).says("start bedtime routine").until("That was all.", 300)
    assert night.last == "Let your hips sink to one side, and lie down on that side. That was all."
    skipped = Body(STRETCHES["hands and knees"]).says("start bedtime routine").until("Rock", 300).passes(1).says("next")
    assert skipped.last == "Come out of the hands and knees slowly. That was the last one. That was all."
