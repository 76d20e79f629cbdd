r"""Writes the parts of a Vosk model that hold its network: Kaldi's ``am/final.mdl``, and ``conf/``.

Of Kaldi's binary format only what a small network needs.  Every token is followed by a blank; an int32 or a float is a
byte 4 and four bytes, little endian; a vector is ``FV``, its length and its floats; a matrix is ``FM``, rows, columns
and its floats row by row; a vector of ints is a byte 4, its length and its ints.  A matrix of half the size is ``CM2``,
its least value, its range, rows, columns (four bytes each, without a byte 4) and its values row by row, in 65,535ths of
the range; Kaldi reads it wherever it reads a matrix (``Matrix::Read``, ``CompressedMatrix::Read``).

    \0B <TransitionModel> <Topology> … </Topology> <Tuples> … </Tuples> <LogProbs> … </LogProbs> </TransitionModel>
    <Nnet3> configuration lines, an empty line, <NumComponents> n (<ComponentName> name <TypeComponent> …)* </Nnet3>
    <LeftContext> 0 <RightContext> 0 <Priors> empty vector

Kaldi works out the contexts by itself.  Frames before the first and after the last are copies of those two: the
network's *input* is extended by as many as its offsets reach, so what a layer sees at an edge is what the layers below
make of such copies, not zeros.  The output has ceil(frames / subsampling) rows, and row k stands on frame k times the
subsampling.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from voicecoach.engines.recognition.vocabulary.phones import PHONE_COUNT, SILENCE_ID, network_phone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

INPUT = "input"
"""The name that the features go by, among the layers."""
_STAY = 0.5
"""Probability of both of a phone's transitions; in a chain model it is the graph and the scores that decide."""


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """Frames of a layer, side by side, times a matrix, plus a bias."""

    name: str
    source: str
    """The layer that it reads, or `INPUT`."""
    offsets: tuple[int, ...]
    """Which frames it sees, counted in frames of features from its own; in any order."""
    weights: NDArray[np.float32]
    """Shape (size, offsets times the source's size): the columns of the first offset come first."""
    bias: NDArray[np.float32]
    """Shape (size,)."""


@dataclass(frozen=True, slots=True)
class Relu:
    """What is below zero becomes zero."""

    name: str
    source: str
    size: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Two layers of the same size, added."""

    name: str
    sources: tuple[str, str]
    size: int


Layer: TypeAlias = Affine | Relu | Sum
"""A step of a network; ``name`` has no blank."""
WeightBits: TypeAlias = Literal[16, 32]


def write_model(path: Path, layers: Sequence[Layer], feature_size: int, *, weight_bits: WeightBits = 32) -> None:
    """Write ``am/final.mdl`` for the phones of `voicecoach.engines.recognition.vocabulary.phones`.

    Args:
        path: The file; its folder is made if it is not there.
        layers: Each reads `INPUT` or layers before it; the last one's 80 columns are the scores of the pdfs, natural
            logs up to a constant.
        feature_size: Columns of the features.
        weight_bits: Of each weight in the file; 16 halve it, and round to the 65,535th part of each matrix's range.  In
            memory a weight has 32 either way, and a bias has them in the file, too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\0B" + transition_model() + _network(layers, feature_size, weight_bits))


def transition_model() -> bytes:
    """The phones' states and the pdfs that they own: from ``<TransitionModel>`` to ``</TransitionModel>``."""
    out = _Writer()
    phones = range(1, PHONE_COUNT + 1)
    out.tokens("<TransitionModel>", "<Topology>")
    out.int32s(list(phones))
    out.int32s([-1] + [0] * PHONE_COUNT)  # which topology each phone has; there is no phone 0
    out.int32(-1).int32(1)  # -1: forward and self-loop have pdfs of their own; one topology
    out.int32(2)  # of two states:
    out.int32(0).int32(1)  # one that emits, with pdf class 0 as it is entered (forward) and 1 in its self-loop
    out.int32(2).int32(0).float32(_STAY).int32(1).float32(1 - _STAY)  # and two transitions, to itself and to the end
    out.int32(-1).int32(-1).int32(0)  # the end: no pdfs, no transitions
    out.tokens("</Topology>", "<Tuples>").int32(PHONE_COUNT)
    for phone in phones:
        forward_pdf = 2 * network_phone(phone)
        out.int32(phone).int32(0).int32(forward_pdf).int32(forward_pdf + 1)
    log_probabilities = np.full(1 + 2 * PHONE_COUNT, np.log(_STAY), np.float32)
    log_probabilities[0] = 0  # there is no transition 0
    out.tokens("</Tuples>", "<LogProbs>").vector(log_probabilities).tokens("</LogProbs>", "</TransitionModel>")
    return out.data()


def _network(layers: Sequence[Layer], feature_size: int, weight_bits: WeightBits) -> bytes:
    """From ``<Nnet3>`` to the end of the file."""
    nodes = [f"component-node name={layer.name} component={layer.name} input={_sources(layer)}" for layer in layers]
    lines = [
        f"input-node name={INPUT} dim={feature_size}",
        *nodes,
        f"output-node name=output input={layers[-1].name} objective=linear",
    ]
    out = _Writer()
    out.tokens("<Nnet3>").text("\n" + "\n".join(lines) + "\n\n")
    out.tokens("<NumComponents>").int32(len(layers))
    for layer in layers:
        out.tokens("<ComponentName>", layer.name)
        _component(out, layer, weight_bits)
    out.tokens("</Nnet3>", "<LeftContext>").int32(0).tokens("<RightContext>").int32(0)
    out.tokens("<Priors>").vector(np.zeros(0, np.float32))
    return out.data()


def _sources(layer: Layer) -> str:
    """What a layer reads, in Kaldi's language of descriptors."""
    if isinstance(layer, Sum):
        return f"Sum({layer.sources[0]}, {layer.sources[1]})"
    if isinstance(layer, Relu):
        return layer.source
    frames = [layer.source if offset == 0 else f"Offset({layer.source}, {offset})" for offset in layer.offsets]
    return frames[0] if len(frames) == 1 else f"Append({', '.join(frames)})"


def _component(out: _Writer, layer: Layer, weight_bits: WeightBits) -> None:
    match layer:
        case Affine():
            out.tokens("<AffineComponent>", "<LearningRate>").float32(0)
            out.tokens("<LinearParams>")
            (out.matrix if weight_bits == 32 else out.compressed_matrix)(layer.weights)  # noqa: PLR2004 - bits of a float
            out.tokens("<BiasParams>").vector(layer.bias)
            out.tokens("</AffineComponent>")
        case Relu():
            nothing = np.zeros(0, np.float32)
            out.tokens("<RectifiedLinearComponent>", "<Dim>").int32(layer.size)
            out.tokens("<ValueAvg>").vector(nothing).tokens("<DerivAvg>").vector(nothing).tokens("<Count>").float32(0)
            out.tokens("<OderivRms>").vector(nothing).tokens("<OderivCount>").float32(0)
            out.tokens("<NumDimsSelfRepaired>").float32(0).tokens("<NumDimsProcessed>").float32(0)
            out.tokens("</RectifiedLinearComponent>")
        case Sum():  # a node of its own, because an offset can only be taken of a node
            out.tokens("<NoOpComponent>", "<Dim>").int32(layer.size).tokens("<BackpropScale>").float32(1)
            out.tokens("</NoOpComponent>")


class _Writer:
    """Kaldi's primitives; every method returns the writer."""

    def __init__(self) -> None:
        self._stream = BytesIO()

    def data(self) -> bytes:
        return self._stream.getvalue()

    def raw(self, data: bytes) -> _Writer:
        self._stream.write(data)
        return self

    def text(self, text: str) -> _Writer:
        return self.raw(text.encode("ascii"))

    def tokens(self, *tokens: str) -> _Writer:
        return self.text("".join(f"{token} " for token in tokens))

    def int32(self, value: int) -> _Writer:
        return self.raw(struct.pack("<bi", 4, value))

    def float32(self, value: float) -> _Writer:
        return self.raw(struct.pack("<bf", 4, value))

    def int32s(self, values: Sequence[int]) -> _Writer:
        return self.raw(struct.pack("<bi", 4, len(values)) + np.array(values, "<i4").tobytes())

    def vector(self, values: NDArray[np.float32]) -> _Writer:
        return self.tokens("FV").int32(len(values)).raw(values.astype("<f4").tobytes())

    def matrix(self, rows: NDArray[np.float32]) -> _Writer:
        return self.tokens("FM").int32(rows.shape[0]).int32(rows.shape[1]).raw(rows.astype("<f4").tobytes())

    def compressed_matrix(self, rows: NDArray[np.float32]) -> _Writer:
        least = float(rows.min())
        span = float(rows.max()) - least or 1.0
        steps = np.rint((rows.astype(np.float64) - least) / span * 0xFFFF)
        return self.tokens("CM2").raw(struct.pack("<ffii", least, span, *rows.shape) + steps.astype("<u2").tobytes())


FEATURES: Mapping[str, str] = {
    "sample-frequency": "16000",
    "num-mel-bins": "40",
    "low-freq": "20",
    "high-freq": "7600",
    "dither": "0.0",
    "use-energy": "false",
    "window-type": "povey",
    "frame-length": "25",
    "frame-shift": "10",
    "snip-edges": "true",
}
"""``conf/fbank.conf``: log-mel features, no normalisation."""
DECODING: Mapping[str, str] = {
    "min-active": "200",
    "max-active": "3000",
    "beam": "13.0",
    "lattice-beam": "3.0",
    "acoustic-scale": "1.0",
    "frame-subsampling-factor": "3",
    "endpoint.silence-phones": str(SILENCE_ID),
    "endpoint.rule1.min-trailing-silence": "5.0",
    "endpoint.rule2.min-trailing-silence": "0.5",
    "endpoint.rule3.min-trailing-silence": "0.75",
    "endpoint.rule4.min-trailing-silence": "1.0",
}
"""``conf/model.conf``: how widely to search, and after how much silence, in seconds, an utterance has ended."""


def write_conf(folder: Path, options: Mapping[str, str | float] | None = None) -> None:
    """Write ``fbank.conf`` and ``model.conf``.

    Args:
        folder: The model's ``conf`` folder; made if it is not there.
        options: Of ``model.conf``, beyond `DECODING` or instead of what it says; names without the leading dashes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_options(folder / "fbank.conf", FEATURES)
    _write_options(folder / "model.conf", {**DECODING, **(options or {})})


def _write_options(path: Path, options: Mapping[str, str | float]) -> None:
    path.write_text("".join(f"--{name}={value}\n" for name, value in options.items()), encoding="ascii")
