"""Speech models are found, and a broken one is an error in one line, not the end of the process."""

from __future__ import annotations

import builtins
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from voicecoach.engines.recognition import model_files as models
from voicecoach.engines.recognition.model_files import (
    CHECKSUMS,
    SHIPPED_MODEL,
    find_model,
    problem_with,
    write_checksums,
)
from voicecoach.engines.recognition.vosk import VoskModel
from voicecoach.errors import MissingPartError
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = shipped(SHIPPED_MODEL)


def complaint(setting: str | None) -> str:
    """The line about the model that ``setting`` names."""
    with pytest.raises(MissingPartError) as caught:
        find_model(setting)
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the model that ships, with its checksums."""
    return shutil.copytree(SHIPPED, tmp_path / "vosk-model-own")


@pytest.fixture
def foreign(model: Path) -> Path:
    """A model as others make them: without checksums."""
    (model / CHECKSUMS).unlink()
    return model


# --- models that are well ---------------------------------------------------------------------------------------------


def test_the_model_that_ships_is_taken_when_none_is_named() -> None:
    assert find_model(None) == SHIPPED


def test_every_file_that_ships_is_in_the_checksums() -> None:
    listed = {line.split("  ")[1] for line in (SHIPPED / CHECKSUMS).read_text().splitlines()}
    files = {file.relative_to(SHIPPED).as_posix() for file in SHIPPED.rglob("*") if file.is_file()}
    assert listed == files - {CHECKSUMS, "README.md"}


def test_another_model_is_taken_when_it_is_named(foreign: Path) -> None:
    assert find_model(str(foreign)) == foreign


def test_a_model_may_lie_in_the_home_folder(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(model.parent))
    assert find_model(f"~/{model.name}") == model


def test_checksums_that_were_written_for_a_model_of_others_watch_over_all_of_it(foreign: Path) -> None:
    write_checksums(foreign)
    assert problem_with(foreign) is None
    listed = {foreign / line.split("  ")[1] for line in (foreign / CHECKSUMS).read_text().splitlines()}
    assert listed == {file for file in foreign.rglob("*") if file.is_file()} - {foreign / CHECKSUMS}
    write_checksums(foreign)
    assert problem_with(foreign) is None
    half(foreign / "am/final.mdl")
    assert problem_with(foreign) == f"is broken: am/final.mdl is not what {CHECKSUMS} says"


# --- models that are not ----------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    line = complaint(str(tmp_path / "gone"))
    assert line.startswith(f"the speech model {tmp_path / 'gone'} is not there; ")
    assert "--model" in line
    assert "vosk-model-small-en-us-0.15" in line


def test_an_installation_that_has_lost_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "shipped", lambda name: tmp_path / name)
    assert "is not there; install voicecoach again" in complaint(None)


def test_an_archive_that_was_not_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "vosk-model.zip"
    archive.write_bytes(b"PK")
    assert "must be unpacked" in complaint(str(archive))


def test_a_folder_that_may_not_be_read(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read (Permission denied)" in complaint(str(model))


def fixed_graph(model: Path) -> None:
    (model / "graph/HCLr.fst").rename(model / "graph/HCLG.fst")
    (model / "graph/Gr.fst").unlink()


def without(name: str) -> Callable[[Path], None]:
    return lambda model: (model / name).unlink()


def emptied(name: str) -> Callable[[Path], None]:
    return lambda model: os.truncate(model / name, 0)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (fixed_graph, "has a fixed graph, which cannot be given phrases to listen for"),
        (without("am/final.mdl"), "lacks am/final.mdl"),
        (without("graph/Gr.fst"), "lacks graph/Gr.fst"),
        (without("conf/model.conf"), "lacks conf/model.conf"),
        (without("conf/fbank.conf"), "lacks conf/mfcc.conf or conf/fbank.conf"),
        (emptied("am/final.mdl"), "is broken: am/final.mdl is empty"),
    ],
)
def test_an_incomplete_model(model: Path, harm: Callable[[Path], None], words: str) -> None:
    harm(model)
    assert f"the speech model {model} {words}; name the folder" in complaint(str(model))


def test_a_file_that_differs_from_its_checksum(model: Path) -> None:
    words = model / "graph/words.txt"
    words.write_bytes(words.read_bytes().replace(b"stop", b"stoq"))
    assert f"is broken: graph/words.txt is not what {CHECKSUMS} says" in complaint(str(model))


def test_a_file_of_the_checksums_that_is_missing(model: Path) -> None:
    (model / "graph/words.txt").unlink()
    assert "lacks graph/words.txt" in complaint(str(model))


def half(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def garbage(file: Path) -> None:
    file.write_bytes(hashlib.shake_256(b"seed").digest(file.stat().st_size))


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("am/final.mdl", half),  # raises in Vosk
        ("graph/HCLr.fst", garbage),  # a segmentation fault in Vosk
        ("conf/fbank.conf", half),  # an abort in Vosk
    ],
)
def test_what_would_end_the_process_ends_a_child_instead(
    foreign: Path, name: str, harm: Callable[[Path], None]
) -> None:
    harm(foreign / name)
    assert "cannot be used by Vosk: a file in it is broken" in complaint(str(foreign))


def test_a_model_that_takes_more_memory_than_there_is(foreign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        models, "TRIAL", (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    )
    assert "it needs more memory than is free" in complaint(str(foreign))


def test_a_model_that_never_finishes_loading(foreign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "TRIAL", (sys.executable, "-c", "import time; time.sleep(600)"))
    monkeypatch.setattr(models, "TRIAL_PATIENCE_S", 0.1)
    assert "did not load within" in complaint(str(foreign))


def test_a_model_that_breaks_after_it_was_checked(model: Path) -> None:
    half(model / "am/final.mdl")
    with pytest.raises(MissingPartError, match="cannot read the speech model"):
        VoskModel(model)


def test_nothing_of_vosk_is_loaded_before_it_is_needed() -> None:
    modules = "voicecoach.hearing.command_recognizer, voicecoach.engines.recognition.model_files"
    program = f"import sys, {modules}; sys.exit('vosk' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=Path(models.__file__).parents[3], check=True)


# --- the library itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (OSError("libatomic.so.1: cannot open shared object file"), "install it with: sudo apt install libatomic1"),
        (OSError("libvosk.so: file too short"), "install it again"),
        (ImportError("No module named 'vosk'"), "install it again"),
    ],
)
def test_a_library_that_cannot_be_loaded_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, error: Exception, remedy: str
) -> None:
    usual = builtins.__import__

    def imports(name: str, *rest: Any) -> object:  # noqa: ANN401 - whatever the interpreter passes
        if name == "vosk":
            raise error
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", imports)
    with pytest.raises(MissingPartError) as caught:
        VoskModel(SHIPPED)
    assert str(caught.value) == f"Vosk cannot be loaded ({error}); {remedy}"
