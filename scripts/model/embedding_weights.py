"""Makes ``models/speech-embedding/weights.npz`` from the published network.

``python -m model.embedding_weights WHEEL FILE``, in ``scripts``: the wheel is that of ``openwakeword`` 0.4.0, which
holds Google's speech embedding and its spectrogram as ONNX.
"""

from __future__ import annotations

import io
import sys
import zipfile
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnx
from onnx import numpy_helper

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[np.float32]]

_FOLDER: Final = "openwakeword/resources/models"


def main() -> None:
    wheel, file = sys.argv[1:]
    with zipfile.ZipFile(wheel) as archive:
        network, spectrogram = (
            onnx.load(io.BytesIO(archive.read(f"{_FOLDER}/{name}.onnx"))).graph
            for name in ("embedding_model", "melspectrogram")
        )
    arrays: dict[str, Any] = {**_convolutions(network), "mel": _initial(spectrogram)["1.melW"]}
    np.savez(file, **arrays)


def _convolutions(network: Any) -> Arrays:  # noqa: ANN401 - onnx has no types
    """Each convolution as a matrix: rows are kernel and channels in, columns are channels out."""
    values = _initial(network)
    first, *middle, last = [node for node in network.node if node.op_type == "Conv"]
    (normalisation,) = [node for node in network.node if node.op_type == "BatchNormalization"]
    gain, offset, mean, variance = (values[name].astype(np.float64) for name in normalisation.input[1:])
    (epsilon,) = [attribute.f for attribute in normalisation.attribute if attribute.name == "epsilon"]
    scale = gain / np.sqrt(variance + epsilon)
    arrays = {"first": _matrix(values[first.input[1]]), "last": _matrix(values[last.input[1]])}
    arrays |= {"scale": scale.astype(np.float32), "shift": (offset - mean * scale).astype(np.float32)}
    for number, node in enumerate(middle):
        arrays |= {f"weights{number}": _matrix(values[node.input[1]]), f"bias{number}": values[node.input[2]]}
    return arrays


def _matrix(kernel: NDArray[np.float32]) -> NDArray[np.float32]:
    """From (out, in, frames, bands) to (frames * bands * in, out)."""
    return np.ascontiguousarray(kernel.transpose(2, 3, 1, 0).reshape(-1, len(kernel)))


def _initial(graph: Any) -> Arrays:  # noqa: ANN401 - the same
    return {value.name: np.asarray(numpy_helper.to_array(value)) for value in graph.initializer}


if __name__ == "__main__":
    main()
