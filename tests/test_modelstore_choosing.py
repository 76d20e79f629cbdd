"""Which model the coach hears with: what the person says, else what fits; and what the publisher's list says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.engines.recognition.model_files import SHIPPED_MODEL
from voicecoach.engines.recognition.model_store.catalogue import Published, read_catalogue
from voicecoach.engines.recognition.model_store.choosing import (
    AUTO,
    SHIPPED_NAME,
    available_memory_bytes,
    choose,
    memory_bytes,
    named,
)
from voicecoach.engines.recognition.model_store.disk import size
from voicecoach.engines.recognition.model_store.names import is_general_english, is_name, language_of
from voicecoach.engines.recognition.model_store.remembered import FILE, remember, remembered
from voicecoach.engines.recognition.model_store.store import Installed
from voicecoach.errors import VoicecoachError
from voicecoach.resources import shipped

MB = 1_000_000
SHIPPED = shipped(SHIPPED_MODEL)
SMALL = Installed("vosk-model-small-en-us-0.15", Path("/models/small"), 68 * MB)
LARGE = Installed("vosk-model-en-us-0.22-lgraph", Path("/models/large"), 200 * MB)
GERMAN = Installed("vosk-model-small-de-0.15", Path("/models/german"), 60 * MB)
OURS = Installed("voicecoach-en-2", Path("/models/ours"), 9 * MB)


# --- what it comes to -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "chosen", "installed", "available_mb", "folder"),
    [
        # nobody says anything: a general English model where memory allows, the largest that fits
        (None, None, [], 4000, SHIPPED),
        (None, None, [SMALL], 4000, SMALL.folder),
        (None, None, [SMALL], 320, SMALL.folder),
        (None, None, [SMALL], 319, SHIPPED),
        (None, None, [SMALL], None, SHIPPED),
        (None, None, [SMALL, LARGE], 4000, LARGE.folder),
        (None, None, [LARGE, SMALL], 500, SMALL.folder),
        (None, None, [GERMAN, OURS], 4000, SHIPPED),
        # what was chosen, whatever the memory
        (None, SMALL.name, [SMALL, LARGE], 100, SMALL.folder),
        (None, SHIPPED_NAME, [SMALL], 4000, SHIPPED),
        (None, GERMAN.name, [GERMAN, SMALL], 4000, GERMAN.folder),
        (None, "/somewhere/else", [SMALL], 4000, Path("/somewhere/else")),
        (None, "gone", [SMALL], 4000, Path("gone")),
        # the settings before that
        (LARGE.name, SMALL.name, [SMALL, LARGE], 100, LARGE.folder),
        ("/somewhere/else", SMALL.name, [SMALL], 4000, Path("/somewhere/else")),
        (SHIPPED_NAME, SMALL.name, [SMALL], 4000, SHIPPED),
        (AUTO, SHIPPED_NAME, [SMALL], 4000, SMALL.folder),
        (AUTO, SMALL.name, [SMALL], 100, SHIPPED),
    ],
)
def test_the_model_that_is_chosen(
    setting: str | None, chosen: str | None, installed: list[Installed], available_mb: int | None, folder: Path
) -> None:
    choice = choose(setting, chosen, installed, None if available_mb is None else available_mb * MB)
    assert choice.folder == folder
    assert choice.is_shipped == (folder == SHIPPED)
    assert choice.automatic == ((setting or chosen or AUTO) == AUTO)
    assert choice.why.startswith("because ")


@pytest.mark.parametrize(
    ("setting", "chosen", "installed", "available_mb", "words"),
    [
        (None, None, [], 4000, "no general English model is installed"),
        (None, None, [SMALL], 200, "vosk-model-small-en-us-0.15 needs about 320 MB of memory and 200 MB are free"),
        (None, None, [SMALL], None, "it cannot be told whether there is memory"),
        (None, None, [SMALL], 4000, "the about 320 MB of memory that it needs are free"),
        (None, SMALL.name, [SMALL], 4000, '"voicecoach models use"'),
        (SMALL.name, None, [SMALL], 4000, "the settings or --model"),
    ],
)
def test_the_reason_is_told(
    setting: str | None, chosen: str | None, installed: list[Installed], available_mb: int | None, words: str
) -> None:
    choice = choose(setting, chosen, installed, None if available_mb is None else available_mb * MB)
    assert words in choice.why


def test_a_folder_may_lie_in_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    assert named("~/model", []) == Path("/home/anna/model")


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_a_larger_model_takes_more_memory(one: int, other: int) -> None:
    less, more = sorted([one, other])
    assert 50 * MB <= memory_bytes(less) <= memory_bytes(more)


# --- what memory there is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "available"),
    [
        ("MemTotal:  4000000 kB\nMemFree: 1 kB\nMemAvailable:    3000000 kB\nBuffers: 2 kB\n", 3_072_000_000),
        ("MemTotal: 4000000 kB\n", None),
        ("MemAvailable:\n", None),
        ("MemAvailable: many kB\n", None),
        ("", None),
    ],
)
def test_the_memory_that_linux_tells(tmp_path: Path, text: str, available: int | None) -> None:
    (tmp_path / "meminfo").write_text(text)
    assert available_memory_bytes(tmp_path / "meminfo") == available


def test_a_machine_that_tells_no_memory(tmp_path: Path) -> None:
    assert available_memory_bytes(tmp_path / "none") is None


# --- names and sizes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "language", "general"),
    [
        ("vosk-model-small-en-us-0.15", "en-us", True),
        ("vosk-model-en-us-0.22-lgraph", "en-us", True),
        ("vosk-model-small-en-in-0.4", "en-in", True),
        ("vosk-model-en", "en", True),
        ("vosk-model-small-de-0.15", "de", False),
        ("vosk-model-spk-0.4", None, False),
        ("vosk-model-eng-1", None, False),
        ("voicecoach-en", "en", False),
        ("my-own-en", None, False),
    ],
)
def test_what_a_name_tells(name: str, language: str | None, general: bool) -> None:  # noqa: FBT001 - a table
    assert language_of(name) == language
    assert is_general_english(name) == general


@given(st.text(max_size=120))
def test_a_name_never_leads_out_of_its_folder(text: str) -> None:
    if is_name(text):
        assert Path("/models", text).resolve().parent == Path("/models")


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (41_205_931, "41 MB"), (2.7e9, "3 GB")]
)
def test_a_size_is_said_in_the_largest_unit(count: float, said: str) -> None:
    assert size(count) == said


# --- what is remembered -----------------------------------------------------------------------------------------------


def test_a_choice_is_remembered_replaced_and_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert remembered(folder) is None
    for choice in ("one", "/a folder/with blanks and ü"):
        remember(folder, choice)
        assert remembered(folder) == choice
    remember(folder, None)
    assert remembered(folder) is None
    remember(folder, None)
    assert [*folder.iterdir()] == []


def test_an_empty_file_is_no_choice(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("\n")
    assert remembered(tmp_path) is None


def test_a_choice_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(VoicecoachError, match=f"{FILE} cannot be read .*; remove it$"):
        remembered(tmp_path)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(VoicecoachError, match=r"make .* a folder that you may write to"):
        remember(tmp_path / "file" / "data", "one")


# --- the publisher's list ---------------------------------------------------------------------------------------------

ENTRY: dict[str, object] = {
    "lang": "en-us",
    "lang_text": "US English",
    "md5": "09ABCDEF" * 4,
    "name": "vosk-model-small-en-us-0.15",
    "obsolete": "false",
    "size": 41_205_931,
    "size_text": "39.3MiB",
    "type": "small",
    "url": "https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip",
    "version": "0.15",
}


def test_an_entry_as_it_is_published() -> None:
    (model,) = read_catalogue(json.dumps([ENTRY]).encode())
    assert model == Published(
        name="vosk-model-small-en-us-0.15",
        url="https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip",
        size_bytes=41_205_931,
        md5="09abcdef" * 4,
        language="en-us",
        kind="small",
        obsolete=False,
    )
    assert model.hears
    assert not model.has_fixed_graph


@pytest.mark.parametrize(
    ("kind", "hears", "fixed"), [("big", True, True), ("big-lgraph", True, False), ("spk", False, False)]
)
def test_the_kinds_of_models(kind: str, hears: bool, fixed: bool) -> None:  # noqa: FBT001 - a table
    (model,) = read_catalogue(json.dumps([ENTRY | {"type": kind, "obsolete": "true"}]).encode())
    assert (model.hears, model.has_fixed_graph, model.obsolete) == (hears, fixed, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../../etc"}, {"name": None}, {"url": "file:///etc/passwd"}, {"url": "x"}, {"url": "http://x/\x1b[2J"},
        {"md5": "12"}, {"md5": None}, {"size": 0}, {"size": -1}, {"size": "large"}, {"size": 10**13}, {"size": 1.5},
    ],
)  # fmt: skip
def test_an_entry_that_makes_no_sense_is_passed_over(wrong: dict[str, object]) -> None:
    lacking = {key: value for key, value in ENTRY.items() if key not in wrong}
    models = read_catalogue(json.dumps([ENTRY | wrong, lacking, None, "x", [], ENTRY]).encode())
    assert [model.name for model in models] == [ENTRY["name"]]


@pytest.mark.parametrize("text", [b"", b"<html>", b"\xff\xfe\x00", b"{}", b"null", b"[" * 100_000, b'{"name": "x"}'])
def test_what_is_no_list(text: bytes) -> None:
    assert read_catalogue(text) == []
