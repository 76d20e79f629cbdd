"""The speech embedding: the published numbers, block by block, whatever the blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.engines.embedding.google import REACH, SIZE, STEP, GoogleEmbedding
from voicecoach.errors import BadFileError
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WEIGHTS = shipped("models/speech-embedding/weights.npz")
PUBLISHED = [
    -13.01200008392334,
    -12.404999732971191,
    0.14800000190734863,
    -12.456999778747559,
    -26.273000717163086,
    -7.183000087738037,
    2.996999979019165,
    -9.743000030517578,
    16.389999389648438,
    17.482999801635742,
    -0.18799999356269836,
    5.752999782562256,
]
"""Every eighth number that the published network gives for the last window of `chirp`."""
PUBLISHED_SUM = 1134.05


def chirp() -> NDArray[np.int16]:
    """Two seconds that rise and swell."""
    time_s = np.arange(2 * 16_000) / 16_000
    wave = np.sin(2 * np.pi * (200 + 700 * time_s) * time_s) * np.sin(2 * np.pi * 3 * time_s) ** 2
    return np.asarray(np.round(6000 * wave), np.int16)


@pytest.fixture(scope="module")
def embedding() -> GoogleEmbedding:
    return GoogleEmbedding(WEIGHTS)


def test_the_numbers_are_those_of_the_published_network(embedding: GoogleEmbedding) -> None:
    embedding.reset()
    rows = embedding.process(chirp())
    assert rows.shape == (2 * 16_000 // STEP, SIZE)
    assert rows.dtype == np.float32
    assert rows[-1, ::8] == pytest.approx(PUBLISHED, abs=0.002)
    assert np.abs(rows[-1]).sum() == pytest.approx(PUBLISHED_SUM, rel=1e-4)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 3_000), max_size=12))
def test_blocks_of_any_size_give_the_same_rows(lengths: list[int]) -> None:
    embedding, sound = GoogleEmbedding(WEIGHTS), chirp()[:16_000]
    whole = embedding.process(sound)
    embedding.reset()
    ends = [*np.minimum(np.cumsum(lengths, dtype=int), len(sound)), len(sound)]
    pieces = [embedding.process(sound[begin:end]) for begin, end in zip([0, *ends], ends, strict=False)]
    assert np.concatenate(pieces) == pytest.approx(whole, abs=1e-3)


def test_what_was_long_ago_is_forgotten(embedding: GoogleEmbedding) -> None:
    silence, sound = np.zeros(5 * STEP, np.int16), chirp()[: REACH + STEP]
    embedding.reset()
    embedding.process(chirp())
    after_talk = embedding.process(sound)[-1]
    embedding.reset()
    embedding.process(silence)
    assert embedding.process(sound)[-1] == pytest.approx(after_talk, abs=1e-3)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 half of it"])
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "weights.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadFileError, match=r"weights\.npz holds no speech embedding"):
        GoogleEmbedding(file)
