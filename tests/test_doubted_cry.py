"""A cry that was heard too uncertainly is believed the second time; nothing else is believed for that."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.acceptance import Acceptance, Candidate, Origin, Refusal, Refused
from voicecoach.hearing.background_speech import BackgroundSpeech
from voicecoach.hearing.barge_in import BargeInGuard
from voicecoach.hearing.grammar import Match
from voicecoach.hearing.loudness import Loudness
from voicecoach.settings import Settings

POLICY = Assembly(Settings()).policy()
BLOCK = 320
VOICE_DB = -30.0
NO_ECHO_DB = -200.0
WORD_S = 0.6
OBEYED = "obeyed"


@dataclass(frozen=True)
class Said:
    """Something that is heard."""

    words: str | None = "that hurts"
    confidence: float = 0.6
    after_s: float = 2.0
    """So long after the one before."""
    origin: Origin = Origin.DECODER
    level_db: float = VOICE_DB


@dataclass(frozen=True)
class Coach:
    """What the coach does meanwhile."""

    saying: str = ""
    echo_db: float | None = NO_ECHO_DB
    """How loud its echo may be; None: nobody knows."""


SILENT, SPEAKS = Coach(), Coach("breathe quietly", VOICE_DB - 10)
LOUD, UNKNOWN = Coach("breathe quietly", VOICE_DB + 10), Coach("breathe quietly", None)


def verdicts(*things: Said, coach: Coach = SILENT) -> list[str]:
    """What became of each, one after the other."""
    background, guard = BackgroundSpeech(POLICY.rules.background), BargeInGuard(POLICY.rules.barge_in, 0.3)
    acceptance = Acceptance(POLICY, background, Loudness(), guard)
    guard.saying(coach.saying)
    now_s, heard, verdicts = 0.0, 0, []
    for one in things:
        began, now_s = round((now_s + one.after_s) * MICROPHONE_HZ), now_s + one.after_s + WORD_S
        ended = round(now_s * MICROPHONE_HZ)
        echo = None if coach.echo_db is None else 10 ** (coach.echo_db / 10)
        powers = [] if echo is None else [(10 ** (one.level_db / 10), echo, echo)] * ((ended - heard) // BLOCK)
        guard.hear(ended - heard, powers)
        heard = ended
        verdict = acceptance.judge(
            Candidate(Match(one.words or "[unk]", one.words, one.confidence), began, ended, one.origin), one.level_db
        )
        acceptance.remember(verdict, one.level_db)
        verdicts.append(verdict.why.value if isinstance(verdict, Refused) else OBEYED)
    return verdicts


AGAIN, UNSURE = Said(), Refusal.UNSURE.value


@pytest.mark.parametrize(
    ("first", "second", "coach", "believed"),
    [
        # Cried twice.
        (Said(), AGAIN, SILENT, True),
        (Said(), AGAIN, SPEAKS, True),
        (Said("that hurts"), Said("ouch"), SILENT, True),
        (Said("i can't breathe", 0.55), Said("i can't breathe", 0.5), SPEAKS, True),
        (Said(), Said(after_s=9.9), SILENT, True),
        (Said(after_s=0.0), Said(after_s=0.2), SILENT, True),
        # Not so soon, not so sure, not the same.
        (Said(), Said(after_s=10.1), SILENT, False),
        (Said(confidence=0.49), AGAIN, SILENT, False),
        (Said(), Said(confidence=0.49), SILENT, False),
        (Said("that hurts"), Said("i can't breathe", 0.55), SILENT, False),
        (Said(None), AGAIN, SILENT, False),
        # Single words that other sounds are taken for.
        (Said("numb"), Said("numb"), SILENT, False),
        (Said("numb", 0.9), Said("numb", 0.9), SILENT, True),
        (Said("i fell", 0.9), Said("i fell", 0.8), SILENT, False),
        # Commands that can wait.
        (Said("next"), Said("next"), SILENT, False),
        (Said("go back", 0.8), Said("go back", 0.8), SILENT, False),
        # What was taken out of talk.
        (Said(origin=Origin.FOREGROUND), AGAIN, SILENT, False),
        (Said(), Said(origin=Origin.FOREGROUND), SILENT, False),
        # The coach's own voice.
        (Said(), AGAIN, LOUD, False),
        (Said(), AGAIN, UNKNOWN, False),
        (Said(level_db=-60.0), Said(level_db=-60.0), SPEAKS, False),
    ],
)
def test_a_cry_is_believed_the_second_time(
    first: Said,
    second: Said,
    coach: Coach,
    believed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    before, after = verdicts(first, second, coach=coach)
    assert before != OBEYED
    assert (after == OBEYED) is believed


@pytest.mark.parametrize(
    ("things", "heard"),
    [
        ([Said(None), Said(after_s=0.5), AGAIN], ["no phrase", UNSURE, UNSURE]),  # a piece of a sentence
        ([Said(), Said(None), AGAIN], [UNSURE, "no phrase", UNSURE]),  # somebody goes on talking
        ([Said(), Said("next", 0.5), AGAIN], [UNSURE, UNSURE, UNSURE]),
        ([Said(), Said("next", 1.0), AGAIN], [UNSURE, OBEYED, UNSURE]),
        ([Said(), AGAIN, AGAIN], [UNSURE, OBEYED, UNSURE]),  # the second cry was answered
        ([Said(), Said(after_s=11), AGAIN], [UNSURE, UNSURE, OBEYED]),
    ],
)
def test_nothing_may_be_said_between(things: list[Said], heard: list[str]) -> None:
    assert verdicts(*things) == heard


def test_it_holds_for_every_word_of_need() -> None:
    for phrase in POLICY.urgent:
        asked = POLICY.of(phrase).least_confidence
        doubted = Said(phrase, 0.86 if asked > 0.85 else 0.5 if asked > 0.5 else asked - 0.01)
        first, second = verdicts(doubted, doubted)
        assert first == UNSURE, phrase
        assert (second == OBEYED) is (asked > 0.5), f"{phrase}; who is believed at 0.5 anyway is so no sooner"


things = st.builds(
    Said,
    st.sampled_from([None, "next", "that hurts", "ouch", "numb", "stop"]),
    st.floats(0, 1),
    st.floats(0, 15),
    st.sampled_from(Origin),
    st.floats(-60, 0),
)


@given(st.lists(things, max_size=12))
def test_what_is_believed_for_that_was_a_cry_both_times(said: list[Said]) -> None:
    """Whatever is heard: what is obeyed without its confidence is urgent, and follows one that was refused."""
    believed = verdicts(*said)
    for index, one in enumerate(said):
        if one.words is None or believed[index] != OBEYED:
            continue
        asked = POLICY.of(one.words)
        if one.confidence < asked.least_confidence:
            assert asked.urgent
            assert one.confidence >= 0.5
            assert _cried_before(said[:index], believed[:index], POLICY.meaning(one.words))


def _cried_before(said: list[Said], believed: list[str], meaning: object) -> bool:
    """Whether the last thing said was the same, and doubted.

    A piece of an utterance that was decoded by itself, and refused, is nothing that was said between.
    """
    for one, became in zip(reversed(said), reversed(believed), strict=True):
        if became == UNSURE and one.words is not None and POLICY.meaning(one.words) == meaning:
            return True
        if one.origin is Origin.DECODER or became == OBEYED:
            return False
    return False
