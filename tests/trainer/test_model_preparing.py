"""From recordings to features, in stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from model.store import TrainingUtterance, read_store, write_store

pytest.importorskip("scipy", reason='needs the extra "train"')
pytest.importorskip("soundfile", reason='needs the extra "train"')
pytest.importorskip("kaldi_native_fbank", reason='needs the extra "train"')

import soundfile

from model.preparing import LOUDEST, SHORTEST_FRAMES, write_features, write_recordings
from model.recordings import CorpusRecording
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def noise(count: int, level: float = 1000) -> NDArray[np.int16]:
    return (np.random.default_rng(count).normal(0, level, count)).astype(np.int16)


def test_recordings_become_samples_of_one_level_in_their_order(tmp_path: Path) -> None:
    sounds = {"stop": noise(2000), "go": noise(1600, 20), "on": noise(4000, 5000), "": np.zeros(1600, np.int16)}
    sounds["on"][100] = -32_768  # which has no positive counterpart
    recordings = []
    for text, sound in sounds.items():
        path = tmp_path / f"_{text}.wav"
        soundfile.write(path, sound, 16_000)
        recordings.append(CorpusRecording(path, text, "ann", "gsc", "command"))
    write_recordings(tmp_path / "human.samples", recordings, workers=2)
    store = read_store(tmp_path / "human.samples")
    assert store.utterances == tuple(TrainingUtterance(text, "gsc", "command") for text in sounds)
    for row, sound in enumerate(sounds.values()):
        found = np.asarray(store.row(row), np.int64)
        assert len(found) == len(sound)
        assert np.abs(found).max() == pytest.approx(LOUDEST if sound.any() else 0, abs=1)
        assert np.all(np.sign(found) * sound >= 0)


def test_a_recording_that_cannot_be_read_is_named_and_leaves_no_store(tmp_path: Path) -> None:
    recordings = [CorpusRecording(tmp_path / "missing.opus", "stop", "ann", "gsc", "command")]
    with pytest.raises(BadFileError, match=r"missing\.opus cannot be read as sound"):
        write_recordings(tmp_path / "human.samples", recordings, workers=1)
    assert not (tmp_path / "human.samples").exists()


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """Three utterances, the second of them too short for most of its variants."""
    rows = [("stop", "synthetic", 8000), ("go", "synthetic", 1700), ("on", "command", 8000)]
    write_store(
        tmp_path / "speech",
        ((TrainingUtterance(text, "made up", kind), noise(count)) for text, kind, count in rows),
        np.int16,
    )
    return tmp_path / "speech"


def features_of(folder: Path, speech: Path, seed: int = 1, workers: int = 1) -> list[tuple[str, bytes]]:
    write_features(folder, speech, copies=4, seed=seed, workers=workers)
    store = read_store(folder)
    return [(utterance.text, store.row(row).tobytes()) for row, utterance in enumerate(store.utterances)]


def test_every_utterance_has_variants_and_what_is_too_short_is_left_out(tmp_path: Path, speech: Path) -> None:
    found = features_of(tmp_path / "features", speech)
    texts = [text for text, _ in found]
    assert texts.count("stop") == texts.count("on") == 4
    assert texts.count("go") < 4
    assert len(set(found)) > 8, "they differ"
    store = read_store(tmp_path / "features")
    assert store.values.dtype == np.float16
    assert store.values.shape[1:] == (40,)
    assert np.isfinite(store.values.astype(np.float32)).all()
    assert min(store.length(row) for row in range(len(store))) >= SHORTEST_FRAMES


def test_every_second_variant_is_in_a_room(tmp_path: Path, speech: Path) -> None:
    """A person's: it is 0.1 s longer, and otherwise between 0.92 and 1.1 times as fast."""
    write_features(tmp_path / "features", speech, copies=6, seed=1, workers=1)
    store = read_store(tmp_path / "features")
    lengths = [store.length(row) for row, utterance in enumerate(store.utterances) if utterance.text == "on"]
    assert max(lengths[::2]) <= 48 / 0.92 + 1
    assert min(lengths[1::2]) >= 48 / 1.1 + 9
    assert np.mean(lengths[1::2]) > np.mean(lengths[::2]) + 4


def test_variants_depend_on_the_seed_and_not_on_the_number_of_workers(tmp_path: Path, speech: Path) -> None:
    first = features_of(tmp_path / "1", speech)
    assert features_of(tmp_path / "2", speech, workers=2) == first
    assert features_of(tmp_path / "3", speech, seed=2) != first
