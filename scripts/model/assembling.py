"""Puts a model's folder together: the network, the search, the graph, where they come from, and their checksums."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from model.checksums import TRAINING, write_checksums
from model.export import layers
from model.kaldi import write_conf, write_model
from model.network import MEL_BINS
from model.rejecting import Costs, rejection
from model.words import common_words, model_lexicon, needed_words
from voicecoach.engines.recognition.vocabulary.graph import write_graph

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from model.network import Network
    from model.stages import Recipe
    from model.store import UtteranceStore

VOCABULARY = 10_000
"""Common words that the model knows beside those that the coach needs."""
SEARCH = {"beam": "10.0", "lattice-beam": "6.0", "max-active": "3000", "frames-per-chunk": "9"}
"""Vosk computes the network for 0.09 s at a time instead of 0.2 s, so that what is said shows sooner.  The lattice is
wide enough that what a phrase was nearly taken for is among the alternatives."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a model was made from."""

    commit: str
    """Of this repository; ``+`` behind it: the files of the trainer had been changed since."""
    recipe: Recipe
    data: tuple[tuple[str, int, float], ...]
    """Source, utterances, hours."""


def assemble(folder: Path, network: Network, bigram: NDArray[np.float64], costs: Costs, origin: Origin) -> None:
    """Write a model to ``folder``; what was there of one is replaced, and a model card stays."""
    for part in ("am", "conf", "graph"):
        shutil.rmtree(folder / part, ignore_errors=True)
    write_model(folder / "am/final.mdl", layers(network), MEL_BINS, weight_bits=16)
    write_conf(folder / "conf", SEARCH)
    lexicon = model_lexicon(VOCABULARY)
    rejected = rejection(lexicon, needed_words(), common_words(VOCABULARY), bigram, costs)
    write_graph(folder / "graph", lexicon, rejected)
    _write_origin(folder / TRAINING, network, costs, origin)
    write_checksums(folder)


def amounts_of(*stores: UtteranceStore) -> tuple[tuple[str, int, float], ...]:
    """What is in ``stores`` of samples, synthetic voices by engine: source, utterances, hours."""
    utterances: Counter[str] = Counter()
    samples: Counter[str] = Counter()
    for store in stores:
        for row, utterance in enumerate(store.utterances):
            source = utterance.source.partition("/")[0]
            utterances[source] += 1
            samples[source] += store.length(row)
    return tuple(
        (source, utterances[source], round(samples[source] / 16_000 / 3600, 2)) for source in sorted(utterances)
    )


def current_commit() -> str:
    """The commit of the checkout, with ``+`` behind it when the trainer or the vocabulary differ from it."""
    here = Path(__file__).parent
    commit = _git(here, "rev-parse", "--short=12", "HEAD") or "unknown"
    changed = _git(here, "status", "--porcelain", "--", ".", "../../voicecoach/vocabulary")
    return f"{commit}+" if changed else commit


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def _write_origin(path: Path, network: Network, costs: Costs, origin: Origin) -> None:
    recipe = asdict(origin.recipe)
    for folder in ("speech", "clips", "taken_from"):  # where it lay says nothing elsewhere
        recipe[folder] = None if recipe[folder] is None else recipe[folder].name
    told = {
        "commit": origin.commit,
        "seed": origin.recipe.seed,
        "steps": origin.recipe.steps,
        "parameters": sum(tensor.numel() for name, tensor in network.named_parameters() if "labels" not in name),
        "data": [{"source": source, "utterances": n, "hours": hours} for source, n, hours in origin.data],
        "recipe": recipe,
        "costs": asdict(costs),
    }
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
