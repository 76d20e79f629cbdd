"""Kokoro, the neural voice: what it is given to read, and what becomes of a sentence, with a network made of paper."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.assembly import Assembly
from voicecoach.engines.synthesis.espeak.phonemes import Accent
from voicecoach.engines.synthesis.kokoro.network import RATE_HZ, begun_at, with_output
from voicecoach.engines.synthesis.kokoro.symbols import LONGEST, NUMBER_OF, portions, symbols
from voicecoach.engines.synthesis.kokoro.synthesizer import KokoroSynthesizer
from voicecoach.engines.synthesis.kokoro.weights import NETWORK, VOICES, Weight, style_file, weights
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadRequestError, MissingPartError
from voicecoach.settings import Settings

PAPER = """
import numpy as np

class SessionOptions:
    pass

class InferenceSession:
    def __init__(self, file, options, providers):
        if not file.startswith(b"a network"):
            raise RuntimeError("Protobuf parsing failed")

    def run(self, names, given):
        symbols, style, speed = given["tokens"], given["style"], given["speed"]
        assert symbols.dtype == np.int64 and symbols[0, 0] == symbols[0, -1] == 0
        assert style.shape == (1, 256)
        seconds = 0.08 * symbols.shape[1] / speed[0]
        time_s = np.arange(round(seconds * 24_000)) / 24_000
        first = np.full((1, symbols.shape[1]), 4.0)
        return [(style[0, 0] * np.sin(2 * np.pi * 200 * time_s)).astype(np.float32), first]
"""
"""Stands for onnxruntime: a tone as loud as the style says and as long as there are symbols, the first after 0.1 s."""


def espeak_is_here() -> bool:
    try:
        ctypes.CDLL("libespeak-ng.so.1")
    except OSError:
        return False
    return True


reads = pytest.mark.skipif(not espeak_is_here(), reason="needs espeak-ng: sudo apt install espeak-ng")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The network's files, and an onnxruntime, all of paper."""
    (tmp_path / "onnxruntime.py").write_text(PAPER, encoding="utf-8")
    here = Path(__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{here}")
    (tmp_path / NETWORK).write_text("a network", encoding="utf-8")
    (tmp_path / "voices").mkdir()
    for voice, loudness in (("af_heart", 0.5), ("bf_emma", 0.25)):
        np.full((510, 256), loudness, "<f4").tofile(tmp_path / style_file(voice))
    return tmp_path


# --- what it reads ----------------------------------------------------------------------------------------------------


@reads
@pytest.mark.parametrize(
    ("text", "american", "british"),
    [
        ("Stay here.", "stˈA hˈɪɹ.", "stˈA hˈɪə."),
        ("Slowly, now.", "slˈOli, nˈW.", "slˈQli, nˈW."),
        ("Her hour?", "hɜɹ ˈWəɹ?", "hɜːɹ ˈWə?"),
        ("Choose a joy!", "ʧˈuz ə ʤˈY!", "ʧˈuːz ə ʤˈY!"),
        ('"Yes" - (no)', "jˈɛs nˈO", "jˈɛs nˈQ"),
    ],
)
def test_words_and_punctuation_become_symbols(text: str, american: str, british: str) -> None:
    assert symbols([text], Accent.AMERICAN) == [american]
    assert symbols([text], Accent.BRITISH) == [british]


@reads
@pytest.mark.parametrize("accent", Accent)
def test_everything_that_the_coach_says_can_be_read(accent: Accent) -> None:
    sentences = Assembly(Settings()).possible_sentences()
    for text, row in zip(sentences, symbols(sentences, accent), strict=True):
        assert set(row) <= NUMBER_OF.keys()
        assert len(row) > len(text) / 3
        assert row.count(".") == text.count(".")


@given(st.text(alphabet="ab. ,", max_size=3 * LONGEST))
def test_long_rows_are_parted_and_nothing_is_lost(row: str) -> None:
    parts = portions(row)
    assert all(len(part) <= LONGEST for part in parts)
    assert "".join(parts).replace(" ", "") == row.replace(" ", "")


def test_long_rows_are_parted_between_sentences() -> None:
    sentence = "a " * 100 + "end."
    assert portions(" ".join([sentence] * 4)) == [" ".join([sentence] * 2)] * 2


# --- what becomes of a sentence ---------------------------------------------------------------------------------------


@reads
def test_a_sentence_becomes_sound(folder: Path) -> None:
    with KokoroSynthesizer(folder) as synthesizer:
        said, rate_hz = synthesizer.render("Stay here for twenty seconds.", Voice("af_heart"))
        again, _ = synthesizer.render("Stay here for twenty seconds.", Voice("af_heart"))
        faster, _ = synthesizer.render("Stay here for twenty seconds.", Voice("af_heart", 200))
        softer, _ = synthesizer.render("Stay here for twenty seconds.", Voice("bf_emma"))
        assert synthesizer.languages(Voice("af_heart")) == {"en-us"}
        assert synthesizer.languages(Voice("bf_emma")) == {"en-gb"}
    assert rate_hz == RATE_HZ
    assert np.array_equal(said, again)
    assert len(faster) == pytest.approx(len(said) * 150 / 200, rel=0.01)
    assert np.max(np.abs(softer)) == pytest.approx(np.max(np.abs(said)) / 2, rel=0.01)


def test_before_the_first_symbol_it_is_silent() -> None:
    sound = begun_at(np.ones(24_000, np.float32), first=6000)
    assert not sound[:4500].any()
    assert np.all(np.diff(sound[4500:4980]) > 0)
    assert np.all(sound[4980:] == 1.0)


@pytest.mark.parametrize("first", [0, 600, 1500])
def test_who_begins_at_once_is_not_cut(first: int) -> None:
    sound = begun_at(np.ones(700, np.float32), first)
    assert sound[0] == 0.0
    assert np.all(sound[480:] == 1.0)
    assert len(begun_at(np.ones(100, np.float32), first)) == 100


def test_the_network_is_asked_for_one_value_more() -> None:
    assert with_output(b"model", "length") == b"model" + bytes([0x3A, 10, 0x62, 8, 0x0A, 6]) + b"length"


@pytest.mark.parametrize(
    ("voice", "complaint"),
    [
        (Voice("af_hart"), 'no English voice "af_hart"; did you mean af_heart'),
        (Voice("en-gb+f3"), "these are there: af_alloy, "),
        (Voice("af_heart", 60), "cannot speak 60 words a minute; choose from 90 to 250"),
    ],
)
def test_a_voice_that_it_has_not_is_said(folder: Path, voice: Voice, complaint: str) -> None:
    with KokoroSynthesizer(folder) as synthesizer, pytest.raises(BadRequestError, match=complaint):
        synthesizer.render("Hello.", voice)


@pytest.mark.parametrize("file", [NETWORK, style_file("af_heart")])
def test_a_missing_file_is_named_with_what_to_type(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with KokoroSynthesizer(folder) as synthesizer, pytest.raises(MissingPartError, match=rf"{file}.*voices get kokoro"):
        synthesizer.render("Hello.", Voice("af_heart"))


@reads
def test_a_broken_network_is_said(folder: Path) -> None:
    (folder / NETWORK).write_text("half a netw", encoding="utf-8")
    with (
        KokoroSynthesizer(folder) as synthesizer,
        pytest.raises(MissingPartError, match=r"Protobuf parsing failed; type: .*voices get kokoro"),
    ):
        synthesizer.render("Hello.", Voice("af_heart"))


@reads
def test_without_onnxruntime_it_says_what_to_install(folder: Path) -> None:
    (folder / "onnxruntime.py").write_text("raise ModuleNotFoundError('no such module')", encoding="utf-8")
    with (
        KokoroSynthesizer(folder) as synthesizer,
        pytest.raises(MissingPartError, match=r"no such module; install it with: .*pip install onnxruntime"),
    ):
        synthesizer.render("Hello.", Voice("af_heart"))


# --- its files --------------------------------------------------------------------------------------------------------


def test_every_file_is_published_with_a_checksum() -> None:
    published = list(weights())
    assert [weight.file for weight in published] == [NETWORK, *map(style_file, VOICES)]
    assert len(VOICES) == 28
    for weight in published:
        assert weight.address.startswith("https://")
        assert len(bytes.fromhex(weight.sha256)) == 32


def test_a_file_is_whole_when_its_size_and_checksum_are_right(tmp_path: Path) -> None:
    sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    weight = Weight("greeting", 5, sha256, "https://example.org")
    assert not weight.is_whole(tmp_path)
    for text, whole in (("hell", False), ("hallo", False), ("hello", True)):
        (tmp_path / "greeting").write_text(text, encoding="utf-8")
        assert weight.is_whole(tmp_path) == whole
