"""A model is installed whole and seen to work, or not at all; whatever happens, what was there stays."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, NoReturn
from zipfile import ZIP_DEFLATED

import model_server as server_that
import pytest
from model_server import ModelServer, packed, packed_folder, snapshot
from sung_words import rejection, write_sung_model

from voicecoach.engines.recognition.model_files import CHECKSUMS, problem_with
from voicecoach.engines.recognition.model_store.catalogue import fetch_catalogue
from voicecoach.engines.recognition.model_store.getting import Checksum, get, name_of, wanted
from voicecoach.engines.recognition.model_store.store import ModelStore
from voicecoach.errors import BadRequestError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from model_server import Twist

    from voicecoach.engines.recognition.model_store.store import Installed

NAME = "vosk-model-small-en-us-0.15"
PATH = f"/{NAME}.zip"
OTHER = "vosk-model-small-de-0.15"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model that Vosk can use, as its publisher has it."""
    folder = tmp_path_factory.mktemp("published") / NAME
    write_sung_model(folder, {"stop": (("S", "T", "AA", "P"),)}, rejection())
    return folder


@pytest.fixture(scope="module")
def archive(model: Path) -> bytes:
    return packed_folder(model)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ModelServer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The user's models: two of them, both old."""
    for name in (NAME, OTHER):
        (tmp_path / "models" / name / "am").mkdir(parents=True)
        (tmp_path / "models" / name / "am" / "final.mdl").write_text(f"the old {name}")
    return tmp_path / "models"


def install(server: ModelServer, folder: Path, request: str = NAME) -> Installed:
    """Get a model as the command line does."""
    model = wanted(request, None, lambda: fetch_catalogue(server.catalogue), unchecked=False)
    return get(model, ModelStore(folder), lambda *_: None)


def complaint(server: ModelServer, folder: Path, request: str = NAME) -> str:
    """The line about a model that is not installed; the models are as they were."""
    before = snapshot(folder)
    with pytest.raises(VoicecoachError) as caught:
        install(server, folder, request)
    assert snapshot(folder) == before
    assert not [*folder.glob(".unfinished*")], "nothing half-done lies about"
    line = str(caught.value)
    assert "\n" not in line
    return line


def kept(folder: Path) -> int:
    """How many bytes of the archive are kept for another time."""
    part = folder / ".downloads" / NAME / "archive.zip.part"
    return part.stat().st_size if part.exists() else 0


# --- when all goes well -----------------------------------------------------------------------------------------------


def test_a_model_is_installed_in_place_of_the_old_one(
    server: ModelServer, folder: Path, model: Path, archive: bytes
) -> None:
    before = snapshot(folder / OTHER)
    server.publish(NAME, archive)
    installed = install(server, folder)
    assert (installed.name, installed.folder) == (NAME, folder / NAME)
    assert {**snapshot(installed.folder), CHECKSUMS: b""} == {**snapshot(model), CHECKSUMS: b""}
    assert problem_with(installed.folder) is None
    assert snapshot(folder / OTHER) == before
    assert [model.name for model in ModelStore(folder).installed()] == [OTHER, NAME]
    assert not (folder / ".downloads" / NAME).exists(), "the archive takes no room"


def test_what_is_installed_is_watched_over_from_then_on(server: ModelServer, folder: Path, archive: bytes) -> None:
    server.publish(NAME, archive)
    words = install(server, folder).folder / "graph/words.txt"
    words.write_bytes(words.read_bytes().replace(b"stop", b"stoq"))
    assert problem_with(folder / NAME) == f"is broken: graph/words.txt is not what {CHECKSUMS} says"


def test_an_archive_that_is_the_model_itself(server: ModelServer, folder: Path, model: Path) -> None:
    server.publish(NAME, packed(snapshot(model)))
    assert problem_with(install(server, folder).folder) is None


@pytest.mark.parametrize("habits", [[server_that.cut(50_000), server_that.refuses(503)], [server_that.corrupt]])
def test_what_went_wrong_once_goes_well_the_next_time(
    server: ModelServer, folder: Path, archive: bytes, habits: list[Twist]
) -> None:
    server.publish(NAME, archive)
    server.twist(PATH, *habits)
    complaint(server, folder)
    install(server, folder)
    assert problem_with(folder / NAME) is None


# --- when it does not -------------------------------------------------------------------------------------------------


def test_a_cut_keeps_what_came(server: ModelServer, folder: Path) -> None:
    server.publish(NAME, bytes(100_000))
    server.twist(PATH, server_that.cut(50_000), server_that.cut(0))
    assert "give the same command once more" in complaint(server, folder)
    assert 0 < kept(folder) <= 50_000


@pytest.mark.parametrize(
    "habit",
    [
        pytest.param(server_that.corrupt, id="corrupt"),
        pytest.param(server_that.sends(bytes(100_000)), id="another file of the same size"),
    ],
)
def test_a_damaged_archive_is_not_installed_and_not_kept(server: ModelServer, folder: Path, habit: Twist) -> None:
    server.publish(NAME, b"x" * 100_000)
    server.twist(PATH, habit)
    line = complaint(server, folder)
    assert line.startswith(f"{NAME} was not installed: its archive was damaged on the way")
    assert kept(folder) == 0


def test_a_published_checksum_that_is_another(server: ModelServer, folder: Path, archive: bytes) -> None:
    server.publish(NAME, archive, md5="0" * 32)
    assert f"not {'0' * 32}" in complaint(server, folder)


@pytest.mark.parametrize("published", [99, 10**9])
def test_a_published_size_that_is_another(server: ModelServer, folder: Path, archive: bytes, published: int) -> None:
    server.publish(NAME, archive, size=published)
    assert f"should have {published:,}" in complaint(server, folder)


def test_a_model_that_has_gone_from_the_server(server: ModelServer, folder: Path, archive: bytes) -> None:
    server.publish(NAME, archive, url=server.url("/gone.zip"))
    assert "there is nothing to get at http" in complaint(server, folder)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"readme.txt": b"x"}, "it lacks am/final.mdl"),
        ({f"{NAME}/am/final.mdl": b"x"}, "it lacks conf/model.conf"),
        ({f"{NAME}/graph/HCLG.fst": b"x"}, "it has a fixed graph, which cannot be given phrases"),
        ({"../diary.txt": b"x"}, "the archive has a path that leads elsewhere in it"),
        ({f"{NAME}/{CHECKSUMS}/x": b"x"}, f"it has a folder {CHECKSUMS}"),
        ({}, "the archive is empty"),
    ],
)
def test_an_archive_that_is_no_model(server: ModelServer, folder: Path, files: dict[str, bytes], words: str) -> None:
    server.publish(NAME, packed(files))
    assert complaint(server, folder).startswith(f"{NAME} was not installed: {words}")
    assert kept(folder) == 0


def test_a_model_that_vosk_cannot_use_is_not_believed_whatever_it_says_of_itself(
    server: ModelServer, folder: Path, model: Path
) -> None:
    false = {**snapshot(model), "am/final.mdl": b"not a network", CHECKSUMS: b""}
    server.publish(NAME, packed(false))
    assert "it cannot be used by Vosk: a file in it is broken" in complaint(server, folder)


# --- room, and others at work -----------------------------------------------------------------------------------------


class Usage(NamedTuple):
    """As `shutil.disk_usage` tells it."""

    total: int
    used: int
    free: int


def disk_with(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - free, free))


def test_a_disk_without_room_for_archive_and_model(
    server: ModelServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.publish(NAME, bytes(100_000))
    disk_with(monkeypatch, 299_999)
    line = complaint(server, folder)
    assert line == f"300 kB are needed where {folder} lies, and 300 kB are free; make room and try again"
    assert kept(folder) == 0


def test_a_disk_without_room_for_what_is_in_the_archive(
    server: ModelServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = packed({"README": bytes(100_000) + hashlib.shake_256(b"text").digest(20_000)}, ZIP_DEFLATED)
    server.publish(NAME, archive)
    disk_with(monkeypatch, 3 * len(archive))
    assert "make room and try again" in complaint(server, folder)
    assert kept(folder) == len(archive), "it need not come again"


def test_a_disk_that_fails_in_the_middle(server: ModelServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    server.publish(NAME, bytes(1000))
    monkeypatch.setattr("voicecoach.engines.recognition.model_store.getting.require_free", fail)
    assert f"{folder} cannot be written (No space left on device)" in complaint(server, folder)


@contextmanager
def another_command(folder: Path) -> Iterator[None]:
    """Somebody else gets a model right now."""
    with ModelStore(folder).changing():
        yield


def test_two_commands_at_once(server: ModelServer, folder: Path, archive: bytes) -> None:
    server.publish(NAME, archive)
    with another_command(folder):
        before = snapshot(folder)
        with pytest.raises(VoicecoachError, match="another command is getting or removing a model right now"):
            install(server, folder)
        with pytest.raises(VoicecoachError, match="another command"):
            ModelStore(folder).remove(OTHER)
        assert snapshot(folder) == before


def test_what_a_killed_command_left_is_cleared_away(folder: Path) -> None:
    (folder / ".unfinished-abc" / "unpacked").mkdir(parents=True)
    with ModelStore(folder).changing() as scratch:
        assert not (folder / ".unfinished-abc").exists()
        assert [*scratch.iterdir()] == []
    assert not scratch.exists()


# --- what is wanted ---------------------------------------------------------------------------------------------------


CHECKED = Checksum("sha256", "ab" * 32)


def refuse_to_look() -> NoReturn:
    """A list of models that must not be asked for."""
    raise AssertionError("the list of models is not needed")


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (NAME, NAME),
        (f"https://alphacephei.com/vosk/models/{NAME}.zip", NAME),
        ("https://example.org/a/my%2Dmodel.zip?download=1#top", "my-model"),
        ("http://example.org/model", "model"),
    ],
)
def test_the_name_of_what_is_asked_for(asked: str, name: str) -> None:
    assert name_of(asked) == name


@pytest.mark.parametrize(
    "asked",
    [
        "", ".", "..", "../x", "a/b", "/etc", "-x", ".hidden", "two words", "x\n", 101 * "x", "ftp://example.org/x.zip",
        "https://", "https://example.org", "https://example.org/", "https://example.org/..", "https://[x/y.zip",
        "https://example.org/..%2F..%2Fx.zip/..", "https://example.org/.zip", "https://example.org/%2e%2e",
    ],
)  # fmt: skip
def test_what_cannot_be_the_name_of_a_model(asked: str) -> None:
    with pytest.raises(BadRequestError, match='cannot be a model: name one that "voicecoach models list'):
        name_of(asked)


def test_a_published_model_by_its_name_and_by_its_address(server: ModelServer, archive: bytes) -> None:
    url = server.publish(NAME, archive)
    by_name = wanted(NAME, None, lambda: fetch_catalogue(server.catalogue), unchecked=False)
    assert by_name.checksum
    assert (by_name.url, by_name.checksum.algorithm, by_name.size_bytes) == (url, "md5", len(archive))
    assert wanted(url, None, lambda: fetch_catalogue(server.catalogue), unchecked=False) == by_name


def test_a_checksum_that_the_person_knows_goes_before_the_published_one(server: ModelServer, archive: bytes) -> None:
    server.publish(NAME, archive)
    assert wanted(NAME, CHECKED, lambda: fetch_catalogue(server.catalogue), unchecked=False).checksum == CHECKED


def test_an_address_with_a_checksum_or_unchecked_needs_no_list() -> None:
    url = "https://example.org/own.zip"
    assert wanted(url, CHECKED, refuse_to_look, unchecked=False).checksum == CHECKED
    assert wanted(url, None, refuse_to_look, unchecked=True).checksum is None


def test_a_name_is_checked_also_where_the_person_would_go_without(server: ModelServer, archive: bytes) -> None:
    server.publish(NAME, archive)
    assert wanted(NAME, None, lambda: fetch_catalogue(server.catalogue), unchecked=True).checksum


def test_an_address_that_nobody_vouches_for(server: ModelServer, folder: Path) -> None:
    line = complaint(server, folder, "https://example.org/own.zip")
    assert "it is not among the published models; give its checksum with --sha256" in line or "no list" in line


def test_an_address_that_cannot_be_looked_up(server: ModelServer, folder: Path) -> None:
    server.twist(server_that.LIST, server_that.refuses(500))
    line = complaint(server, folder, "https://example.org/own.zip")
    assert "could not be checked" in line
    assert "say --unchecked if you trust it" in line


def test_a_name_that_is_not_published(server: ModelServer, folder: Path, archive: bytes) -> None:
    server.publish(NAME, archive)
    near = complaint(server, folder, "vosk-model-small-en-us-0.16")
    assert near == f'no model "vosk-model-small-en-us-0.16" is published; did you mean {NAME}?'
    assert 'see "voicecoach models list --published"' in complaint(server, folder, "hygge")


def test_a_model_that_hears_no_words(server: ModelServer, folder: Path, archive: bytes) -> None:
    server.publish("vosk-model-spk-0.4", archive, type="spk")
    assert "tells speakers apart and hears no words" in complaint(server, folder, "vosk-model-spk-0.4")


# --- taking away ------------------------------------------------------------------------------------------------------


def test_a_model_is_removed_and_the_others_stay(folder: Path) -> None:
    before = snapshot(folder / OTHER)
    ModelStore(folder).remove(NAME)
    assert [model.name for model in ModelStore(folder).installed()] == [OTHER]
    assert snapshot(folder / OTHER) == before


def test_a_download_that_was_given_up_is_removed(folder: Path) -> None:
    (ModelStore(folder).download("begun") / "archive.zip.part").write_text("half")
    ModelStore(folder).remove("begun")
    assert not [*(folder / ".downloads").iterdir()]


def test_what_a_link_leads_to_is_not_removed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own" / "am").mkdir(parents=True)
    (tmp_path / "own" / "am" / "final.mdl").write_text("mine")
    (folder / "linked").symlink_to(tmp_path / "own")
    assert "linked" in [model.name for model in ModelStore(folder).installed()]
    ModelStore(folder).remove("linked")
    assert not (folder / "linked").exists()
    assert (tmp_path / "own" / "am" / "final.mdl").read_text() == "mine"


@pytest.mark.parametrize("name", ["gone", "..", ".downloads", f"../models/{NAME}", ""])
def test_what_is_not_there_cannot_be_removed(folder: Path, name: str) -> None:
    before = snapshot(folder)
    with pytest.raises(BadRequestError, match=f"is not installed; there are: {OTHER}, {NAME}"):
        ModelStore(folder).remove(name)
    assert snapshot(folder) == before


def test_where_no_model_was_ever_fetched(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "none")
    assert store.installed() == []
    with pytest.raises(BadRequestError, match="no model is"):
        store.remove("any")
    assert not (tmp_path / "none").exists(), "looking makes nothing"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = ModelStore(tmp_path / "file" / "models")
    with pytest.raises(VoicecoachError, match="make it a folder that you may write to"), store.changing():
        pytest.fail("it cannot be changed")
