"""What a network learns from: utterances with what is said in them, in batches of about equal size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch

from model.loss import Transcripts
from model.mixing import Mixer, batch_of
from model.network import SUBSAMPLING
from voicecoach.engines.recognition.vocabulary.phones import NETWORK_PHONES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from model.store import UtteranceStore

SILENCE = 0
PHONE_NUMBER = {phone: number for number, phone in enumerate(NETWORK_PHONES)}


@dataclass(frozen=True, slots=True)
class Share:
    """A store of features, and how often each of its utterances comes in an epoch."""

    store: UtteranceStore
    weights: Mapping[str, float] = field(default_factory=dict)
    """By kind; 1 where none is named.  2.5: twice, and every other utterance once more."""
    phrases: Collection[str] = ()
    others: float = 1.0
    """So many times as often comes an utterance that is none of ``phrases``."""


class Lessons:
    """Everything to learn from, in batches of about equal size."""

    def __init__(
        self,
        shares: Sequence[Share],
        pronunciations: Mapping[str, Sequence[tuple[str, ...]]],
        unheard: Collection[str] = (),
    ) -> None:
        """Take in what there is.

        Args:
            shares: The utterances.
            pronunciations: Of every word; an utterance with another word is left out.
            unheard: Words that nobody but a synthetic voice says alone: such recordings are left out, to see how well
                a network hears what it never heard a person say alone.
        """
        self.shares = shares
        self.pronunciations = pronunciations
        self._rows = [
            (number, row)
            for number, share in enumerate(shares)
            for row, utterance in enumerate(share.store.utterances)
            if all(word in pronunciations for word in utterance.text.split())
            and (utterance.kind == "synthetic" or utterance.text not in unheard)
        ]

    def transcript(self, text: str, rng: np.random.Generator) -> tuple[list[int], list[bool]]:
        """The phones of ``text``, silence between its words optional; of several pronunciations any."""
        phones, optional = [SILENCE], [False]
        for word in text.split():
            known = self.pronunciations[word]
            chosen = known[int(rng.integers(len(known)))]
            phones += [PHONE_NUMBER[phone] for phone in chosen] + [SILENCE]
            optional += [False] * len(chosen) + [True]
        optional[-1] = False
        return phones, optional

    def bigram(self, rng: np.random.Generator) -> Tensor:
        """How often one phone follows another, with silence in a third of the gaps between words.

        Returns:
            (phones, phones) float32, natural logarithms; row: the phone before.
        """
        counts = np.full((len(NETWORK_PHONES), len(NETWORK_PHONES)), 0.3)
        for number, row in self._rows:
            phones, optional = self.transcript(self.shares[number].store.utterances[row].text, rng)
            spoken = [p for p, skip in zip(phones, optional, strict=True) if not skip or rng.random() < 1 / 3]
            np.add.at(counts, (spoken[:-1], spoken[1:]), 1)
        counts[SILENCE, SILENCE] = 1e-3
        return torch.from_numpy(np.log(counts / counts.sum(1, keepdims=True))).float()

    def normalisation(self, mixer: Mixer, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of each mel bin over what the network will get to hear: (40,) float32 each."""
        chosen = [self._rows[int(i)] for i in rng.choice(len(self._rows), min(1500, len(self._rows)), replace=False)]
        heard = np.concatenate([self._example(number, row, mixer, rng) for number, row in chosen])
        return torch.from_numpy(heard.mean(0)).float(), torch.from_numpy(heard.std(0)).float()

    def some(self, count: int, mixer: Mixer, rng: np.random.Generator) -> Tensor:
        """Features of ``count`` examples, as batches have them: (count, frames, 40) float32."""
        chosen = [self._rows[int(i)] for i in rng.choice(len(self._rows), min(count, len(self._rows)), replace=False)]
        return torch.from_numpy(batch_of([self._example(*place, mixer, rng) for place in chosen])[0])

    def epoch(self, frames: int, longest: int, rng: np.random.Generator) -> Iterator[list[tuple[int, int]]]:
        """Batches of (share, row) with about ``frames`` frames of features each, in any order."""
        order = [self._rows[int(i)] for i in rng.permutation(self._repeated(rng))]
        batches = []
        for start in range(0, len(order), 4096):
            window = sorted(order[start : start + 4096], key=lambda place: self._frames(*place))
            batch: list[tuple[int, int]] = []
            for place in window:
                length = self._frames(*place) + 60
                if length > longest:
                    continue
                if batch and (len(batch) + 1) * length > frames:
                    batches.append(batch)
                    batch = []
                batch.append(place)
            batches.append(batch)
        for index in rng.permutation(len(batches)):
            if batches[int(index)]:
                yield batches[int(index)]

    def load(
        self, batch: Sequence[tuple[int, int]], mixer: Mixer, bigram: Tensor, rng: np.random.Generator
    ) -> tuple[Tensor, Tensor, Transcripts]:
        """Examples of a batch: features (batch, frames, 40), frames of output (batch,), and what is said in them."""
        features, frames = batch_of([self._example(*place, mixer, rng) for place in batch])
        said = [self.transcript(self.shares[number].store.utterances[row].text, rng) for number, row in batch]
        outputs = torch.from_numpy((frames + SUBSAMPLING - 1) // SUBSAMPLING)
        transcripts = Transcripts.of([phones for phones, _ in said], [optional for _, optional in said], bigram)
        return torch.from_numpy(features), outputs, transcripts

    def _frames(self, number: int, row: int) -> int:
        return self.shares[number].store.length(row)

    def _example(self, number: int, row: int, mixer: Mixer, rng: np.random.Generator) -> NDArray[np.float32]:
        store = self.shares[number].store
        return mixer.example(np.asarray(store.row(row), np.float32), store.utterances[row], rng)

    def _repeated(self, rng: np.random.Generator) -> NDArray[np.int64]:
        times = np.array([self._weight(number, row) for number, row in self._rows])
        whole = np.floor(times).astype(int) + (rng.random(len(times)) < times % 1)
        return np.repeat(np.arange(len(times)), whole)

    def _weight(self, number: int, row: int) -> float:
        share = self.shares[number]
        utterance = share.store.utterances[row]
        weight = share.weights.get(utterance.source, share.weights.get(utterance.kind, 1.0))
        return weight if utterance.text in share.phrases else weight * share.others
