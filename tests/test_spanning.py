"""What the recogniser is given of thousands of phrases: a few hundred, in which every pair of words stands."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.assembly import Assembly
from voicecoach.dialogue.machine import valid_phrases
from voicecoach.engines.recognition.vosk import spanning
from voicecoach.hearing.grammar import Grammar
from voicecoach.languages.commands import SAFETY, Command
from voicecoach.settings import Settings
from voicecoach.understanding import Understanding

PHRASES = st.frozensets(
    st.lists(st.sampled_from(["go", "on", "please", "stop", "now"]), min_size=1, max_size=4).map(" ".join), max_size=30
)


def pairs(phrases: frozenset[str] | tuple[str, ...]) -> set[tuple[str, str]]:
    return {pair for phrase in phrases for pair in pairwise(["", *phrase.split(), ""])}


@given(PHRASES)
def test_every_pair_of_words_is_there_and_nothing_else(phrases: frozenset[str]) -> None:
    lines = spanning(phrases)
    assert set(lines) <= phrases
    assert pairs(lines) == pairs(phrases)
    assert lines == spanning(sorted(phrases))
    assert len(lines) <= len(pairs(phrases))


def test_a_plain_phrase_comes_before_those_that_are_made_of_it() -> None:
    assert spanning(["stop now please", "stop", "stop now"]) == ("stop", "stop now", "stop now please")
    assert spanning(["a c", "a b c", "a b"]) == ("a b", "a c", "a b c")


def test_all_phrases_of_the_coach_are_as_few_as_some_hundred() -> None:
    every = Assembly(Settings()).all_phrases()
    assert len(spanning(every)) < len(every) / 3


def test_while_the_coach_guides_no_plain_cry_waits_for_a_longer_phrase() -> None:
    """Only those in several words may, as "no more" does for "no more rain"."""
    coach = Assembly(Settings())
    guiding = Understanding(coach).states["in a routine"]
    need = coach.phrasebook.phrases_for(SAFETY)
    grammar = Grammar.of(
        valid_phrases(guiding, coach.phrasebook), coach.phrasebook.meaning, need, at_once=coach.policy().at_once
    )
    waiting = grammar.beginnings & need
    assert {phrase for phrase in waiting if " " not in phrase} == set()
    assert waiting.isdisjoint(
        phrase for one in (Command.STOP, Command.HURTS) for phrase in coach.language.phrases[one][:5]
    )
