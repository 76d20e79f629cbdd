"""The head in torch: two convolutions over time, attention and maximum over all of it, a class for each meaning."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from voicecoach.engines.embedding.google import SIZE

WIDE = 192
DROPOUT = 0.2


class Head(nn.Module):
    """From rows to one number for each class, of which the softmax is a probability."""

    def __init__(self, classes: int, wide: int = WIDE) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(SIZE)
        self.first = nn.Conv1d(SIZE, wide, 3, padding=1)
        self.second = nn.Conv1d(wide, wide, 3, padding=1)
        self.attention = nn.Linear(wide, 1)
        self.out = nn.Linear(2 * wide, classes)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, rows: Tensor, there: Tensor) -> Tensor:
        """The scores of some pieces.

        Args:
            rows: (pieces, longest, size).
            there: (pieces, longest): which rows belong to a piece.

        Returns:
            (pieces, classes).
        """
        missing = ~there.unsqueeze(1)
        frames = self.norm(rows).transpose(1, 2).masked_fill(missing, 0.0)
        frames = torch.relu(self.first(frames)).masked_fill(missing, 0.0)
        frames = torch.relu(self.second(self.dropout(frames))).masked_fill(missing, 0.0).transpose(1, 2)
        share = self.attention(frames).squeeze(2).masked_fill(~there, -1e4).softmax(1)
        pooled = torch.cat([(share.unsqueeze(2) * frames).sum(1), frames.max(1).values], 1)
        scores: Tensor = self.out(self.dropout(pooled))
        return scores
