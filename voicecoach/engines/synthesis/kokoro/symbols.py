"""What Kokoro reads: a row of symbols, made of espeak-ng's phonemes and the punctuation between them.

Which symbols, and what espeak-ng calls them, is data: ``symbols.yaml``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from voicecoach.engines.synthesis.espeak.phonemes import Accent, phonemes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TABLES: Final = yaml.safe_load(Path(__file__).with_name("symbols.yaml").read_text(encoding="utf-8"))
NUMBER_OF: Final[Mapping[str, int]] = _TABLES["numbers"]
"""The number under which the network knows a symbol."""
LONGEST: Final = 500
"""Symbols that the network takes at once, with a few to spare."""

_WRITTEN: Final[Mapping[Accent, Mapping[str, str]]] = {
    Accent.AMERICAN: _TABLES["american"],
    Accent.BRITISH: _TABLES["british"],
}
_STRESS: Final = re.compile("[\u02c8\u02cc]")
_PUNCTUATION: Final = ";:,.!?\u2014\u2026"
_PIECE: Final = re.compile(f"[^{_PUNCTUATION}]+|[{_PUNCTUATION}]+")


def symbols(texts: Sequence[str], accent: Accent) -> list[str]:
    """What the network is given for each of ``texts``: symbols of `NUMBER_OF`, with a blank between words.

    Raises:
        MissingPartError: espeak-ng, which reads the words, is missing or broken.
    """
    split = [[piece.strip() for piece in _PIECE.findall(text)] for text in texts]
    words = list(dict.fromkeys(piece for pieces in split for piece in pieces if _is_spoken(piece)))
    read = dict(zip(words, phonemes(words, accent, ipa=True), strict=True))
    return [_joined(pieces, read, accent) for pieces in split]


def portions(row: str) -> list[str]:
    """``row`` in parts that the network can take at once, parted after a sentence, or at least between words."""
    parts = []
    while len(row) > LONGEST:
        cut = next((at for mark in (". ", ", ", " ") if (at := row.rfind(mark, 0, LONGEST)) > 0), LONGEST - 1) + 1
        parts.append(row[:cut].strip())
        row = row[cut:].strip()
    return [*parts, row]


def _is_spoken(piece: str) -> bool:
    return any(letter.isalnum() for letter in piece)


def _joined(pieces: Sequence[str], read: Mapping[str, str], accent: Accent) -> str:
    row = ""
    for piece in pieces:
        if _is_spoken(piece):
            row += f" {' '.join(_word(word, accent) for word in read[piece].split())}"
        else:
            row += "".join(mark for mark in piece if mark in _PUNCTUATION)
    return row.strip()


def _word(word: str, accent: Accent) -> str:
    """One word, of espeak-ng's phonemes parted by ``_``, in Kokoro's symbols."""
    row = ""
    for phoneme in re.split(r"[_|]", word):
        bare = _STRESS.sub("", phoneme)
        row += "".join(_STRESS.findall(phoneme)) + _WRITTEN[accent].get(bare, bare)
    known = "".join(symbol for symbol in row if symbol in NUMBER_OF)
    return known.replace("\u0279\u0279", "\u0279")  # of "her hour": espeak-ng says the r twice
