"""Which phrase something heard was."""

from __future__ import annotations

import pytest

from voicecoach.engines.recognition.port import Alternative, Result
from voicecoach.hearing.barge_in import BargeInGuard
from voicecoach.hearing.grammar import Grammar
from voicecoach.hearing.policy import BargeInRules

GRAMMAR = Grammar.of(["no", "stop", "stop now", "start bedtime", "start bedtime routine", "start"], margin_nats=2.0)


def heard(*alternatives: tuple[str, float]) -> Result:
    return Result(tuple(Alternative(words, log_likelihood) for words, log_likelihood in alternatives))


@pytest.mark.parametrize(
    ("alternatives", "words", "is_phrase"),
    [
        ([("stop", 90.0)], "stop", True),
        ([("stop now", 90.0)], "stop now", True),
        ([("stop no", 90.0)], "stop no", False),
        ([("[unk] stop", 90.0)], "[unk] stop", False),
        ([("stop stop", 90.0)], "stop stop", False),
        ([("", 90.0)], "", False),
        # "now" is no phrase on its own, so "no" is what may have been said, if it is not too far behind.
        ([("now", 90.0), ("no", 88.5)], "no", True),
        ([("now", 90.0), ("no", 87.5)], "now", False),
        ([("[unk]", 90.0), ("no", 88.5)], "no", True),
        # Of two phrases the likelier.
        ([("stop", 90.0), ("no", 89.9)], "stop", True),
    ],
)
def test_words_are_a_phrase_as_a_whole_or_not_at_all(
    alternatives: list[tuple[str, float]], words: str, *, is_phrase: bool
) -> None:
    match = GRAMMAR.match(heard(*alternatives))
    assert (match.words, match.phrase) == (words, words if is_phrase else None)


@pytest.mark.parametrize(
    ("alternatives", "confidence"),
    [
        ([("no", 90.0)], 1.0),
        ([("no", 90.0), ("stop", 90.0)], 0.5),
        ([("no", 90.0), ("[unk]", 90.0), ("", 90.0)], 1 / 3),
        ([("no", 90.0), ("now", 90.0), ("stop no", 90.0)], 1.0),  # neither can have been said
        ([("[unk]", 90.0), ("no", 90.0 - 1.0986)], 0.25),
        ([("now", 90.0), ("start now", 90.0)], 0.5),
        ([("no", 5000.0), ("stop", 4000.0)], 1.0),
    ],
)
def test_the_confidence_is_the_share_among_what_can_have_been_said(
    alternatives: list[tuple[str, float]], confidence: float
) -> None:
    assert GRAMMAR.match(heard(*alternatives)).confidence == pytest.approx(confidence, abs=1e-4)


ALIKE = Grammar.of(["all right", "alright", "no"], {"all right": 1, "alright": 1, "no": 2}.__getitem__, margin_nats=2.0)


@pytest.mark.parametrize(
    ("alternatives", "phrase", "confidence"),
    [
        ([("alright", 90.0), ("all right", 90.0)], "alright", 1.0),
        ([("alright", 90.0), ("all right", 90.0), ("[unk]", 90.0)], "alright", 2 / 3),
        ([("alright", 90.0), ("no", 90.0), ("all right", 90.0)], "alright", 2 / 3),
        ([("no", 90.0), ("alright", 90.0), ("all right", 90.0)], "no", 1 / 3),
        ([("[unk]", 90.0), ("alright", 90.0), ("all right", 90.0)], "alright", 2 / 3),
    ],
)
def test_phrases_that_mean_the_same_are_sure_together(
    alternatives: list[tuple[str, float]], phrase: str, confidence: float
) -> None:
    """ "All right" and "alright" sound alike: which of the two was said is not what is asked."""
    match = ALIKE.match(heard(*alternatives))
    assert match.phrase == phrase
    assert match.confidence == pytest.approx(confidence)


def test_a_grammar_knows_its_words_and_which_phrases_may_go_on() -> None:
    assert GRAMMAR.words == {"no", "stop", "now", "start", "bedtime", "routine"}
    assert GRAMMAR.beginnings == {"stop", "start", "start bedtime"}


MEANINGS = {"next": 1, "next one": 1, "no": 2, "no more": 3, "stop": 4, "that hurts": 5}
IN_NEED = Grammar.of(MEANINGS, meaning=MEANINGS.__getitem__, urgent=["stop", "that hurts", "ouch"])


def test_a_phrase_need_not_wait_for_a_longer_one_that_means_the_same() -> None:
    assert IN_NEED.beginnings == {"no"}


def test_what_is_obeyed_at_once_waits_for_no_longer_phrase() -> None:
    meanings = MEANINGS | {"stop now": 4, "stop listening": 6}
    grammar = Grammar.of(meanings, meanings.__getitem__, ["stop"], at_once=["stop", "stop now", "ouch"])
    assert grammar.beginnings == {"no"}
    assert grammar.going_on == {"stop"}
    assert grammar.goes_on("stop listening", "stop")
    assert not grammar.goes_on("stop now", "stop"), "it means the same"
    assert not grammar.goes_on("no more", "stop")


def test_likelihoods_may_lie_any_distance_apart() -> None:
    match = ALIKE.match(heard(("alright", 900.0), ("no", 100.0), ("all right", 0.0)))
    assert (match.phrase, match.confidence) == ("alright", 1.0)


def test_only_what_can_be_said_is_urgent() -> None:
    assert IN_NEED.urgent == {"stop", "that hurts"}


@pytest.mark.parametrize(
    ("words", "phrase"),
    [
        ("stop", "stop"),
        ("stop stop", "stop"),
        ("stop stop stop", "stop"),
        ("that hurts that hurts", "that hurts"),
        ("that hurts that", None),
        ("stop that hurts", None),
        ("next next", None),
        ("no more", "no more"),
        ("", None),
    ],
)
def test_what_is_urgent_may_be_said_several_times_in_a_row(words: str, phrase: str | None) -> None:
    assert IN_NEED.phrase(words) == phrase
    assert IN_NEED.match(heard((words, 90.0))).phrase == phrase


OWN = "here is the bedtime routine tell me when it hurts"


def behind_own_words(words: str) -> str:
    guard = BargeInGuard(BargeInRules(), 0.0)
    guard.saying(OWN)
    return guard.behind_own_words(words)


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("is the bedtime routine numb", "numb"),
        ("numb", "numb"),
        ("is the bedtime routine", ""),
        ("tell me when it hurts", ""),
        ("me when it hurts", ""),
        ("routine it hurts", ""),  # it says that, too
        ("the routine numb", "routine numb"),  # it says no such thing
        ("", ""),
    ],
)
def test_what_follows_on_its_own_words(words: str, rest: str) -> None:
    assert behind_own_words(words) == rest


def test_a_cry_behind_its_own_words_is_one_however_these_were_heard() -> None:
    grammar = Grammar.of(["numb", "it hurts", "next"], urgent=["numb", "it hurts"])
    unsure = heard(("is the bedtime routine numb", 0.0), ("in the bedtime routine numb", -0.1), ("the numb", -0.2))
    match = grammar.match(unsure, behind_own_words)
    assert match.phrase == "numb"
    assert match.confidence == pytest.approx(1.0)
    assert grammar.match(unsure).phrase is None, "while it is silent that is other talk"
    doubted = heard(("is the bedtime routine numb", 0.0), ("is the bedtime routine next", 0.0))
    assert grammar.match(doubted, behind_own_words).confidence == pytest.approx(0.5)


@pytest.mark.parametrize("words", ["bedtime routine next", "tell me when it hurts", "is the bedtime routine numb next"])
def test_nothing_else_is_taken_for_a_cry_there(words: str) -> None:
    grammar = Grammar.of(["numb", "it hurts", "next"], urgent=["numb", "it hurts"])
    assert grammar.match(heard((words, 0.0)), behind_own_words).phrase is None
