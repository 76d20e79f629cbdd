"""Trains the head on rows, and writes what the coach hears with."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from tqdm import tqdm

from model.store import read_store
from second_ear.network import Head
from second_ear.rows import OTHER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from model.store import TrainingUtterance, UtteranceStore

BATCH: Final = 128
RATE: Final = 3e-3
BLUR, SHIFT = 0.2, 0.2
"""What is added to rows: to each number by chance, and to all rows of a piece alike, as another microphone would; in
standard deviations of the means of pieces."""
AVERAGE: Final = 0.998
SHARES: Final[Mapping[str, float]] = {"kokoro": 1.0, "formants": 0.5, "people": 1.0, "night": 1.0}
"""How often a piece comes, by the store that it is in."""
NONE_SHARE: Final = 0.4
"""Of a batch, what is no phrase."""
MASKED: Final = 0.5
"""So often one or two rows of a piece are left out."""
_SHORT: Final = 10
"""Rows of a piece of which nothing is cut off."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is learnt from."""

    rows: tuple[NDArray[np.float16], ...]
    classes: NDArray[np.int64]
    weights: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.rows)


def gathered(
    stores: Mapping[str, Iterable[UtteranceStore]],
    keys: Sequence[str],
    *,
    kept_voices: Collection[str] = (),
    unheard: Collection[str] = (),
) -> Pieces:
    """Everything in ``stores``, which are named as in `SHARES`, but for what is kept.

    Args:
        stores: To learn from.
        keys: Of the classes.
        kept_voices: Of Kokoro, not to be learnt from.
        unheard: Words that no person is to be heard saying as a phrase.
    """
    number = {key: place for place, key in enumerate(keys)}
    rows: list[NDArray[np.float16]] = []
    classes: list[int] = []
    weights: list[float] = []
    for name, several in stores.items():
        for store in several:
            for index, told in enumerate(store.utterances):
                if not is_learnt(told, name, kept_voices, unheard):
                    continue
                key = told.kind if told.kind in number else OTHER
                rows.append(np.asarray(store.row(index), np.float16))
                classes.append(number[key])
                weights.append(SHARES[name])
    return Pieces(tuple(rows), np.array(classes), _balanced(np.array(classes), np.array(weights), number[OTHER]))


def is_learnt(
    told: TrainingUtterance, store: str, kept_voices: Collection[str] = (), unheard: Collection[str] = ()
) -> bool:
    """Whether something in a store of that name is learnt from, and nothing that is kept; see `gathered`."""
    is_kept = any(voice in told.source for voice in kept_voices)
    return not is_kept and not (store == "people" and told.text in unheard and told.kind != OTHER)


def _balanced(classes: NDArray[np.int64], weights: NDArray[np.float64], other: int) -> NDArray[np.float64]:
    """How likely each piece is drawn: a class by the root of its amount, what is no phrase by its share."""
    amounts = np.bincount(classes, weights)
    drawn: NDArray[np.float64] = weights * amounts[classes] ** -0.5
    nothing = classes == other
    for of, share in ((nothing, NONE_SHARE), (~nothing, 1 - NONE_SHARE)):
        if of.any():
            drawn[of] *= share / drawn[of].sum()
    drawn /= drawn.sum()
    return drawn


def known(  # noqa: PLR0913 - what is kept back, as in `gathered`
    stores: Mapping[str, Iterable[UtteranceStore]],
    keys: Iterable[str],
    least: int,
    least_of_a_phrase: int = 1,
    *,
    kept_voices: Collection[str] = (),
    unheard: Collection[str] = (),
) -> tuple[list[str], list[str]]:
    """Those of ``keys`` that were said at least so often in what is learnt from, and the phrases of them that were.

    Args:
        stores: As for `gathered`; those of which what is said counts.
        keys: Of classes.
        least: How often.
        least_of_a_phrase: How often each phrase.
        kept_voices: As for `gathered`, like the next.
        unheard: Words that no person is heard to say.
    """
    learnt = [
        told
        for name, several in stores.items()
        for store in several
        for told in store.utterances
        if is_learnt(told, name, kept_voices, unheard)
    ]
    said = Counter(told.kind for told in learnt)
    enough = [key for key in keys if said[key] >= least]
    phrases = Counter(told.text for told in learnt if told.kind in enough)
    return enough, sorted(phrase for phrase, times in phrases.items() if times >= least_of_a_phrase)


def padded(pieces: Sequence[NDArray[np.float16]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Pieces side by side, and which rows are theirs."""
    longest = max(map(len, pieces))
    rows = torch.zeros(len(pieces), longest, pieces[0].shape[1])
    there = torch.zeros(len(pieces), longest, dtype=torch.bool)
    for place, piece in enumerate(pieces):
        rows[place, : len(piece)] = torch.from_numpy(piece.astype(np.float32))
        there[place, : len(piece)] = True
    return rows, there


def train(pieces: Pieces, classes: int, steps: int, seed: int) -> Head:
    """A head; the average of what it was in the last steps."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng([seed, 5])
    head = Head(classes)
    average = deepcopy(head)
    optimiser = torch.optim.AdamW(head.parameters(), RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    loss = torch.nn.CrossEntropyLoss()  # smoothed labels would never let it be sure
    spread = torch.from_numpy(np.std([row.astype(np.float32).mean(0) for row in pieces.rows], axis=0))
    for _ in (bar := tqdm(range(steps), "head", disable=None)):
        drawn = rng.choice(len(pieces), BATCH, p=pieces.weights)
        rows, there = padded([_cropped(pieces.rows[int(one)], rng) for one in drawn])
        rows = rows + spread * (BLUR * torch.randn_like(rows) + SHIFT * torch.randn(len(rows), 1, rows.shape[2]))
        head.train()
        off = loss(head(rows, there), torch.from_numpy(pieces.classes[drawn]))
        optimiser.zero_grad()
        off.backward()
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            for kept, new in zip(average.parameters(), head.parameters(), strict=True):
                kept.lerp_(new, 1 - AVERAGE)
        bar.set_postfix(loss=f"{float(off.detach()):.3f}")
    average.eval()
    return average


def _cropped(rows: NDArray[np.float16], rng: np.random.Generator) -> NDArray[np.float16]:
    """As it may be heard: it begins and ends sooner or later, and something is drowned."""
    if len(rows) > _SHORT:
        rows = rows[int(rng.integers(0, 3)) : len(rows) - int(rng.integers(0, 4))]
    if rng.random() < MASKED:
        rows, at = rows.copy(), int(rng.integers(0, max(1, len(rows) - 1)))
        rows[at : at + int(rng.integers(1, 3))] = 0
    return rows


def probabilities(head: Head, pieces: Sequence[NDArray[np.float16]]) -> NDArray[np.float32]:
    """Shape (pieces, classes)."""
    batches = (padded(pieces[at : at + 2 * BATCH]) for at in range(0, len(pieces), 2 * BATCH))
    with torch.no_grad():
        return np.concatenate([torch.softmax(head(*batch), 1).numpy() for batch in batches])


def export(heads: Sequence[Head], keys: Sequence[str], phrases: Sequence[str], file: Path) -> None:
    """Write what `engines.meanings.head` reads: heads side by side, matrices of 16 bits, rows in, columns out."""
    each = [_arrays(head) for head in heads]
    stacked = {name: np.ascontiguousarray([arrays[name] for arrays in each], np.float16) for name in each[0]}
    np.savez_compressed(file, keys=np.array(keys), phrases=np.array(phrases), **stacked)  # type: ignore[arg-type]


def _arrays(head: Head) -> dict[str, NDArray[np.float32]]:
    weights = {name: value.detach().numpy() for name, value in head.state_dict().items()}
    return {
        "scale": weights["norm.weight"],
        "shift": weights["norm.bias"],
        **{
            name: weights[f"{name}.weight"].transpose(2, 1, 0).reshape(-1, weights[f"{name}.weight"].shape[0])
            for name in ("first", "second")
        },
        **{f"{name}_bias": weights[f"{name}.bias"] for name in ("first", "second", "attention", "out")},
        "attention": weights["attention.weight"].T,
        "out": weights["out.weight"].T,
    }


def stores_in(folder: Path) -> dict[str, list[UtteranceStore]]:
    """Those that rows were kept in, by the names of `SHARES`."""
    return {
        name: [read_store(one) for one in sorted(folder.glob(f"{name}*")) if not one.name.endswith(".unfinished")]
        for name in SHARES
    }
