"""The phones of English, and the numbers that Kaldi knows them by.

A network scores 40 phones: silence and the 39 of CMUdict.  The graph, and with it the transition model, tells apart
where in a word a phone stands, because that is how Kaldi finds the word's first and last moment in a path; the four
phones that come of one share its scores.

Each phone is Kaldi's chain topology: one state, entered by a *forward* transition and stayed in by a *self-loop*, with
a probability density function ("pdf", a column of the network's scores) for each.
"""

from __future__ import annotations

from enum import IntEnum

SILENCE = "SIL"
PHONES = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH"),
    *("K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH"),
)
"""The phones of CMUdict (ARPAbet), without stress."""
NETWORK_PHONES = (SILENCE, *PHONES)
"""In the order of the network's scores: phone i owns pdf 2i, its first frame, and pdf 2i + 1, its further frames."""


class WordPosition(IntEnum):
    """Where in a word a phone stands; the values are the order of the phones' numbers."""

    BEGIN = 0
    END = 1
    INTERNAL = 2
    SINGLETON = 3


SILENCE_ID = 1
PHONE_COUNT = SILENCE_ID + len(WordPosition) * len(PHONES)
"""Phones of the transition model: their ids are 1 to this."""
_FIRST_ID = {phone: SILENCE_ID + 1 + len(WordPosition) * index for index, phone in enumerate(PHONES)}


def phone_id(phone: str, position: WordPosition) -> int:
    """Kaldi's number for ``phone`` of `PHONES` where it stands so; 1 is silence, which stands nowhere."""
    return _FIRST_ID[phone] + position


def forward(phone: int) -> int:
    """The transition-id of a phone's first frame; transition-ids are the graph's input labels."""
    return 2 * phone


def self_loop(phone: int) -> int:
    """The transition-id of each further frame."""
    return 2 * phone - 1


def network_phone(phone: int) -> int:
    """The index in `NETWORK_PHONES`, which says the pdfs, of phone number ``phone``."""
    return 0 if phone == SILENCE_ID else 1 + (phone - SILENCE_ID - 1) // len(WordPosition)


def positions(count: int) -> tuple[WordPosition, ...]:
    """Where each of the ``count`` phones of a word stands."""
    if count == 1:
        return (WordPosition.SINGLETON,)
    return (WordPosition.BEGIN, *[WordPosition.INTERNAL] * (count - 2), WordPosition.END)


def word_boundaries() -> str:
    """The text of Kaldi's ``word_boundary.int``: what each phone says about the edges of words."""
    lines = [f"{SILENCE_ID} nonword"]
    lines += [f"{phone_id(phone, position)} {position.name.lower()}" for phone in PHONES for position in WordPosition]
    return "".join(f"{line}\n" for line in lines)
