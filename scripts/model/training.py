"""Trains the network."""

from __future__ import annotations

import copy
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from tqdm import tqdm

from model.loss import Transcripts, lattice_free_mmi
from model.network import OUTPUTS, Network, NetworkShape

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from model.lessons import Lessons
    from model.mixing import Mixer

LEAST_FIT = -8.0
"""Of the objective a frame; an utterance below it does not say what its transcript says."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn."""

    steps: int = 11_000
    frames_a_batch: int = 9_000
    longest_frames: int = 900
    """Of one utterance; longer ones are left out, since a step takes as long as its longest utterance."""
    rate: float = 2e-3
    warm_up: int = 300
    dropout: float = 0.05
    weight_decay: float = 1e-2
    clip: float = 5.0
    label_weight: float = 0.1
    """Of the second output's cross entropy."""
    small_scores: float = 5e-4
    """Weight of the mean square of the scores: keeps them near those of probabilities."""
    averaging: float = 0.999
    """Of the weights, over steps: the average is better than any single step."""
    keep_every: int = 500
    """Steps between two checkpoints."""


@dataclass(slots=True)
class Trained:
    """A network, and what it takes to go on with it or to use it."""

    network: Network
    bigram: Tensor
    step: int


def train(  # noqa: PLR0913, PLR0917 - everything that a training depends on, each once
    lessons: Lessons,
    mixer: Mixer,
    shape: NetworkShape,
    schedule: Schedule,
    seed: int,
    checkpoint: Path,
    threads: int,
    learnt: Path | None = None,
) -> Trained:
    """Train from scratch, or from what was ``learnt`` in another round; go on from ``checkpoint`` where it is there.

    The same seed, data and number of threads give the same network, but for the last digits.

    Args:
        lessons: What to learn from.
        mixer: Makes examples of it, other ones every time.
        shape: The network's size.
        schedule: How long and how fast.
        seed: Of all chance.
        checkpoint: A file; written every ``schedule.keep_every`` steps and at the end.
        threads: Of the computation.
        learnt: The checkpoint of the round before.

    Returns:
        The average of the weights over the last steps.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = Network(shape, schedule.dropout)
    bigram = lessons.bigram(rng)
    mean, deviation = lessons.normalisation(mixer, rng)
    network.mean.copy_(mean)
    network.deviation.copy_(deviation)
    average = copy.deepcopy(network)
    optimizer = _optimizer(network, schedule)
    step = 0
    if checkpoint.is_file():
        step = _take_up(checkpoint, network, average, optimizer)
        rng = np.random.default_rng([seed, step])
    elif learnt is not None:
        _take_up(learnt, network, average, optimizer)
    progress = tqdm(total=schedule.steps, initial=step, desc="training", unit="step", mininterval=10)
    recent: list[float] = []
    began = time.monotonic()
    while step < schedule.steps:
        for batch in lessons.epoch(schedule.frames_a_batch, schedule.longest_frames, rng):
            features, frames, transcripts = lessons.load(batch, mixer, bigram, rng)
            for group in optimizer.param_groups:
                group["lr"] = _rate(step, schedule)
            recent.append(_learn(network, optimizer, schedule, (features, frames, transcripts, bigram)))
            _follow(average, network, min(schedule.averaging, (step + 1) / (step + 100)))
            step += 1
            progress.update()
            if step % 50 == 0:
                progress.set_postfix(objective=f"{np.mean(recent[-200:]):.4f}", refresh=False)
            if step % schedule.keep_every == 0 or step == schedule.steps:
                _keep(checkpoint, network, average, optimizer, step)
                tqdm.write(f"{time.monotonic() - began:6.0f} s  step {step}  objective {np.mean(recent[-500:]):.4f}")
            if step == schedule.steps:
                break
    progress.close()
    return Trained(average.eval(), bigram, step)


def _learn(
    network: Network,
    optimizer: torch.optim.Optimizer,
    schedule: Schedule,
    batch: tuple[Tensor, Tensor, Transcripts, Tensor],
) -> float:
    """One step; gives the objective a frame."""
    features, frames, transcripts, bigram = batch
    network.train()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_bfloat16()):
        scores, labels = network(features)
    scores, labels = scores.float(), labels.float()
    shaped = scores.view(*scores.shape[:2], OUTPUTS // 2, 2)
    found = lattice_free_mmi(shaped, frames, transcripts, bigram)
    # A transcript that does not fit what is heard says nothing about any frame.
    fits = (found.value > LEAST_FIT * frames) & torch.isfinite(found.gradient).flatten(1).all(1)
    total = frames.sum()
    pull = torch.where(fits[:, None, None, None], found.gradient, 0.0).view_as(scores)
    named = torch.where(fits[:, None, None, None], found.alignment, 0.0).view_as(scores)
    counted = (torch.arange(scores.shape[1])[None] < frames[:, None])[..., None]
    loss = -(scores * pull).sum() / total
    loss = loss - schedule.label_weight * (labels.log_softmax(2) * named).sum() / total
    loss = loss + schedule.small_scores * ((scores**2) * counted).sum() / total / OUTPUTS
    optimizer.zero_grad()
    loss.backward()
    if torch.isfinite(torch.nn.utils.clip_grad_norm_(network.parameters(), schedule.clip)):
        optimizer.step()
    return float(found.value[fits].sum() / total)


def _rate(step: int, schedule: Schedule) -> float:
    """Rises over the first steps, then falls along half a cosine to a hundredth."""
    rise = min(1.0, (step + 1) / schedule.warm_up)
    return schedule.rate * rise * (0.5 * (1 + math.cos(math.pi * step / schedule.steps)) + 0.01)


def _follow(average: Network, network: Network, share: float) -> None:
    """Move the average towards the network, ``share`` of it stays as it was; what batch norm measured moves too."""
    with torch.no_grad():
        for mean, now in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - share)


def _take_up(checkpoint: Path, network: Network, average: Network, optimizer: torch.optim.Optimizer) -> int:
    """Read a checkpoint; gives the step at which it was written."""
    kept = torch.load(checkpoint, weights_only=True)
    network.load_state_dict(kept["network"])
    average.load_state_dict(kept["average"])
    optimizer.load_state_dict(kept["optimizer"])
    return int(kept["step"])


def keep(checkpoint: Path, network: Network, schedule: Schedule) -> None:
    """Write a network that is to be gone on from, as if it had been trained here."""
    _keep(checkpoint, network, network, _optimizer(network, schedule), 0)


def _optimizer(network: Network, schedule: Schedule) -> torch.optim.Optimizer:
    return torch.optim.AdamW(network.parameters(), lr=schedule.rate, weight_decay=schedule.weight_decay)


def _keep(checkpoint: Path, network: Network, average: Network, optimizer: torch.optim.Optimizer, step: int) -> None:
    """Write a checkpoint: the old one stays until the new one is whole."""
    beside = checkpoint.with_suffix(".new")
    torch.save(
        {
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
        },
        beside,
    )
    beside.rename(checkpoint)


def _has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 by itself; otherwise it would be slower than float32."""
    return bool(torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001 - there is no public way to ask
