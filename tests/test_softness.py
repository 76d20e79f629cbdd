"""A whisper is answered softly: when the coach is softer, and when never."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from night import happens
from small_house import at_rest, knowledge

from voicecoach.dialogue.events import Adjustable, Adjusted, Deafened, Heard, Muted
from voicecoach.dialogue.handlers.changes import QUIETEST_DB
from voicecoach.dialogue.state import Asked, Mode
from voicecoach.dialogue.table import COMMANDS
from voicecoach.dialogue.wanted import Question
from voicecoach.engines.recognition.port import Delivery
from voicecoach.languages.commands import Command, Meaning
from voicecoach.softness import BELOW_USUAL_DB, ENOUGH, NEED, REMEMBERED, SOFTER_DB, Softness

if TYPE_CHECKING:
    from voicecoach.dialogue.state import State

NEXT = Meaning(Command.NEXT)
USUAL_DB = -30.0
VOICE, WHISPER = Delivery(USUAL_DB, 30.0, 0.9), Delivery(USUAL_DB - 15.0, 15.0, 0.4)
FAR = Delivery(USUAL_DB - 15.0, 15.0, 0.9)
LOUDER, QUIETER = Meaning(Command("louder")), Meaning(Command("quieter"))
DELIVERIES = st.builds(Delivery, st.floats(-90, 0), st.floats(0, 60), st.floats(0, 1))
MEANINGS = st.sampled_from([Meaning(command) for command in COMMANDS])


def heard(*said: Delivery | Meaning) -> Softness:
    """After all of it: a delivery is that of "next", a meaning is whispered."""
    softness = Softness()
    for one in said:
        pair = (NEXT, one) if isinstance(one, Delivery) else (one, WHISPER)
        softness = softness.heard(*pair)
    return softness


def guiding(**changes: Any) -> State:  # noqa: ANN401 - any field of a state
    return at_rest(**({"mode": Mode.GUIDING} | changes))


@pytest.mark.parametrize(
    ("said", "soft"),
    [
        ([], False),
        ([WHISPER], True),  # the first words of an evening may be whispered
        ([WHISPER, WHISPER], True),
        ([WHISPER, VOICE], False),
        ([VOICE] * ENOUGH + [WHISPER], True),
        ([WHISPER, FAR], False),
        ([VOICE] * ENOUGH + [FAR], False),
        ([VOICE] * ENOUGH + [replace(WHISPER, level_db=USUAL_DB - BELOW_USUAL_DB + 0.1)], False),  # as loud as a voice
        ([replace(WHISPER, above_room_db=5.0)], False),  # a fan has no voice either
        ([WHISPER, replace(VOICE, above_room_db=5.0)], True),
        ([WHISPER, replace(WHISPER, voicing=0.65)], True),
        ([replace(WHISPER, voicing=0.65)], False),
        ([WHISPER, LOUDER], False),
        ([LOUDER, WHISPER], False),
        ([LOUDER, QUIETER, WHISPER], True),
        ([WHISPER, QUIETER], True),
        ([WHISPER, Meaning(Command.STOP)], True),
        *[([WHISPER, Meaning(command)], False) for command in sorted(NEED, key=lambda command: command.key)],
    ],
)
def test_when_the_coach_is_soft(*, said: list[Delivery | Meaning], soft: bool) -> None:
    assert heard(*said).soft is soft


def test_a_word_of_need_is_answered_loudly_from_the_first_syllable() -> None:
    for command in NEED:
        whispered = heard(WHISPER).heard(Meaning(command), WHISPER)
        assert whispered.at_once
        assert not whispered.heard(NEXT, WHISPER).at_once


def test_what_was_not_heard_in_a_room_says_nothing() -> None:
    assert heard(WHISPER).heard(NEXT, None).soft


def test_the_usual_level_moves_with_the_latest_phrases() -> None:
    """Who has moved closer to the microphone is not taken for whispering, and not for shouting either."""
    softness = heard(*[VOICE] * 50, *[replace(VOICE, level_db=-50.0)] * REMEMBERED)
    assert len(softness.usual_db) == REMEMBERED
    assert not softness.heard(NEXT, replace(WHISPER, level_db=-54.0)).soft
    assert softness.heard(NEXT, replace(WHISPER, level_db=-57.0)).soft


@given(st.lists(st.tuples(MEANINGS, DELIVERIES)), st.floats(-30, 30))
def test_the_gain_of_a_microphone_changes_nothing(said: list[tuple[Meaning, Delivery]], gain_db: float) -> None:
    """Microphones differ by 30 dB: only differences of level count."""
    softness = amplified = Softness()
    for meaning, delivery in said:
        rounded = replace(delivery, level_db=float(round(delivery.level_db)))
        softness = softness.heard(meaning, rounded)
        amplified = amplified.heard(meaning, replace(rounded, level_db=rounded.level_db + round(gain_db)))
        assert softness.soft is amplified.soft


@given(
    said=st.lists(st.tuples(MEANINGS, DELIVERIES)),
    volume_db=st.floats(-40, 0),
    mode=st.sampled_from(Mode),
    deaf=st.booleans(),
)
def test_limits(*, said: list[tuple[Meaning, Delivery]], volume_db: float, mode: Mode, deaf: bool) -> None:
    softness = Softness()
    for one in said:
        softness = softness.heard(*one)
        gain_db = softness.gain_db(replace(at_rest(), mode=mode, volume_db=volume_db, deaf=deaf))
        assert SOFTER_DB <= gain_db <= 0.0
        assert volume_db + gain_db >= min(volume_db, QUIETEST_DB)
        assert gain_db == 0.0 or not (deaf or mode is Mode.WARNING)
        assert len(softness.usual_db) <= REMEMBERED


@pytest.mark.parametrize(
    ("state", "gain_db"),
    [
        (guiding(), SOFTER_DB),
        (guiding(mode=Mode.WARNING), 0.0),
        (guiding(deaf=True), 0.0),
        (guiding(deaf=True, muted=True), SOFTER_DB),  # somebody has asked for that
        (guiding(mode=Mode.ASKING, asked=Asked(Question.ONLY_BREATHE, Mode.REST)), 0.0),
        (guiding(mode=Mode.ASKING, asked=Asked(Question.SLEPT, Mode.REST)), SOFTER_DB),
        (guiding(volume_db=-20.0), -4.0),
        (guiding(volume_db=-40.0), 0.0),
        (guiding(knows=knowledge(follows_whispers=False)), 0.0),
    ],
)
def test_what_everybody_must_hear_is_never_soft(state: State, gain_db: float) -> None:
    assert heard(WHISPER).gain_db(state) == gain_db


def test_what_begins_without_a_word_begins_at_full_volume() -> None:
    """A reminder in the morning is not as soft as the last whisper of the night; a whispered beginning stays soft."""
    rest, session = at_rest(), guiding()
    pressed, whispered = Heard(Meaning(Command.START), 1.0, spoken=False), Heard(Meaning(Command.START), 1.0)
    assert not heard(WHISPER).followed(rest, pressed, session).soft
    assert heard(WHISPER).followed(rest, whispered, session).soft
    assert heard(WHISPER).followed(session, whispered, rest).soft


def test_louder_is_forgotten_at_rest() -> None:
    event = Heard(NEXT, 1.0)
    assert not heard(LOUDER).followed(guiding(), event, guiding()).heard(NEXT, WHISPER).soft
    assert heard(LOUDER).followed(guiding(), event, at_rest()).heard(NEXT, WHISPER).soft


@pytest.mark.parametrize(("to_db", "soft"), [(-2.0, False), (-20.0, True)])
def test_a_volume_that_is_set_by_hand_counts(*, to_db: float, soft: bool) -> None:
    before = guiding(volume_db=-8.0)
    event = Adjusted(Adjustable.VOLUME, to_db, 1.0)
    softness = heard(WHISPER).followed(before, event, replace(before, volume_db=to_db))
    assert not softness.soft
    assert softness.heard(NEXT, WHISPER).soft is soft


def test_nobody_is_answered_softly_who_cannot_be_heard() -> None:
    state, _ = happens(guiding(mode=Mode.REST), Deafened(1.0))
    assert heard(WHISPER).gain_db(state) == 0.0
    state, _ = happens(at_rest(), Muted(1.0))
    assert heard(WHISPER).gain_db(state) == SOFTER_DB
