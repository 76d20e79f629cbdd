"""Templates of phrases: one line for the many ways in which people say the same.

The notation is that of Home Assistant's sentences (the library hassil), as far as phrases need it:

    [please]            may be said, or not
    [really|very]       one of these, or nothing
    (go|move) on        one of these
    <please>            whatever the rule "please" stands for, a line in ``expansions``
    hurt[s]             ends of words, too

A slot such as ``{minutes}`` is a word like any other.  A plain phrase is a template that stands for itself.  The order
of the phrases is that of the template, what is left out before what is said; so the plainest comes first.

A template is counted before it is written out, so that none can fill the memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from math import prod
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicecoach.errors import BadFileError
    from voicecoach.yamlfile import Node

MOST_PHRASES = 500
"""Of one template; some hundred ways to say the same are more than people have."""
DEEPEST = 20
"""How many brackets may lie in one another."""

_COUNTED = 1_000_000
"""No count goes further."""
_TOKEN = re.compile(r"[\[\]()|]|<[^<>\[\]()|{}]*>|[<>]|[^\[\]()|<>]+")
_CLOSES = {"[": "]", "(": ")"}
_RULE_NAME = re.compile(r"[^\W\d_]+([ _-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Row:
    """What is said one after the other."""

    parts: tuple[_Part, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One of several; of what may be left out, the first is an empty row."""

    rows: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A named choice of ``expansions``."""

    name: str


_Part: TypeAlias = str | _Choice | _Rule


class Rules:
    """The rules of a language, by name, and which of them some template needs."""

    def __init__(self, nodes: Mapping[str, tuple[Node, ...]]) -> None:
        """Read the rules.

        Args:
            nodes: For every rule its templates; each of them is one way to say it.

        Raises:
            BadFileError: A template is not well formed, or a rule is, by way of others, made of itself.
        """
        self._nodes = nodes
        self._rows: dict[str, tuple[_Row, ...]] = {}
        self._depth: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        """How many rules lie in one another in each, and for how many texts it stands."""
        self._used: set[str] = set()
        for name, templates in nodes.items():
            if not _RULE_NAME.fullmatch(name):
                raise templates[0].error(f'a rule cannot be called "{name}"; use letters, and "-" between them')
            self._rows[name] = tuple(row for node in templates for row in _Reader(node).rows())
        for name in nodes:
            self._look_into(name, ())

    def phrases(self, node: Node) -> tuple[str, ...]:
        """Everything that the template of ``node`` stands for, each once, its words parted by one blank.

        Raises:
            BadFileError: It is not well formed, names a rule that there is not, stands for too much, or for nothing.
        """
        template = _Choice(_Reader(node).rows())
        for name in _names(template):
            self._known(name, node)
            self._use(name)
        if (count := self._count(template)) > MOST_PHRASES:
            many = count if count < _COUNTED else "more than a million"
            raise node.error(
                f"this template stands for {many} phrases; make several of it, with at most {MOST_PHRASES} each"
            )
        phrases = tuple(dict.fromkeys(" ".join(text.split()) for text in self._written_out(template)))
        if "" in phrases:
            raise node.error("all of this template may be left out; put something that is always said outside of [ ]")
        return phrases

    def unused(self) -> Iterator[BadFileError]:
        """An error for each rule that no template needs, after all templates were read."""
        for name in self._rows.keys() - self._used:
            yield self._nodes[name][0].error(f"nothing uses the rule <{name}>; use it, or leave it out")

    def _known(self, name: str, node: Node) -> None:
        if name not in self._rows:
            near = get_close_matches(name, list(self._rows), n=1)
            there = ", ".join(f"<{rule}>" for rule in self._rows) or "none yet, write them below expansions"
            advice = f"did you mean <{near[0]}>?" if near else f"there are: {there}"
            raise node.error(f"there is no rule <{name}>; {advice}")

    def _use(self, name: str) -> None:
        if name not in self._used:
            self._used.add(name)
            for row in self._rows[name]:
                for other in _names(row):
                    self._use(other)

    def _look_into(self, name: str, path: tuple[str, ...]) -> int:
        """How many rules lie in one another in this one; each is looked into once."""
        if name in path:
            way = " in ".join(f"<{one}>" for one in (name, *reversed(path[path.index(name) :])))
            raise self._nodes[name][0].error(f"a rule cannot be a part of itself ({way}); write one of them out")
        if name not in self._depth:
            node = self._nodes[name][0]
            deepest = 0
            for other in (other for row in self._rows[name] for other in _names(row)):
                self._known(other, node)
                deepest = max(deepest, self._look_into(other, (*path, name)))
            if deepest >= DEEPEST or len(path) >= DEEPEST:
                raise node.error(f"more than {DEEPEST} rules lie in one another; write some of them out")
            self._depth[name] = deepest + 1
            self._counts[name] = min(_COUNTED, sum(self._count(row) for row in self._rows[name]))
        return self._depth[name]

    def _count(self, part: _Part | _Row) -> int:
        match part:
            case str():
                return 1
            case _Row(parts=parts):
                return min(_COUNTED, prod(self._count(one) for one in parts))
            case _Choice(rows=rows):
                return sum(self._count(row) for row in rows)
            case _Rule(name=name):
                return self._counts[name]

    def _written_out(self, part: _Part | _Row) -> Iterator[str]:
        match part:
            case str():
                yield part
            case _Row(parts=parts):
                for texts in product(*(tuple(self._written_out(one)) for one in parts)):
                    yield "".join(texts)
            case _Choice(rows=rows):
                for row in rows:
                    yield from self._written_out(row)
            case _Rule(name=name):
                for row in self._rows[name]:
                    yield from self._written_out(row)


def _names(part: _Part | _Row) -> Iterator[str]:
    """The rules that ``part`` names itself."""
    match part:
        case _Rule(name=name):
            yield name
        case _Row(parts=parts):
            for one in parts:
                yield from _names(one)
        case _Choice(rows=rows):
            for row in rows:
                yield from _names(row)


class _Reader:
    """Reads one template from left to right."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._text = node.text()
        self._tokens = list(_TOKEN.finditer(self._text))
        self._next = 0

    def rows(self) -> tuple[_Row, ...]:
        """All of the template: the ways to say it that ``|`` parts."""
        rows = self._alternatives(None, 0)
        if self._next < len(self._tokens):
            raise self._error(self._tokens[self._next], "closes nothing; take it out, or open it before")
        return rows

    def _alternatives(self, opened: re.Match[str] | None, depth: int) -> tuple[_Row, ...]:
        """Rows up to the bracket that closes ``opened``, or to the end."""
        if depth > DEEPEST:
            raise self._node.error(f"more than {DEEPEST} brackets lie in one another; make several templates of this")
        rows, parts = [], list[_Part]()
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            match token.group():
                case "|":
                    rows.append(_Row(tuple(parts)))
                    parts = []
                case "[" | "(":
                    parts.append(self._bracket(token, depth))
                    continue
                case "]" | ")":
                    break
                case "<" | ">":
                    raise self._error(token, "stands alone; write the name of a rule as <please>")
                case text if text.startswith("<"):
                    parts.append(_Rule(text[1:-1].strip()))
                case text:
                    parts.append(text)
            self._next += 1
        rows.append(_Row(tuple(parts)))
        if opened is not None or len(rows) > 1:
            self._refuse_empty(rows, opened)
        return tuple(rows)

    def _bracket(self, opened: re.Match[str], depth: int) -> _Choice:
        self._next += 1
        rows = self._alternatives(opened, depth + 1)
        closes = _CLOSES[opened.group()]
        if self._next == len(self._tokens):
            raise self._error(opened, f'is never closed; write "{closes}" where it ends')
        closing = self._tokens[self._next]
        if closing.group() != closes:
            raise self._error(closing, f'closes "{opened.group()}"; write "{closes}"')
        self._next += 1
        return _Choice(rows if closes == ")" else (_Row(()), *rows))

    def _refuse_empty(self, rows: list[_Row], opened: re.Match[str] | None) -> None:
        if any(all(isinstance(part, str) and not part.strip() for part in row.parts) for row in rows):
            place = opened or self._tokens[0]
            raise self._error(place, "is followed by a way to say nothing; write [ ] around what may be left out")

    def _error(self, token: re.Match[str], what: str) -> BadFileError:
        return self._node.error(f'"{token.group()}" at character {token.start() + 1} of "{self._text}" {what}')
