"""People's recordings: which there are, and which of them are trained on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("soundfile", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

import soundfile

from model.recordings import (
    ONE_SPEAKER,
    CorpusRecording,
    by_kind,
    for_training,
    is_for_tuning,
    read_index,
    read_samples,
)
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADER = "path\ttranscript\tspeaker\tcorpus\tkind\tlicence\n"
KNOWN = {"stop", "go", "on", "the", "rain"}


def index_of(folder: Path, text: str) -> Path:
    (folder / "index.tsv").write_text(text, encoding="utf-8")
    return folder


def recording(
    text: str = "stop", name: str = "1.opus", speaker: str = "ann", corpus: str = "gsc", kind: str = "command"
) -> CorpusRecording:
    return CorpusRecording(Path("speech") / name, text, speaker, corpus, kind)


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


# --- the index --------------------------------------------------------------------------------------------------------


def test_the_index_names_the_recordings(tmp_path: Path) -> None:
    lines = "a/1.opus\tgo on\tann\tgsc\tphrase\tCC0\n2.wav\t\t\tesc50\tnoise\tCC-BY\n"
    lines += '3.wav\t"stop" he said\tbob\tx\tspeech\t-\n'
    assert read_index(index_of(tmp_path, HEADER + lines)) == [
        CorpusRecording(tmp_path / "a/1.opus", "go on", "ann", "gsc", "phrase"),
        CorpusRecording(tmp_path / "2.wav", "", "", "esc50", "noise"),
        CorpusRecording(tmp_path / "3.wav", '"stop" he said', "bob", "x", "speech"),
    ]


def test_columns_may_stand_in_another_order_and_others_beside_them(tmp_path: Path) -> None:
    text = "kind\tcorpus\tseconds\tspeaker\ttranscript\tpath\nword\tgsc\t1.0\tann\tgo\t1.wav\n"
    assert read_index(index_of(tmp_path, text)) == [CorpusRecording(tmp_path / "1.wav", "go", "ann", "gsc", "word")]


GOOD = "1.opus\tgo\tann\tgsc\tword\tCC0\n"
BAD_LINES = {
    "too few columns": (HEADER + GOOD + "2.opus\tgo\tann\n", r"index.tsv:3:1: .*not as many columns"),
    "too many": (HEADER + GOOD + GOOD + "2.opus\tgo\tann\tgsc\tword\tCC0\tmore\n", r"index.tsv:4:1: .*columns"),
    "after an empty line": (HEADER + GOOD + "\n2.opus\tgo\n", r"index.tsv:4:1: .*columns"),
    "parted by commas": ("path,transcript,speaker,corpus,kind\n", r"index.tsv:1:1: .*no column path"),
    "a column is missing": ("path\ttranscript\tcorpus\tkind\n", r"index.tsv:1:1: .*no column speaker"),
    "nothing": ("", r"index.tsv:1:1: .*no column path"),
}


@pytest.mark.parametrize(("text", "message"), BAD_LINES.values(), ids=BAD_LINES)
def test_what_is_wrong_with_an_index_is_said_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadFileError, match=message):
        read_index(index_of(tmp_path, text))


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=r"has no index.tsv; name the folder"):
        read_index(tmp_path)


def test_an_index_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "index.tsv").write_bytes(HEADER.encode() + b"\xff\xfe\tgo\n")
    with pytest.raises(BadFileError, match=r"index.tsv is not a text file"):
        read_index(tmp_path)


# --- what is kept for tuning ------------------------------------------------------------------------------------------

MANY = [recording(name=f"{n}.opus", speaker=f"speaker{n % 300}") for n in range(900)]


def test_some_speakers_are_kept_for_tuning_with_all_they_say() -> None:
    tuning = {one.speaker for one in MANY if is_for_tuning(one)}
    training = {one.speaker for one in MANY if not is_for_tuning(one)}
    assert not tuning & training
    assert 0.08 < len(tuning) / 300 < 0.16


def test_who_is_kept_for_tuning_never_changes() -> None:
    """It depends on nothing but the name, so that two models, trained at any time, can be compared."""
    kept = [n for n in range(40) if is_for_tuning(recording(speaker=f"speaker{n}"))]
    assert kept == [13, 18, 28]


def test_a_larger_part_has_everybody_of_a_smaller_one() -> None:
    few, many = ({one.speaker for one in MANY if is_for_tuning(one, share)} for share in (0.1, 0.3))
    assert few < many
    assert not any(is_for_tuning(one, 0.0) for one in MANY)
    assert all(is_for_tuning(one, 1.0) for one in MANY)


@pytest.mark.parametrize(("corpus", "kind"), [("esc50", "noise"), *((corpus, "phrase") for corpus in ONE_SPEAKER)])
def test_where_nobody_is_named_it_goes_by_recording(corpus: str, kind: str) -> None:
    clips = [recording(name=f"{n}.opus", speaker="unknown", corpus=corpus, kind=kind) for n in range(300)]
    assert 0.06 < sum(map(is_for_tuning, clips)) / 300 < 0.2


# --- what is trained on -----------------------------------------------------------------------------------------------


def test_a_word_counts_only_so_often() -> None:
    many = [recording(text, f"{n}.opus") for text in ("stop", "go") for n in range(10)]
    many += [recording("the rain", f"{n}.opus", kind="speech") for n in range(10)]
    chosen = for_training(many, KNOWN, {"command": 3}, chance())
    assert Counter(one.text for one in chosen) == {"stop": 3, "go": 3, "the rain": 10}
    assert len(set(chosen)) == 16


@pytest.mark.parametrize(
    "useless",
    [
        recording("?", kind="speech"),
        recording("~go on", kind="speech"),
        recording("go hygge", kind="phrase"),
        recording("", kind="speech"),
        recording(speaker="speaker13"),
    ],
    ids=["unknown words", "not all of the words", "a word without pronunciation", "speech without words", "for tuning"],
)
def test_what_cannot_be_learnt_from_is_left_out(useless: CorpusRecording) -> None:
    noise = recording("", kind="noise")
    assert for_training([useless, noise], KNOWN, {}, chance()) == [noise]


def test_the_choice_is_seeded() -> None:
    first, again, other = (for_training(MANY, KNOWN, {"command": 50}, chance(seed)) for seed in (1, 1, 2))
    assert first == again
    assert set(first) != set(other)


def test_how_many_there_are_of_each_kind() -> None:
    assert by_kind([recording(), recording("", kind="noise"), recording()]) == {"command": 2, "noise": 1}


# --- their sound ------------------------------------------------------------------------------------------------------


def tone(hertz: float, rate_hz: int, seconds: float = 0.5) -> NDArray[np.int16]:
    return (8000 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.int16)


def test_a_recording_is_read_as_it_is(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "1.wav", tone(440, 16_000), 16_000)
    samples = read_samples(tmp_path / "1.wav")
    assert samples.dtype == np.int16
    np.testing.assert_array_equal(samples, tone(440, 16_000))


@pytest.mark.parametrize("rate_hz", [8000, 44_100, 48_000])
def test_another_rate_becomes_16_khz(tmp_path: Path, rate_hz: int) -> None:
    soundfile.write(tmp_path / "1.flac", tone(440, rate_hz), rate_hz)
    samples = read_samples(tmp_path / "1.flac")
    assert samples.dtype == np.int16
    assert len(samples) == pytest.approx(8000, abs=2)
    assert np.abs(np.fft.rfft(samples)).argmax() == pytest.approx(220, abs=1)


def test_of_two_channels_the_first_is_heard(tmp_path: Path) -> None:
    left = tone(440, 16_000)
    soundfile.write(tmp_path / "1.wav", np.stack([left, left * 0], axis=1), 16_000)
    np.testing.assert_array_equal(read_samples(tmp_path / "1.wav"), left)


@pytest.mark.parametrize("harm", ["missing", "text", "empty", "short"])
def test_what_cannot_be_heard_is_named(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "1.wav"
    if harm == "text":
        path.write_text("this is not sound")
    if harm in {"empty", "short"}:
        soundfile.write(path, np.zeros(0 if harm == "empty" else 1599, np.int16), 16_000)
    with pytest.raises(BadFileError, match=r"1\.wav (cannot be read as sound|holds less than 0\.1 s)"):
        read_samples(path)
