"""The words that a user has added to the model's: a text file of theirs, which they may also write themselves."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.vocabulary.lexicon import (
    LONGEST,
    as_word,
    entry_line,
    is_word,
    lines_of,
    quoted,
    read_lexicon,
)
from voicecoach.engines.recognition.vocabulary.locking import locked
from voicecoach.engines.recognition.vocabulary.spelling import pronunciation
from voicecoach.engines.recognition.vocabulary.spelling import sounds_like as described
from voicecoach.errors import BadRequestError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon, Pronunciation

FILE = "words.txt"
"""In the user's data folder: as a lexicon, ``word PH PH PH``."""
_HEADING = """\
# Words that you have added to those that the coach knows: a word, and the phones that it is said with.
# A word that can be said in two ways has two lines.  What follows a hash is a note.
"""


@dataclass(frozen=True, slots=True)
class Added:
    """A word as it was added."""

    word: str
    pronunciation: Pronunciation
    instead_of: tuple[Pronunciation, ...] = ()
    """How it was said according to the user's file before."""


def added_words(folder: Path) -> Lexicon:
    """What the user has added; nothing, when the file is not there.

    Args:
        folder: The user's data folder.

    Raises:
        BadFileError: The file says something that it should not; with file, line and column.
        VoicecoachError: The file is there and cannot be read.
    """
    file = folder / FILE
    try:
        return read_lexicon(file)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise VoicecoachError(f"{file} cannot be read ({error.strerror}); make it a file that you may read") from error


def add_word(folder: Path, word: str, sounds_like: str | None, lexicon: Lexicon) -> Added:
    """Add a word, or say anew how a word is said that was added before.

    Args:
        folder: The user's data folder; made if it is not there.
        word: Letters a to z and apostrophes; capitals are taken for small letters.
        sounds_like: How the word is said, in words or what reads like them, as in ``hue guh``; None: as it is written.
        lexicon: The model's words.

    Raises:
        BadRequestError: It is not a word, or the model has it and nothing was said about how it sounds.
        BadFileError: The user's file is broken; it stays as it is.
        MissingPartError: espeak-ng is missing or broken.
        VoicecoachError: The user's file cannot be read or written.
    """
    word = as_word(word)
    if not is_word(word):
        raise BadRequestError(f"{quoted(word)} cannot be added: write one word, in letters a to z and apostrophes")
    if sounds_like is None and word in lexicon:
        raise BadRequestError(
            f'"{word}" is known already ({" ".join(lexicon[word][0])}); if you say it in another way, describe how'
        )
    said = pronunciation(word) if sounds_like is None else described(sounds_like, lexicon)
    if len(said) > LONGEST:
        raise BadRequestError(f'"{word}" would be {len(said)} phones long; a word has {LONGEST} at most')
    with _changing(folder):
        before = added_words(folder).get(word, ())
        _rewrite(folder / FILE, without=word, more=entry_line(word, said))
    return Added(word, said, before)


def remove_word(folder: Path, word: str) -> None:
    """Remove a word that was added.

    Raises:
        BadRequestError: No such word was added.
        BadFileError: The user's file is broken; it stays as it is.
        VoicecoachError: The user's file cannot be read or written.
    """
    word = as_word(word)
    with _changing(folder):
        words = added_words(folder)
        if word not in words:
            advice = f"these were added: {', '.join(sorted(words))}" if words else "no words were added"
            raise BadRequestError(f"{quoted(word)} was not added; {advice}")
        _rewrite(folder / FILE, without=word)


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    """Nobody else changes the words meanwhile; that they cannot be written is told to the person."""
    try:
        with locked(folder):
            yield
    except OSError as error:
        raise VoicecoachError(
            f"{folder / FILE} cannot be written ({error.strerror}); make {folder} a folder that you may write to, "
            "with room on its disk"
        ) from error


def _rewrite(file: Path, without: str, more: str = "") -> None:
    """Write the file anew, less one word's lines and with one more; the other lines are the user's and stay."""
    lines = lines_of(file) if file.exists() else _HEADING.splitlines()
    kept = [line for line in lines if line.split()[:1] != [without]]
    _write_whole(file.resolve(), "".join(f"{line}\n" for line in kept) + more)  # a link stays one


def _write_whole(file: Path, text: str) -> None:
    """Write beside the file and move it there, so that a power cut leaves the old one or the new one."""
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(unfinished).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(unfinished).unlink()
        raise
