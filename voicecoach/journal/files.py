"""What lies beside the history on the disk: its log, the copies of earlier days, files that were set aside."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "journal.sqlite3"
"""The history, in the user's data folder."""
_COPY = ".copy-"
_DAMAGED = ".damaged-"
_LOGS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file that is open, or was when the power was cut."""


def all_of(path: Path) -> list[Path]:
    """Every file that holds something of the history at ``path``; the history itself comes last."""
    if not path.parent.is_dir():
        return []
    beside = [file for file in path.parent.iterdir() if file.name.startswith(path.name) and file != path]
    return [*sorted(beside), *([path] if path.exists() else [])]


def copies(path: Path) -> list[Path]:
    """The copies of earlier days, latest first."""
    return sorted((file for file in all_of(path) if _day_or_none(path, file)), reverse=True)


def copy_of(path: Path, day: date) -> Path:
    """The copy that is made on ``day``."""
    return path.with_name(f"{path.name}{_COPY}{day:%Y%m%d}")


def day_of(path: Path, copy: Path) -> date:
    """The day on which ``copy`` was made."""
    return datetime.strptime(copy.name.removeprefix(path.name + _COPY), "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone


def unfinished(path: Path) -> Path:
    """What a file is written as until it is whole."""
    return path.with_name(f"{path.name}.part")


def set_aside(path: Path, moment: datetime) -> Path:
    """Move a damaged history out of the way, with its log, which would else be played into the next file.

    Raises:
        OSError: It cannot be moved.
    """
    aside = path.with_name(f"{path.name}{_DAMAGED}{moment:%Y%m%d-%H%M%S}")
    for log in _LOGS:
        if (beside := path.with_name(path.name + log)).exists():
            beside.rename(aside.with_name(aside.name + log))
    path.rename(aside)
    return aside


def _day_or_none(path: Path, file: Path) -> date | None:
    try:
        return day_of(path, file)
    except ValueError:
        return None
