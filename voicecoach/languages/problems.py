"""Collects what is wrong with a language, so that somebody who translates sees all of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from types import TracebackType


class Problems:
    """Each ``with`` block may be wrong by itself; `raise_any` tells of all of them, a line each."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def __enter__(self) -> None:
        """Begin something that may be wrong."""

    def __exit__(self, _: type[BaseException] | None, problem: BaseException | None, __: TracebackType | None) -> bool:
        """Keep a `BadFileError`; every other exception goes on its way."""
        if not isinstance(problem, BadFileError):
            return False
        self._lines.append(str(problem))
        return True

    def raise_any(self) -> None:
        """Go on only where nothing was wrong.

        Raises:
            BadFileError: Something was.
        """
        if self._lines:
            raise BadFileError("\n".join(self._lines))
