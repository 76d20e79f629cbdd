"""Which model the coach hears with on this machine, and with which words of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.engines.recognition.model_files import find_model
from voicecoach.engines.recognition.model_store.choosing import available_memory_bytes, choose
from voicecoach.engines.recognition.model_store.remembered import remembered
from voicecoach.engines.recognition.model_store.store import ModelStore
from voicecoach.engines.recognition.vocabulary.added_words import added_words
from voicecoach.engines.recognition.vocabulary.extended_model import model_with_words
from voicecoach.engines.recognition.vocabulary.lexicon import read_lexicon
from voicecoach.errors import MissingPartError
from voicecoach.invocation import typed
from voicecoach.settings import cache_folder, data_folder, models_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from voicecoach.engines.recognition.model_store.choosing import Choice
    from voicecoach.settings import Settings

LEXICON = "graph/lexicon.txt"
"""Models that have it take further words."""


def chosen_model(settings: Settings) -> Choice:
    """The model to hear with; whether it is there and whole is not looked at yet."""
    installed = ModelStore(models_folder()).installed()
    return choose(settings.model, remembered(data_folder()), installed, available_memory_bytes())


def looked_through(choice: Choice) -> Path:
    """The folder of a chosen model, which Vosk can load.

    Raises:
        MissingPartError: It is not there, or broken.
    """
    return find_model(None if choice.is_shipped else str(choice.folder))


def model_to_hear_with(settings: Settings, warn: Callable[[str], None]) -> Path:
    """The folder of the chosen model, with the user's words; Vosk can load it.

    Another model than the one that ships is named.  One that the coach took of itself and that is broken is named too,
    and the one that ships takes its place.

    Raises:
        MissingPartError: There is no model that can be used, or not the one that the user chose.
        BadFileError: The file of the user's words is broken.
    """
    choice = chosen_model(settings)
    if choice.is_shipped:
        return with_own_words(looked_through(choice), warn)
    try:
        folder = looked_through(choice)
    except MissingPartError as error:
        if not choice.automatic:
            raise MissingPartError(f"{error}; it was taken {choice.why}") from error
        warn(f"{error}; meanwhile the one that ships is used")
        return with_own_words(find_model(None), warn)
    warn(f"hearing with {folder.name}, {choice.why}")
    return with_own_words(folder, warn)


def with_own_words(folder: Path, warn: Callable[[str], None]) -> Path:
    """The folder of a model with the words that the user added, where it takes any.

    Raises:
        BadFileError: The file of the user's words is broken.
    """
    added = added_words(data_folder())
    if not added or not takes_words(folder):
        return folder
    try:
        return model_with_words(folder, added, cache_folder())
    except OSError as error:
        warn(f"the words that you added cannot be heard: {cache_folder()} cannot be written ({error.strerror})")
        return folder


def takes_words(folder: Path) -> bool:
    """Whether words can be added to a model: those that were made for the coach keep what it takes."""
    return (folder / LEXICON).is_file()


def words_not_heard(settings: Settings, words: Iterable[str]) -> list[str]:
    """Those of ``words`` that the chosen model does not know, with the user's own; none where only loading it tells.

    Raises:
        BadFileError: The model's list of words, or the user's, is broken.
    """
    folder = chosen_model(settings).folder
    if not takes_words(folder):
        return []
    known = read_lexicon(folder / LEXICON).keys() | added_words(data_folder()).keys()
    return [word for word in words if word not in known]


def advice_on_words(folder: Path) -> str:
    """What to type where a model lacks words."""
    if takes_words(folder):
        return f"to have a word heard, type: {typed('models words add WORD')}"
    return f"to have other words heard, take another model: {typed('models list')}"
