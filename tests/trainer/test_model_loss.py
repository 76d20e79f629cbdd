"""The objective of training, compared with all paths written out one by one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch", reason='needs the extra "train"')

import torch

from model.loss import Transcripts, denominator, lattice_free_mmi, numerator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

PHONES = 3
"""Silence is 0."""


@dataclass(frozen=True)
class Case:
    """An utterance."""

    phones: tuple[int, ...]
    optional: tuple[bool, ...]
    frames: int


CASES = {
    "silence": Case((0,), (False,), 3),
    "as many frames as phones": Case((0, 1, 0), (False,) * 3, 3),
    "one phone": Case((0, 1, 0), (False,) * 3, 5),
    "the same phone twice": Case((0, 1, 1, 0), (False,) * 4, 6),
    "a silence that may be left out": Case((0, 1, 0, 2, 0), (False, False, True, False, False), 5),
    "and must be": Case((0, 1, 0, 2, 0), (False, False, True, False, False), 4),
    "two of them": Case((0, 2, 0, 1, 0, 1, 0), (False, False, True, False, True, False, False), 6),
    "one between the same phones": Case((0, 1, 0, 1, 0), (False, False, True, False, False), 6),
}


def chance(*seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def bigram() -> NDArray[np.float64]:
    weights = chance(9).uniform(0.1, 1, (PHONES, PHONES))
    return np.asarray(np.log(weights / weights.sum(axis=1, keepdims=True)))


def scores_of(*frames: int, time: int | None = None) -> torch.Tensor:
    """Random scores: (batch, time, PHONES, 2); behind an utterance's end there is anything."""
    scores = chance(1, *frames).normal(0, 1.5, (len(frames), time or max(frames), PHONES, 2))
    for row, count in enumerate(frames):
        scores[row, count:] = chance(2).normal(0, 1, scores[row, count:].shape) * 300
    return torch.from_numpy(scores).float()


def transcripts_of(cases: Sequence[Case]) -> Transcripts:
    table = torch.from_numpy(bigram()).float()
    return Transcripts.of([case.phones for case in cases], [case.optional for case in cases], table)


# --- all paths, one by one --------------------------------------------------------------------------------------------


def path_weight(path: Sequence[int], phones: Sequence[int], entered: Sequence[bool], scores: Scores) -> float:
    """Of the phones ``phones[place]`` for each place of the ``path``, where ``entered`` says that a new one begins."""
    total, before = 0.0, None
    for t, (place, new) in enumerate(zip(path, entered, strict=True)):
        phone = phones[place]
        total += scores[t, phone, 0 if new else 1]
        if new and before is not None:
            total += bigram()[before, phone]
        before = phone
    return total


def of_transcript(scores: Scores, case: Case) -> float:
    """The log weight of all paths through a transcript."""
    found = []
    last = len(case.phones) - 1
    for path in product(range(last + 1), repeat=case.frames):
        if path[0] != 0 or path[-1] != last:
            continue
        steps = [(new - old, all(case.optional[old + 1 : new])) for old, new in pairwise(path)]
        if all(step in {0, 1} or (step == 2 and skipped) for step, skipped in steps):
            found.append(path_weight(path, case.phones, [True, *(step > 0 for step, _ in steps)], scores))
    return float(np.logaddexp.reduce(found))


def of_anything(scores: Scores, case: Case) -> float:
    """The log weight of all paths through any phones, from silence to silence."""
    found = []
    for path in product(range(PHONES), repeat=case.frames):
        for later in product([False, True], repeat=case.frames - 1):
            stays_the_same = all(new or before == now for new, (before, now) in zip(later, pairwise(path), strict=True))
            if path[0] == path[-1] == 0 and stays_the_same:
                found.append(path_weight(path, range(PHONES), [True, *later], scores))
    return float(np.logaddexp.reduce(found))


def slope(function: Callable[[Scores, Case], float], scores: Scores, case: Case) -> Scores:
    """How ``function`` changes with each score, by small differences."""
    found = np.zeros_like(scores)
    small = 1e-4
    for place in np.ndindex(*scores[: case.frames].shape):
        more, less = scores.copy(), scores.copy()
        more[place] += small
        less[place] -= small
        found[place] = (function(more, case) - function(less, case)) / (2 * small)
    return found


# --- the comparison ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_numerator_is_the_sum_over_all_paths_through_the_transcript(case: Case) -> None:
    scores = scores_of(case.frames)
    total, occupied = numerator(scores, torch.tensor([case.frames]), transcripts_of([case]))
    assert total.item() == pytest.approx(of_transcript(scores[0].double().numpy(), case), abs=1e-4)
    np.testing.assert_allclose(occupied[0], slope(of_transcript, scores[0].double().numpy(), case), atol=1e-4)


@pytest.mark.parametrize("frames", [1, 2, 3, 4])
def test_the_denominator_is_the_sum_over_all_paths(frames: int) -> None:
    scores, case = scores_of(frames), Case((0,), (False,), frames)
    total, occupied = denominator(scores, torch.tensor([frames]), torch.from_numpy(bigram()).float())
    assert total.item() == pytest.approx(of_anything(scores[0].double().numpy(), case), abs=1e-4)
    np.testing.assert_allclose(occupied[0], slope(of_anything, scores[0].double().numpy(), case), atol=1e-4)


def test_utterances_of_unequal_length_are_what_they_are_alone() -> None:
    """However wild the scores behind the end of the shorter ones."""
    cases = list(CASES.values())
    frames = torch.tensor([case.frames for case in cases])
    scores = scores_of(*frames.tolist(), time=9)
    table = torch.from_numpy(bigram()).float()
    together = lattice_free_mmi(scores, frames, transcripts_of(cases), table)
    for row, case in enumerate(cases):
        alone = lattice_free_mmi(
            scores[row : row + 1, : case.frames], frames[row : row + 1], transcripts_of([case]), table
        )
        torch.testing.assert_close(together.value[row], alone.value[0], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(together.gradient[row, : case.frames], alone.gradient[0], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(together.alignment[row, : case.frames], alone.alignment[0], atol=1e-4, rtol=1e-4)
        assert not together.gradient[row, case.frames :].any()
        assert not together.alignment[row, case.frames :].any()


def test_every_frame_is_somewhere() -> None:
    """The probabilities of all outputs at a frame are one together, and the gradient pulls up as much as down."""
    case = CASES["two of them"]
    found = lattice_free_mmi(
        scores_of(6), torch.tensor([6]), transcripts_of([case]), torch.from_numpy(bigram()).float()
    )
    np.testing.assert_allclose(found.alignment.sum((2, 3)), 1, atol=1e-4)
    np.testing.assert_allclose(found.gradient.sum((2, 3)), 0, atol=1e-4)


@pytest.mark.parametrize("seed", range(10))
def test_the_objective_is_never_above_zero(seed: int) -> None:
    cases = list(CASES.values())
    scores = torch.from_numpy(chance(seed).normal(0, 4, (len(cases), 6, PHONES, 2))).float()
    frames = torch.tensor([case.frames for case in cases])
    found = lattice_free_mmi(scores, frames, transcripts_of(cases), torch.from_numpy(bigram()).float())
    assert bool((found.value < 1e-4).all())


def test_louder_scores_do_not_change_the_objective() -> None:
    """What is added to all scores of a frame is in the numerator and in the denominator; also when it is much."""
    case, frames = CASES["one phone"], torch.tensor([5])
    table = torch.from_numpy(bigram()).float()
    usual = lattice_free_mmi(scores_of(5), frames, transcripts_of([case]), table)
    louder = lattice_free_mmi(scores_of(5) + 200, frames, transcripts_of([case]), table)
    torch.testing.assert_close(louder.value, usual.value, atol=1e-2, rtol=0)
    torch.testing.assert_close(louder.gradient, usual.gradient, atol=1e-2, rtol=0)


def test_a_transcript_that_does_not_fit_has_a_value_that_says_so() -> None:
    """Beside one that fits, which does not mind."""
    fitting, too_long = CASES["one phone"], Case((0, 1, 2, 1, 2, 1, 0), (False,) * 7, 5)
    table = torch.from_numpy(bigram()).float()
    found = lattice_free_mmi(scores_of(5, 5), torch.tensor([5, 5]), transcripts_of([fitting, too_long]), table)
    assert found.value[0] > -30
    assert found.value[1] < -1000
    assert bool(torch.isfinite(found.gradient[0]).all())


def test_the_scores_are_not_part_of_a_record() -> None:
    """The gradient is computed here, so PyTorch need not remember how."""
    scores = scores_of(5).requires_grad_()
    table = torch.from_numpy(bigram()).float()
    found = lattice_free_mmi(scores, torch.tensor([5]), transcripts_of([CASES["one phone"]]), table)
    assert not found.value.requires_grad
    assert not found.gradient.requires_grad
