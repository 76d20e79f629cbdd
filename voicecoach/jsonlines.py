"""JSON Lines in which every line knows its place, for files that programs write and people may edit.

Every accessor either gives what was asked for or raises a `BadFileError` of one line: where, what is wrong, what to do.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, TypeVar

from voicecoach.yamlfile import bad_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum
    from pathlib import Path

    from voicecoach.errors import BadFileError

    AnyEnum = TypeVar("AnyEnum", bound=Enum)
    Value = TypeVar("Value")


def read_lines(path: Path, advice: str) -> list[Line]:
    """Every line of a file, at least one; empty ones are passed over.

    Args:
        path: The file.
        advice: What to do where it is not such a file at all.

    Raises:
        BadFileError: It cannot be read, is empty, or a line is no JSON object.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise bad_file(path, f"it cannot be read ({reason}); {advice}") from None
    lines = [
        _parsed(path, number, line, advice) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    ]
    if not lines:
        raise bad_file(path, f"there is nothing in it; {advice}")
    return lines


def _parsed(path: Path, number: int, text: str, advice: str) -> Line:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        column = getattr(error, "colno", 1)
        raise bad_file(
            path, f"this line is cut short or is no JSON; take it out, or {advice}", number, column
        ) from None
    if not isinstance(fields, dict):
        raise bad_file(path, "a line is one JSON object, {...}; take this one out", number)
    return Line(path, number, fields)


class Line:
    """The fields of a line, or of a part of one."""

    def __init__(self, path: Path, number: int, fields: Mapping[str, object]) -> None:
        self._path, self._number, self._fields = path, number, fields

    def error(self, what: str) -> BadFileError:
        """The error that this line is not as it should be."""
        return bad_file(self._path, what, self._number)

    def get(self, key: str) -> object:
        """Whatever is there; None also where there is nothing."""
        return self._fields.get(key)

    def names(self) -> tuple[str, ...]:
        """Of everything that is there."""
        return tuple(self._fields)

    def text(self, key: str) -> str:
        value = self.get(key)
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value

    def flag(self, key: str) -> bool:
        value = self.get(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def number(self, key: str) -> float:
        value = self.get(key)
        try:
            if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
                return float(value)
        except OverflowError:  # a whole number of hundreds of digits
            pass
        raise self._wrong(key, "a number")

    def whole_number(self, key: str) -> int:
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, "a whole number")
        return value

    def choice(self, key: str, kind: type[AnyEnum]) -> AnyEnum:
        """The member of ``kind`` whose value is there."""
        return self.one_of(key, {member.value: member for member in kind})

    def one_of(self, key: str, values: Mapping[str, Value]) -> Value:
        """The one of ``values`` whose key is there."""
        written = self.get(key)
        if not isinstance(written, str) or written not in values:
            raise self._wrong(key, f"one of {', '.join(values)}")
        return values[written]

    def part(self, key: str) -> Line:
        """An object within this one."""
        return self._part(key, self.get(key))

    def parts(self, key: str) -> list[Line]:
        """A list of objects."""
        values = self.get(key)
        if not isinstance(values, list):
            raise self._wrong(key, "a list")
        return [self._part(key, value) for value in values]

    def _part(self, key: str, value: object) -> Line:
        if not isinstance(value, dict):
            raise self._wrong(key, "made of objects, {...}")
        return Line(self._path, self._number, value)

    def _wrong(self, key: str, wanted: str) -> BadFileError:
        shown = json.dumps(self.get(key)) if key in self._fields else "missing"
        return self.error(f'"{key}" is {shown[:60]}; it must be {wanted}')
