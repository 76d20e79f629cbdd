"""The graph says what it should: which sound is which word, at what cost; and its files are as OpenFst writes them."""

from __future__ import annotations

import hashlib
import math
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sung_words import rejection

from voicecoach.engines.recognition.vocabulary.fst import Transducer
from voicecoach.engines.recognition.vocabulary.graph import FORMAT, UNKNOWN, write_graph
from voicecoach.engines.recognition.vocabulary.phones import (
    NETWORK_PHONES,
    PHONE_COUNT,
    PHONES,
    SILENCE,
    SILENCE_ID,
    WordPosition,
    forward,
    network_phone,
    phone_id,
    positions,
    self_loop,
    word_boundaries,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon, Pronunciation
    from voicecoach.engines.recognition.vocabulary.rejection import Rejection

HEADER = struct.Struct("<i i5s i8s iiQqqq")
STATE = struct.Struct("<fIIII")
ARC = struct.Struct("<iifi")
ILABEL_SORTED, OLABEL_SORTED = 0x10000000, 0x40000000
SILENCE_COST, NO_SILENCE_COST = 0.4, 0.9
Reached: TypeAlias = dict[tuple[int, tuple[int, ...]], float]
"""States, and what was put out on the way to them, at what cost."""


@dataclass
class Fst:
    """A transducer that was read back, by a reader of the tests' own."""

    properties: int
    finals: list[float]
    arcs: list[list[tuple[int, int, float, int]]]

    def outputs(self, inputs: Iterable[int]) -> dict[tuple[int, ...], float]:
        """Everything that can be put out for ``inputs``, and the least that it costs."""
        reached = self._without_input({(0, ()): 0.0})
        for label in inputs:
            reached = self._without_input(self._moved(reached, label))
        ended: dict[tuple[int, ...], float] = {}
        for (state, said), cost in reached.items():
            ended[said] = min(cost + self.finals[state], ended.get(said, math.inf))
        return {said: cost for said, cost in ended.items() if math.isfinite(cost)}

    def _moved(self, reached: Reached, label: int) -> Reached:
        moved: Reached = {}
        for (state, said), cost in reached.items():
            for ilabel, olabel, arc_cost, target in self.arcs[state]:
                key = (target, (*said, olabel) if olabel else said)
                if ilabel == label:
                    moved[key] = min(cost + arc_cost, moved.get(key, math.inf))
        return moved

    def _without_input(self, reached: Reached) -> Reached:
        more = dict(reached)
        for key, cost in self._moved(reached, 0).items():
            more[key] = min(cost, more.get(key, math.inf))
        return reached if more == reached else self._without_input(more)


def read_fst(path: Path) -> Fst:
    """Read OpenFst's const format, and see that the file is as long as it says and that its counts are right."""
    data = path.read_bytes()
    magic, _, kind, _, weights, version, flags, properties, start, states, arcs = HEADER.unpack_from(data)
    assert (magic, kind, weights, version, flags, start) == (2125659606, b"const", b"standard", 2, 0, 0)
    table = HEADER.size + states * STATE.size
    assert len(data) == table + arcs * ARC.size
    fst = Fst(properties, [], [])
    for final, first, count, in_epsilons, out_epsilons in STATE.iter_unpack(data[HEADER.size : table]):
        begin = table + first * ARC.size
        own = [*ARC.iter_unpack(data[begin : begin + count * ARC.size])]
        assert [sum(arc[side] == 0 for arc in own) for side in (0, 1)] == [in_epsilons, out_epsilons]
        assert all(0 <= target < states for *_, target in own)
        fst.finals.append(final)
        fst.arcs.append(own)
    return fst


def spoken(*words: str) -> list[int]:
    """The transition-ids of some words, one after another, each phone two frames long; ``SIL`` is a silence."""
    numbers: list[int] = []
    for said in words:
        phones = said.split()
        numbers += [SILENCE_ID] if said == SILENCE else map(phone_id, phones, positions(len(phones)))
    return [label for number in numbers for label in (forward(number), self_loop(number))]


class Graph:
    """What `write_graph` writes, asked by words."""

    def __init__(self, lexicon: Lexicon, rejected: Rejection) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            write_graph(folder, lexicon, rejected)
            self.hcl, self.grammar = read_fst(folder / "HCLr.fst"), read_fst(folder / "Gr.fst")
            table = [line.split() for line in (folder / "words.txt").read_text().splitlines()]
        self.labels = {word: int(label) for word, label in table}

    def heard(self, *words: str) -> dict[str, float]:
        """What the sound of ``words``, given as phones, can be, and the cost of each."""
        names = {label: word for word, label in self.labels.items()}
        outputs = self.hcl.outputs(spoken(*words))
        return {" ".join(names[label] for label in said): cost for said, cost in outputs.items()}


def silences(**changes: object) -> Rejection:
    """What `rejection` gives, with silences that cost what this file says."""
    return rejection(silence_cost=SILENCE_COST, no_silence_cost=NO_SILENCE_COST, **changes)


LEXICON: Lexicon = {
    "go": (("G", "OW"),),
    "goat": (("G", "OW", "T"),),
    "note": (("N", "OW", "T"),),
    "oh": (("OW",),),
    "the": (("DH", "AH"), ("DH", "IY")),
}


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(LEXICON, silences(loop_shortest=3))


def test_a_word_costs_what_the_silences_around_it_cost(graph: Graph) -> None:
    around = {
        ("G OW",): 2 * NO_SILENCE_COST,
        ("SIL", "G OW"): SILENCE_COST + NO_SILENCE_COST,
        ("SIL", "G OW", "SIL"): 2 * SILENCE_COST,
    }
    assert {said: graph.heard(*said)["go"] for said in around} == pytest.approx(around)


def test_words_follow_each_other_with_a_silence_between_or_without(graph: Graph) -> None:
    assert graph.heard("G OW", "OW")["go oh"] == pytest.approx(3 * NO_SILENCE_COST)
    assert graph.heard("G OW", "SIL", "OW")["go oh"] == pytest.approx(2 * NO_SILENCE_COST + SILENCE_COST)


@pytest.mark.parametrize("said", ["DH AH", "DH IY"])
def test_every_pronunciation_is_the_word(graph: Graph, said: str) -> None:
    assert "the" in graph.heard(said)


def test_part_of_a_word_is_no_word(graph: Graph) -> None:
    assert not graph.heard("G")
    assert set(graph.heard("G OW T")) == {"goat", UNKNOWN}
    assert graph.hcl.outputs(spoken("G OW T")[:-2]) == {}


phones = st.sampled_from(["AA", "B", "K", "S"])
lexicons = st.dictionaries(
    st.sampled_from(["one", "two", "three", "four", "five", "six"]),
    st.lists(st.lists(phones, min_size=1, max_size=4).map(tuple), min_size=1, max_size=3).map(tuple),
    min_size=1,
)


@settings(max_examples=30)  # each writes and reads a graph
@given(lexicons, st.lists(phones, min_size=1, max_size=4).map(tuple))
def test_a_sound_is_heard_as_the_words_that_are_said_so_and_no_others(lexicon: Lexicon, said: Pronunciation) -> None:
    heard = Graph(lexicon, silences()).heard(" ".join(said))
    assert set(heard) - {UNKNOWN} == {word for word, pronunciations in lexicon.items() if said in pronunciations}


# --- what is no word --------------------------------------------------------------------------------------------------


def looped(said: Pronunciation, rejected: Rejection) -> float:
    """What ``said`` should cost as a path through the loop over all phones, the edges of the word included."""
    if len(said) < rejected.loop_shortest:
        return math.inf
    row = [0, *(NETWORK_PHONES.index(phone) for phone in said), 0]
    likelihood = sum(rejected.phone_bigram[before, after] for before, after in pairwise(row))
    return float(rejected.loop_entry + len(said) * rejected.loop_phone - likelihood)


@pytest.mark.parametrize("shortest", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_the_loop_over_all_phones_costs_what_the_bigram_says(shortest: int, count: int) -> None:
    bigram = np.random.default_rng(1).normal(-3, 1, (len(NETWORK_PHONES),) * 2)
    rejected = silences(phone_bigram=bigram, loop_entry=1.25, loop_phone=0.5, loop_shortest=shortest)
    said = tuple(PHONES[5 : 5 + count])
    heard = Graph({"oh": (("OW",),)}, rejected).heard(" ".join(said))
    expected = looped(said, rejected) + 2 * NO_SILENCE_COST
    assert heard.get(UNKNOWN, math.inf) == pytest.approx(expected, rel=1e-5)


def test_what_the_bigram_rules_out_is_not_in_the_loop() -> None:
    bigram = np.full((len(NETWORK_PHONES),) * 2, -3.0)
    bigram[NETWORK_PHONES.index("S"), NETWORK_PHONES.index("T")] = -np.inf
    graph = Graph({"oh": (("OW",),)}, silences(phone_bigram=bigram))
    assert all(math.isfinite(cost) for arcs in graph.hcl.arcs for _, _, cost, _ in arcs)
    assert UNKNOWN not in graph.heard("S T")
    assert UNKNOWN in graph.heard("T S")


costs = st.floats(0, 8).map(lambda cost: round(cost, 2))
anti_words = st.dictionaries(st.lists(phones, min_size=1, max_size=4).map(" ".join), costs, max_size=6)


@settings(max_examples=30)  # each writes and reads a graph
@given(lexicons, anti_words, costs)
def test_fillers_and_anti_words_are_unknown_at_their_cost(
    lexicon: Lexicon, anti: Mapping[str, float], filler_cost: float
) -> None:
    """However they share their beginnings, and whatever other words share their ends."""
    expected = dict(anti)
    for pronunciations in lexicon.values():
        for said in map(" ".join, pronunciations):
            expected[said] = min(filler_cost, expected.get(said, math.inf))
    rejected = silences(fillers=tuple(lexicon), filler_cost=filler_cost, anti_words=anti, loop_entry=100.0)
    graph = Graph(lexicon, rejected)
    found = {said: graph.heard(said)[UNKNOWN] - 2 * NO_SILENCE_COST for said in expected}
    assert found == pytest.approx(expected, abs=1e-4)


def test_the_cheapest_is_unknown_at_the_way_in_and_nothing_is_paid_back() -> None:
    """A search drops paths by what they cost so far, so what is dear should be dear early."""
    anti = {"S T AA T": 1.0, "S T AA B": 2.0, "G OW": 3.0}
    graph = Graph(LEXICON, silences(anti_words=anti, fillers=("note",), filler_cost=5.0))
    assert all(cost >= 0 for arcs in graph.hcl.arcs for _, _, cost, _ in arcs)
    entries = {cost for arcs in graph.hcl.arcs for _, olabel, cost, _ in arcs if olabel == graph.labels[UNKNOWN]}
    assert entries == {1.0, 3.0}


# --- the files --------------------------------------------------------------------------------------------------------


@settings(max_examples=30)  # each writes and reads a graph
@given(lexicons)
def test_the_arcs_are_sorted_as_the_header_says(lexicon: Lexicon) -> None:
    graph = Graph(lexicon, silences(fillers=tuple(lexicon)))
    assert graph.hcl.properties & OLABEL_SORTED
    assert graph.grammar.properties & ILABEL_SORTED
    for arcs in graph.hcl.arcs:
        assert [olabel for _, olabel, *_ in arcs] == sorted(olabel for _, olabel, *_ in arcs)
    for arcs in graph.grammar.arcs:
        assert [ilabel for ilabel, *_ in arcs] == sorted(ilabel for ilabel, *_ in arcs)


def test_a_header_does_not_claim_what_is_not_so(tmp_path: Path) -> None:
    fst = Transducer()
    state = fst.add_state()
    fst.set_final(state, 0.5)
    fst.add_arc(state, (1, 2), state)
    fst.add_arc(state, (2, 1), state)
    fst.write(tmp_path / "fst", sort="olabel")
    read = read_fst(tmp_path / "fst")
    assert not read.properties & ILABEL_SORTED
    assert read.properties & OLABEL_SORTED
    assert read.finals == [0.5]
    assert read.arcs == [[(2, 1, 0.0, 0), (1, 2, 0.0, 0)]]


def test_the_grammar_of_all_words_makes_them_equally_likely(graph: Graph) -> None:
    every = set(graph.labels) - {"<eps>"}
    assert every == {*LEXICON, UNKNOWN}
    (arcs,) = graph.grammar.arcs
    assert {ilabel for ilabel, *_ in arcs} == {graph.labels[word] for word in every}
    assert all(ilabel == olabel and cost == pytest.approx(math.log(6)) for ilabel, olabel, cost, _ in arcs)


def test_the_number_that_is_no_transition_is_none(tmp_path: Path) -> None:
    write_graph(tmp_path, LEXICON, silences())
    (unused,) = (tmp_path / "disambig_tid.int").read_text().split()
    assert int(unused) > max(self_loop(PHONE_COUNT), forward(PHONE_COUNT))


@settings(max_examples=20)  # each writes and reads two graphs
@given(lexicons)
def test_the_graph_grows_by_the_endings_that_it_does_not_have(lexicon: Lexicon) -> None:
    """Words share them, so that ten thousand words fit into a small file; the loop has those of one phone."""
    said = {pronunciation for pronunciations in lexicon.values() for pronunciation in pronunciations}
    placed = [tuple(zip(phones, positions(len(phones)), strict=True)) for phones in said]
    endings = {word[start:] for word in placed for start in range(len(word))}
    new = [ending for ending in endings if len(ending) > 1]
    empty, full = (Graph(words, silences(loop_shortest=1)) for words in ({}, lexicon))
    assert len(full.hcl.arcs) - len(empty.hcl.arcs) == len(new)


def test_the_same_words_are_the_same_file_and_another_format_has_another_number(tmp_path: Path) -> None:
    """Graphs are kept on users' machines: when this digest must be changed, `FORMAT` must be raised."""
    write_graph(tmp_path, LEXICON, silences(fillers=("go",), filler_cost=2.0, anti_words={"N OW": 1.0}))
    digest = hashlib.sha256((tmp_path / "HCLr.fst").read_bytes()).hexdigest()
    assert (FORMAT, digest[:16]) == (1, "02bfb29d3a5ac439")


# --- the phones' numbers ----------------------------------------------------------------------------------------------


def test_every_phone_has_a_number_of_its_own_and_knows_its_scores() -> None:
    numbers = {phone_id(phone, position): phone for phone in PHONES for position in WordPosition}
    assert sorted([SILENCE_ID, *numbers]) == list(range(1, PHONE_COUNT + 1))
    assert {number: NETWORK_PHONES[network_phone(number)] for number in numbers} == numbers
    assert NETWORK_PHONES[network_phone(SILENCE_ID)] == SILENCE


def test_the_numbers_are_those_that_models_are_made_with() -> None:
    assert PHONE_COUNT == 157
    assert [phone_id("AA", position) for position in WordPosition] == [2, 3, 4, 5]
    assert phone_id("ZH", WordPosition.SINGLETON) == 157
    assert (self_loop(157), forward(157)) == (313, 314)


def test_word_boundaries_say_of_each_phone_where_it_stands() -> None:
    lines = word_boundaries().splitlines()
    assert lines[:6] == ["1 nonword", "2 begin", "3 end", "4 internal", "5 singleton", "6 begin"]
    assert len(lines) == PHONE_COUNT
