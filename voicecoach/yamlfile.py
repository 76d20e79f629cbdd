"""YAML in which every value knows its file, line and column, for files that people write by hand.

Only the plain part of YAML is read: mappings, lists and scalars.  Nothing is ever constructed, a scalar is the text
that was written (so ``no`` is a word until somebody asks for a `Node.boolean`), and what only programs write (anchors,
aliases, tags, several documents) is refused.  Every accessor either gives what was asked for or raises a `BadFileError`
of one line: where, what is wrong, what to write instead.

More than 300 lines: a value, what builds it and what is said of a mistake in it are one idea, and know one another.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

import yaml

from voicecoach.errors import BadFileError, NoFileError
from voicecoach.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from enum import Enum
    from pathlib import Path

    AnyEnum = TypeVar("AnyEnum", bound=Enum)
    Value = TypeVar("Value")

LARGEST_BYTES = 256 * 1024
"""Files larger than this are not read; those that ship have a few thousand bytes."""
DEEPEST = 20
"""How many lists and mappings may lie in one another."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where PyYAML has it: 15 times as fast
_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NOTHING = frozenset({"", "~", "null"})
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,12}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
_TRUTH = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def read(path: Path) -> Node:
    """The top value of a YAML file.

    Raises:
        BadFileError: There is no such file, it cannot be read, is too large, is not UTF-8, or is not plain YAML.
    """
    name = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would make us wait for ever
            raise bad_file(name, "this is a folder or a device; name a file")
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise NoFileError(_at(name, "there is no such file; check its name"), _shown(name)) from None
    except (OSError, ValueError) as problem:  # ValueError: a zero byte in the path
        reason = getattr(problem, "strerror", None) or str(problem)
        raise bad_file(name, f"it cannot be read ({reason}); check its name and permissions") from None
    if len(content) > LARGEST_BYTES:
        raise bad_file(name, f"it is larger than {LARGEST_BYTES // 1024} KiB; is it the right file?")
    return parse(_decoded(content, name), name)


def parse(text: str, name: str) -> Node:
    """The top value of YAML ``text``; ``name`` stands for the file in messages.

    Raises:
        BadFileError: It is not plain YAML.
    """
    text = text.removeprefix("\ufeff")
    strange = _NOT_TEXT.search(text)
    if strange:
        line, column = _place(text[: strange.start()])
        raise bad_file(name, f"the character U+{ord(strange.group()):04X} is not text; take it out", line, column)
    try:
        return _Builder(yaml.parse(text, Loader=_LOADER), name).document()
    except (yaml.YAMLError, ValueError, OverflowError) as problem:  # the last two: an absurd number in an escape
        raise _syntax_error(problem, text, name) from None


def bad_file(file: Path | str, what: str, line: int = 1, column: int = 1) -> BadFileError:
    """The error that ``file`` is not as it should be.

    Args:
        file: The file; bytes of its name that are no text are written as escapes, so that every screen can show it.
        what: What is wrong and, after a semicolon, what to do.
        line: From 1.
        column: From 1.
    """
    return BadFileError(_at(file, what, line, column), _shown(file), line, column)


def _at(file: Path | str, what: str, line: int = 1, column: int = 1) -> str:
    return f"{_shown(file)}:{line}:{column}: {what}"


def _shown(file: Path | str) -> str:
    return str(file).encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a file, with its place."""

    file: str
    line: int
    """From 1, as `column` is."""
    column: int
    called: str
    """What messages call it, such as ``"hold"`` in quotes."""
    _value: str | tuple[Node, ...] | dict[str, Node]
    _keys: tuple[Node, ...] = ()
    """For a mapping: its keys, with their places."""
    _plain: bool = False
    """For a scalar: written without quotes."""

    @property
    def is_mapping(self) -> bool:
        return isinstance(self._value, dict)

    @property
    def is_sequence(self) -> bool:
        return isinstance(self._value, tuple)

    @property
    def is_text(self) -> bool:
        """Whether it is a text or a number."""
        return isinstance(self._value, str)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was written: ``key:``, ``key: null``, or a file of comments."""
        return self._plain and self._value in _NOTHING

    def error(self, what: str) -> BadFileError:
        """An error at this place; ``what`` says what is wrong and, after a semicolon, what to write instead."""
        return bad_file(self.file, what, self.line, self.column)

    def mapping(self, *, allowed: Collection[str] | None = None, required: Collection[str] = ()) -> dict[str, Node]:
        """The values by their keys, in the order of the file.

        Args:
            allowed: All keys there may be; None allows any.
            required: Keys there must be.
        """
        problems = Problems()
        values = self.known(problems, allowed=allowed, required=required)
        problems.raise_first()
        return values

    def known(
        self, problems: Problems, *, allowed: Collection[str] | None = None, required: Collection[str] = ()
    ) -> dict[str, Node]:
        """The same where one key may be wrong without keeping the others from being read: wrong ones are left out.

        Raises:
            BadFileError: It has no keys at all.
        """
        if not isinstance(self._value, dict):
            raise self._wrong_kind('lines of the form "key: value"')
        for key in self._keys:
            if allowed is not None and key.text() not in allowed:
                near = _near(key.text(), allowed, "the keys here are")
                problems.found.append(key.error(f'unknown key "{_short(key.text())}"; {near}'))
        for wanted in sorted(set(required) - self._value.keys()):
            missing = f'"{wanted}" is missing in {self.called}; add a line "{wanted}: ..."'
            problems.found.append(self.error(missing))
        return {key: value for key, value in self._value.items() if allowed is None or key in allowed}

    def sequence(self) -> tuple[Node, ...]:
        """The items of a list; there is at least one."""
        if not isinstance(self._value, tuple):
            raise self._wrong_kind('a list of lines beginning with "- "')
        if not self._value:
            raise self.error(f"{self.called} is an empty list; write at least one item")
        return self._value

    def text(self) -> str:
        """The text, on one line, with runs of white space made one blank; never empty."""
        text = " ".join(self._scalar("a text").split())
        if not text:
            raise self._empty("a text")
        return text

    def exact_text(self) -> str:
        """The text as it was written, with all its blanks: for what no person reads, such as a password."""
        return self._scalar("a text") or self.text()

    def whole_number(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        wanted = f"a whole number from {low} to {high}"
        written = self._scalar(wanted)
        if not _WHOLE_NUMBER.fullmatch(written) or not low <= int(written) <= high:
            raise self._not(wanted, written)
        return int(written)

    def number(self, low: float, high: float) -> float:
        """A number from ``low`` to ``high``, with or without decimals."""
        wanted = f"a number from {low:g} to {high:g}"
        written = self._scalar(wanted)
        if not _NUMBER.fullmatch(written) or not low <= float(written) <= high:
            raise self._not(wanted, written)
        return float(written)

    def boolean(self) -> bool:
        """Yes or no, however it is written."""
        written = self._scalar("yes or no")
        if written.lower() not in _TRUTH:
            raise self._not("yes or no", written)
        return _TRUTH[written.lower()]

    def choice(self, choices: type[AnyEnum]) -> AnyEnum:
        """The member of ``choices`` whose value was written."""
        return self.one_of({str(member.value): member for member in choices})

    def one_of(self, values: Mapping[str, Value]) -> Value:
        """The one of ``values`` whose key was written."""
        written = " ".join(self._scalar(f"one of {_listed(values)}").split())
        if written not in values:
            raise self.error(f'{self.called} cannot be "{_short(written)}"; {_near(written, values, "write one of")}')
        return values[written]

    def _scalar(self, wanted: str) -> str:
        if not isinstance(self._value, str):
            raise self._wrong_kind(wanted)
        if self.is_nothing:
            raise self._empty(wanted)
        return self._value

    def _empty(self, wanted: str) -> BadFileError:
        return self.error(f"{self.called} is empty; write {wanted}")

    def _not(self, wanted: str, written: str) -> BadFileError:
        return self.error(f'{self.called} is "{_short(written)}"; write {wanted}')

    def _wrong_kind(self, wanted: str) -> BadFileError:
        if self.is_nothing:
            return self._empty(wanted)
        kind = "a mapping" if self.is_mapping else "a list" if self.is_sequence else "a text"
        return self.error(f"{self.called} is {kind}, and should be {wanted}")


class _Builder:
    """Makes nodes of parser events.

    `yaml.compose` would do the same without a limit on depth, and would resolve aliases before they can be refused.
    """

    def __init__(self, events: Iterable[yaml.Event], name: str) -> None:
        self._events: Iterator[yaml.Event] = iter(events)
        self._name = name

    def document(self) -> Node:
        next(self._events)  # the beginning of the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return Node(self._name, 1, 1, "the file", "", _plain=True)
        node = self._node(next(self._events), "the file", depth=1)
        next(self._events)  # the end of the document
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._error_at(after, 'a second document begins here; leave out the line "---"')
        return node

    def _node(self, event: yaml.Event, called: str, depth: int) -> Node:
        self._refuse_magic(event)
        if depth > DEEPEST:
            raise self._error_at(event, f"this lies in more than {DEEPEST} lists or mappings; write it flatter")
        match event:
            case yaml.ScalarEvent():
                return self._scalar(event, called)
            case yaml.SequenceStartEvent():
                return self._make(event, called, tuple(self._items(called, depth)))
            case _:
                keys, values = self._pairs(depth)
                return self._make(event, called, values, keys=keys)

    def _scalar(self, event: yaml.ScalarEvent, called: str) -> Node:
        strange = _NOT_TEXT.search(event.value)  # by way of an escape such as "\x07"
        if strange:
            raise self._error_at(event, f"the character U+{ord(strange.group()):04X} is not text; take it out")
        return self._make(event, called, event.value, plain=not event.style)

    def _items(self, called: str, depth: int) -> Iterator[Node]:
        number = 1
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, f"item {number} of {called}", depth + 1)
            number += 1

    def _pairs(self, depth: int) -> tuple[tuple[Node, ...], dict[str, Node]]:
        keys: dict[str, Node] = {}
        values: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error_at(event, "a key must be a word or two, not a list or a mapping")
            key = self._node(event, "a key", depth + 1)
            word = key.text()
            if word in keys:
                raise key.error(
                    f'"{_short(word)}" is here for the second time (first in line {keys[word].line}); keep one'
                )
            keys[word] = key
            values[word] = self._node(next(self._events), f'"{_short(word)}"', depth + 1)
        return tuple(keys.values()), values

    def _refuse_magic(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._error_at(event, 'anchors and aliases ("&name", "*name") are not read; write the value itself')
        tag = getattr(event, "tag", None)
        if tag:
            raise self._error_at(event, f'tags such as "{_short(tag)}" are not read; leave it out')

    def _make(
        self,
        event: yaml.Event,
        called: str,
        value: str | tuple[Node, ...] | dict[str, Node],
        *,
        keys: tuple[Node, ...] = (),
        plain: bool = False,
    ) -> Node:
        line, column = _place_of(event)
        return Node(self._name, line, column, called, value, keys, plain)

    def _error_at(self, event: yaml.Event, what: str) -> BadFileError:
        return bad_file(self._name, what, *_place_of(event))


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line, column = _place(content[: problem.start].decode("utf-8"))
        what = f"the byte 0x{content[problem.start]:02X} is not UTF-8; save the file as UTF-8"
        raise bad_file(name, what, line, column) from None


def _syntax_error(problem: Exception, text: str, name: str) -> BadFileError:
    """The parser's complaint in our words, which are the same with and without libyaml."""
    mark = getattr(problem, "problem_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    said = str(problem)
    if "\t" in written[: column + 1]:
        what = "a tab stands where only blanks may; indent with blanks"
    elif "mapping values are not allowed" in said:
        what = 'a colon and a blank stand inside a text; put quotes around the text: "..."'
    elif "unexpected end of stream" in said:
        what = "the file ends inside a text in quotes; close the quotes"
    else:
        what = "this is not YAML; check quotes, colons and the indentation of this line and the one above"
    return bad_file(name, what, line + 1, column + 1)


def _place_of(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place(before: str) -> tuple[int, int]:
    """Line and column, both from 1, of the character after ``before``."""
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _near(written: str, choices: Iterable[str], otherwise: str) -> str:
    """What to write instead of ``written``: a choice much like it, or all of them."""
    near = get_close_matches(written, list(choices), n=1)
    return f'did you mean "{near[0]}"?' if near else f"{otherwise}: {_listed(choices)}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _short(written: str) -> str:
    longest = 40
    written = " ".join(written.split())
    return written if len(written) <= longest else f"{written[: longest - 3]}..."
