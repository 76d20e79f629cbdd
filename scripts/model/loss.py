"""Lattice-free MMI without a lattice, an alignment or a teacher: the objective that the network is trained with.

For an utterance it is the logarithm of the share that the paths through its own phones (the numerator) have in the
paths through any phones (the denominator, a phone bigram).  Povey and others, "Purely sequence-trained neural networks
for ASR based on lattice-free MMI", Interspeech 2016; trained from a flat start as in Hadian and others, "End-to-end
speech recognition using lattice-free MMI", Interspeech 2018.

The topology is Kaldi's for chain models: a phone's first frame has one output of the network, each further frame
another.  Both are always entered from the same place, so one forward score a phone is enough:

    a[t, q] = log( sum_p exp(a[t-1, p] + bigram[p, q]) * exp(first[t, q])  +  exp(a[t-1, q] + further[t, q]) )

The numerator uses the bigram's weights too, which makes it a part of the denominator: the objective is at most zero.
Gradients are the differences of the occupation probabilities; they are computed here by a backward pass of their own,
several times faster than through PyTorch's record of the forward pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

IMPOSSIBLE = -1e4
"""The logarithm of no probability at all, and still a number that can be added."""


@dataclass(frozen=True, slots=True)
class Transcripts:
    """The phones of a batch of utterances, padded to the longest; silence between words may be left out."""

    phones: Tensor
    """(batch, places) int64, from 0; the first and the last of an utterance are silence."""
    step: Tensor
    """(batch, places) float32, the bigram's weight of coming from the place before."""
    jump: Tensor
    """(batch, places) float32, that of coming from the one before that, over an optional silence."""
    last: Tensor
    """(batch,) int64, the place at which an utterance ends."""

    @classmethod
    def of(cls, phones: Sequence[Sequence[int]], optional: Sequence[Sequence[bool]], bigram: Tensor) -> Transcripts:
        """Lay out a batch.

        Args:
            phones: For each utterance, its phones in order.
            optional: For each of them, whether it may be skipped.
            bigram: (phones, phones) float32, natural logarithms; row: the phone before.
        """
        places = max(map(len, phones))
        ids = torch.zeros(len(phones), places, dtype=torch.long)
        may_skip = torch.zeros(len(phones), places, dtype=torch.bool)
        for row, (sequence, skippable) in enumerate(zip(phones, optional, strict=True)):
            ids[row, : len(sequence)] = torch.tensor(sequence)
            may_skip[row, : len(skippable)] = torch.tensor(skippable)
        last = torch.tensor([len(sequence) - 1 for sequence in phones])
        outside = torch.arange(places) > last[:, None]
        step = torch.full((len(phones), places), IMPOSSIBLE)
        step[:, 1:] = bigram[ids[:, :-1], ids[:, 1:]]
        jump = torch.full((len(phones), places), IMPOSSIBLE)
        jump[:, 2:] = torch.where(may_skip[:, 1:-1], bigram[ids[:, :-2], ids[:, 2:]], IMPOSSIBLE)
        return cls(ids, step.masked_fill(outside, IMPOSSIBLE), jump.masked_fill(outside, IMPOSSIBLE), last)


def numerator(scores: Tensor, frames: Tensor, transcripts: Transcripts) -> tuple[Tensor, Tensor]:
    """The weight of the paths through the transcript, and where they run.

    Args:
        scores: (batch, time, phones, 2) float32; the network's output for a phone's first and further frames.
        frames: (batch,) int64, how many frames of each row count.
        transcripts: What was said.

    Returns:
        (batch,) log weights, and the occupation probabilities, shaped as ``scores``.
    """
    batch, time, _, _ = scores.shape
    places = transcripts.phones.shape[1]
    index = transcripts.phones[:, None].expand(batch, time, places)
    first, further = scores[..., 0].gather(2, index), scores[..., 1].gather(2, index)
    forward = torch.full((time, batch, places), IMPOSSIBLE)
    entering = torch.full((time, batch, places), IMPOSSIBLE)
    entering[0, :, 0] = 0.0
    forward[0, :, 0] = first[:, 0, 0]
    for t in range(1, time):
        before = forward[t - 1]
        come = before[:, :-1] + transcripts.step[:, 1:]
        entering[t, :, 1:] = come
        entering[t, :, 2:] = torch.logaddexp(come[:, 1:], before[:, :-2] + transcripts.jump[:, 2:])
        forward[t] = torch.logaddexp(entering[t] + first[:, t], before + further[:, t])
    total = forward[frames - 1, torch.arange(batch), transcripts.last]
    occupied_first = torch.zeros(time, batch, places)
    occupied_further = torch.zeros(time, batch, places)
    end = torch.full((batch, places), IMPOSSIBLE)
    end[torch.arange(batch), transcripts.last] = 0.0
    backward = end
    for t in range(time - 1, -1, -1):
        backward = torch.where((frames - 1 == t)[:, None], end, backward)
        # What lies behind an utterance's end is anything, also too large for an exponential.
        through = torch.where((t < frames)[:, None], backward - total[:, None], IMPOSSIBLE)
        occupied_first[t] = (entering[t] + first[:, t] + through).exp()
        if t == 0:
            break
        occupied_further[t] = (forward[t - 1] + further[:, t] + through).exp()
        leaving = first[:, t] + backward
        onwards = further[:, t] + backward
        onwards[:, :-1] = torch.logaddexp(onwards[:, :-1], leaving[:, 1:] + transcripts.step[:, 1:])
        onwards[:, :-2] = torch.logaddexp(onwards[:, :-2], leaving[:, 2:] + transcripts.jump[:, 2:])
        backward = onwards
    occupation = torch.zeros_like(scores)
    occupation[..., 0].scatter_add_(2, index, occupied_first.transpose(0, 1))
    occupation[..., 1].scatter_add_(2, index, occupied_further.transpose(0, 1))
    return total, occupation


def denominator(scores: Tensor, frames: Tensor, bigram: Tensor) -> tuple[Tensor, Tensor]:
    """The weight of the paths through any phones that begin and end in silence, and where they run.

    Probabilities instead of their logarithms, made to sum to one at every frame.

    Args:
        scores: (batch, time, phones, 2) float32, silence as phone 0.
        frames: (batch,) int64, how many frames of each row count.
        bigram: (phones, phones) float32, natural logarithms; row: the phone before.

    Returns:
        (batch,) log weights, and the occupation probabilities, shaped as ``scores``.
    """
    batch, time, phones, _ = scores.shape
    highest = scores.amax(dim=(2, 3)).t().contiguous()
    weights = (scores - scores.amax(dim=(2, 3), keepdim=True)).exp().permute(1, 3, 0, 2).contiguous()
    follow = bigram.exp()
    forward = torch.zeros(time, batch, phones)
    entered = torch.zeros(time, batch, phones)
    scale = torch.ones(time, batch, 1)
    entered[0, :, 0] = 1.0
    now = entered[0] * weights[0, 0]
    for t in range(time):
        if t:
            torch.matmul(forward[t - 1], follow, out=entered[t])
            now = torch.addcmul(entered[t] * weights[t, 0], forward[t - 1], weights[t, 1])
        scale[t] = now.sum(1, keepdim=True).clamp_min(1e-30)
        forward[t] = now / scale[t]
    ends = forward[frames - 1, torch.arange(batch), 0].clamp_min(1e-30)
    so_far = (scale[..., 0].log() + highest).cumsum(0)
    total = so_far[frames - 1, torch.arange(batch)] + ends.log()
    occupation = torch.zeros(time, 2, batch, phones)
    end = torch.zeros(batch, phones)
    end[:, 0] = 1 / ends
    backward = end
    back_follow = follow.t().contiguous()
    for t in range(time - 1, -1, -1):
        backward = torch.where((frames - 1 == t)[:, None], end, backward)
        through = torch.where((t < frames)[:, None], backward / scale[t], 0.0)
        leaving = weights[t, 0] * through
        torch.mul(entered[t], leaving, out=occupation[t, 0])
        if t == 0:
            break
        staying = weights[t, 1] * through
        torch.mul(forward[t - 1], staying, out=occupation[t, 1])
        backward = torch.addmm(staying, leaving, back_follow)
    return total, occupation.permute(2, 0, 3, 1)


@dataclass(frozen=True, slots=True)
class Objective:
    """What a batch came to."""

    value: Tensor
    """(batch,) the objective of each utterance, at most zero."""
    gradient: Tensor
    """(batch, time, phones, 2): how the sum of the values changes with the scores."""
    alignment: Tensor
    """(batch, time, phones, 2): the probability of each output in the paths through the transcript."""


def lattice_free_mmi(scores: Tensor, frames: Tensor, transcripts: Transcripts, bigram: Tensor) -> Objective:
    """Compute the objective and its gradient; arguments as `numerator` and `denominator`.

    An utterance whose transcript cannot fit its frames, or is far from what the network hears, has a value that says
    so; the caller leaves it out.
    """
    scores = scores.detach().float()
    spoken, where_spoken = numerator(scores, frames, transcripts)
    anything, where_anything = denominator(scores, frames, bigram)
    return Objective(spoken - anything, where_spoken - where_anything, where_spoken)
