"""What is alike in the files of routines and stretches: names of files, texts that are spoken, sources."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from voicecoach import yamlfile
from voicecoach.routine.plan_words import SIDE_FORM, side_slots
from voicecoach.routine.stretch import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from voicecoach.yamlfile import Node

LONGEST_TEXT = 400
"""Characters of one spoken text; more than this is a lecture."""
SLOT = re.compile(r"\{([^{}]*)\}")
"""Something that is filled in."""
PERCENT = re.compile(r"%\(?\w")
"""What other programs fill in, and the coach would read out."""

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def key_of(path: Path) -> str:
    """What a file is called in routines and on the command line: its name without ``.yaml``.

    Raises:
        BadFileError: The name would not do as a key.
    """
    if path.suffix != ".yaml":
        raise yamlfile.bad_file(path, 'the name of the file does not end in ".yaml"; rename it')
    if not _KEY.fullmatch(path.stem):
        what = "the name of the file is not made of lower case letters, digits and hyphens; rename it"
        raise yamlfile.bad_file(path, what)
    return path.stem


def spoken(node: Node, slots: Collection[str] = ()) -> str:
    """A text that the coach will say; ``slots`` are the words for sides that are filled in."""
    text = node.text()
    if len(text) > LONGEST_TEXT:
        raise node.error(f"{node.called} has {len(text)} characters; nobody listens to more than {LONGEST_TEXT}")
    if not any(letter.isalnum() for letter in text):
        raise node.error(f"{node.called} has no words in it; write what the coach should say")
    named = SLOT.findall(text)
    if not slots and set(named) & set(side_slots([SIDE_FORM])):
        raise node.error(f"{node.called} is said without a side; leave out {{side}}")
    strange = next((f"{{{name}}}" for name in named if name not in slots), None)
    brace = re.search(r"[^\s{]*[{}][^\s}]*\}?", SLOT.sub("", text))
    percent = PERCENT.search(text)
    if strange or brace or percent:
        *most, last = (f"{{{slot}}}" for slot in slots or side_slots([SIDE_FORM]))
        what = strange or next(found.group() for found in (brace, percent) if found)
        raise node.error(f'"{what}" means nothing; only {", ".join(most)} and {last} are filled in')
    return text


def optional(node: Node | None, slots: Collection[str] = ()) -> str:
    """The same where it may be left out: empty then."""
    return spoken(node, slots) if node else ""


def spoken_list(node: Node | None) -> tuple[str, ...]:
    """Texts that the coach will say, or none."""
    return tuple(spoken(item) for item in node.sequence()) if node else ()


def sources(node: Node | None) -> tuple[Source, ...]:
    """Articles by number: ``"003": its title``."""
    return tuple(Source(article, title.text()) for article, title in node.mapping().items()) if node else ()


def stretch_key(node: Node, known: Iterable[str]) -> str:
    """The key of a stretch."""
    key = node.text()
    if key not in (keys := sorted(known)):
        near = get_close_matches(key, keys, n=3)
        advice = f"did you mean {' or '.join(near)}?" if near else "each stretch is a file in the folder stretches"
        raise node.error(f'there is no stretch "{key[:40]}"; {advice}')
    return key
