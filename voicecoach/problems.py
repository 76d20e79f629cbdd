"""Collects what is wrong with a file, so that whoever wrote it sees all of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    Read = TypeVar("Read")
    Written = TypeVar("Written")


class Problems:
    """Each ``with`` block may be wrong by itself; in the end one error tells of all of them."""

    def __init__(self) -> None:
        self.found: list[BadFileError] = []

    def __enter__(self) -> None:
        """Begin something that may be wrong."""

    def __exit__(self, _: type[BaseException] | None, problem: BaseException | None, __: TracebackType | None) -> bool:
        """Keep a `BadFileError`; every other exception goes on its way."""
        if not isinstance(problem, BadFileError):
            return False
        self.found += (problem, *problem.others)
        return True

    def part(self, parts: Mapping[str, Written], key: str, read: Callable[[Written], Read], otherwise: Read) -> Read:
        """What ``read`` makes of the part ``key``; ``otherwise`` where that is not there, or something is wrong."""
        if key in parts:
            with self:
                return read(parts[key])
        return otherwise

    def raise_any(self) -> None:
        """Go on only where nothing was wrong.

        Raises:
            BadFileError: Something was; it has a line for each problem.
        """
        if self.found:
            raise BadFileError("\n".join(map(str, self.found)))

    def raise_first(self) -> None:
        """The same for what is told in one line: the first problem, which knows the `others`.

        Raises:
            BadFileError: Something was wrong.
        """
        if self.found:
            first, *others = self.found
            first.others = tuple(others)
            raise first
