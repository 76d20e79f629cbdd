"""Vosk hears with the graph that is written here: words and when they were said, and what is none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sung_words import PHONE_S, hear, rejection, sing, words, write_sung_model

if TYPE_CHECKING:
    from pathlib import Path

LEXICON = {
    "stop": (("S", "T", "AA", "P"),),
    "shop": (("SH", "AA", "P"),),
    "go": (("G", "OW"),),
    "goat": (("G", "OW", "T"),),
    "oh": (("OW",),),
    "again": (("AH", "G", "EH", "N"), ("AH", "G", "IH", "N")),
    "two": (("T", "UW"),),
    "too": (("T", "UW"),),
    "banana": (("B", "AH", "N", "AE", "N", "AH"),),
}
PHRASES = ("stop", "go", "go again", "oh", "two")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sung")
    rejected = rejection(fillers=tuple(LEXICON), filler_cost=4.0, anti_words={"S T AA T": 2.0})
    write_sung_model(folder, LEXICON, rejected)
    return folder


def test_words_are_heard_where_they_were_sung(model: Path) -> None:
    song = sing("SIL SIL G OW AH G EH N SIL SIL SIL OW SIL")
    (heard,) = hear(model, PHRASES, song)
    assert words(heard) == "go again oh"
    edges = [PHONE_S * count for count in (2, 4, 4, 8, 11, 12)]
    assert [time for _, *times in heard for time in times] == pytest.approx(edges, abs=0.04)


SONGS = {
    "SIL S T AA P SIL": "stop",
    "S T AA P": "stop",
    "SIL AH G IH N SIL": "again",
    "SIL OW SIL": "oh",
    "SIL T UW SIL": "two",
    "SIL G OW SIL S T AA P G OW SIL": "go stop go",
    "SIL SIL SIL SIL": "",
    # a word that is not listened for is a filler, also when it begins as one that is
    "SIL B AH N AE N AH SIL": "[unk]",
    "SIL G OW T SIL": "[unk]",
    # an anti-word
    "SIL S T AA T SIL": "[unk]",
    # no word at all, but for the loop over all phones
    "SIL ZH OY V IY M SIL": "[unk]",
}


@pytest.fixture(scope="module")
def heard_in_songs(model: Path) -> dict[str, str]:
    """What each of `SONGS` is heard as."""
    return dict(zip(SONGS, map(words, hear(model, PHRASES, *map(sing, SONGS))), strict=True))


@pytest.mark.parametrize(("song", "expected"), SONGS.items())
def test_phrases_are_heard_and_all_else_is_unknown(heard_in_songs: dict[str, str], song: str, expected: str) -> None:
    assert heard_in_songs[song] == expected


def test_without_phrases_every_word_is_heard(model: Path) -> None:
    songs = [sing(f"SIL {phones} SIL") for phones in ("B AH N AE N AH", "SH AA P", "G OW T")]
    assert [words(heard) for heard in hear(model, None, *songs)] == ["banana", "shop", "goat"]


def test_the_grammar_decides_between_words_that_sound_the_same(model: Path) -> None:
    assert [words(hear(model, [word], sing("SIL T UW SIL"))[0]) for word in ("two", "too")] == ["two", "too"]


def test_a_model_of_one_word_and_no_fillers_works(tmp_path: Path) -> None:
    write_sung_model(tmp_path, {"a": (("AH",),)}, rejection(loop_shortest=1))
    heard = hear(tmp_path, ["a"], sing("SIL AH SIL"), sing("SIL K SIL"))
    assert list(map(words, heard)) == ["a", "[unk]"]
