"""The layers that go into a model compute what the trained network computes: in numbers, and in libvosk."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

pytest.importorskip("torch", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

import torch
from test_kaldi_model import HEAR, Case, noise, scores

from model.export import layers
from model.features import log_mel
from model.kaldi import Affine, WeightBits, write_model
from model.kaldi_reading import read_weights
from model.network import MEL_BINS, OUTPUTS, Delay, Network, NetworkShape
from model.taking_over import taken_over
from voicecoach.engines.recognition.vocabulary.phones import network_phone
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from model.network import Block

SHAPES = {
    "without blocks": NetworkShape(8, 12, ()),
    "one block": NetworkShape(8, 12, (Delay(2, 1),)),
    "only behind": NetworkShape(8, 12, (Delay(3, 0), Delay(1, 1))),
    "as deep as the real one": NetworkShape(16, 24),
    "the real one": NetworkShape(),
}
CASES = [
    pytest.param(shape, frames, id=f"{name}, {frames} frames")
    for name, shape in SHAPES.items()
    for frames in (1, 4, 50)
    if (name, frames) != ("the real one", 50)  # takes a minute, and shows nothing that the others do not
]


def trained(shape: NetworkShape) -> Network:
    """A network in which nothing is as it was at the beginning, batch norm and normalisation included."""
    torch.manual_seed(1)
    network = Network(shape)
    with torch.no_grad():
        for name, values in network.state_dict().items():
            if name == "deviation" or name.endswith("running_var"):
                values.uniform_(0.5, 3)
            elif name == "mean" or ("norm" in name and values.dtype.is_floating_point):
                values.uniform_(-1, 1.5)
    network.eval()
    return network


def torch_scores(network: Network, features: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.no_grad():
        found: NDArray[np.float32] = network(torch.from_numpy(features)[None])[0][0].numpy()
    return found


@pytest.mark.parametrize(("shape", "frames"), CASES)
def test_the_layers_compute_what_the_network_computes(shape: NetworkShape, frames: int) -> None:
    network = trained(shape)
    features = np.random.default_rng(2).normal(10, 4, (frames, MEL_BINS)).astype(np.float32)
    expected = torch_scores(network, features)
    assert expected.std() > 0.01
    np.testing.assert_allclose(scores(layers(network), features), expected, rtol=1e-4, atol=1e-4 * expected.std())


def test_the_last_layer_has_the_scores_and_the_labels_are_left_out() -> None:
    found = layers(trained(SHAPES["one block"]))
    assert [layer.name for layer in found if layer.name.startswith(("scores", "labels"))] == ["scores"]
    assert found[-1].name == "scores"
    assert isinstance(found[-1], Affine)
    assert found[-1].bias.shape == (OUTPUTS,)


def test_libvosk_computes_what_the_network_computes(tmp_path: Path) -> None:
    """Through the files of a model, with a graph that has one path; see test_kaldi_model.py."""
    network = trained(NetworkShape(16, 24))
    case = Case(layers(network))
    case.write(tmp_path)
    sound = noise(case.seconds)
    jobs = json.dumps([(str(tmp_path), sound.tobytes().hex())])
    answer = subprocess.run([sys.executable, "-c", HEAR], input=jobs, text=True, capture_output=True, check=True)
    found = torch_scores(network, log_mel(sound.astype(np.float32)))
    pdf = 2 * network_phone(case.phone)
    expected = float(found[0, pdf] + found[1:, pdf + 1].sum())
    assert json.loads(answer.stdout) == [pytest.approx(expected, rel=1e-4, abs=1e-3)]


# --- and back ---------------------------------------------------------------------------------------------------------


def shipped(folder: Path, network: Network, weight_bits: WeightBits = 16) -> Path:
    """A model's folder."""
    write_model(folder / "am/final.mdl", layers(network), MEL_BINS, weight_bits=weight_bits)
    return folder


def heard(frames: int = 60) -> NDArray[np.float32]:
    return np.random.default_rng(3).normal(10, 4, (32, frames, MEL_BINS)).astype(np.float32)


@pytest.mark.parametrize(("weight_bits", "error"), [(32, 1e-6), (16, 1e-4)])
def test_what_was_written_is_read(tmp_path: Path, weight_bits: WeightBits, error: float) -> None:
    network = trained(SHAPES["one block"])
    found = read_weights(shipped(tmp_path, network, weight_bits) / "am/final.mdl")
    written = {layer.name: layer for layer in layers(network) if isinstance(layer, Affine)}
    assert list(found) == list(written)
    for name, layer in written.items():
        np.testing.assert_allclose(found[name].matrix, layer.weights, atol=error)
        np.testing.assert_allclose(found[name].bias, layer.bias, atol=1e-6)


@pytest.mark.parametrize("name", ["one block", "as deep as the real one"])
def test_a_model_that_is_gone_on_from_computes_the_same_and_learns_from_there(tmp_path: Path, name: str) -> None:
    network, features = trained(SHAPES[name]), torch.from_numpy(heard())
    again = taken_over(shipped(tmp_path, network, 32), SHAPES[name], features)
    with torch.no_grad():
        before, after = network(features)[0], again(features)[0]
        torch.testing.assert_close(after, before, rtol=1e-3, atol=2e-3 * float(before.std()))
        for block in cast("Iterable[Block]", again.blocks):
            block.dropout = 0.0
        in_training = again.train()(features)[0]
    off = (in_training - before).abs().mean() / before.std()
    assert off < 0.02, "what batch norm measures of a batch is what it knows"


@pytest.mark.parametrize(
    ("written", "told"), [(None, "cannot be read"), (b"", "cannot be read"), (b"<NumComponents> x", "cannot be read")]
)
def test_what_is_no_network_of_ours_is_told(tmp_path: Path, written: bytes | None, told: str) -> None:
    if written is not None:
        (tmp_path / "am").mkdir()
        (tmp_path / "am/final.mdl").write_bytes(written)
    with pytest.raises(BadFileError, match=told):
        taken_over(tmp_path, NetworkShape(), torch.from_numpy(heard()))


def test_a_network_of_another_shape_is_told(tmp_path: Path) -> None:
    folder = shipped(tmp_path, trained(SHAPES["one block"]))
    with pytest.raises(BadFileError, match="another shape"):
        taken_over(folder, NetworkShape(), torch.from_numpy(heard()))
