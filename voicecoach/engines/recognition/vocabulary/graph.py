"""The decoding graph of a model, from its lexicon and what it rejects: what Kaldi calls HCL and G, and their tables.

At run time Vosk composes ``HCLr.fst``, which turns transitions into words, with a small grammar of the phrases valid
now.  The graph is drawn for that:

- A word is put out on the first arc of its pronunciation, so that only words of the grammar are ever searched.  Nothing
  tells words apart after that, hence pronunciations share the states of a common *end*.
- ``[unk]`` is put out on the way into a tree of fillers and anti-words, which share a common *beginning*, and into a
  loop over all phones.
- Arcs are sorted by output label, so that a grammar's few words are looked up among the thousands at the hub.

A phone is ``s -forward:label-> m`` with ``m -self_loop:epsilon-> m``.  Nothing is determinised, so disambiguation
symbols are not needed; Vosk wants a file of them, which names one number that is not used.
"""

from __future__ import annotations

import math
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, TypeAlias

from voicecoach.engines.recognition.vocabulary.fst import EPSILON, Transducer
from voicecoach.engines.recognition.vocabulary.lexicon import write_lexicon
from voicecoach.engines.recognition.vocabulary.phones import (
    NETWORK_PHONES,
    PHONE_COUNT,
    PHONES,
    SILENCE_ID,
    WordPosition,
    forward,
    network_phone,
    phone_id,
    positions,
    self_loop,
    word_boundaries,
)
from voicecoach.engines.recognition.vocabulary.rejection import write_rejection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from voicecoach.engines.recognition.vocabulary.lexicon import Lexicon, Pronunciation
    from voicecoach.engines.recognition.vocabulary.rejection import Rejection

FORMAT = 1
"""Raise it when the same lexicon gives another graph than before: graphs that are kept are then written again."""
UNKNOWN = "[unk]"
_UNUSED_TRANSITION = 2 * PHONE_COUNT + 1
_EDGE = 0
"""The row and column of silence, a word's edge, in a phone bigram."""


def write_graph(folder: Path, lexicon: Lexicon, rejection: Rejection) -> None:
    """Write the graph's files, and the lexicon and the rejection that they were made from, into ``folder``.

    Args:
        folder: The model's ``graph`` folder; made if it is not there.
        lexicon: Every word that the model is to know.
        rejection: What is to be heard as none of them; its fillers are words of the lexicon.

    Raises:
        KeyError: A filler is not in the lexicon, or a phone not in `PHONES`.
    """
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    labels = {word: number for number, word in enumerate([*sorted(lexicon), UNKNOWN], start=1)}
    _hcl(lexicon, rejection, labels).write(folder / "HCLr.fst", sort="olabel")
    _unigram(labels.values()).write(folder / "Gr.fst", sort="ilabel")
    table = "".join(f"{word} {number}\n" for word, number in {"<eps>": EPSILON, **labels}.items())
    (folder / "words.txt").write_text(table, encoding="utf-8")
    (folder / "disambig_tid.int").write_text(f"{_UNUSED_TRANSITION}\n", encoding="utf-8")
    (folder / "phones/word_boundary.int").write_text(word_boundaries(), encoding="utf-8")
    write_lexicon(folder / "lexicon.txt", lexicon)
    write_rejection(folder / "rejection.json", rejection)


def _unigram(labels: Iterable[int]) -> Transducer:
    """The grammar of a recogniser that is given none: all words, equally likely."""
    grammar, labels = Transducer(), list(labels)
    state = grammar.add_state()
    grammar.set_final(state)
    for label in labels:
        grammar.add_arc(state, (label, label), state, math.log(len(labels)))
    return grammar


def _hcl(lexicon: Lexicon, rejection: Rejection, labels: dict[str, int]) -> Transducer:
    """Transitions in, words out."""
    graph = _Graph(rejection.silence_cost, rejection.no_silence_cost)
    for word, pronunciations in lexicon.items():
        for pronunciation in dict.fromkeys(pronunciations):
            graph.add_word(pronunciation, labels[word])
    rejected = _rejected(lexicon, rejection)
    if rejected:
        graph.add_tree(rejected, labels[UNKNOWN])
    graph.add_phone_loop(rejection, labels[UNKNOWN])
    return graph.transducer


def _rejected(lexicon: Lexicon, rejection: Rejection) -> dict[tuple[int, ...], float]:
    """Every filler's and anti-word's phones, and its cost; of what is both, the lower one."""
    costs = {tuple(told.split()): cost for told, cost in rejection.anti_words.items()}
    for word in rejection.fillers:
        for pronunciation in lexicon[word]:
            costs[pronunciation] = min(rejection.filler_cost, costs.get(pronunciation, math.inf))
    return {_placed(pronunciation): cost for pronunciation, cost in costs.items()}


def _placed(pronunciation: Pronunciation) -> tuple[int, ...]:
    """The numbers of a pronunciation's phones, each for its place in the word."""
    return tuple(map(phone_id, pronunciation, positions(len(pronunciation))))


_Entry: TypeAlias = tuple[tuple[int, ...], float]
"""The numbers of a pronunciation's phones, and its cost."""


class _Graph:
    """A transducer that begins with an optional silence, and has one state, the hub, between any two words."""

    def __init__(self, silence_cost: float, no_silence_cost: float) -> None:
        self.transducer = Transducer()
        self._silence_cost, self._no_silence_cost = silence_cost, no_silence_cost
        start = self.transducer.add_state()
        self._hub = self.transducer.add_state()
        self.transducer.set_final(self._hub)
        self._silence = self._phone_state(SILENCE_ID)
        self.transducer.add_arc(self._silence, (EPSILON, EPSILON), self._hub)
        self._leave(start)
        self._ends: dict[tuple[int, ...], int] = {}
        """For some last phones of a word, the state in which the first of them goes on."""

    def add_word(self, pronunciation: Pronunciation, label: int) -> None:
        """Let a word be heard."""
        phones = _placed(pronunciation)
        self._enter(self._hub, phones[0], self._end(phones), label=label)

    def add_tree(self, costs: dict[tuple[int, ...], float], label: int) -> None:
        """Let any of the pronunciations be heard as the word ``label``."""
        least = min(costs.values())
        root = self.transducer.add_state()
        self.transducer.add_arc(self._hub, (EPSILON, label), root, least)
        self._add_branches(root, sorted(costs.items()), depth=0, paid=least)

    def add_phone_loop(self, rejection: Rejection, label: int) -> None:
        """Let any ``loop_shortest`` phones or more be heard as the word ``label``.

        The phones stand in layers, each a mapping from index in `NETWORK_PHONES` to state: one of first phones, as many
        of inner ones as the shortest path needs (the last of which leads back to itself), and one of last phones.
        """
        bigram = rejection.phone_bigram.tolist()

        def join(before: dict[int, int], after: dict[int, int], position: WordPosition) -> None:
            for former, source in before.items():
                for latter, target in after.items():
                    cost = rejection.loop_phone - bigram[former][latter]
                    if position in {WordPosition.END, WordPosition.SINGLETON}:
                        cost -= bigram[latter][_EDGE]
                    self._enter(source, phone_id(NETWORK_PHONES[latter], position), target, cost=cost)

        root = {_EDGE: self.transducer.add_state()}
        self.transducer.add_arc(self._hub, (EPSILON, label), root[_EDGE], rejection.loop_entry)
        first, last = self._layer(WordPosition.BEGIN), self._layer(WordPosition.END)
        inner = [self._layer(WordPosition.INTERNAL) for _ in range(max(1, rejection.loop_shortest - 2))]
        join(root, first, WordPosition.BEGIN)
        for before, after in pairwise([first, *inner, inner[-1]]):
            join(before, after, WordPosition.INTERNAL)
        join(inner[-1], last, WordPosition.END)
        if rejection.loop_shortest <= 2:  # noqa: PLR2004 - a first and a last phone
            join(first, last, WordPosition.END)
        if rejection.loop_shortest == 1:
            join(root, self._layer(WordPosition.SINGLETON), WordPosition.SINGLETON)

    def _layer(self, position: WordPosition) -> dict[int, int]:
        """A state for each phone: those in which a word ends are shared with the words."""
        phones = [phone_id(phone, position) for phone in PHONES]
        if position in {WordPosition.END, WordPosition.SINGLETON}:
            return {network_phone(phone): self._end((phone,)) for phone in phones}
        return {network_phone(phone): self._phone_state(phone) for phone in phones}

    def _end(self, phones: tuple[int, ...]) -> int:
        """The state in which the first of ``phones``, the last ones of a word, goes on; the others follow."""
        if phones not in self._ends:
            self._ends[phones] = state = self._phone_state(phones[0])
            if len(phones) == 1:
                self._leave(state)
            else:
                self._enter(state, phones[1], self._end(phones[1:]))
        return self._ends[phones]

    def _add_branches(self, source: int, entries: Sequence[_Entry], depth: int, paid: float) -> None:
        """Lead on from ``source`` to every entry; they are sorted and have their first ``depth`` phones in common.

        An arc costs what the cheapest entry behind it costs beyond what was ``paid`` on the way, so that the search
        drops dear entries early.  Where one entry is left, the rest of it is an end that words share.
        """
        for phone, group in groupby(entries, key=lambda entry: entry[0][depth]):
            branch = list(group)
            least = min(cost for _, cost in branch)
            if len(branch) == 1:
                target = self._end(branch[0][0][depth:])
            else:
                target = self._phone_state(phone)
                self._add_branches(target, branch, depth + 1, least)
            self._enter(source, phone, target, cost=least - paid)

    def _phone_state(self, phone: int) -> int:
        """A state in which ``phone`` goes on."""
        state = self.transducer.add_state()
        self.transducer.add_arc(state, (self_loop(phone), EPSILON), state)
        return state

    def _enter(self, source: int, phone: int, target: int, *, label: int = EPSILON, cost: float = 0.0) -> None:
        """Let ``phone`` begin."""
        self.transducer.add_arc(source, (forward(phone), label), target, cost)

    def _leave(self, state: int) -> None:
        """Lead to the next word, with a silence before it or without."""
        self.transducer.add_arc(state, (EPSILON, EPSILON), self._hub, self._no_silence_cost)
        self._enter(state, SILENCE_ID, self._silence, cost=self._silence_cost)
