"""Words and how they are said: a text file with one pronunciation a line, ``word PH PH PH``, notes after ``#``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.engines.recognition.vocabulary.phones import PHONES
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from pathlib import Path

Pronunciation: TypeAlias = tuple[str, ...]
"""At least one phone of `PHONES`."""
Lexicon: TypeAlias = Mapping[str, tuple[Pronunciation, ...]]
"""Words (lower case) and their pronunciations, at least one each, the likeliest first.  It is never changed."""
LONGEST = 100
"""Phones that a pronunciation has at most; English words have 25.  (The writer of the graph goes as deep.)"""
_WORD = re.compile(r"'*[a-z][a-z']*")
_KNOWN = frozenset(PHONES)


def is_word(text: str) -> bool:
    """Whether ``text`` can be a word: lower-case letters a to z, with or without apostrophes."""
    return _WORD.fullmatch(text) is not None


def as_word(text: str) -> str:
    """What a person typed, as words are written here: without capitals, and with straight apostrophes."""
    return text.strip().lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def quoted(text: str) -> str:
    """What a person typed, in quotes, to be shown: on one line, whatever is in it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


@dataclass(frozen=True, slots=True)
class LexiconText:
    """A lexicon of which a few words are looked up: as the text that it is, a tenth of what `read_lexicon` makes of it.

    What is broken in it is not found out; those who change a lexicon read all of it.
    """

    text: str

    @classmethod
    def of(cls, path: Path) -> LexiconText:
        """The lexicon in ``path``; empty where there is none that can be read."""
        try:
            return cls(f"\n{path.read_text(encoding='utf-8')}\n")
        except (OSError, UnicodeDecodeError):
            return cls("")

    def said(self, word: str) -> Pronunciation | None:
        """The first pronunciation of ``word``; None: it has none."""
        at = self.text.find(f"\n{word} ")
        if at < 0:
            return None
        line = self.text[at + 1 : self.text.index("\n", at + 1)]
        return tuple(line.partition("#")[0].split()[1:]) or None


def lines_of(path: Path) -> list[str]:
    """The lines of a text file, without their ends, as editors count them.

    Raises:
        BadFileError: It is not a text file.
        OSError: It cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig") as stream:
            return [line.removesuffix("\n") for line in stream]
    except UnicodeDecodeError as error:
        raise BadFileError(f"{path}: this is not a text file in UTF-8; save it as one") from error


def read_lexicon(path: Path) -> Lexicon:
    """Read the words of a file; empty lines and what follows ``#`` do not count.

    Raises:
        BadFileError: A line is not a word and its phones; the message says which.
        OSError: The file cannot be read.
    """
    lexicon: dict[str, tuple[Pronunciation, ...]] = {}
    for number, line in enumerate(lines_of(path), start=1):
        entry = [*re.finditer(r"\S+", line.partition("#")[0])]
        if not entry:
            continue
        problem = _problem(entry)
        if problem:
            wrong, what = problem
            raise BadFileError(f"{path}:{number}:{wrong.start() + 1}: {what}")
        word, *phones = (part[0] for part in entry)
        lexicon[word] = tuple(dict.fromkeys([*lexicon.get(word, ()), tuple(phones)]))
    return MappingProxyType(lexicon)


def lexicon_text(lexicon: Lexicon) -> str:
    """The lines of a lexicon's file, by the alphabet: the same lexicon is always the same text."""
    lines = (entry_line(word, phones) for word in sorted(lexicon) for phones in lexicon[word])
    return "".join(lines)


def entry_line(word: str, phones: Pronunciation) -> str:
    """The line that says one pronunciation, with its end."""
    return f"{word} {' '.join(phones)}\n"


def write_lexicon(path: Path, lexicon: Lexicon) -> None:
    """Write `lexicon_text`."""
    path.write_text(lexicon_text(lexicon), encoding="utf-8")


def _problem(entry: list[re.Match[str]]) -> tuple[re.Match[str], str] | None:
    """What is wrong with the parts of one line, if anything, and which part it is."""
    word, *phones = entry
    if not is_word(word[0]):
        return word, f"{quoted(word[0])} is not a word: write it in lower-case letters a to z and straight apostrophes"
    if not phones:
        return word, f'"{word[0]}" has no pronunciation: write its phones behind it, as in "yoga Y OW G AH"'
    for phone in phones:
        if phone[0] not in _KNOWN:
            return phone, f"there is no phone {quoted(phone[0])}; there are {', '.join(PHONES)}"
    if len(phones) > LONGEST:
        return phones[LONGEST], f'"{word[0]}" has {len(phones)} phones; a word has {LONGEST} at most'
    return None
