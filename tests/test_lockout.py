"""Nobody is locked out: in any talk safety is obeyed at once, and any command when it is said again.

A verdict is made from what was heard before; so each state of that is a row, and each phrase of safety is tried in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pretended_model import PretendedModel, quiet, say

from voicecoach.assembly import Assembly
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.hearing.acceptance import Acceptance, Accepted, Candidate, Origin, Refusal, Refused
from voicecoach.hearing.background_speech import BackgroundSpeech
from voicecoach.hearing.barge_in import BargeInGuard
from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.grammar import Match
from voicecoach.hearing.loudness import Loudness
from voicecoach.hearing.policy import BackgroundRules, Policy, safety_policy
from voicecoach.languages.commands import SAFETY
from voicecoach.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

BLOCK = 320
VOICE_DB = -30.0
RULES = BackgroundRules()
POLICY = Assembly(Settings()).policy()
SAFETY_PHRASES = sorted(Assembly(Settings()).phrasebook.phrases_for(SAFETY))
WORD_S = 0.5


class Evening:
    """What is heard, one thing after the other, and the verdict on each."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy = policy
        self.background = BackgroundSpeech(policy.rules.background)
        self.acceptance = Acceptance(policy, self.background, Loudness(), BargeInGuard(policy.rules.barge_in, 0.3))
        self.now_s = 0.0

    def hear(
        self,
        phrase: str | None,
        confidence: float = 1.0,
        *,
        after_s: float = 3.0,
        level_db: float = VOICE_DB,
        origin: Origin = Origin.DECODER,
    ) -> Refusal | None:
        """Why ``phrase``, said so long after what was said before, is not obeyed; None: it is."""
        began_s, self.now_s = self.now_s + after_s, self.now_s + after_s + WORD_S
        began, ended = round(began_s * MICROPHONE_HZ), round(self.now_s * MICROPHONE_HZ)
        candidate = Candidate(Match(phrase or "[unk]", phrase, confidence), began, ended, origin)
        verdict = self.acceptance.judge(candidate, level_db)
        self.acceptance.remember(verdict, level_db)
        assert isinstance(verdict, Accepted | Refused)
        return verdict.why if isinstance(verdict, Refused) else None

    def hear_all(self, things: Iterable[tuple[str | None, float, float]]) -> None:
        """Hear phrases (or what is none), so sure and so loud, one after the other."""
        for phrase, confidence, level_db in things:
            self.hear(phrase, confidence, level_db=level_db)


TALK: Sequence[tuple[str | None, float, float]] = [(None, 1.0, VOICE_DB)] * RULES.recurring_times
"""Phrase, confidence, level."""
STATES: Mapping[str, Sequence[tuple[str | None, float, float]]] = {
    "silence": [],
    "a sentence": TALK[:1],
    "talk all the while": TALK,
    "talk, much louder": [(None, 1.0, VOICE_DB + 20.0)] * RULES.recurring_times,
    "talk without end": [*TALK, *TALK, *TALK, *TALK, *TALK],
    "mumbled commands": [("next", 0.1, VOICE_DB)] * RULES.recurring_times,
    "mumbled cries": [("numb", 0.1, VOICE_DB)] * RULES.recurring_times,
    "the same command, refused": [*TALK, *[("next", 1.0, VOICE_DB)] * 20],
    "other commands, refused": [*TALK, *[(one, 1.0, VOICE_DB) for one in ("pause", "louder", "slower", "back", "why")]],
}
"""Everything that the rules of talk can have come to know."""


@pytest.mark.parametrize("after_s", [0.0, 0.3, 2.0, 30.0])
@pytest.mark.parametrize("state", STATES)
def test_every_phrase_of_safety_is_obeyed_at_once_in_every_state_of_the_talk(state: str, after_s: float) -> None:
    assert refused_of_safety(state, after_s, Origin.DECODER) == refused_of_safety(state, after_s, Origin.TAIL) == {}


@pytest.mark.parametrize("state", STATES)
def test_what_is_taken_out_of_talk_and_no_louder_than_that_is_obeyed_the_second_time(state: str) -> None:
    once = refused_of_safety(state, 2.0, Origin.FOREGROUND)
    assert set(once.values()) <= {Refusal.RECURRING}
    assert refused_of_safety(state, 2.0, Origin.FOREGROUND, times=2) == {}


def refused_of_safety(state: str, after_s: float, origin: Origin, times: int = 1) -> dict[str, Refusal]:
    """The phrases of safety that are not obeyed, and why; said so many times, and so long after what was heard."""
    refused = {}
    for phrase in SAFETY_PHRASES:
        evening = Evening()
        evening.hear_all(STATES[state])
        sure = max(POLICY.of(phrase).least_confidence, RULES.urgent_confidence)
        whys = [evening.hear(phrase, sure, after_s=after_s, origin=origin) for _ in range(times)]
        if whys[-1]:
            refused[phrase] = whys[-1]
    return refused


def test_all_phrases_of_safety_are_as_urgent_as_stop() -> None:
    assert {phrase for phrase in SAFETY_PHRASES if phrase not in POLICY.urgent} == set()
    assert {phrase for phrase in SAFETY_PHRASES if not POLICY.of(phrase).protected} == set()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("phrase", ["next", "pause", "continue", "go back", "say that again", "ten minutes"])
@pytest.mark.parametrize("every_s", [0.0, 0.5, 1.0, 4.0, 10.0, 19.0])
def test_any_command_is_obeyed_when_it_is_said_again_and_from_then_on(state: str, phrase: str, every_s: float) -> None:
    evening = Evening()
    evening.hear_all(STATES[state])
    first = evening.hear(phrase, after_s=RULES.repeated_apart_s)
    assert first in {None, Refusal.RECURRING}
    assert [evening.hear(phrase, after_s=every_s) for _ in range(20)] == [None] * 20


def test_another_wording_of_the_same_command_counts_as_said_again() -> None:
    evening = Evening()
    evening.hear_all(TALK)
    assert evening.hear("continue") is Refusal.RECURRING
    assert evening.hear("carry on") is None


def test_another_command_is_not_the_same_said_again() -> None:
    evening = Evening()
    evening.hear_all(TALK)
    assert evening.hear("next") is Refusal.RECURRING
    assert evening.hear("pause") is Refusal.RECURRING
    assert [evening.hear("next") for _ in range(2)] == [Refusal.RECURRING, None]


SURE, UNSURE = (1.0, 3.0), (RULES.repeated_confidence - 0.01, 3.0)
"""A confidence, and how long after some other talk it was said."""
BESIDE_TALK = 1.0, RULES.repeated_apart_s - 0.1


@pytest.mark.parametrize(
    ("first", "second", "obeyed"),
    [
        (SURE, SURE, True),
        (SURE, UNSURE, False),  # a snore may sound a little like it
        (UNSURE, SURE, False),
        (SURE, BESIDE_TALK, False),  # a piece of a sentence
        (BESIDE_TALK, SURE, False),
    ],
)
def test_said_again_is_what_is_sure_both_times_and_stands_alone(
    first: tuple[float, float],
    second: tuple[float, float],
    obeyed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    evening = Evening()
    evening.hear_all(TALK)
    verdicts = []
    for confidence, after_s in (first, second):
        evening.hear(None)
        verdicts.append(evening.hear("next", confidence, after_s=after_s))
    assert verdicts == [Refusal.RECURRING, None if obeyed else Refusal.RECURRING]


@pytest.mark.parametrize(("every_s", "obeyed"), [(-0.1, True), (0.1, False)])
def test_what_was_said_long_ago_is_not_said_again(
    every_s: float,
    obeyed: bool,  # noqa: FBT001 - the same
) -> None:
    evening = Evening()
    evening.hear_all(TALK)
    assert evening.hear("next") is Refusal.RECURRING
    again = evening.hear("next", after_s=RULES.repeated_within_s + every_s)
    assert again is (None if obeyed else Refusal.RECURRING)


@pytest.mark.parametrize("guess", [0.31, 0.6, 0.84])
@pytest.mark.parametrize(
    ("every_s", "obeyed"),
    [(0.0, True), (3.0, True), (RULES.urgent_repeated_within_s + 0.1, False)],
)
def test_a_guess_of_a_stop_is_one_when_it_comes_again_soon(
    guess: float,
    every_s: float,
    obeyed: bool,  # noqa: FBT001 - the same
) -> None:
    evening = Evening()
    evening.hear_all(TALK)
    assert evening.hear("stop", guess) is Refusal.RECURRING
    assert evening.hear("stop", guess, after_s=every_s) is (None if obeyed else Refusal.RECURRING)


pauses = st.floats(0.0, 15.0)
levels = st.floats(-60.0, 0.0)
pieces = st.lists(st.tuples(st.sampled_from([None, "next", "more talk"]), st.floats(0.0, 1.0), pauses, levels))


@given(pieces, st.floats(RULES.repeated_apart_s, 15.0), st.lists(pauses, max_size=8))
def test_no_refusal_of_a_sure_phrase_makes_the_next_one_likelier(
    before: list[tuple[str | None, float, float, float]], after_s: float, every_s: list[float]
) -> None:
    """Whatever was heard before: what stands alone is refused once at the most."""
    evening = Evening()
    for phrase, confidence, pause_s, level_db in before:
        evening.hear(phrase, confidence, after_s=pause_s, level_db=level_db)
    evening.hear("pause", after_s=after_s)
    assert [evening.hear("pause", after_s=pause_s) for pause_s in every_s] == [None] * len(every_s)


# --- the same in sound ------------------------------------------------------------------------------------------------


def heard(*sounds: NDArray[np.float32]) -> list[str | None]:
    """The phrases of the utterances in ``sounds``, one after the other."""
    recognizer = CommandRecognizer(PretendedModel(lag_s=0.1), safety_policy(["stop"], [], ["that hurts"]))
    recognizer.listen_for(["next", "stop", "that hurts"])
    sound = np.concatenate([quiet(1.0), *sounds, quiet(2.0)])
    blocks = [sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK)]
    return [one.phrase for block in blocks for one in recognizer.hear(block, np.zeros_like(block))]


PEOPLE_TALK = [part for _ in range(RULES.recurring_times) for part in (say("oh dear"), quiet(3.0))]
NOTHING = [None] * RULES.recurring_times


@pytest.mark.parametrize("every_s", [0.5, 1.0, 4.0])
def test_after_a_talk_a_command_is_obeyed_when_it_is_said_again(every_s: float) -> None:
    again = [part for _ in range(4) for part in (say("next"), quiet(every_s))]
    assert heard(*PEOPLE_TALK, *again) == [*NOTHING, None, "next", "next", "next"]


@pytest.mark.parametrize("phrase", ["stop", "that hurts"])
def test_after_a_talk_safety_is_obeyed_at_once(phrase: str) -> None:
    assert heard(*PEOPLE_TALK, say(phrase)) == [*NOTHING, phrase]


def test_the_same_sound_heard_twice_is_not_said_twice() -> None:
    """What stands out is decoded once more by itself."""
    breaths = [part for level in (0.39, 0.1001, 0.39, 0.1001, 0.1001, 0.39) for part in (quiet(0.8, level), quiet(1.7))]
    assert heard(*breaths, say("next"))[len(breaths) // 2 :] == [None]
