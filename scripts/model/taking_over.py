"""A network that ships as one that can be trained on: batch norm, which its layers had swallowed, is put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch

from model.kaldi_reading import read_weights
from model.network import Network
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from torch import Tensor, nn

    from model.kaldi_reading import Weights
    from model.network import Block, NetworkShape


def taken_over(model: Path, shape: NetworkShape, heard: Tensor) -> Network:
    """The network of ``model``, in which batch norm has measured ``heard`` and changes nothing of what is computed.

    The second output, which no model has, is as by chance.

    Args:
        model: A folder that `model.assembling` wrote.
        shape: Of its network.
        heard: (batch, frames, `MEL_BINS`), such as it will be trained on.

    Raises:
        BadFileError: The model cannot be read, or has another shape.
    """
    network = Network(shape)
    weights = read_weights(model / "am/final.mdl")
    with torch.no_grad():
        _fill(network, weights, model)
        _measure(network, heard)
    return network.eval()


def _fill(network: Network, weights: Mapping[str, Weights], model: Path) -> None:
    def load(name: str, convolution: nn.Conv1d, norm: nn.BatchNorm1d | None = None) -> None:
        size, into, taps = convolution.weight.shape
        found = weights.get(name)
        if found is None or found.matrix.shape != (size, into * taps):
            raise BadFileError(f"{model} has no layer {name} of {size} x {into * taps}: its network has another shape")
        matrix = torch.from_numpy(found.matrix.copy()).view(size, taps, into).permute(0, 2, 1)
        convolution.weight.copy_(matrix)
        bias = norm.bias if norm is not None else convolution.bias
        if bias is not None:
            bias.copy_(torch.from_numpy(found.bias.copy()))

    load("in.affine", network.take_in, network.take_in_norm)
    load("sub.affine", network.subsample, network.subsample_norm)
    for number, block in enumerate(_blocks(network)):
        load(f"block{number}.affine", block.filter, block.norm)
        load(f"block{number}.back", block.back)
    load("scores", network.scores)


def _measure(network: Network, heard: Tensor) -> None:
    """Have each batch norm know mean and variance of what comes to it, and undo what it does to it."""
    norms = [network.take_in_norm, network.subsample_norm, *(block.norm for block in _blocks(network))]
    for norm in norms:  # until it has measured, it passes on what comes in
        norm.get_buffer("running_mean").zero_()
        norm.get_buffer("running_var").fill_(1.0 - norm.eps)
    came: list[tuple[nn.BatchNorm1d, Tensor, Tensor]] = []

    def note(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        came.append((cast("nn.BatchNorm1d", norm), inputs[0].mean((0, 2)), inputs[0].var((0, 2), unbiased=False)))

    hooks = [norm.register_forward_pre_hook(note) for norm in norms]
    network.eval()(heard)
    for hook in hooks:
        hook.remove()
    for norm, mean, variance in came:
        norm.get_buffer("running_mean").copy_(mean)
        norm.get_buffer("running_var").copy_(variance)
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.add_(mean)


def _blocks(network: Network) -> Iterable[Block]:
    return cast("Iterable[Block]", network.blocks)
