"""``voicecoach hear``: what the ears understand in recordings."""

from __future__ import annotations

import ctypes.util
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.cli.main import main
from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError
from voicecoach.hear_files import read_index
from voicecoach.sound_files import sound_library

if TYPE_CHECKING:
    from pathlib import Path

needs_a_voice = pytest.mark.skipif(not ctypes.util.find_library("espeak-ng"), reason="espeak-ng is not installed")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of recordings: two commands, a sentence, and silence; with an index."""
    folder = tmp_path_factory.mktemp("spoken")
    soundfile = sound_library()
    with EspeakSynthesizer() as synthesizer:
        for name, words in (("next", "next"), ("stop", "stop"), ("talk", "the weather was fine on Tuesday")):
            samples, rate_hz = synthesizer.render(words, Voice("en-us+m3", 140))
            soundfile.write(folder / f"{name}.flac", samples // 4, rate_hz)
    soundfile.write(folder / "silence.wav", np.zeros(16_000, np.float32), 16_000)
    said = {"next": "next", "stop": "stop", "talk": "the weather was fine on tuesday", "silence": ""}
    lines = [
        f"{name}.{'wav' if name == 'silence' else 'flac'}\t{words}\tann\town\tcommand\tCC0"
        for name, words in said.items()
    ]
    (folder / "index.tsv").write_text("path\ttranscript\tspeaker\tcorpus\tkind\tlicence\n" + "\n".join(lines) + "\n")
    return folder


@needs_a_voice
def test_each_file_is_a_line(spoken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", str(spoken / "next.flac"), str(spoken / "stop.flac")]) == 0
    following, stopping = capsys.readouterr().out.splitlines()
    assert following.startswith(f'{spoken / "next.flac"}: "next" = next (confidence ')
    assert stopping.startswith(f'{spoken / "stop.flac"}: "stop" = stop (confidence ')


@needs_a_voice
def test_what_is_not_obeyed_is_told_with_its_reason(spoken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", str(spoken / "talk.flac"), str(spoken / "silence.wav")]) == 1
    *talk, silence = capsys.readouterr().out.splitlines()
    assert all("not understood:" in line for line in talk)
    assert silence.endswith("silence.wav: nothing was heard")


@needs_a_voice
def test_only_what_is_listened_for_is_understood(spoken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(spoken / "next.flac")
    assert main(["hear", "--at-rest", file]) == 1
    assert "not understood" in capsys.readouterr().out
    assert main(["hear", "--phrases", "Next, banana", file]) == 0
    assert '"next" = next' in capsys.readouterr().out


@needs_a_voice
def test_programs_read_json(spoken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--json", str(spoken / "stop.flac")]) == 0
    told = json.loads(capsys.readouterr().out)
    (heard,) = told["heard"]
    assert told["file"] == str(spoken / "stop.flac")
    assert (heard["command"], heard["phrase"], heard["refusal"]) == ("stop", "stop", "")
    assert 0 < heard["began_s"] < heard["ended_s"] < 2.5


@needs_a_voice
def test_a_folder_is_a_table(spoken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", str(spoken)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["said", "understood", "something", "else", "nothing"]
    assert rows[1:] == [
        ["next", "1", "1", "0", "0"],
        ["stop", "1", "1", "0", "0"],
        ["anything", "else", "2", "0", "0", "2"],
    ]


@needs_a_voice
def test_a_folder_is_a_line_of_json_for_each_recording(spoken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--json", str(spoken)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["said"] for one in told] == ["next", "stop", "the weather was fine on tuesday", ""]
    assert [[heard["command"] for heard in one["heard"] if heard["phrase"]] for one in told] == [
        ["next"],
        ["stop"],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (None, "index.tsv cannot be read"),
        ("file\twords\na.wav\tstop\n", "line 2: it has no path or transcript"),
        ("path\ttranscript\n\tstop\n", "line 2: it has no path or transcript"),
        ("path\ttranscript\na.wav\n", "line 2: it has no path or transcript"),
    ],
)
def test_an_index_that_will_not_do_is_one_line(tmp_path: Path, index: str | None, said: str) -> None:
    if index is not None:
        (tmp_path / "index.tsv").write_text(index)
    with pytest.raises(BadFileError, match=said):
        list(read_index(tmp_path))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.wav"], "there is no file nowhere.wav; name a recording"),
        (["--phrases", " , ", "nowhere.wav"], "there is no phrase; name some, parted by commas"),
    ],
)
def test_what_will_not_do_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", *arguments]) != 0
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
