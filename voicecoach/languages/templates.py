"""Texts with slots, as ``{stretches}`` in "There is a little more of {stretches}.", checked when they are read.

A slot is a name in braces and nothing else: a text that is read is a text that can be filled in.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from voicecoach.routine.spoken import LONGEST_TEXT, PERCENT

if TYPE_CHECKING:
    from collections.abc import Collection

    from voicecoach.errors import BadFileError
    from voicecoach.yamlfile import Node

_SLOT = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[^\s{}]*[{}][^\s{}]*")


def read_text(node: Node, slots: Collection[str] = (), required: Collection[str] | None = None) -> str:
    """The text of a node, with nothing in braces but slots.

    Args:
        node: The text.
        slots: What is filled in there.
        required: Those of ``slots`` that it must have; None: all of them.

    Raises:
        BadFileError: It has no words, is a lecture, lacks a slot, or has one that is never filled in.
    """
    text = node.text()
    if len(text) > LONGEST_TEXT:
        raise node.error(f"{node.called} has {len(text)} characters; nobody listens to more than {LONGEST_TEXT}")
    named = _SLOT.findall(text)
    for name in named:
        if name not in slots:
            raise _unknown(node, name, slots)
    rest = _SLOT.sub("", text)
    if brace := _BRACE.search(rest):
        raise node.error(f'{node.called} has a single brace ("{_short(brace.group())}"); {_write(slots)}')
    if percent := PERCENT.search(rest):
        raise node.error(f'"{percent.group()}" is not filled in; {_write(slots)}')
    if not named and not any(letter.isalnum() for letter in rest):
        raise node.error(f"{node.called} has no words in it; write what is said")
    for name in slots if required is None else required:
        if name not in named:
            raise node.error(f"{node.called} does not say {{{name}}}; put it where it belongs")
    return text


def _unknown(node: Node, name: str, slots: Collection[str]) -> BadFileError:
    written = f'"{{{_short(name)}}}"'
    begin = re.split(r"[.:!\[]", name)[0].strip()
    if begin in slots:
        return node.error(f"{written} has more in its braces than a name; write {{{begin}}}")
    near = get_close_matches(name, list(slots), n=1)
    advice = f"did you mean {{{near[0]}}}?" if near else _write(slots)
    return node.error(f"{written} is not filled in here; {advice}")


def _write(slots: Collection[str]) -> str:
    if not slots:
        return "nothing is filled in here, leave it out"
    return f"what is filled in here: {', '.join(f'{{{slot}}}' for slot in slots)}"


def _short(written: str) -> str:
    longest = 40
    return written if len(written) <= longest else f"{written[: longest - 3]}..."


def complete(node: Node, keys: Collection[str]) -> dict[str, Node]:
    """The values by all of ``keys``; what is missing is listed."""
    values = node.mapping(allowed=keys)
    if missing := [key for key in keys if key not in values]:
        raise node.error(f"{node.called} lacks {', '.join(sorted(missing))}; add a line for each, as in English")
    return values
