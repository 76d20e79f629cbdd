"""A model with the user's own words: the same network, and a graph written anew, kept in the cache."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.vocabulary.graph import FORMAT, write_graph
from voicecoach.engines.recognition.vocabulary.lexicon import lexicon_text, read_lexicon
from voicecoach.engines.recognition.vocabulary.locking import locked
from voicecoach.engines.recognition.vocabulary.rejection import read_rejection
from voicecoach.errors import BadFileError, MissingPartError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon
    from voicecoach.engines.recognition.vocabulary.rejection import Rejection

_PREFIX = "model-with-words-"
_CHECKSUMS = "SHA256SUMS"
"""As `sha256sum` writes it, and as `model_files.problem_with` checks it."""
_NETWORK = ("am", "conf")
_PARTS = (*_NETWORK, "graph")
_LEXICON, _REJECTION = "graph/lexicon.txt", "graph/rejection.json"


def model_with_words(model_folder: Path, added: Lexicon, cache_folder: Path) -> Path:
    """The folder of a model that knows the words of ``model_folder`` and the added ones.

    It is made when it is not in the cache, or is damaged there, and takes the place of the one for other words or
    another model.  The network is copied, not linked, so that the model may be moved, or updated, at any time.

    Args:
        model_folder: A model that was looked through by `voicecoach.engines.recognition.model_files.find_model`.
        added: The words; where the model has one of them, it then knows it in both pronunciations.
        cache_folder: The user's cache.

    Raises:
        MissingPartError: The model has no lexicon to add words to.
        BadFileError: Its lexicon, or what it rejects, is broken.
        OSError: The model cannot be read, or the cache not be written, which then stays as it was.
    """
    if not added:
        return model_folder
    key = hashlib.sha256(f"vosk {FORMAT}\n{_identity(model_folder)}\n{lexicon_text(added)}".encode()).hexdigest()
    wanted = cache_folder / f"{_PREFIX}{key[:16]}"
    if not _is_whole(wanted):
        lexicon, rejection = _knowledge(model_folder)
        with locked(cache_folder):
            if not _is_whole(wanted):  # another coach may have made it while this one waited
                _make(wanted, model_folder, _joined(lexicon, added), _with_fillers(rejection, added))
    return wanted


def _knowledge(model_folder: Path) -> tuple[Lexicon, Rejection]:
    """The words of a model and what it rejects."""
    if not all((model_folder / name).is_file() for name in (_LEXICON, _REJECTION)):
        raise MissingPartError(
            f"no words can be added to the speech model {model_folder}: it has no {_LEXICON}; "
            "use a model that was made for the coach, as the one that ships"
        )
    lexicon, rejection = read_lexicon(model_folder / _LEXICON), read_rejection(model_folder / _REJECTION)
    unknown = [word for word in rejection.fillers if word not in lexicon]
    if unknown:
        raise BadFileError(f'{model_folder / _REJECTION}: "{unknown[0]}" is not in {_LEXICON}; install the model again')
    return lexicon, rejection


def _joined(lexicon: Lexicon, added: Lexicon) -> Lexicon:
    """All words, each with the model's pronunciations and then the added ones."""
    return {word: tuple(dict.fromkeys([*lexicon.get(word, ()), *added.get(word, ())])) for word in {**lexicon, **added}}


def _with_fillers(rejection: Rejection, added: Lexicon) -> Rejection:
    """A word that was added, too, is rejected while it is not listened for."""
    return replace(rejection, fillers=tuple(dict.fromkeys([*rejection.fillers, *added])))


def _make(wanted: Path, model_folder: Path, lexicon: Lexicon, rejection: Rejection) -> None:
    """Write a model, put it in its place, and remove others: a damaged one, those for other words, unfinished ones."""
    with tempfile.TemporaryDirectory(dir=wanted.parent, prefix=_PREFIX) as scratch:
        model = Path(scratch) / "model"
        _write_model(model, model_folder, lexicon, rejection)
        shutil.rmtree(wanted, ignore_errors=True)
        model.rename(wanted)
    for folder in wanted.parent.glob(f"{_PREFIX}*"):
        if folder != wanted:
            shutil.rmtree(folder, ignore_errors=True)


def _write_model(folder: Path, model_folder: Path, lexicon: Lexicon, rejection: Rejection) -> None:
    for name in _files(model_folder, _NETWORK):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(model_folder / name, folder / name)  # without its mode: the model may be read-only
    write_graph(folder / "graph", lexicon, rejection)
    (folder / _CHECKSUMS).write_text(_checksums(folder), encoding="utf-8")


def _identity(model_folder: Path) -> str:
    """What changes with the model: the checksums that came with it, or those of its files."""
    with suppress(OSError):
        return (model_folder / _CHECKSUMS).read_text(encoding="utf-8", errors="replace")
    return _checksums(model_folder)


def _is_whole(folder: Path) -> bool:
    """Whether a model in the cache is as it was written."""
    try:
        return (folder / _CHECKSUMS).read_bytes() == _checksums(folder).encode()
    except OSError:
        return False


def _files(folder: Path, parts: Iterable[str] = _PARTS) -> list[str]:
    """The names of all files in some parts of a model."""
    files = (file for part in parts for file in (folder / part).rglob("*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def _checksums(folder: Path) -> str:
    """Of every file that makes a model."""
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in _files(folder))
    return "".join(lines)
