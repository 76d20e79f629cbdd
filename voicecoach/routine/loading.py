"""The library: every routine and every stretch, from the files that ship and from the user's own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.routine.plan_words import SIDE_FORM
from voicecoach.routine.reading import looks_like_a_stretch, read_routine
from voicecoach.routine.spoken import key_of
from voicecoach.routine.stretch_file import read_stretch
from voicecoach.routine.texts import REFERENCE, STRETCHES, Texts, of_words
from voicecoach.yamlfile import bad_file

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from voicecoach.routine.stretch import Routine, Stretch


@dataclass(frozen=True, slots=True)
class Library:
    """All routines and stretches that can be used, and what is wrong with those that cannot."""

    routines: Mapping[str, Routine] = field(default_factory=dict)
    """By key, in the order of their keys."""
    stretches: Mapping[str, Stretch] = field(default_factory=dict)
    problems: tuple[BadFileError, ...] = ()
    """One for each file that cannot be used."""
    texts: Texts = field(default_factory=Texts)
    """Where their words are, and in which language."""

    def routine(self, name: str) -> Routine:
        """The routine with this key or spoken name.

        Raises:
            BadRequestError: There is none; the message names those that come near.
        """
        by_name = {said: routine for routine in self.routines.values() for said in (routine.key, *routine.say)}
        wanted = " ".join(name.lower().split())
        if wanted in by_name:
            return by_name[wanted]
        near = get_close_matches(wanted, by_name, n=3)
        keys = dict.fromkeys(by_name[said].key for said in near)
        advice = f"did you mean {' or '.join(keys)}?" if keys else f"there are: {', '.join(self.routines) or 'none'}"
        raise BadRequestError(f'there is no routine "{name}"; {advice}')


def load_library(*folders: Path, language: str = REFERENCE, side_forms: Collection[str] = (SIDE_FORM,)) -> Library:
    """Read the routine files of ``folders`` and the stretch files of their subfolders ``stretches``.

    A file of a later folder takes the place of one with the same name in an earlier folder, if nothing is wrong with
    it.  Folders that are not there are passed over.

    Args:
        folders: The folder that ships first, then the user's.
        language: In which the words are wanted, where a file does not have its own.
        side_forms: The forms of the words for right and left that this language has.
    """
    texts = Texts(folders, language, tuple(side_forms))
    problems: list[BadFileError] = []
    stretch_files = [file for folder in folders for file in _files(folder / STRETCHES, problems)]
    stretches, broken = _read_stretches(stretch_files, known=(), texts=texts)
    problems += broken.values()
    routines: dict[str, Routine] = {}
    for path in [file for folder in folders for file in _files(folder, problems)]:
        try:
            taken = _names_of_others(path, routines)
            routines[path.stem] = read_routine(path, stretches, _by_key(broken), taken, texts)
        except BadFileError as problem:
            problems.append(problem)
    return Library(dict(sorted(routines.items())), dict(sorted(stretches.items())), tuple(problems), texts)


def check_file(path: Path, library: Library) -> Routine | Stretch:
    """Read one file, wherever it lies, as if it were part of ``library``.

    A stretch is told from a routine by its folder or by its content.  A routine may also use the stretches that lie in
    a folder ``stretches`` beside it.  A file of words is checked with the file of its doses, in the folder above.

    Raises:
        BadFileError: Something is wrong with it.
    """
    texts = library.texts
    if translated := of_words(path):
        language, name = translated
        texts, path = replace(texts, language=language), path.absolute().parents[3] / name
    if looks_like_a_stretch(path):
        beside = {file.stem for file in _files(path.parent, [])}
        return read_stretch(path, library.stretches.keys() | beside, texts)
    own, broken = _read_stretches(_files(path.parent / STRETCHES, []), known=library.stretches, texts=texts)
    taken = _names_of_others(path, library.routines)
    return read_routine(path, {**library.stretches, **own}, _by_key(broken), taken, texts)


def _read_stretches(
    files: Collection[Path], known: Collection[str], texts: Texts
) -> tuple[dict[str, Stretch], dict[Path, BadFileError]]:
    """The stretches of ``files`` by key, later files before earlier ones, and what is wrong with the others.

    Args:
        files: Stretch files.
        known: Keys of stretches that are there besides.
        texts: Where their words are.
    """
    keys = {*known, *(file.stem for file in files)}
    stretches: dict[str, Stretch] = {}
    broken: dict[Path, BadFileError] = {}
    for file in files:
        try:
            stretches[file.stem] = read_stretch(file, keys, texts)
        except BadFileError as problem:
            broken[file] = problem
    return stretches, broken


def _by_key(broken: Mapping[Path, BadFileError]) -> dict[str, BadFileError]:
    return {file.stem: problem for file, problem in broken.items()}


def _files(folder: Path, problems: list[BadFileError]) -> list[Path]:
    """The routine or stretch files of a folder, by name; what cannot be one is added to ``problems``."""
    files = []
    for path in _listed(folder, problems):
        try:
            key_of(path)
        except BadFileError as problem:
            problems.append(problem)
        else:
            files.append(path)
    return files


def _listed(folder: Path, problems: list[BadFileError]) -> list[Path]:
    """What lies in a folder and is meant to be read."""
    try:
        found = sorted(folder.iterdir()) if folder.exists() else []
        return [
            path for path in found if path.suffix in (".yaml", ".yml") and path.name[0] != "." and not path.is_dir()
        ]
    except OSError as problem:
        problems.append(bad_file(folder, f"this folder cannot be read ({problem.strerror}); check its permissions"))
        return []


def _names_of_others(path: Path, routines: Mapping[str, Routine]) -> dict[str, str]:
    """The spoken names of all ``routines`` but the one that the file ``path`` would replace."""
    return {said: key for key, routine in routines.items() if key != path.stem for said in routine.say}
