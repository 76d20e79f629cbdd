"""Which words compete with the commands for the same sound, and at what cost.

The costs are the model's operating point.  They were chosen on the tuning part of people's recordings; `LABBOOK.md` has
the figures.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.vocabulary.rejection import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon, Pronunciation


@dataclass(frozen=True, slots=True)
class Costs:
    """In nats; a word that is listened for costs nothing."""

    loop_entry: float = 3.0
    loop_phone: float = 0.5
    loop_shortest: int = 2
    filler: float = 8.0
    anti_word: float = 6.0
    """Of a word that is nearly one of those listened for."""
    fillers: int = 9_000
    """How many of the commonest words are fillers, beside all that may be listened for."""
    shortest_filler: int = 3
    """Phones; shorter ones fit into anything."""
    silence: float = 0.7
    no_silence: float = 0.7


def rejection(
    lexicon: Lexicon, needed: Sequence[str], common: Sequence[str], bigram: NDArray[np.float64], costs: Costs
) -> Rejection:
    """What the model hears as ``[unk]``.

    Args:
        lexicon: All words of the model.
        needed: Those that the coach listens for; each is a filler too, for when it is not valid.
        common: The others, the commonest first.
        bigram: (40, 40) natural log probabilities of one phone after another.
        costs: The operating point.
    """
    others = [word for word in common if word in lexicon and word not in set(needed)]
    fit = [word for word in others if max(map(len, lexicon[word])) >= costs.shortest_filler]
    return Rejection(
        phone_bigram=bigram,
        loop_entry=costs.loop_entry,
        loop_phone=costs.loop_phone,
        loop_shortest=costs.loop_shortest,
        fillers=(*needed, *fit[: costs.fillers]),
        filler_cost=costs.filler,
        anti_words={" ".join(said): costs.anti_word for said in sorted(near_misses(lexicon, needed, fit))},
        silence_cost=costs.silence,
        no_silence_cost=costs.no_silence,
    )


def near_misses(lexicon: Lexicon, needed: Iterable[str], others: Iterable[str]) -> set[Pronunciation]:
    """The pronunciations among ``others`` that are one phone away from one of ``needed``, and none of theirs."""
    wanted = {said for word in needed for said in lexicon[word]}
    by_gap: dict[Pronunciation, set[Pronunciation]] = defaultdict(set)
    for said in wanted:
        for gap in _gaps(said):
            by_gap[gap].add(said)
    found = set()
    for word in others:
        for said in lexicon[word]:
            near = any(_one_apart(said, other) for gap in _gaps(said) for other in by_gap.get(gap, ()))
            if near and said not in wanted:
                found.add(said)
    return found


def _gaps(said: Pronunciation) -> Iterator[Pronunciation]:
    """``said``, and ``said`` with any one phone left out: those of two words meet when they are one phone apart."""
    yield said
    for place in range(len(said)):
        yield said[:place] + said[place + 1 :]


def _one_apart(one: Pronunciation, other: Pronunciation) -> bool:
    """Whether one phone put in, left out or changed makes ``other`` of ``one``."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    rest = short[same:] if len(short) < len(long) else short[same + 1 :]
    return one != other and rest == long[same + 1 :]
