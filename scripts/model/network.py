"""The acoustic network: a time-delay network with residual blocks, of parts that Kaldi's nnet3 has too.

Time-delay networks for speech: Waibel and others, IEEE Trans. ASSP 37 (1989); with subsampling: Peddinti and others,
Interspeech 2015; residual blocks: He and others, CVPR 2016.

It looks 0.15 s ahead and 0.63 s back.  What it sees of the future is waited for before a command is obeyed, so the
blocks lean to the left: the last two look back only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from voicecoach.engines.recognition.vocabulary.phones import NETWORK_PHONES

if TYPE_CHECKING:
    from torch import Tensor

MEL_BINS = 40
OUTPUTS = 2 * len(NETWORK_PHONES)
SUBSAMPLING = 3
"""Frames of features for one frame of output."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Which frames a block's filter sees, counted in frames of output: three of them, evenly spaced."""

    spacing: int
    ahead: int

    @property
    def offsets(self) -> tuple[int, int, int]:
        """The three, oldest first."""
        return self.ahead - 2 * self.spacing, self.ahead - self.spacing, self.ahead

    @property
    def behind(self) -> int:
        """How far back the oldest is."""
        return 2 * self.spacing - self.ahead


@dataclass(frozen=True, slots=True)
class NetworkShape:
    """The size of a network."""

    width: int = 192
    """Of what goes from block to block."""
    inner: int = 384
    """Of a block's filter."""
    delays: tuple[Delay, ...] = (Delay(1, 1), Delay(1, 1), Delay(2, 1), Delay(2, 1), Delay(3, 0), Delay(3, 0))

    @property
    def ahead(self) -> int:
        """Frames of features that the network looks ahead."""
        return 3 + SUBSAMPLING * sum(delay.ahead for delay in self.delays)

    @property
    def behind(self) -> int:
        """Frames of features that it looks back."""
        return 3 + SUBSAMPLING * sum(delay.behind for delay in self.delays)


class Block(nn.Module):
    """A filter over time, its way back to the network's width, and what came in added to it."""

    def __init__(self, shape: NetworkShape, delay: Delay, dropout: float) -> None:
        super().__init__()
        self.delay = delay
        self.filter = nn.Conv1d(shape.width, shape.inner, 3, dilation=delay.spacing, bias=False)
        self.norm = nn.BatchNorm1d(shape.inner)
        self.back = nn.Conv1d(shape.inner, shape.width, 1)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        """(batch, width, time) -> (batch, width, time less what the filter sees around it)."""
        y = self.back(functional.relu(self.norm(self.filter(x))))
        y = functional.dropout(y, self.dropout, self.training)
        end = x.shape[2] - self.delay.ahead
        return x[:, :, self.delay.behind : end] + y


class Network(nn.Module):
    """Log-mel features to scores."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, shape: NetworkShape | None = None, dropout: float = 0.05) -> None:
        super().__init__()
        self.shape = shape or NetworkShape()
        width = self.shape.width
        self.register_buffer("mean", torch.zeros(MEL_BINS))
        self.register_buffer("deviation", torch.ones(MEL_BINS))
        self.take_in = nn.Conv1d(MEL_BINS, width, 5, bias=False)
        self.take_in_norm = nn.BatchNorm1d(width)
        self.subsample = nn.Conv1d(width, width, 3, stride=SUBSAMPLING, bias=False)
        self.subsample_norm = nn.BatchNorm1d(width)
        self.blocks = nn.ModuleList(Block(self.shape, delay, dropout) for delay in self.shape.delays)
        self.scores = nn.Conv1d(width, OUTPUTS, 1)
        self.labels = nn.Conv1d(width, OUTPUTS, 1)
        """A second output, trained to name the numerator's states; it steadies the first and is not exported."""

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Compute scores and labels.

        Args:
            features: (batch, time, MEL_BINS).  Before the first and after the last frame, the network sees copies of
                them, as it does in Vosk.

        Returns:
            Twice (batch, ceil(time / 3), OUTPUTS): the scores, and logits of the labels.
        """
        x = ((features - self.mean) / self.deviation).transpose(1, 2)
        time = x.shape[2]
        wanted = (time + SUBSAMPLING - 1) // SUBSAMPLING
        after = self.shape.ahead + SUBSAMPLING * (wanted - 1) + 1 - time
        x = functional.pad(x, (self.shape.behind, after), mode="replicate")
        x = functional.relu(self.take_in_norm(self.take_in(x)))
        x = functional.relu(self.subsample_norm(self.subsample(x)))
        for block in self.blocks:
            x = block(x)
        return self.scores(x).transpose(1, 2), self.labels(x).transpose(1, 2)
