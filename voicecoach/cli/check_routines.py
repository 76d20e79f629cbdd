"""``voicecoach routines check``: whether files can be used, and everything that is wrong with them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import BadFileError, NoFileError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.routine.stretch import Routine, Stretch

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class Checked:
    """What there is to say of one file."""

    path: Path
    found: Routine | Stretch | None
    problems: Sequence[BadFileError]

    @property
    def kind(self) -> str:
        return type(self.found).__name__.lower() if self.found else ""

    def as_json(self) -> dict[str, object]:
        problems = [
            {"file": one.file, "line": one.line, "column": one.column, "problem": one.what} for one in self.problems
        ]
        name = self.found.name if self.found else ""
        return {"file": str(self.path), "kind": self.kind, "name": name, "problems": problems}


def check(options: argparse.Namespace, assembly: Assembly) -> int:
    """Check what was named, or all files of the user."""
    from voicecoach.console_log import warn

    checked = [_checked(path, assembly) for path in _paths(options.files, assembly)]
    if options.json:
        print(json.dumps([one.as_json() for one in checked], indent=2, ensure_ascii=False))
    else:
        for one in checked:
            for problem in one.problems:
                warn(str(problem))
            if not one.problems and one.found:
                print(f"{one.path}: well, {one.kind} {one.found.name!r}")
        if not checked:
            print(f"You have no routines of your own yet; to write one, type: {typed('routines new NAME')}")
    return next((one.problems[0].exit_code for one in checked if one.problems), 0)


def _paths(named: Sequence[str], assembly: Assembly) -> Iterator[Path]:
    from voicecoach.routine.texts import STRETCHES

    folders = assembly.library.texts.folders
    if not named:
        for folder in folders[1:]:  # the first one ships
            yield from sorted(path for part in (folder, folder / STRETCHES) for path in part.glob("*.y*ml"))
    for name in named:
        yield _path(name, folders, assembly)


def _path(name: str, folders: Sequence[Path], assembly: Assembly) -> Path:
    """The file that is meant, by its path, or as a routine or a stretch that there is."""
    from voicecoach.routine.texts import STRETCHES

    library = assembly.library
    spoken = {said: one.key for one in library.routines.values() for said in one.say}
    broken = {Path(problem.file).stem for problem in library.problems}
    key = spoken.get(" ".join(name.lower().split()), name)
    if key not in {*library.routines, *library.stretches, *broken}:
        return Path(name)
    there = (folder / part / f"{key}.yaml" for folder in folders[::-1] for part in ("", STRETCHES))
    return next((file for file in there if file.is_file()), Path(name))


def _checked(path: Path, assembly: Assembly) -> Checked:
    from voicecoach.routine.loading import check_file
    from voicecoach.routine.stretch import Routine

    try:
        found = check_file(path, assembly.library)
    except NoFileError as error:
        if path.suffix or error.file != str(path):
            return Checked(path, None, error.all)
        what = f"{path}:1:1: there is no such file, routine or stretch; to see what there is, type: {typed('routines')}"
        return Checked(path, None, [NoFileError(what, error.file)])
    except BadFileError as error:
        return Checked(path, None, error.all)
    return Checked(path, found, list(_unheard(path, found, assembly)) if isinstance(found, Routine) else [])


def _unheard(path: Path, routine: Routine, assembly: Assembly) -> Iterator[BadFileError]:
    """Names that the coach would listen for in vain."""
    from voicecoach.model_selection import words_not_heard
    from voicecoach.yamlfile import read

    top = read(path)
    written = top.mapping().get("say")
    nodes = {item.text(): item for item in written.sequence()} if written else {}
    for said in routine.say:
        for word in words_not_heard(assembly.settings, said.split()):
            yield nodes.get(said, top).error(
                f'"{word}" is a word that the coach cannot hear; take another one, or type: '
                f"{typed(f'models words add {word}')}"
            )
