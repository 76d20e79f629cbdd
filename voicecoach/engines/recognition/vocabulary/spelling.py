"""How a word is said, from how it is written: espeak-ng, the coach's voice, is asked how it would say it.

Of the 12,000 commonest words of English, 85 in 100 come out as one of CMUdict's pronunciations, and 3 phones in 100
are wrong: unstressed vowels, mostly.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.vocabulary.lexicon import as_word, is_word, quoted
from voicecoach.engines.synthesis.espeak.phonemes import phonemes
from voicecoach.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon, Pronunciation

_STRESS = "',%="
_GLIDE = ";"
_PHONEMES = {
    "AA": "0 A:",
    "AA R": "A@",
    "AE": "a aa",
    "AH": "V @ @- @2 a#",
    "AH L": "@L",
    "AH N": "n-",
    "AO": "O O: O2",
    "AO R": "O@ o@",
    "AW": "aU",
    "AY": "aI",
    "AY AH": "aI@",
    "AY ER": "aI3",
    "B": "b",
    "CH": "tS",
    "D": "d",
    "DH": "D",
    "EH": "E",
    "EH R": "e@",
    "ER": "3 3:",
    "EY": "eI",
    "F": "f",
    "G": "g",
    "HH": "h",
    "IH": "I I2 I#",
    "IH R": "i@3",
    "IY": "i i: i::",
    "IY AH": "i@",
    "JH": "dZ",
    "K": "k x",
    "L": "l",
    "M": "m",
    "N": "n",
    "NG": "N",
    "OW": "oU",
    "OY": "OI",
    "P": "p",
    "R": "r r-",
    "S": "s",
    "SH": "S",
    "T": "t t2 t# ?",
    "TH": "T",
    "UH": "U",
    "UH R": "U@",
    "UW": "u:",
    "V": "v",
    "W": "w",
    "Y": "j",
    "Z": "z",
    "ZH": "Z",
}
"""Our phones, and espeak-ng's names for them in American English (its ``phsource/ph_english_us``)."""
_PHONES = {phoneme: phones.split() for phones, phonemes in _PHONEMES.items() for phoneme in phonemes.split()}
_PHONES |= {"": [], _GLIDE: []}


def pronunciation(word: str) -> Pronunciation:
    """How an English reader would say ``word``, which `is_word`.

    Raises:
        BadRequestError: That cannot be said in English phones.
        MissingPartError: espeak-ng is missing or broken.
    """
    return _read([word])[0]


def sounds_like(text: str, lexicon: Lexicon) -> Pronunciation:
    """The pronunciation that a person described, as in ``hue guh``.

    Args:
        text: Words, or what reads like them, parted by blanks or hyphens.
        lexicon: Where words are looked up; those that it lacks are read by espeak-ng.

    Raises:
        BadRequestError: A part has other characters than letters and apostrophes, or cannot be said.
        MissingPartError: espeak-ng is missing or broken.
    """
    parts = re.split(r"[\s-]+", as_word(text).strip(" -"))
    for part in parts:
        if not is_word(part):
            raise BadRequestError(
                f'{quoted(part)} cannot be read aloud; describe the sound in letters a to z, as in "hue guh"'
            )
    unknown = [part for part in dict.fromkeys(parts) if part not in lexicon]
    read = dict(zip(unknown, _read(unknown), strict=True))
    return tuple(phone for part in parts for phone in (lexicon[part][0] if part in lexicon else read[part]))


def _read(texts: Sequence[str]) -> list[Pronunciation]:
    """Have espeak-ng read each of ``texts``."""
    return [_phones(text, line) for text, line in zip(texts, phonemes(texts), strict=True)]


def _phones(text: str, said: str) -> Pronunciation:
    """Translate ``said``, espeak-ng's phonemes of ``text``."""
    symbols = [symbol.lstrip(_STRESS) for symbol in re.split(r"[_ |]", said)]
    phones: list[str] = []
    for symbol, following in zip(symbols, [*symbols[1:], ""], strict=True):
        if symbol not in _PHONES:
            raise BadRequestError(
                f'"{text}" has a sound that English lacks; describe it in other words, as in "hue guh"'
            )
        if symbol in {"r", "r-"} and phones and phones[-1] in {"R", "ER"}:
            continue  # of "general" and "during": espeak-ng says it twice
        before_a_vowel = following == _GLIDE and symbol in {"I", "I2"}  # of "video"
        phones += ["IY"] if before_a_vowel else _PHONES[symbol]
    if not phones:
        raise BadRequestError(f'"{text}" has no sound; describe it in other words, as in "hue guh"')
    return tuple(phones)
