"""What the graph accepts as ``[unk]``: sound that is speech, but none of the words listened for.

Three things compete with the words for the same sound: whole common words ("fillers"), near misses of commands
("anti-words"), and a loop over all phones.  Each has a cost, a negative natural logarithm of a probability in spirit;
they are the model's operating point, chosen by its trainer.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.vocabulary.phones import NETWORK_PHONES, PHONES
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_DECIMALS = 4
"""Of the bigram's logarithms in the file."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rejection:
    """Everything that makes ``[unk]``, and the costs of silence between words.  Costs are in nats."""

    phone_bigram: NDArray[np.float64]
    """Natural log probabilities, shape (40, 40): row the phone before, column the next, in the order of
    `NETWORK_PHONES`; silence stands for a word's edge."""
    loop_entry: float
    """Cost of entering the loop over all phones."""
    loop_phone: float
    """Cost of each phone in it, on top of the bigram's."""
    loop_shortest: int = 2
    """Phones that the loop has at least."""
    fillers: tuple[str, ...] = ()
    """Words of the lexicon whose pronunciations are also heard as ``[unk]``, so that a word that is known but not
    listened for is not taken for one that is."""
    filler_cost: float = 0.0
    anti_words: Mapping[str, float] = field(default_factory=dict)
    """Further pronunciations (phones parted by one blank) that are heard as ``[unk]``, each at a cost of its own."""
    silence_cost: float = 0.7
    """Of a silence between two words."""
    no_silence_cost: float = 0.7
    """Of no silence between two words."""

    def __post_init__(self) -> None:
        """Refuse what no graph can be made of."""
        wanted = (len(NETWORK_PHONES), len(NETWORK_PHONES))
        if self.phone_bigram.shape != wanted:
            raise ValueError(f"a phone bigram of shape {self.phone_bigram.shape}, not {wanted}")
        if self.loop_shortest < 1:
            raise ValueError(f"a loop of at least {self.loop_shortest} phones; it must be one or more")
        costs = (self.loop_entry, self.loop_phone, self.filler_cost, self.silence_cost, self.no_silence_cost)
        if any(map(math.isnan, [*costs, *self.anti_words.values()])):
            raise ValueError("a cost that is no number")
        for said in self.anti_words:
            if not said.split() or not set(said.split()) <= set(PHONES):
                raise ValueError(f'an anti-word "{said}", which is not in the phones of CMUdict')


def read_rejection(path: Path) -> Rejection:
    """Read what `write_rejection` wrote.

    Raises:
        BadFileError: It is not that any more.
        OSError: It cannot be read.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["phone_bigram"] = np.array(told["phone_bigram"], np.float64)
        told["fillers"] = tuple(told["fillers"])
        return Rejection(**told)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadFileError(
            f"{path}: this is not what a speech model rejects ({error}); install the model again"
        ) from error


def write_rejection(path: Path, rejection: Rejection) -> None:
    """Write everything as JSON, a row of the bigram a line."""
    told = asdict(rejection)
    rows = [json.dumps([round(value, _DECIMALS) for value in row]) for row in told.pop("phone_bigram").tolist()]
    bigram = ",\n  ".join(rows)
    rest = json.dumps(told, indent=1, sort_keys=True).removeprefix("{").lstrip()
    path.write_text(f'{{\n "phone_bigram": [\n  {bigram}\n ],\n {rest}\n', encoding="utf-8")
