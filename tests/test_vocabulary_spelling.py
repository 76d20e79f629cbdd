"""How words are said, according to espeak-ng: near enough to CMUdict, and never the end of the process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voicecoach.engines.recognition.vocabulary.spelling import pronunciation, sounds_like
from voicecoach.errors import BadRequestError, MissingPartError

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon

LEXICON: Lexicon = {"stop": (("S", "T", "AA", "P"),), "the": (("DH", "IY"), ("DH", "AH"))}

# As CMUdict has them, or would.
SAID = {
    "bedtime": "B EH D T AY M",
    "button": "B AH T AH N",
    "chair": "CH EH R",
    "during": "D UH R IH NG",
    "fire": "F AY ER",
    "general": "JH EH N ER AH L",
    "grandma's": "G R AE N D M AA Z",
    "hungry": "HH AH NG G R IY",
    "hygge": "HH IH G",
    "joy": "JH OY",
    "kitchen": "K IH CH AH N",
    "le": "L AH",
    "little": "L IH T AH L",
    "measure": "M EH ZH ER",
    "mirror": "M IH R ER",
    "morning": "M AO R N IH NG",
    "mouth": "M AW TH",
    "near": "N IH R",
    "new": "N UW",
    "nurse": "N ER S",
    "o'clock": "AH K L AA K",
    "okay": "OW K EY",
    "poor": "P UH R",
    "sciatica": "S AY AE T IH K AH",
    "shower": "SH AW ER",
    "start": "S T AA R T",
    "thought": "TH AO T",
    "video": "V IH D IY OW",
    "water": "W AO T ER",
    "weather": "W EH DH ER",
    "yoga": "Y OW G AH",
    "you": "Y UW",
    "good": "G UH D",
}


@pytest.mark.parametrize(("word", "phones"), SAID.items())
def test_a_word_is_said_as_it_is_written(word: str, phones: str) -> None:
    assert " ".join(pronunciation(word)) == phones


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("hue guh", "HH Y UW G AH"),
        ("Hue-Guh", "HH Y UW G AH"),
        ("o\u2019clock", "AH K L AA K"),
        ("  stop the  ", "S T AA P DH IY"),
        ("stop stop", "S T AA P S T AA P"),
        ("yo stop", "Y OW S T AA P"),
    ],
)
def test_a_sound_is_described_by_words_and_by_what_reads_like_them(text: str, phones: str) -> None:
    assert " ".join(sounds_like(text, LEXICON)) == phones


@pytest.mark.parametrize("text", ["", " ", "-", "7", "hue 7", "hügge", "hue, guh", 'the "x"', "stop\x00", "\udcff"])
def test_what_cannot_be_read_aloud_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError, match="cannot be read aloud") as caught:
        sounds_like(text, LEXICON)
    assert str(caught.value).isprintable()


def test_words_of_the_lexicon_need_no_synthesiser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    break_library(monkeypatch, tmp_path)
    assert " ".join(sounds_like("stop", LEXICON)) == "S T AA P"


def break_library(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Child processes find a library that is none."""
    (folder / "libespeak-ng.so.1").write_text("half a file")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(folder))


def break_data(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Child processes find a folder of data with nothing in it."""
    (folder / "espeak-ng-data").mkdir()
    monkeypatch.setenv("ESPEAK_DATA_PATH", str(folder))


@pytest.mark.parametrize("break_it", [break_library, break_data])
def test_a_broken_synthesiser_is_an_error_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, break_it: object
) -> None:
    assert callable(break_it)
    break_it(monkeypatch, tmp_path)
    with pytest.raises(MissingPartError, match="apt install espeak-ng") as caught:
        pronunciation("yoga")
    assert "\n" not in str(caught.value)
