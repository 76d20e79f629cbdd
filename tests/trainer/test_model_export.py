"""The layers that go into a model compute what the trained network computes: in numbers, and in libvosk."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

import torch
from test_kaldi_model import HEAR, Case, noise, scores

from model.export import layers
from model.features import log_mel
from model.kaldi import Affine
from model.network import MEL_BINS, OUTPUTS, Delay, Network, NetworkShape
from voicecoach.engines.recognition.vocabulary.phones import network_phone

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

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
