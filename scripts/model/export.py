"""From a trained network to the layers that Kaldi reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from model.kaldi import INPUT, Affine, Layer, Relu, Sum
from model.network import SUBSAMPLING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor, nn

    from model.network import Block, Network


def layers(network: Network) -> list[Layer]:
    """The network as Kaldi's components.

    Batch norm and the normalisation of the features become part of the filters before and after them, so nothing is
    left but products, sums and what is cut at zero.

    Returns:
        In the order in which they are computed; the last, ``scores``, is (2 * phones,) for every third frame.
    """
    network = network.eval()
    width, inner = network.shape.width, network.shape.inner
    with torch.no_grad():
        weights, bias = _with_norm(network.take_in, network.take_in_norm)
        weights = weights / network.deviation.double()[None, :, None]
        bias = bias - (weights * network.mean.double()[None, :, None]).sum((1, 2))
        found: list[Layer] = [
            _affine("in.affine", INPUT, (-2, -1, 0, 1, 2), weights, bias),
            Relu("in.relu", "in.affine", width),
            _affine("sub.affine", "in.relu", (-1, 0, 1), *_with_norm(network.subsample, network.subsample_norm)),
            Relu("sub.relu", "sub.affine", width),
        ]
        before = "sub.relu"
        for number, block in enumerate(cast("Iterable[Block]", network.blocks)):
            name = f"block{number}"
            offsets = tuple(SUBSAMPLING * offset for offset in block.delay.offsets)
            found += [
                _affine(f"{name}.affine", before, offsets, *_with_norm(block.filter, block.norm)),
                Relu(f"{name}.relu", f"{name}.affine", inner),
                _affine(f"{name}.back", f"{name}.relu", (0,), *_parameters(block.back)),
                Sum(f"{name}.sum", (before, f"{name}.back"), width),
            ]
            before = f"{name}.sum"
        found.append(_affine("scores", before, (0,), *_parameters(network.scores)))
    return found


def _with_norm(filter_: nn.Conv1d, norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    """A filter and the batch norm after it, as one filter and its bias."""
    mean, variance = norm.get_buffer("running_mean").double(), norm.get_buffer("running_var").double()
    scale = norm.weight.double() / torch.sqrt(variance + norm.eps)
    return filter_.weight.double() * scale[:, None, None], norm.bias.double() - mean * scale


def _parameters(filter_: nn.Conv1d) -> tuple[Tensor, Tensor]:
    return filter_.get_parameter("weight").double(), filter_.get_parameter("bias").double()


def _affine(name: str, source: str, offsets: tuple[int, ...], weights: Tensor, bias: Tensor) -> Affine:
    """A filter (out, in, taps) as one matrix whose columns are tap by tap."""
    flat = weights.permute(0, 2, 1).reshape(weights.shape[0], -1)
    return Affine(name, source, offsets, flat.float().numpy(), bias.float().numpy())
