"""How words that were misunderstood are counted, and what is told of a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from made_up_voice import WORD_S, Hum, make_pack

from benchmark.__main__ import main
from benchmark.phrases import shipped_assembly
from benchmark.table import markdown
from benchmark.voice.command import ROWS, compare, sample
from benchmark.voice.misheard import word_errors, words_of
from benchmark.voice.speakers import EngineSpeaker, PackSpeaker, engine_voice
from benchmark.voice.tally import figures, said
from benchmark.whisper import features, text_of
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadRequestError, MissingPartError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from voicecoach.speaking.disk import Clip

SENTENCES = ["Rest here for as long as you like.", "Breathe in, and let your knees grow heavy."]
NUMBER = shipped_assembly().language.number


class Clerk:
    """Writes down what it was told to, one after the other."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = iter(texts)

    def hear(self, _: Clip) -> str:
        return next(self._texts)


def hum(name: str = "hum") -> EngineSpeaker:
    return EngineSpeaker(name, Hum(), Voice("low"))


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rest HERE, please.", "rest here please"),
        ("Hold it for 20 seconds.", "hold it for twenty seconds"),
        ("twenty-one", "twenty one"),
        ("21", "twenty one"),
        ("Call 112 now!", "call one one two now"),
        ("It's child’s pose.", "its childs pose"),  # noqa: RUF001 - as Whisper writes it
        ("OK - no colour…", "okay no color"),
        ("", ""),
    ],
)
def test_words_in_one_form(text: str, words: str) -> None:
    assert words_of(text, NUMBER) == words.split()


@pytest.mark.parametrize(
    ("was_said", "heard", "errors"),
    [
        ("rest here now", "rest here now", 0),
        ("rest here now", "rest hear now", 1),
        ("rest here now", "rest now", 1),
        ("rest here now", "rest you here now", 1),
        ("rest here now", "", 3),
        ("rest", "get up now", 3),
        ("", "", 0),
    ],
)
def test_words_that_were_misunderstood(was_said: str, heard: str, errors: int) -> None:
    assert word_errors(was_said.split(), heard.split()) == errors


# --- sentences --------------------------------------------------------------------------------------------------------


def test_everybody_says_the_same_sentences_each_once() -> None:
    house = shipped_assembly()
    drawn = sample(house, 40)
    assert drawn == sample(house, 40)
    assert len(set(drawn)) == 40
    assert drawn != sample(house, 40, seed=1)
    assert all(one[0].isupper() and one[-1] in ".?!" for one in sample(house, 10_000))


# --- voices -----------------------------------------------------------------------------------------------------------


def test_an_engine_and_a_pack_are_told_side_by_side(tmp_path: Path) -> None:
    pack = PackSpeaker("low", make_pack(tmp_path / "low.voicepack", SENTENCES[:1], pitch_hz=220.0))
    heard = Clerk(["rest here for as long as you like", "REST here, for as long as you bike!", "breathe in"])
    found, misheard = compare([pack, hum()], SENTENCES, heard, NUMBER)

    assert list(found) == ["low", "hum"]
    assert found["low"]["misheard.words"].value == 0
    assert found["low"]["misheard.words"].n == 8
    assert found["hum"]["misheard.words"].value == pytest.approx(7 / 16)
    assert found["hum"]["misheard.sentences"].value == 1.0
    assert found["low"]["pack.clips"].value == 1
    assert found["low"]["pack.mb"].value == pytest.approx((tmp_path / "low.voicepack").stat().st_size / 1e6)
    assert "pack.clips" not in found["hum"]
    assert misheard == [
        'hum: "Breathe in, and let your knees grow heavy." as "breathe in"',
        'hum: "Rest here for as long as you like." as "REST here, for as long as you bike!"',
    ]
    assert "| words that Whisper base misunderstands |" in markdown(ROWS, found)


def test_a_voice_that_nobody_listens_to_has_the_other_figures() -> None:
    found, misheard = compare([hum()], SENTENCES, None, NUMBER)
    assert not any(key.startswith("misheard") for key in found["hum"])
    assert {"spread_lu", "pace.mean", "minutes", "cost_ms"} <= found["hum"].keys()
    assert not misheard


def test_loudness_pace_and_length() -> None:
    rate_hz = 24_000
    time_s = np.arange(3 * rate_hz) / rate_hz
    clips = [(np.round(level * np.sin(2000 * np.pi * time_s)).astype(np.int16), rate_hz) for level in (4000, 8000)]
    found = figures([said(SENTENCES[1], clip, 0.3, None) for clip in clips], NUMBER)
    assert found["spread_lu"].value == pytest.approx(0.9 * 6.02, abs=0.01)
    assert found["pace.mean"].value == pytest.approx(20 * 43 / 6)
    assert found["minutes"].value == pytest.approx(0.1)
    assert found["cost_ms"].value == pytest.approx(100)


def test_sentences_that_are_said_too_fast_are_counted() -> None:
    found, _ = compare([hum()], [*SENTENCES, "Breathe."], None, NUMBER)
    assert found["hum"]["pace.fastest"].n == 1  # the others are too short to have a pace
    assert found["hum"]["pace.fastest"].value == pytest.approx(43 / 6 * 60 / (8 * WORD_S + 0.04), rel=0.02)
    assert found["hum"]["pace.too_fast"].value == 1.0


def test_a_pack_that_says_none_of_them_is_told(tmp_path: Path) -> None:
    pack = PackSpeaker("low", make_pack(tmp_path / "low.voicepack", ["Good night."]))
    with pytest.raises(VoicecoachError, match="low says none of the 2 sentences"):
        compare([pack], SENTENCES, None, NUMBER)


# --- Whisper ----------------------------------------------------------------------------------------------------------


def test_what_whisper_is_given() -> None:
    time_s = np.arange(16_000) / 16_000
    low, high = (features(np.sin(2 * np.pi * hz * time_s).astype(np.float32)) for hz in (300, 3000))
    assert low.shape == high.shape == (80, 3000)
    assert np.argmax(low[:, 50]) < np.argmax(high[:, 50])
    assert np.ptp(low) == pytest.approx(2.0)  # 80 dB in steps of 40
    assert np.all(low[:, 200:] == low.min())  # after the sound it is silent


def test_tokens_become_text() -> None:
    assert text_of(["<|en|>", "ĠRest", "Ġhere", ",", "ĠcafÃ©", "<|endoftext|>"]) == "Rest here, café"


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "engine", "voice"),
    [
        ("espeak/en-gb+f3", "espeak", Voice("en-gb+f3", 150)),
        ("kokoro/bf_emma/104", "kokoro", Voice("bf_emma", 104)),
    ],
)
def test_a_voice_as_it_is_written(written: str, engine: str, voice: Voice) -> None:
    read = engine_voice(written)
    assert (read.engine, read.voice) == (engine, voice)


@pytest.mark.parametrize("written", ["espeak", "espeak/en-gb/fast", "a/b/100/c"])
def test_what_is_no_voice(written: str) -> None:
    with pytest.raises(BadRequestError, match="write ENGINE/VOICE"):
        engine_voice(written)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--sentences", "0"], "somebody must speak"),
        (["--pack", "nobody", "--sentences", "1"], 'no voice pack "nobody"'),
        (["--out", "table.txt"], "must end with"),
    ],
)
def test_what_cannot_be_measured_is_told(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("benchmark.voice.command.Whisper", _missing)
    assert main(["voice", *arguments, "--work", str(tmp_path)]) != 0
    assert told in capsys.readouterr().err


@pytest.mark.sound
def test_without_whisper_the_table_is_printed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmark.voice.command.Whisper", _missing)
    file = tmp_path / "low.voicepack"
    make_pack(file, sample(shipped_assembly(), 2))
    arguments = ["--pack", str(file), "--sentences", "2", "--out", str(tmp_path / "table.md")]
    assert main(["voice", *arguments, "--work", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "Whisper is not there" in printed.err
    assert "nobody listened" in printed.out
    assert "espeak/en-gb+f3/150" in printed.out
    assert "misunderstands" not in (tmp_path / "table.md").read_text(encoding="utf-8")


def _missing(*_: object) -> None:
    raise MissingPartError("Whisper is not there: no faster_whisper")
