"""What the coach hears with tonight: the right model, in one piece, with the user's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sung_words import rejection, write_sung_model

from voicecoach import model_selection
from voicecoach.engines.recognition.model_files import SHIPPED_MODEL, problem_with, write_checksums
from voicecoach.engines.recognition.model_store.remembered import remember
from voicecoach.engines.recognition.vosk import VoskModel
from voicecoach.errors import BadFileError, MissingPartError
from voicecoach.model_selection import advice_on_words, chosen_model, model_to_hear_with
from voicecoach.resources import shipped
from voicecoach.settings import Settings, cache_folder, data_folder, models_folder

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = shipped(SHIPPED_MODEL)
GENERAL = "vosk-model-small-en-us-0.15"


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's models or words are read or written by a test; the machine has much memory."""
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setattr(model_selection, "available_memory_bytes", lambda: 4 * 10**9)


class Bedside:
    """The coach is started; what it says is kept."""

    def __init__(self, model: str | None = None) -> None:
        self.warnings: list[str] = []
        self.folder = model_to_hear_with(Settings(model=model), self.warnings.append)


def install(name: str = GENERAL, *, takes_words: bool = False) -> Path:
    """A model that was fetched."""
    folder = models_folder() / name
    write_sung_model(folder, {"stop": (("S", "T", "AA", "P"),)}, rejection())
    if not takes_words:
        (folder / model_selection.LEXICON).unlink()
    write_checksums(folder)
    return folder


def break_(folder: Path) -> None:
    (folder / "am" / "final.mdl").write_text("not a network")


def add_words(text: str) -> None:
    data_folder().mkdir(parents=True, exist_ok=True)
    (data_folder() / "words.txt").write_text(text)


# --- the model --------------------------------------------------------------------------------------------------------


def test_at_first_the_model_that_ships_without_a_word_about_it() -> None:
    bedside = Bedside()
    assert (bedside.folder, bedside.warnings) == (SHIPPED, [])


def test_a_general_model_is_preferred_and_named() -> None:
    folder = install()
    bedside = Bedside()
    assert bedside.folder == folder
    (line,) = bedside.warnings
    assert line.startswith(f"hearing with {GENERAL}, because it is a general English model")


def test_a_general_model_waits_until_there_is_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    install()
    monkeypatch.setattr(model_selection, "available_memory_bytes", lambda: 40 * 10**6)
    assert Bedside().folder == SHIPPED


def test_a_general_model_that_broke_does_not_cost_the_night() -> None:
    break_(install())
    bedside = Bedside()
    assert bedside.folder == SHIPPED
    (line,) = bedside.warnings
    assert f"{GENERAL} is broken: am/final.mdl" in line
    assert "meanwhile the one that ships is used" in line


def test_what_the_user_chose_is_used_or_told_to_be_broken() -> None:
    folder = install("my-model")
    remember(data_folder(), "my-model")
    assert Bedside().folder == folder
    break_(folder)
    with pytest.raises(MissingPartError, match='it was taken because you chose it with "voicecoach models use"'):
        Bedside()


def test_the_settings_go_before_what_was_chosen() -> None:
    install("my-model")
    other = install("other")
    remember(data_folder(), "my-model")
    assert Bedside(str(other)).folder == other
    assert Bedside("other").folder == other
    assert chosen_model(Settings(model="other")).folder == other


# --- the user's words -------------------------------------------------------------------------------------------------


def test_added_words_are_known_from_the_next_start_on() -> None:
    install("my-model", takes_words=True)
    assert not VoskModel(Bedside("my-model").folder).knows("hygge")
    add_words("hygge HH Y UW G AH\n")
    first, second = Bedside("my-model"), Bedside("my-model")
    assert VoskModel(first.folder).knows("hygge")
    assert VoskModel(first.folder).knows("stop")
    assert first.folder == second.folder
    assert cache_folder() in first.folder.parents
    assert problem_with(first.folder) is None


def test_a_model_that_takes_no_words_is_used_as_it_is() -> None:
    folder = install()
    add_words("hygge HH Y UW G AH\n")
    assert Bedside().folder == folder


def test_a_cache_that_cannot_be_written_costs_the_words_and_not_the_night(tmp_path: Path) -> None:
    folder = install("my-model", takes_words=True)
    add_words("hygge HH Y UW G AH\n")
    (tmp_path / "cache").write_text("in the way")
    bedside = Bedside("my-model")
    assert bedside.folder == folder
    assert "the words that you added cannot be heard" in bedside.warnings[-1]


def test_a_broken_file_of_words_is_told_with_its_place() -> None:
    install("my-model", takes_words=True)
    add_words("hygge HH Y UW G AH\nquokka K W\u00d6\n")
    with pytest.raises(BadFileError, match=r"words\.txt:2:10: "):
        Bedside("my-model")


def test_what_to_do_about_missing_words() -> None:
    assert "models words add" in advice_on_words(install("my-model", takes_words=True))
    assert "take another model" in advice_on_words(install())
