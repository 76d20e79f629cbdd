"""Where the words of routines and stretches lie: beside their doses, a folder for each language.

``routines/bedtime.yaml`` says what is done and how long, ``routines/text/en/routines/bedtime.yaml`` what is said; for
stretches alike.  A file that somebody wrote for themselves may have its words in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.errors import BadFileError
from voicecoach.routine.plan_words import SIDE_FORM, side_slots

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from voicecoach.problems import Problems
    from voicecoach.yamlfile import Node

STRETCHES = "stretches"
"""The folder, beside the routine files, where stretch files lie; and the one where their words do."""
ROUTINES = "routines"
"""The folder where the words of routines lie."""
TEXT = "text"
REFERENCE = "en"
"""The language that all others are compared with."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language."""

    folders: tuple[Path, ...] = ()
    """Folders of routines; what lies in a later one counts before what lies in an earlier one."""
    language: str = REFERENCE
    side_forms: tuple[str, ...] = (SIDE_FORM,)
    """The forms of the words for right and left that the language has."""

    @property
    def side_slots(self) -> tuple[str, ...]:
        """What may stand in braces in the texts of a stretch with sides."""
        return side_slots(self.side_forms)

    def added_to(
        self,
        path: Path,
        problems: Problems,
        *,
        allowed: Collection[str],
        required: Collection[str],
        words: Collection[str],
    ) -> tuple[dict[str, Node], dict[str, Node]]:
        """What a file says, and what the file of its words does; the second is empty where it has none.

        Args:
            path: The file of a routine or a stretch.
            problems: Where keys that are unknown or missing are noted; they are not in the result.
            allowed: All keys that it may have.
            required: Keys that the two must have together.
            words: Keys that a file of words may have.

        Raises:
            BadFileError: A file cannot be read at all, or has no words.
        """
        node = yamlfile.read(path)
        own = node.known(problems, allowed=allowed)
        has_words = bool(own.keys() & required & set(words))
        file = self._file(path, elsewhere=not has_words)
        if file is None:
            if own and not has_words:
                wanted = _root(path) / TEXT / self.language / _kind(path) / path.name
                raise node.error(f"nobody has written what is said; write it here, or into {wanted}")
            node.known(problems, required=required)
            return own, {}
        here = set(words) & set(required)
        node.known(problems, required=set(required) - here)
        return own, yamlfile.read(file).known(problems, allowed=words, required=here - own.keys())

    def _file(self, path: Path, *, elsewhere: bool) -> Path | None:
        """Where the words of ``path`` lie: beside it, or in another folder where it is there under the same name."""
        folders = [_root(path), *(self.folders[::-1] if elsewhere else ())]
        files = (folder / TEXT / self.language / _kind(path) / path.name for folder in folders)
        return next((file for file in files if file.is_file()), None)


def _root(path: Path) -> Path:
    return path.parent.parent if _kind(path) == STRETCHES else path.parent


def _kind(path: Path) -> str:
    return STRETCHES if path.absolute().parent.name == STRETCHES else ROUTINES


def of_words(path: Path) -> tuple[str, str] | None:
    """For a file of words: its language, and the file that has the doses, from the folder of the routines."""
    path = path.absolute()
    language, kind = path.parent.parent, path.parent.name
    if language.parent.name != TEXT or kind not in (STRETCHES, ROUTINES):
        return None
    return language.name, path.name if kind == ROUTINES else f"{STRETCHES}/{path.name}"


def missing_words(language: str, ours: Path, *theirs: Path) -> list[BadFileError]:
    """What a language lacks of what the `REFERENCE` has in a folder of routines: files, and texts in them.

    Args:
        language: The language.
        ours: The folder of routines.
        theirs: Other folders where its words may lie; later ones count before earlier ones.
    """
    if language == REFERENCE:
        return []
    reference = ours / TEXT / REFERENCE
    problems = []
    for file in sorted(reference.glob("*/*.yaml")):
        others = [folder / TEXT / language / file.relative_to(reference) for folder in (*theirs[::-1], ours)]
        other = next((path for path in others if path.is_file()), None)
        if other is None:
            problems.append(yamlfile.bad_file(others[-1], f"there is no such file; say there what {file} says"))
            continue
        try:
            problems += _missing(yamlfile.read(file), yamlfile.read(other))
        except BadFileError as problem:
            problems.append(problem)
    return problems


def _missing(wanted: Node, given: Node) -> Iterator[BadFileError]:
    if not wanted.is_mapping:
        return
    have, want = given.mapping(), wanted.mapping()
    if lacking := [key for key in want if key not in have]:
        yield given.error(f"{given.called} lacks {', '.join(lacking)}; say what {wanted.file} says there")
    if strange := [key for key in have if key not in want]:
        yield given.error(f"{given.called} has {', '.join(strange)}, which {wanted.file} has not; leave it out")
    for key, node in want.items():
        if key in have:
            yield from _missing(node, have[key])
