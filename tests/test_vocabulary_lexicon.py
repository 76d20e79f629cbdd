"""The files from which a graph is written: words with their phones, and what is heard as none of them."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sung_words import rejection

from voicecoach.engines.recognition.vocabulary.lexicon import (
    LexiconText,
    is_word,
    lexicon_text,
    read_lexicon,
    write_lexicon,
)
from voicecoach.engines.recognition.vocabulary.phones import PHONES
from voicecoach.engines.recognition.vocabulary.rejection import Rejection, read_rejection, write_rejection
from voicecoach.errors import BadFileError
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon

# --- words ------------------------------------------------------------------------------------------------------------


def test_a_lexicon_comes_back_as_it_was_written(tmp_path: Path) -> None:
    lexicon: Lexicon = {"the": (("DH", "IY"), ("DH", "AH")), "a": (("AH",),), "o'clock": (("AH", "K", "L", "AA", "K"),)}
    write_lexicon(tmp_path / "lexicon.txt", lexicon)
    assert read_lexicon(tmp_path / "lexicon.txt") == lexicon


def test_words_stand_in_the_order_of_the_alphabet_and_pronunciations_in_their_own() -> None:
    lexicon: Lexicon = {"the": (("DH", "IY"), ("DH", "AH")), "a": (("AH",),)}
    assert lexicon_text(lexicon) == "a AH\nthe DH IY\nthe DH AH\n"


def test_people_may_write_notes_blanks_and_the_same_line_twice(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(b"\xef\xbb\xbf# mine\r\n\r\n  yoga   Y OW G AH  # twice a week\r\nyoga Y OW G AH\r\n")
    assert read_lexicon(file) == {"yoga": (("Y", "OW", "G", "AH"),)}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("yoga Y OW G AH\nYoga Y OW G AH", "2:1", '"Yoga" is not a word'),
        ("7 S EH V AH N", "1:1", '"7" is not a word'),
        ("\n  yoga", "2:3", '"yoga" has no pronunciation'),
        ("yoga Y OW1 G AH", "1:8", 'there is no phone "OW1"; there are AA, AE'),
        ("yoga y ow g ah", "1:6", 'there is no phone "y"'),
        ("hush SIL HH AH SH", "1:6", 'there is no phone "SIL"'),
        ("yoga\x0cY OW G AH\ncan\u2019t K AE N T", "2:1", '"can\u2019t" is not a word'),
        ("yo\x07ga Y OW G AH", "1:1", r'"yo\u0007ga" is not a word'),
        ("oh OW" + " OW" * 99 + "\nooh" + " UW" * 101, "2:305", '"ooh" has 101 phones; a word has 100 at most'),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path: Path, text: str, where: str, what: str) -> None:
    file = tmp_path / "words.txt"
    file.write_text(text)
    with pytest.raises(BadFileError) as caught:
        read_lexicon(file)
    assert str(caught.value).startswith(f"{file}:{where}: {what}")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFileError, match=r"words\.txt: this is not a text file in UTF-8"):
        read_lexicon(file)


@pytest.mark.parametrize("word", ["a", "stop", "o'clock", "can't", "'til", "rockin'"])
def test_letters_and_apostrophes_make_a_word(word: str) -> None:
    assert is_word(word)


@pytest.mark.parametrize("word", ["", "'", "Stop", "two words", "half-past", "7", "café", "[unk]", "#0", "stop\n"])
def test_nothing_else_does(word: str) -> None:
    assert not is_word(word)


# --- rejection --------------------------------------------------------------------------------------------------------

costs = st.floats(-20, 20, allow_nan=False)
rejections = st.builds(
    Rejection,
    phone_bigram=st.integers(0, 9).map(lambda seed: np.random.default_rng(seed).normal(-3, 1, (40, 40)).round(4)),
    loop_entry=costs,
    loop_phone=costs,
    loop_shortest=st.integers(1, 5),
    fillers=st.lists(st.sampled_from(["go", "stop", "o'clock"])).map(tuple),
    filler_cost=costs,
    anti_words=st.dictionaries(st.lists(st.sampled_from(PHONES), min_size=1).map(" ".join), costs),
    silence_cost=costs,
    no_silence_cost=costs,
)


@settings(max_examples=20)  # each writes and reads 1,600 numbers
@given(rejections)
def test_a_rejection_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rejected: Rejection
) -> None:
    file = tmp_path_factory.mktemp("graph") / "rejection.json"
    write_rejection(file, rejected)
    back = read_rejection(file)
    for field in fields(Rejection):
        assert np.array_equal(getattr(back, field.name), getattr(rejected, field.name)), field.name


def test_what_is_impossible_stays_so(tmp_path: Path) -> None:
    bigram = np.full((40, 40), -3.0)
    bigram[0, 0] = -np.inf
    write_rejection(tmp_path / "rejection.json", rejection(phone_bigram=bigram))
    assert read_rejection(tmp_path / "rejection.json").phone_bigram[0, 0] == -np.inf


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"phone_bigram": [[0]], "fillers": []}', '{"loop_entry": 1}'])
def test_a_broken_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rejection.json"
    file.write_text(text)
    with pytest.raises(BadFileError) as caught:
        read_rejection(file)
    assert str(caught.value).startswith(f"{file}: ")


def test_a_loop_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 0 phones"):
        rejection(loop_shortest=0)
    with pytest.raises(ValueError, match=r"\(39, 39\)"):
        rejection(phone_bigram=np.zeros((39, 39)))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("3.0", "NaN"), "no number"),
        (("3.0", '"dear"'), "must be real number"),
        (("{}", '{"G OH": 1.0}'), "G OH"),
        (("{}", '{"": 1.0}'), "anti-word"),
        (("{}", "[]"), "values"),
    ],
)
def test_what_no_graph_can_be_made_of_is_refused(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    file = tmp_path / "rejection.json"
    write_rejection(file, rejection(loop_entry=3.0))
    text = file.read_text().replace(*change)
    file.write_text(text)
    with pytest.raises(BadFileError, match=problem):
        read_rejection(file)


def test_a_word_is_looked_up_without_reading_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.txt"
    file.write_text("next N EH K S T\nnext N EH K S\nno N OW  # not now\nnow N AW\nempty # nothing", encoding="utf-8")
    lexicon = LexiconText.of(file)
    said = {word: lexicon.said(word) for word in ("next", "no", "now", "empty", "nex", "N", "")}
    assert said == {
        "next": ("N", "EH", "K", "S", "T"),
        "no": ("N", "OW"),
        "now": ("N", "AW"),
        "empty": None,
        "nex": None,
        "N": None,
        "": None,
    }


def test_where_there_is_no_lexicon_nobody_knows_how_words_are_said(tmp_path: Path) -> None:
    assert LexiconText.of(tmp_path / "none").said("next") is None


def test_the_lexicon_of_the_model_that_ships_says_what_it_reads() -> None:
    file = shipped("models") / "voicecoach-en/graph/lexicon.txt"
    looked_up = LexiconText.of(file)
    assert all(looked_up.said(word) == said[0] for word, said in [*read_lexicon(file).items()][::50])
