"""Nobody is told what to do, or counted for, who has not been led into the position and had time to get there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from night import Night
from small_house import ALL_ANSWERED, at_rest, knowledge, language, phrasings, stretch

from voicecoach.dialogue.events import Action, Ended, Event, Heard, Perform, Recovered
from voicecoach.dialogue.handlers.guiding import LYING_STILL_S
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import COMMANDS
from voicecoach.languages.commands import Command
from voicecoach.person.facts import Fact
from voicecoach.routine.plan import Wait, Way
from voicecoach.routine.stretch import Amount, Dose, Entry, Form, Phase, Position, Routine, Sides, Stretch, Unit
from voicecoach.routine.ways import (
    ANYWHERE,
    LYING,
    MOVEMENTS_S,
    ON_THE_BACK,
    RESTS_IN,
    Places,
    begins_at,
    body,
    way,
    way_s,
)

WORDS = language().plan
MOVEMENT_WORDS = {words: movement for movement, said in WORDS.ways.items() for words in (said.text, said.brief)}
"""A movement that is known, or that somebody wants to hear less of, is named in few words."""
GETTING_UP = language().prompts.getting_up
LYING_DOWN = [said.text for (_, to), said in WORDS.ways.items() if to is Position.ON_SIDE]


def in_position(position: Position) -> Stretch:
    """A stretch whose words are like no other's."""
    key = position.name.lower().replace("_", " ")
    return stretch(
        key,
        position=position,
        setup=f"Be {key} now.",
        cue=f"Lean {key} to the {{side}}.",
        cue_short=f"Lean {key} {{side}}.",
        release=f"Leave the {key}.",
        caution=f"Mind the {key}.",
        phases=(Phase("Rock to and fro", "rock", 3.0),) if position is Position.HANDS_AND_KNEES else (),
    )


STARTS = (LYING, ANYWHERE, *(frozenset({one}) for one in Position))
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
    """A night of somebody who does what is said, now or a little later, and no more; what is wrong for them raises.

    How quick they are is not known: on the way from one position to another they may be at any point of it.
    """

    def __init__(self, *stretches: Stretch) -> None:
        self.knows = replace(knowledge(), routines={"bedtime": routine(*stretches)}, stretches=STRETCHES)
        super().__init__(at_rest(knows=self.knows))
        self.may_be = LYING
        self.led_to: Position | None = None
        """Where the latest movement led, or where they were before there was one."""
        self.way: Position | None = None
        """Where the latest way leads, for as long as its words may be said again."""
        self.cut_short = ""
        """Words that lead somewhere and have not been heard whole."""
        self.set_up: Stretch | None = None
        self.inside: Stretch | None = None
        """What they may be holding or moving in."""
        self.knows_how = False
        """Whether they have been told how to get into it since they last let go."""
        self.saying, self.kind = "", ""
        self.quiet_since_s: float | None = None
        self.counted = 0
        self.asked_again = False
        """Whether they are hearing again, in a pause or a remark, what was said before: they know that it is over."""

    def fails(self) -> None:
        """The coach goes on after an unforeseen error."""
        self._put(Recovered(self.now_s))

    def wakes(self) -> None:
        """The power is cut, and comes back: where they are now is known only of somebody who lay."""
        place = self.place_kept
        self.state = at_rest(knows=self.knows)
        self._due, self._ends = [], None
        self.may_be = LYING if self.may_be <= LYING else ANYWHERE
        self.led_to = self.set_up = self.inside = None
        self.saying, self.kind = "", ""
        self.opens(place, 60.0)

    # --- what they do -------------------------------------------------------------------------------------------------

    def move(self, text: str) -> None:
        found = sorted((text.index(words), words) for words in MOVEMENT_WORDS if words in text)
        chain = [MOVEMENT_WORDS[words] for _, words in found]
        if not chain:
            return
        start = chain[0][0]
        lies = start is Position.ON_BACK and self.may_be <= LYING
        is_said_again = self.way is chain[-1][1] or (self.cut_short and self.cut_short in text)
        known = start is None or {body(one) for one in self.may_be} == {start} or lies
        assert known or is_said_again, f"{text} to somebody who may be {self.may_be}"
        assert all(before[1] is after[0] for before, after in pairwise(chain))
        self.may_be |= {to for _, to in chain}
        self.inside = self.inside if start else None
        self.led_to = self.way = chain[-1][1]
        self.cut_short = " ".join(words for _, words in found)

    def get_ready(self, one: Stretch) -> None:
        bodies = {body(position) for position in self.may_be}
        is_there = self.led_to is body(one.position) or bodies == {body(one.position)}
        assert is_there or (one.position in ON_THE_BACK and self.may_be <= LYING), f"{self.may_be} to {one.position}"
        self.may_be |= {one.position}
        self.set_up = one

    def arrive(self, one: Stretch) -> None:
        self.may_be = frozenset({one.position})
        self.led_to = self.set_up = None

    def heard_whole(self) -> None:
        """A sentence is over: what it leads out of has been left, and where it leads to reached."""
        if GETTING_UP in self.saying:
            return
        if self.cut_short in self.saying:
            self.cut_short = ""
        for one in STRETCHES.values():
            if one.come_out in self.saying:
                self.inside = None
                self.may_be = frozenset({RESTS_IN.get(one.position, one.position)})
            if one.release in self.saying:
                self.inside = None
        in_between = self.state.interjection or self.state.mode is not Mode.GUIDING
        if in_between and any(words in self.saying for words in LYING_DOWN):
            self.may_be, self.set_up = frozenset({Position.ON_SIDE}), None

    # --- what they hear -----------------------------------------------------------------------------------------------

    @property
    def is_up(self) -> bool:
        """Whether they have had to get up, and have not come back."""
        return self.state.session is not None and self.state.session.is_up

    def says_to_be_there(self, event: Event) -> bool:
        """ "Ready" into a remark that is made while there is time to get there: who says so is there."""
        session = self.state.session
        mode = self.state.asked.behind if self.state.asked else self.state.mode
        said = isinstance(event, Heard) and event.meaning.command in SAY_SO and mode is Mode.GUIDING
        return said and session is not None and isinstance(session.beat, Wait)

    def _put(self, event: Event) -> None:
        guided = self.state.mode is Mode.GUIDING
        waiting = guided and self.kind == "wait" and not self.state.interjection
        ended = isinstance(event, Ended)
        passed = ended or (isinstance(event, Heard) and event.meaning.command in PASSES)
        if self.set_up is not None and ((waiting and passed) or self.says_to_be_there(event)):
            self.arrive(self.set_up)
        if ended and self.kind == "sentence":
            self.heard_whole()
        if isinstance(event, Heard) and event.meaning.command == Command.STOP:
            self.knows_how = False
        says_so = isinstance(event, Heard) and event.meaning.command in SAY_SO
        if says_so and self.inside is not None and self.inside.release in self.saying:
            self.inside = None
        paused = self.state.mode in (Mode.PAUSED, Mode.STOPPED, Mode.HURT) or self.state.interjection
        self.asked_again = paused and isinstance(event, Heard) and event.meaning.command == Command("repeat")
        super()._put(event)
        if self.is_up:
            self.quiet_since_s = None
        elif self.state.mode in (Mode.PAUSED, Mode.STOPPED) and self.quiet_since_s is None:
            self.quiet_since_s = self.now_s

    def _do(self, action: Action) -> None:
        super()._do(action)
        if not isinstance(action, Perform):
            return
        spoken = [cue.sound for cue in action.cues if isinstance(cue.sound, str)]
        text = " ".join(spoken) if action.beat == "sentence" else ""
        if self.state.mode is Mode.GUIDING:
            self._has_rested()
        if self.state.mode not in (Mode.GUIDING, Mode.ASKING) or text in NAMINGS:
            self.way = None
        if not self.asked_again:
            self.move(text)
        self._is_let_out(text)
        if GETTING_UP in text:
            self.may_be, self.led_to, self.set_up = frozenset({Position.STANDING}), None, None
            self.inside, self.knows_how, self.cut_short = None, False, ""
        if text in SETUPS and not self.asked_again:
            self.get_ready(SETUPS[text])
        if self.state.mode is Mode.GUIDING:
            self._guided(text, action.beat)
        self.saying, self.kind = text, action.beat

    def _has_rested(self) -> None:
        if self.quiet_since_s is not None and self.now_s - self.quiet_since_s > LYING_STILL_S:
            if not self.may_be <= ON_THE_BACK:
                self.may_be = LYING if self.may_be <= LYING else ANYWHERE
                self.led_to = self.inside = None
            self.knows_how = False
        self.quiet_since_s = None

    def _is_let_out(self, text: str) -> None:
        """Whoever holds something hears how to leave it before anything that lets them wait, or leads elsewhere."""
        if self.inside is None or not text:
            return
        out = self.inside.release in text or self.inside.come_out in text
        elsewhere = text in NAMINGS
        first = self.state.asked.first if self.state.asked else None
        pending = " ".join(one.text for one in (self.state.pending_prompt, first) if one is not None)
        will_be = self.inside.release in pending or self.inside.come_out in pending
        waits = self.state.mode in WAITS and not will_be
        assert out or not (elsewhere or waits), f"{text} to somebody who holds the {self.inside.key}"
        self.knows_how = self.knows_how and not out

    def _guided(self, text: str, kind: str) -> None:
        session = self.state.session
        assert session is not None
        for cue, one in CUES.items():
            if cue in text:
                assert self.may_be == {one.position}, f"{text} to somebody who may be {self.may_be}"
                self.inside, self.knows_how = one, True
        if kind in COUNTS:
            self.counted += 1
            assert self.may_be == {session.step.stretch.position}, f"counts for somebody who may be {self.may_be}"
            assert self.inside is session.step.stretch, f"counts for somebody who holds nothing: {self.words[-4:]}"
            assert self.knows_how, f"counts for somebody who has let go: {self.words[-4:]}"


NAMINGS = {text.format(name=one.name) for one in STRETCHES.values() for text in (WORDS.first, WORDS.then, WORDS.last)}
COUNTS = ("hold", "breaths", "movement")
WAITS = (Mode.PAUSED, Mode.STOPPED, Mode.ASKING, Mode.HURT, Mode.CLOSING)
SAY_SO = (Command.READY, Command("done"))
PASSES = (Command.READY, Command.CONTINUE, Command("done"), Command.ALL_RIGHT)
ENDING = ("good night", "start", "switch to", "minutes", "something for tonight")
GIVEN_UP = {Command.RED_FLAG, *map(Command, ENDING)}
"""These end the session; another one begins from nobody knows where."""

commands = st.sampled_from([one for one in COMMANDS if one not in GIVEN_UP])
phrases = commands.flatmap(lambda one: st.sampled_from(phrasings(one)))
mishaps = st.sampled_from(["(deaf)", "(hears)", "(failed)", "(power cut)"])
happenings = st.one_of(phrases, phrases, phrases, mishaps)
lengths = st.sampled_from([0.3, 2.0, 6.0, 14.0, 35.0, 90.0])
orders = st.lists(st.sampled_from(list(STRETCHES.values())), min_size=2, max_size=6)
OVER = (Mode.REST, Mode.ASLEEP, Mode.CLOSING, Mode.WARNING)


def happens(night: Body, what: str) -> None:
    match what:
        case "(deaf)":
            night.goes_deaf()
        case "(hears)":
            night.hears_again()
        case "(failed)":
            night.fails()
        case "(power cut)":
            night.wakes()
        case phrase:
            night.says(phrase)


@settings(max_examples=120, deadline=None)
@given(orders, st.lists(st.tuples(happenings, lengths), max_size=20))
def test_nobody_is_counted_for_who_was_not_led_there(order: list[Stretch], events: list[tuple[str, float]]) -> None:
    night = Body(*order).says("start bedtime routine")
    for what, seconds in events:
        if night.mode in OVER:
            return
        happens(night, what)
        night.passes(seconds)


@pytest.mark.parametrize(("start", "to"), list(product(STRETCHES.values(), repeat=2)), ids=lambda one: one.key)
def test_every_pair_of_positions_has_its_way(start: Stretch, to: Stretch) -> None:
    night = Body(start, to).says("start bedtime routine")
    while "That was all." not in "".join(night.words[-1:]):
        assert night.now_s < 900, night.words[-1:]
        if night.passes(1).mode is Mode.PAUSED:
            night.says("next")
    assert night.counted >= 4


@pytest.mark.parametrize(("start", "to"), list(product(STARTS, Position)))
def test_a_way_is_a_chain_of_movements_that_begins_and_ends_where_it_should(start: Places, to: Position) -> None:
    movements = way(start, to)
    assert all(before[1] is after[0] for before, after in pairwise(movements))
    assert (
        (movements[0][0], movements[-1][1]) == (begins_at(start), body(to))
        if movements
        else begins_at(start) is body(to)
    )
    assert way_s(start, to) >= 5
    assert len(movements) <= 5


def test_each_movement_has_words_in_each_language() -> None:
    assert WORDS.ways.keys() == MOVEMENTS_S.keys()


def test_from_all_fours_one_lies_down_on_the_side_first() -> None:
    said = Way(Position.ON_BACK, WORDS.ways).begun_at(frozenset({Position.HANDS_AND_KNEES}))
    assert said.text == (
        "Let your hips down to the side with more room, lie down on that side, and shift to the middle. "
        "Roll slowly onto your back in the middle."
    )
    assert said.brief == "Hips to the roomier side, lie down, shift to the middle. Slowly onto your back."


def test_who_knows_the_way_hears_few_words() -> None:
    said = Way(Position.HANDS_AND_KNEES, WORDS.ways, known=True).begun_at(LYING)
    assert said.text == "Knees bent, and roll to the roomier side. Covers off, hands and knees, facing your pillow."


def test_what_was_told_once_in_a_session_needs_few_words_the_second_time() -> None:
    night = Body(STRETCHES["hands and knees"], STRETCHES["on back"], STRETCHES["sitting"])
    night.says("start bedtime routine").until("Be sitting now", 300)
    assert [text for text in night.since(0) if "roll" in text.lower()] == [
        (
            "Bend your knees, and roll to the side with more room. "
            "Covers off, push up onto your hands and knees in the middle, facing your pillow."
        ),
        (
            "Let your hips down to the side with more room, lie down on that side, and shift to the middle. "
            "Roll slowly onto your back in the middle."
        ),
        "Knees bent, and roll to the roomier side. Covers off, and push up with your hands, until you sit.",
    ]


def test_who_passed_over_the_stretch_that_tells_a_way_hears_it_in_full_later() -> None:
    night = Body(STRETCHES["hands and knees"], STRETCHES["sitting"])
    night.says("start bedtime routine").until("We begin", 300).says("next").until("Be sitting now", 300)
    assert night.since(0)[-2] == (
        "Bend your knees, and roll to the side with more room. Covers off, and push up with your hands, until you sit."
    )


def test_after_pain_one_is_led_in_again_before_the_easier_form_and_the_cue() -> None:
    night = Body(STRETCHES["on back"], STRETCHES["hands and knees"]).says("start bedtime routine")
    night.until("Rock", 300).passes(2).says("that hurts").passes(15).says("easier")
    begun = night.now_s
    night.until("Lean hands and knees")
    assert night.since(begun)[0].startswith("Covers off, push up onto your hands")
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
    assert night.last == "Leave the kneeling."
    assert night.passes(2).last == "And last, the on back."


def test_words_of_caution_are_said_once_in_a_session() -> None:
    night = Body(STRETCHES["on back"], STRETCHES["on front"]).says("start bedtime routine").until("three", 300)
    night.says("that hurts").passes(12).says("easier").until("three").says("stop").passes(5).says("continue").passes(1)
    night.says("back").until("three", 120)
    assert night.words.count("Mind the on back.") == 1
    assert night.words.count("One remark.") == 1


def test_nobody_is_left_on_all_fours_at_the_end() -> None:
    night = Body(STRETCHES["hands and knees"]).says("start bedtime routine").until("That was all.", 300)
    assert (
        night.last == "Let your hips down to the side with more room, lie down on that side, and shift to the middle. "
        "That was all."
    )
    skipped = Body(STRETCHES["hands and knees"]).says("start bedtime routine").until("Rock", 300).passes(1).says("next")
    assert skipped.last == "Come out of the hands and knees slowly. That was the last one. That was all."


def test_who_has_to_lie_down_first_is_given_time_before_they_are_asked_how_their_back_is() -> None:
    knows = replace(knowledge(), routines={"bedtime": routine(STRETCHES["hands and knees"])}, stretches=STRETCHES)
    rates_pain = [record for record in ALL_ANSWERED if record.what is not Fact.RATING]
    night = Night(at_rest(knows=knows), rates_pain).says("start bedtime routine").passes(10).says("three")
    night.until("Let your hips down", 300)
    assert (
        night.last == "Let your hips down to the side with more room, lie down on that side, and shift to the middle."
    )
    lies = night.now_s
    night.until("how is your back")
    assert night.now_s - lies > 10
    assert night.passes(8).says("two").last == "That was all."


def test_whose_feet_are_in_the_air_puts_them_down_and_lifts_them_again_after_a_pause() -> None:
    shins = STRETCHES["on back shins level"]
    night = Body(shins, STRETCHES["on front"]).says("start bedtime routine").until("three", 300).says("pause")
    assert night.last == f"Leave the {shins.key}. {WORDS.feet_down} We rest here. Take all the time you need."
    begun = night.passes(20).now_s
    night.says("continue").until("three")
    assert night.since(begun)[0] == f"On we go. {WORDS.feet_up} Lean {shins.key} right."
    begun = night.now_s
    night.until("And last", 300)
    assert night.since(begun).count(WORDS.feet_down) == 1, "not between the sides"
    skipped = Body(shins, STRETCHES["on front"]).says("start bedtime routine").until("three", 300).says("next")
    assert skipped.last == f"Leave the {shins.key}. {WORDS.feet_down}"


def test_who_has_been_up_does_not_hear_again_what_was_said_on_all_fours() -> None:
    night = Body(STRETCHES["hands and knees"], STRETCHES["on back"]).says("start bedtime routine")
    night.until("Lean hands and knees", 300).says("i need the bathroom").passes(200).says("i am back").passes(0.3)
    assert night.last == "On we go."
    assert night.says("repeat").last == "On we go."
    assert night.until("Sit down on the edge of your bed").passes(0.3).says("repeat").last.startswith("Sit down")


def test_a_pause_said_into_the_way_down_lets_it_be_heard_out_and_it_is_told_once() -> None:
    night = Body(STRETCHES["hands and knees"], STRETCHES["on back"]).says("start bedtime routine")
    begun = night.until("Lean hands and knees", 300).passes(9).now_s
    night.goes_deaf().passes(2).says("pause").passes(60).says("stop").passes(10)
    assert len([words for words in night.since(begun) if "Leave" in words or "Come out" in words]) == 1


def test_whom_it_hurts_on_the_way_is_led_from_where_they_may_be() -> None:
    night = Body(STRETCHES["on side"], STRETCHES["on back"], STRETCHES["hands and knees"])
    night.says("start bedtime routine").until("Be on back now", 300).passes(9).says("that hurts").passes(6)
    hurt = night.says("next").now_s
    night.until("Be hands and knees now", 60)
    assert night.since(hurt)[-2].startswith("Knees bent, and roll to the roomier side. Covers off")


def test_who_takes_up_an_open_end_of_the_last_stretch_ends_the_session() -> None:
    night = Body(STRETCHES["on back"], STRETCHES["on front"]).says("start bedtime routine")
    night.until("Say once more", 300).says("pause").passes(20)
    assert night.says("continue").passes(1).last == "That was all."
