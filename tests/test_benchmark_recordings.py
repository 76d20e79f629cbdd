"""Folders of recordings: every line of an index is right, or told with its number."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmark.recordings import (
    COLUMNS,
    INDEX,
    CorpusRecording,
    Kind,
    kept_for_tuning,
    read_index,
    sampled,
    write_index,
)
from voicecoach.errors import BadFileError, MissingPartError

HEADER = "\t".join(COLUMNS)


def index(folder: Path, *lines: str) -> Path:
    """A folder with an index of ``lines`` and the one file that they may name."""
    (folder / "clip.flac").touch()
    (folder / INDEX).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def complaint(folder: Path) -> str:
    with pytest.raises(BadFileError) as caught:
        read_index(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(folder)).removeprefix("/")


def recording(name: str, text: str = "stop", kind: Kind = Kind.COMMAND, speaker: str = "a") -> CorpusRecording:
    return CorpusRecording(Path("/somewhere") / name, text, speaker, "corpus", kind)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("clip.flac\tstop\tann\tc\tcommand\tMIT", ("stop", "ann", Kind.COMMAND)),
        ("clip.flac\t~turn it off\tann\tc\tphrase\tMIT", ("~turn it off", "ann", Kind.PHRASE)),
        ("clip.flac\t?\t\tc\tspeech\tMIT", ("?", "", Kind.SPEECH)),
        ("clip.flac\t\t\tc\tnoise\tMIT", ("", "", Kind.NOISE)),
        ('clip.flac\t"stop\tann\tc\tword\tMIT', ('"stop', "ann", Kind.WORD)),  # a quote is nothing special
    ],
)
def test_a_line(tmp_path: Path, line: str, expected: tuple[str, str, Kind]) -> None:
    (found,) = read_index(index(tmp_path, HEADER, line))
    assert (found.transcript, found.speaker, found.kind) == expected
    assert found.path == tmp_path / "clip.flac"


@pytest.mark.parametrize(
    ("lines", "begins", "says"),
    [
        ([], INDEX, "the first line must name the columns"),
        (["path\ttranscript"], INDEX, "the first line must name the columns"),
        ([HEADER], f"{INDEX}:2", "it lists no recording"),
        ([HEADER, "clip.flac\tstop\tann\tc\tcommand"], f"{INDEX}:2", "5 columns"),
        ([HEADER, "clip.flac\tstop\tann\tc\tshout\tMIT"], f"{INDEX}:2", '"shout" is no kind of recording'),
        ([HEADER, "clip.flac\tStop\tann\tc\tcommand\tMIT"], f"{INDEX}:2", "lower case"),
        ([HEADER, "clip.flac\t\tann\tc\tcommand\tMIT"], f"{INDEX}:2", "only noise"),
        ([HEADER, "clip.flac\tstop\tann\tc\tnoise\tMIT"], f"{INDEX}:2", "only noise"),
        ([HEADER, "lost.flac\tstop\tann\tc\tcommand\tMIT"], f"{INDEX}:2", "there is no file"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, lines: list[str], begins: str, says: str) -> None:
    told = complaint(index(tmp_path, *lines))
    assert told.startswith(begins)
    assert says in told


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    assert "has no index.tsv; name a folder of recordings" in complaint(tmp_path / "nowhere")


def test_an_index_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / INDEX).write_bytes(b"\xff\xfe\x00")
    assert "write it as UTF-8 text" in complaint(tmp_path)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    names = ["one.flac", "two.flac"]
    for name in names:
        (tmp_path / name).touch()
    written = [CorpusRecording(tmp_path / name, "how long", "v", "c", Kind.SYNTHETIC) for name in names]
    write_index(tmp_path, written, licence="none needed")
    assert read_index(tmp_path) == written


# --- samples ----------------------------------------------------------------------------------------------------------


def test_a_sample_is_bounded_by_text_and_by_kind() -> None:
    every = [recording(f"{n}", f"word{n % 5}") for n in range(50)]
    every += [recording(f"s{n}", "?", Kind.SPEECH) for n in range(50)]
    chosen = sampled(every, most_of_a_text=2, most_of_a_kind=8)
    assert Counter(one.kind for one in chosen) == {Kind.COMMAND: 8, Kind.SPEECH: 8}
    assert max(Counter(one.transcript for one in chosen if one.kind is Kind.COMMAND).values()) == 2


def test_a_sample_does_not_depend_on_the_order() -> None:
    every = [recording(f"{n}") for n in range(30)]
    shuffled = [every[int(place)] for place in np.random.default_rng(1).permutation(30)]
    assert sampled(every, 5, 5) == sampled(shuffled, 5, 5)


def test_those_kept_for_tuning_are_whole_speakers() -> None:
    pytest.importorskip("soundfile", reason="the trainer is not installed")
    pytest.importorskip("kaldi_native_fbank", reason="the trainer is not installed")
    every = [recording(f"{n}", speaker=f"speaker{n % 40}") for n in range(400)]
    kept = kept_for_tuning(every)
    speakers = {one.speaker for one in kept}
    assert 0 < len(speakers) < 15
    assert kept == [one for one in every if one.speaker in speakers]


def test_without_the_trainer_nobody_is_known_to_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kaldi_native_fbank", None)
    for module in ("model.recordings", "model.features"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    with pytest.raises(MissingPartError, match=r"; scripts/train-model --help installs that"):
        kept_for_tuning([recording("clip")])
