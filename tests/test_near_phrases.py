"""Words that are hardly any phrase stand for the one that sounds most like them; and when they do not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pretended_model import PretendedModel, quiet, say

from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.grammar import Grammar
from voicecoach.hearing.near_phrases import NearPhrases
from voicecoach.hearing.policy import NearPhraseRules, safety_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

MEANINGS: Mapping[str, str] = {
    "say it again please": "repeat",
    "say that again": "repeat",
    "start again please": "start over",
    "start this over": "start over",
    "stop this please": "stop",
    "how many do we have left": "how many left",
    "give me a minute": "pause",
    "a bit louder": "louder",
    "a bit longer": "longer",
    "it hurts": "that hurts",
    "my back hurts": "that hurts",
    "next": "next",
}
RULES = NearPhraseRules(least_words=3, least_heard=3, farthest=0.25, clearer_by=0.1, confidence=0.5)


def near(words: str, urgent: tuple[str, ...] = ("it hurts", "my back hurts", "stop this please", "stop")) -> str | None:
    """By letters instead of phones: how English is spelt is near enough to how it is said."""
    phrases = NearPhrases(tuple, lambda phrase: MEANINGS.get(phrase, phrase), RULES)
    return phrases.of(words, Grammar.of([*MEANINGS, "stop"], lambda one: MEANINGS.get(one, one), urgent))


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("say it again pleas", "say it again please"),
        ("say it gain please", "say it again please"),
        ("how many do we are left", "how many do we have left"),
        ("give me am minute", "give me a minute"),
        ("her bag hurt", None),  # too much of it is something else
        ("my bak hurts", "my back hurts"),
        ("a bit louger", None),  # "louder" or "longer"?
        ("nex", None),  # short words sound like too much else
        ("[unk] it again please", None),  # what is unknown sounds like nothing
        ("start this stop over", None),  # "stop" is among it
        ("say tat again", "say that again"),
        ("the weather is lovely today", None),
    ],
)
def test_what_was_said(words: str, phrase: str | None) -> None:
    assert near(words) == phrase


def test_phrases_that_mean_the_same_are_no_rivals() -> None:
    assert near("say tat gain") == "say that again"


def test_a_cry_may_stand_near_a_cry() -> None:
    assert near("stop this pleas") == "stop this please"


def test_a_word_that_nobody_can_say_is_near_nothing() -> None:
    phrases = NearPhrases({"say": "say", "it": "it"}.get, str, RULES)
    assert phrases.of("say it again pleas", Grammar.of(MEANINGS)) is None


def test_where_all_phrases_are_short_nothing_is_near() -> None:
    assert NearPhrases(tuple, str, RULES).of("say it again pleas", Grammar.of(["next", "stop"])) is None


def test_a_model_may_have_hundreds_of_phones() -> None:
    """Those of others tell where in a word a phone stands."""
    words = [f"w{number}" for number in range(400)]
    phrases = [" ".join(words[at : at + 4]) for at in range(0, 400, 4)]
    found = NearPhrases(lambda word: [f"{word}_B", f"{word}_E"], str, RULES).of("w396 w397 w398", Grammar.of(phrases))
    assert found == "w396 w397 w398 w399"


def distance(one: str, other: str) -> int:
    """Levenshtein, as it stands in textbooks."""

    @cache
    def far(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        return min(far(i - 1, j) + 1, far(i, j - 1) + 1, far(i - 1, j - 1) + (one[i - 1] != other[j - 1]))

    return far(len(one), len(other))


@given(
    st.lists(st.text("abc ", min_size=3, max_size=9), min_size=1, max_size=6),
    st.text("abc", min_size=1, max_size=9),
)
def test_the_distance_is_that_of_textbooks(phrases: list[str], words: str) -> None:
    """The nearest of all is taken, where any is near enough."""
    said = {f"a a {'-'.join(phrase)}" for phrase in phrases}
    found = NearPhrases(tuple, lambda _: "the same", RULES).of(f"a a {words}", Grammar.of(said))
    shares = {phrase: distance(f"aa{words}", phrase.replace(" ", "")) / len(phrase.replace(" ", "")) for phrase in said}
    nearest = min(shares.values())
    if nearest > RULES.farthest:
        assert found is None
    else:
        assert found is not None
        assert shares[found] == nearest


# --- in the ears ------------------------------------------------------------------------------------------------------

UNCLEAR = "start bedtime no routine next"


def heard(said: str, sure: float = 9.0, coach_says: str = "") -> list[str | None]:
    """What is obeyed of the words ``said``, of which the recogniser is ``sure`` by so many nats; None: nothing."""
    model = PretendedModel(doubts={said: {"[unk]": -sure}})
    recognizer = CommandRecognizer(model, safety_policy(["stop"], [], []))
    recognizer.listen_for(["start bedtime routine next", "stop", "no"])
    recognizer.saying(coach_says)
    whole = np.concatenate([quiet(1.0), say(said), quiet(1.5)])
    blocks = (whole[at : at + 320] for at in range(0, len(whole), 320))
    return [one.phrase for block in blocks for one in recognizer.hear(block, np.zeros_like(block))]


def test_what_was_said_unclearly_is_obeyed_and_its_words_are_told_as_they_were_heard() -> None:
    assert heard(UNCLEAR) == ["start bedtime routine next"]


def test_not_where_the_words_themselves_are_a_guess() -> None:
    assert heard(UNCLEAR, sure=-0.5) == [None]


def test_not_while_the_coach_speaks() -> None:
    """What is left of its own voice sounds like many things."""
    assert heard(UNCLEAR, coach_says="slow and restful") == [None]


def test_stop_stays_stop() -> None:
    assert "start bedtime routine next" not in heard("start bedtime stop routine next")
