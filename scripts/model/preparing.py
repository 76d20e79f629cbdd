"""From recordings and synthetic speech to features: each utterance in a few variants, some of them in a room."""

from __future__ import annotations

from multiprocessing import Pool
from typing import TYPE_CHECKING

import numpy as np

from model.features import log_mel
from model.recordings import read_samples
from model.store import TrainingUtterance, read_store, write_store
from model.waveforms import varied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from model.recordings import CorpusRecording
    from model.store import UtteranceStore

LOUDEST = 16_384
"""The peak that every utterance is brought to first: levels are varied later."""
SHORTEST_FRAMES = 15
"""Of features; what is shorter is left out."""


def write_recordings(folder: Path, recordings: Sequence[CorpusRecording], workers: int) -> None:
    """Decode ``recordings`` into a store of samples, (n,) int16, every peak at `LOUDEST`."""
    with Pool(workers) as pool:
        decoded = pool.imap(_levelled, [recording.path for recording in recordings], chunksize=64)
        rows = (
            (TrainingUtterance(recording.text, recording.corpus, recording.kind), samples)
            for recording, samples in zip(recordings, decoded, strict=True)
        )
        write_store(folder, rows, np.int16)


def write_features(folder: Path, speech: Path, copies: int, seed: int, workers: int) -> None:
    """Write features, (frames, 40) float16, of variants of every utterance in the store ``speech``.

    Args:
        folder: Where to.
        speech: A store of samples.
        copies: Variants of each utterance; every second one is heard in a room.
        seed: Of all chance; it does not depend on ``workers``.
        workers: Processes.
    """
    store = read_store(speech)
    jobs = [(row, copy) for copy in range(copies) for row in range(len(store))]
    with Pool(workers, _open, (speech, seed)) as pool:
        rows = zip(jobs, pool.imap(_variant, jobs, chunksize=128), strict=True)
        write_store(
            folder,
            ((store.utterances[row], features) for (row, _), features in rows if len(features) >= SHORTEST_FRAMES),
            np.float16,
            (40,),
        )


def _levelled(path: Path) -> NDArray[np.int16]:
    samples = read_samples(path)
    peak = max(int(np.abs(samples.astype(np.int32)).max(initial=0)), 1)
    return (samples.astype(np.float32) * (LOUDEST / peak)).astype(np.int16)


_opened: tuple[UtteranceStore, int]


def _open(speech: Path, seed: int) -> None:
    """In each worker: map the store, once."""
    global _opened  # noqa: PLW0603 - a worker process does one job and is gone
    _opened = read_store(speech), seed


def _variant(job: tuple[int, int]) -> NDArray[np.float32]:
    store, seed = _opened
    row, copy = job
    rng = np.random.default_rng([seed, row, copy])
    human = store.utterances[row].kind != "synthetic"
    samples = np.asarray(store.row(row), np.int16)
    return log_mel(varied(samples, rng, human=human, far=copy % 2 == 1))
