"""``voicecoach models`` as a person types it: models come, are chosen and go; words are added."""

from __future__ import annotations

import hashlib
import io
import sys
from typing import TYPE_CHECKING

import model_server as server_that
import pytest
from model_server import ModelServer, packed_folder
from sung_words import rejection, write_sung_model

from voicecoach.cli.main import main
from voicecoach.engines.recognition.model_files import write_checksums
from voicecoach.engines.recognition.model_store import choosing
from voicecoach.settings import data_folder, models_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "vosk-model-small-en-us-0.15"
PATH = f"/{NAME}.zip"
MEMORY = 4 * 10**9


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's settings, models or words are read or written by a test; the machine has much memory."""
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for module in ("voicecoach.model_selection", "voicecoach.engines.recognition.model_store.choosing"):
        monkeypatch.setattr(f"{module}.available_memory_bytes", lambda: MEMORY)
    return tmp_path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that was made for the coach: it takes words."""
    folder = tmp_path_factory.mktemp("models") / "own"
    lexicon = {"stop": (("S", "T", "AA", "P"),), "hue": (("HH", "Y", "UW"),), "gun": (("G", "AH", "N"),)}
    write_sung_model(folder, lexicon, rejection())
    write_checksums(folder)
    return folder


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("published") / NAME
    write_sung_model(folder, {"stop": (("S", "T", "AA", "P"),)}, rejection())
    (folder / "graph/lexicon.txt").unlink()
    return packed_folder(folder)


@pytest.fixture
def server(archive: bytes) -> Iterator[ModelServer]:
    with ModelServer() as server:
        server.publish(NAME, archive)
        yield server


class Typed:
    """What came of ``voicecoach models ...``."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        capsys.readouterr()
        try:
            self.code = main(["models", *arguments])
        except SystemExit as leaving:
            self.code = int(leaving.code or 0)
        captured = capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        self.lines = self.out.splitlines()

    def went_well(self) -> bool:
        return (self.code, self.err) == (0, "")

    def complaint(self, code: int) -> str:
        """The one line about what is wrong."""
        assert self.code == code
        (line,) = self.err.splitlines()
        assert line.startswith("voicecoach: ")
        return line.removeprefix("voicecoach: ")

    def used(self) -> str:
        """The model that is marked in the list."""
        (row,) = (line for line in self.lines if line.startswith("* "))
        return row.split()[1]


# --- models -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["list"]])
def test_at_first_there_is_what_ships(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    typed = Typed(capsys, *arguments)
    assert typed.went_well()
    assert typed.used() == "voicecoach-en"
    assert typed.lines[0].endswith("ships with the coach")
    assert typed.lines[-1] == (
        "The coach hears with voicecoach-en, because it ships with the coach and no general English model is installed."
    )


def test_a_model_comes_is_used_and_goes(capsys: pytest.CaptureFixture[str], server: ModelServer) -> None:
    got = Typed(capsys, "get", NAME, "--catalogue", server.catalogue)
    assert got.went_well()
    assert got.lines[0].startswith(f"{NAME} is installed: ")
    assert got.lines[0].endswith(f" in {models_folder() / NAME}.")
    assert got.lines[1].startswith(f"The coach hears with {NAME}, because it is a general English model")
    assert Typed(capsys, "list").used() == NAME

    again = Typed(capsys, "get", NAME, "--catalogue", server.catalogue)
    assert again.went_well()
    assert again.lines == [f"{NAME} is installed already."]
    assert len(server.asked_for(PATH)) == 1

    assert Typed(capsys, "use", "voicecoach-en").went_well()
    assert Typed(capsys, "list").used() == "voicecoach-en"
    assert Typed(capsys, "use", NAME).went_well()
    assert Typed(capsys, "list").used() == NAME

    gone = Typed(capsys, "remove", NAME)
    assert gone.went_well()
    assert gone.lines[0] == f"{NAME} is removed."
    assert not (models_folder() / NAME).exists()
    assert Typed(capsys, "list").used() == "voicecoach-en", "nothing remembers a model that is gone"


def test_a_model_that_broke_on_the_disk_is_got_again(capsys: pytest.CaptureFixture[str], server: ModelServer) -> None:
    assert Typed(capsys, "get", NAME, "--catalogue", server.catalogue).went_well()
    (models_folder() / NAME / "am/final.mdl").write_text("not a network")
    assert Typed(capsys, "get", NAME, "--catalogue", server.catalogue).lines[0].startswith(f"{NAME} is installed: ")
    assert len(server.asked_for(PATH)) == 2


def test_a_model_comes_in_two_evenings(capsys: pytest.CaptureFixture[str], server: ModelServer) -> None:
    server.twist(PATH, server_that.cut(50_000), server_that.cut(0))
    cut = Typed(capsys, "get", NAME, "--catalogue", server.catalogue)
    assert "to go on, give the same command once more" in cut.complaint(74)
    assert NAME not in Typed(capsys, "list").out
    assert Typed(capsys, "get", NAME, "--catalogue", server.catalogue).went_well()
    assert Typed(capsys, "list").used() == NAME
    assert server.asked_for(PATH)[-1].begin == 50_000


def test_a_corrupt_archive_changes_nothing(capsys: pytest.CaptureFixture[str], server: ModelServer) -> None:
    before = Typed(capsys, "list").out
    server.twist(PATH, server_that.corrupt)
    line = Typed(capsys, "get", NAME, "--catalogue", server.catalogue).complaint(74)
    assert "its archive was damaged on the way" in line
    assert Typed(capsys, "list").out == before


def test_somebody_loses_patience(
    capsys: pytest.CaptureFixture[str], server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press_control_c(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as impatient:
        impatient.setattr("voicecoach.engines.recognition.model_store.getting.unpack", press_control_c)
        assert Typed(capsys, "get", NAME, "--catalogue", server.catalogue).complaint(130) == "broken off"
    assert Typed(capsys, "get", NAME, "--catalogue", server.catalogue).went_well()
    assert len(server.asked_for(PATH)) == 1, "what had come was kept"


def test_who_watches_sees_how_far_it_is(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TQDM_MININTERVAL", "0")
    assert main(["models", "get", NAME, "--catalogue", server.catalogue]) == 0
    for what in ("download", "unpack"):
        assert f"\r{what}: " in terminal.getvalue()


def test_an_archive_of_others(capsys: pytest.CaptureFixture[str], server: ModelServer, archive: bytes) -> None:
    url = server.give("/theirs.zip", archive)
    refused = Typed(capsys, "get", url, "--catalogue", server.catalogue).complaint(64)
    assert "it is not among the published models; give its checksum with --sha256 or --md5" in refused
    wrong = Typed(capsys, "get", url, "--sha256", "AB" * 32).complaint(74)
    assert f"not {'ab' * 32}" in wrong
    assert Typed(capsys, "get", url, "--sha256", hashlib.sha256(archive).hexdigest()).went_well()
    assert Typed(capsys, "remove", "theirs").went_well()
    unchecked = Typed(capsys, "get", url, "--unchecked")
    assert unchecked.went_well()
    assert "is not checked, as you said" in unchecked.lines[0]


def test_a_list_that_is_none(capsys: pytest.CaptureFixture[str], server: ModelServer) -> None:
    url = server.give("/page.html", b"<html>")
    for arguments in (["get", NAME], ["list", "--published"]):
        assert Typed(capsys, *arguments, "--catalogue", url).complaint(74).startswith(f"{url} is no list of models")


@pytest.mark.parametrize("url", ["nonsense", "http://[", "ftp://127.0.0.1/list", "http://"])
def test_a_list_at_no_address(capsys: pytest.CaptureFixture[str], url: str) -> None:
    assert "cannot be fetched" in Typed(capsys, "get", NAME, "--catalogue", url).complaint(74)


def test_what_is_published_is_listed(capsys: pytest.CaptureFixture[str], server: ModelServer) -> None:
    server.publish("vosk-model-de-0.21", b"x" * 2_000_000, lang="de", type="big")
    server.publish("vosk-model-spk-0.4", b"x", type="spk")
    server.publish("vosk-model-small-en-us-0.3", b"x", obsolete="true")
    typed = Typed(capsys, "list", "--published", "--catalogue", server.catalogue)
    assert typed.went_well()
    german, english = typed.lines[-2:]
    assert german.split()[:4] == ["vosk-model-de-0.21", "de", "2", "MB"]
    assert "most likely with a fixed graph" in german
    assert english.split()[0] == NAME
    assert "spk" not in typed.out
    assert "en-us-0.3" not in typed.out


def test_a_large_model_is_warned_about_before_it_comes(capsys: pytest.CaptureFixture[str], server: ModelServer) -> None:
    server.publish("vosk-model-en-us-0.22", server_that.packed({"m/graph/HCLG.fst": b"x"}), type="big")
    typed = Typed(capsys, "get", "vosk-model-en-us-0.22", "--catalogue", server.catalogue)
    assert "most likely with a fixed graph" in typed.lines[0]
    assert "it has a fixed graph, which cannot be given phrases" in typed.complaint(74)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["get", "voicecoach-en"], "ships with the coach; there is nothing to get"),
        (["get", "../x"], '"../x" cannot be a model'),
        (["remove", "voicecoach-en"], "ships with the coach and stays"),
        (["remove", "gone"], '"gone" is not installed; no model is'),
        (["use", NAME], f'no model "{NAME}" is installed; there are: voicecoach-en; others come with'),
        (["words", "remove", "hygge"], '"hygge" was not added; no words were added'),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert words in Typed(capsys, *arguments).complaint(64)
    assert not models_folder().exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["get"], ["get", NAME, "--md5", "12"], ["get", NAME, "--sha256", "g" * 64], ["use"], ["frobnicate"],
        ["get", NAME, "--unchecked", "--md5", "0" * 32], ["words", "add"],
    ],
)  # fmt: skip
def test_a_command_line_that_means_nothing(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert Typed(capsys, *arguments).code == 64


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_a_folder_is_chosen_from_wherever_one_is(
    capsys: pytest.CaptureFixture[str], own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own.parent)
    assert Typed(capsys, "use", f"./{own.name}").went_well()
    monkeypatch.chdir("/")
    typed = Typed(capsys, "list")
    assert typed.used() == str(own)
    assert typed.lines[-1] == 'The coach hears with own, because you chose it with "voicecoach models use".'
    assert Typed(capsys, "use", "auto").lines[-1].startswith("The coach hears with voicecoach-en, because it ships")
    assert Typed(capsys, "list").used() == "voicecoach-en"


def test_a_folder_without_a_model_is_not_chosen(capsys: pytest.CaptureFixture[str], own: Path, tmp_path: Path) -> None:
    assert Typed(capsys, "use", str(own)).went_well()
    (tmp_path / "empty").mkdir()
    assert "lacks am/final.mdl" in Typed(capsys, "use", str(tmp_path / "empty")).complaint(69)
    assert Typed(capsys, "list").used() == str(own), "the choice of before stays"


def test_the_settings_go_before_what_is_chosen(
    capsys: pytest.CaptureFixture[str], own: Path, a_home_of_its_own: Path
) -> None:
    settings = a_home_of_its_own / "config/voicecoach/settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"model: {own}\n")
    typed = Typed(capsys, "use", "voicecoach-en")
    assert typed.lines[0] == f"Your choice is kept, but model: in {settings} names {own}, and that goes before it."
    assert Typed(capsys, "list").used() == str(own)
    settings.write_text("model: auto\n")
    assert Typed(capsys, "list").used() == "voicecoach-en"


def test_too_little_memory_is_told_and_the_choice_kept(
    capsys: pytest.CaptureFixture[str], own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "available_memory_bytes", lambda: 30_000_000)
    assert Typed(capsys, "use", str(own)).lines[0] == "own needs about 50 MB of memory, and 30 MB are free right now."
    assert Typed(capsys, "list").used() == str(own)


def test_a_chosen_folder_that_is_gone_is_listed_as_gone(
    capsys: pytest.CaptureFixture[str], a_home_of_its_own: Path
) -> None:
    settings = a_home_of_its_own / "config/voicecoach/settings.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("model: /no/such/model\n")
    typed = Typed(capsys, "list")
    assert typed.went_well()
    assert any("/no/such/model" in line and line.endswith("not there") for line in typed.lines)


# --- words ------------------------------------------------------------------------------------------------------------


def test_a_word_is_added_listed_said_anew_and_removed(capsys: pytest.CaptureFixture[str], own: Path) -> None:
    assert Typed(capsys, "use", str(own)).went_well()
    added = Typed(capsys, "words", "add", "Hygge", "--sounds-like", "hue gun")
    assert added.went_well()
    assert added.lines == ['"hygge" is heard as HH Y UW G AH N from the next start on.']
    for arguments in ([], ["list"]):
        assert Typed(capsys, "words", *arguments).lines == ["hygge  HH Y UW G AH N"]
    anew = Typed(capsys, "words", "add", "hygge", "--sounds-like", "hue hue")
    assert anew.lines == ['"hygge" is heard as HH Y UW HH Y UW, no longer as HH Y UW G AH N, from the next start on.']
    assert Typed(capsys, "words", "remove", "HYGGE").lines == ['"hygge" is removed.']
    assert "No words were added" in Typed(capsys, "words").out


def test_a_word_that_the_model_has(capsys: pytest.CaptureFixture[str], own: Path) -> None:
    assert Typed(capsys, "use", str(own)).went_well()
    assert '"stop" is known already (S T AA P)' in Typed(capsys, "words", "add", "stop").complaint(64)
    assert Typed(capsys, "words", "add", "stop", "--sounds-like", "hue").went_well()


@pytest.mark.parametrize("word", ["", "two words", "../x", "7up", "na\u00efve"])
def test_what_is_no_word(capsys: pytest.CaptureFixture[str], own: Path, word: str) -> None:
    assert Typed(capsys, "use", str(own)).went_well()
    assert "cannot be added" in Typed(capsys, "words", "add", word).complaint(64)
    assert not (data_folder() / "words.txt").exists()


def test_words_that_a_general_model_does_not_take_are_kept_for_the_one_that_ships(
    capsys: pytest.CaptureFixture[str], own: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.resources.shipped", lambda _: own)
    assert Typed(capsys, "get", NAME, "--catalogue", server.catalogue).went_well()
    typed = Typed(capsys, "words", "add", "hygge", "--sounds-like", "hue gun")
    assert typed.went_well()
    assert typed.lines[-1] == f"But the coach hears with {NAME}, which takes no words; voicecoach-en does."
    assert Typed(capsys, "words").lines == ["hygge  HH Y UW G AH N"]


def test_a_model_that_ships_without_its_words(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("voicecoach.resources.shipped", "voicecoach.engines.recognition.model_store.choosing.shipped"):
        monkeypatch.setattr(place, lambda _: tmp_path)
    assert "install voicecoach again" in Typed(capsys, "words", "add", "hygge").complaint(69)
