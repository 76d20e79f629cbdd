"""The files that hold a network are read by libvosk itself, and it computes what they say.

A graph of one phone has one path, and the path's likelihood is then the plain sum of that phone's scores.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from model.features import log_mel
from model.kaldi import INPUT, Affine, Layer, Relu, Sum, WeightBits, write_conf, write_model
from voicecoach.engines.recognition.vocabulary.fst import Transducer
from voicecoach.engines.recognition.vocabulary.phones import (
    NETWORK_PHONES,
    PHONE_COUNT,
    forward,
    network_phone,
    self_loop,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MEL_BINS = 40
PDFS = 2 * len(NETWORK_PHONES)
HEAR = """
import json, sys, vosk
vosk.SetLogLevel(-3)
likelihoods = []
for folder, sound in json.load(sys.stdin):
    recognizer = vosk.KaldiRecognizer(vosk.Model(folder), 16000)
    recognizer.SetMaxAlternatives(1)
    sound = bytes.fromhex(sound)
    for begin in range(0, len(sound), 6400):
        recognizer.AcceptWaveform(sound[begin:begin + 6400])
    likelihoods.append(json.loads(recognizer.FinalResult())["alternatives"][0]["confidence"])
print(json.dumps(likelihoods))
"""
"""In a child process, because Kaldi ends the process over a file that it cannot read."""


def affine(name: str, source: str, offsets: tuple[int, ...], sizes: tuple[int, int]) -> Affine:
    """A layer of random weights, from and to ``sizes``."""
    chance = np.random.default_rng([*name.encode()])
    weights = chance.normal(0, (len(offsets) * sizes[0]) ** -0.5, (sizes[1], len(offsets) * sizes[0]))
    return Affine(name, source, offsets, weights.astype(np.float32), chance.normal(0, 0.1, sizes[1]).astype(np.float32))


def scores(layers: list[Layer], features: NDArray[np.float32]) -> NDArray[np.float32]:
    """What Kaldi should compute: shape (ceil(frames / 3), `PDFS`)."""
    by_name = {layer.name: layer for layer in layers}

    def at(name: str, times: NDArray[np.int64]) -> NDArray[np.float32]:
        if name == INPUT:
            return features[times.clip(0, len(features) - 1), :]
        layer = by_name[name]
        if isinstance(layer, Sum):
            return at(layer.sources[0], times) + at(layer.sources[1], times)
        if isinstance(layer, Relu):
            return at(layer.source, times).clip(min=0)
        seen = np.hstack([at(layer.source, times + offset) for offset in layer.offsets])
        result: NDArray[np.float32] = seen @ layer.weights.T + layer.bias
        return result

    return at(layers[-1].name, np.arange(0, len(features), 3))


def noise(seconds: float) -> NDArray[np.int16]:
    """Noise that is loud at both ends, in ways of their own, so that a wrong edge shows."""
    count = round(seconds * 16_000)
    level = 200 + 4000 * np.linspace(-1, 1.3, count) ** 2
    return (np.random.default_rng(1).normal(0, 1, count) * level).astype(np.int16)


RESIDUAL: list[Layer] = [
    affine("in", INPUT, (-2, -1, 0, 1, 2), (MEL_BINS, 12)),
    Relu("in.relu", "in", 12),
    affine("wide", "in.relu", (-6, -3, 0), (12, 20)),
    Relu("wide.relu", "wide", 20),
    affine("back", "wide.relu", (0,), (20, 12)),
    Sum("sum", ("in.relu", "back"), 12),
    affine("far", "sum", (-12, 3), (12, 20)),
    Relu("far.relu", "far", 20),
    affine("far.back", "far.relu", (0,), (20, 12)),
    Sum("far.sum", ("sum", "far.back"), 12),
    affine("out", "far.sum", (0,), (12, PDFS)),
]
"""As the trainer's network is built."""

CONSTANT = Affine("out", INPUT, (0,), np.full((PDFS, MEL_BINS), -0.7, np.float32), np.zeros(PDFS, np.float32))


@dataclass(frozen=True)
class Case:
    """A network, which of its outputs is looked at, and what it hears."""

    layers: list[Layer]
    phone: int = 9
    seconds: float = 0.7
    options: dict[str, str] = field(default_factory=dict)
    weight_bits: WeightBits = 32

    def write(self, folder: Path) -> None:
        """A model that hears nothing but the phone, however long."""
        with np.errstate(all="raise"):
            write_model(folder / "am/final.mdl", self.layers, MEL_BINS, weight_bits=self.weight_bits)
        write_conf(folder / "conf", self.options)
        graph = Transducer()
        start, stay = graph.add_state(), graph.add_state()
        graph.add_arc(start, (forward(self.phone), 1), stay)
        graph.add_arc(stay, (self_loop(self.phone), 0), stay)
        graph.set_final(stay)
        (folder / "graph").mkdir()
        graph.write(folder / "graph/HCLG.fst", sort="ilabel")
        (folder / "graph/words.txt").write_text("<eps> 0\nword 1\n")

    def expected(self) -> float:
        """The sum of the phone's scores: those of its first frame, and of its further ones."""
        rows = scores(self.layers, log_mel(noise(self.seconds).astype(np.float32)))
        first, further = 2 * network_phone(self.phone), 2 * network_phone(self.phone) + 1
        return float(rows[0, first] + rows[1:, further].sum())


def seeing(*offsets: int) -> Case:
    """A network of one layer."""
    return Case([affine("out", INPUT, offsets, (MEL_BINS, PDFS))])


CASES = {
    "one frame": seeing(0),
    "one frame behind": seeing(-4),
    "one frame ahead": seeing(5),
    "frames around": seeing(-1, 0, 1),
    "more behind than ahead": seeing(-7, -2, 3),
    "only behind": seeing(-9, -6),
    "only ahead": seeing(1, 4),
    "in any order": seeing(3, -3),
    "a sound of one frame": Case(RESIDUAL, seconds=0.025),
    "of two": Case(RESIDUAL, seconds=0.035),
    "of four, and so of two outputs": Case(RESIDUAL, seconds=0.055),
    "shorter than what the network sees": Case(RESIDUAL, seconds=0.1),
    "a chunk and a bit": Case(RESIDUAL, seconds=0.31),
    "many chunks": Case(RESIDUAL, seconds=1.234),
    "small chunks": Case(RESIDUAL, options={"frames-per-chunk": "6"}),
    "large chunks": Case(RESIDUAL, options={"frames-per-chunk": "60"}),
    "silence": Case(RESIDUAL, phone=1),
    "the first phone, at the beginning of a word": Case(RESIDUAL, phone=2),
    "the first phone, by itself": Case(RESIDUAL, phone=5),
    "the last phone": Case(RESIDUAL, phone=PHONE_COUNT),
    "rounded weights": Case(RESIDUAL, weight_bits=16),
    "rounded weights that are all the same": Case([CONSTANT], weight_bits=16),
}


@pytest.fixture(scope="module")
def likelihoods(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """What libvosk makes of the only path that each case's model has."""
    jobs = []
    for case in CASES.values():
        folder = tmp_path_factory.mktemp("model")
        case.write(folder)
        jobs.append((str(folder), noise(case.seconds).tobytes().hex()))
    answer = subprocess.run(
        [sys.executable, "-c", HEAR], input=json.dumps(jobs), text=True, capture_output=True, check=True
    )
    return dict(zip(CASES, json.loads(answer.stdout), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_kaldi_computes_what_the_layers_say_to_their_edges(likelihoods: dict[str, float], name: str) -> None:
    """To four digits, and every frame of it."""
    assert likelihoods[name] == pytest.approx(CASES[name].expected(), rel=1e-4, abs=1e-3)


def test_rounded_weights_take_half_the_room(tmp_path: Path) -> None:
    layer = affine("out", INPUT, tuple(range(-9, 10)), (MEL_BINS, PDFS))
    write_model(tmp_path / "exact", [layer], MEL_BINS)
    write_model(tmp_path / "rounded", [layer], MEL_BINS, weight_bits=16)
    saved = (tmp_path / "exact").stat().st_size - (tmp_path / "rounded").stat().st_size
    assert saved == pytest.approx(layer.weights.nbytes / 2, abs=20)


def test_an_option_takes_the_place_of_the_usual_one(tmp_path: Path) -> None:
    write_conf(tmp_path, {"beam": 15.0, "frames-per-chunk": 30})
    lines = (tmp_path / "model.conf").read_text().splitlines()
    assert {"--beam=15.0", "--frames-per-chunk=30", "--max-active=3000"} <= set(lines)
    assert "--beam=13.0" not in lines
