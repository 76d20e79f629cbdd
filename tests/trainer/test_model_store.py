"""Rows on disk: what was written is read again, and a store is there as a whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from model.store import TrainingUtterance, read_store, write_store
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

STOP = TrainingUtterance("stop", "espeak/en-us+f2", "synthetic")
RAIN = TrainingUtterance("", "rain", "noise")
GO_ON = TrainingUtterance("let's go on", "café", "speech")
Row = tuple[TrainingUtterance, "NDArray[np.generic]"]


def rows_of(shape: tuple[int, ...], dtype: type[np.generic]) -> list[Row]:
    """Rows of 5, 0 and 3 numbers, all different."""
    numbers = np.arange(8 * max(1, *shape, 0)).reshape(8, *shape).astype(dtype)
    return [(STOP, numbers[:5]), (RAIN, numbers[5:5]), (GO_ON, numbers[5:])]


@pytest.mark.parametrize(("shape", "dtype"), [((), np.int16), ((40,), np.float16)])
def test_rows_of_unequal_lengths_are_read_as_they_were_written(
    tmp_path: Path, shape: tuple[int, ...], dtype: type[np.generic]
) -> None:
    rows = rows_of(shape, dtype)
    write_store(tmp_path / "store", rows, dtype, shape)
    store = read_store(tmp_path / "store")
    assert store.utterances == (STOP, RAIN, GO_ON)
    assert len(store) == 3
    assert [store.length(row) for row in range(3)] == [5, 0, 3]
    for number, (_, values) in enumerate(rows):
        assert store.row(number).dtype == dtype
        np.testing.assert_array_equal(store.row(number), values)


def test_numbers_are_kept_as_the_type_that_was_asked_for(tmp_path: Path) -> None:
    write_store(tmp_path / "store", [(STOP, np.array([0.1, 2000.7]))], np.float16)
    np.testing.assert_array_equal(read_store(tmp_path / "store").row(0), np.array([0.1, 2000.7], np.float16))


@pytest.mark.parametrize("shape", [(), (40,)])
def test_a_store_without_rows_and_one_of_empty_rows_can_be_read(tmp_path: Path, shape: tuple[int, ...]) -> None:
    write_store(tmp_path / "none", [], np.int16, shape)
    write_store(tmp_path / "empty", [(STOP, np.zeros((0, *shape)))], np.int16, shape)
    assert len(read_store(tmp_path / "none")) == 0
    assert read_store(tmp_path / "empty").row(0).shape == (0, *shape)


def test_the_numbers_are_mapped_not_read(tmp_path: Path) -> None:
    write_store(tmp_path / "store", rows_of((), np.int16), np.int16)
    assert isinstance(read_store(tmp_path / "store").values, np.memmap)


def cut_short() -> Iterator[Row]:
    yield STOP, np.arange(5)
    raise KeyboardInterrupt


def test_writing_that_is_cut_short_leaves_no_store(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_store(tmp_path / "store", cut_short(), np.int16)
    assert not (tmp_path / "store").exists()


def test_writing_that_is_cut_short_leaves_the_old_store_and_can_be_done_again(tmp_path: Path) -> None:
    write_store(tmp_path / "store", [(GO_ON, np.arange(3))], np.int16)
    with pytest.raises(KeyboardInterrupt):
        write_store(tmp_path / "store", cut_short(), np.int16)
    assert read_store(tmp_path / "store").utterances == (GO_ON,)
    write_store(tmp_path / "store", [(RAIN, np.arange(4))], np.int16)
    assert read_store(tmp_path / "store").utterances == (RAIN,)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


@pytest.mark.parametrize("name", ["values.raw", "starts.npy", "type.npy", "utterances.tsv"])
@pytest.mark.parametrize("left", [None, 0, 0.5], ids=["missing", "empty", "cut"])
def test_a_damaged_store_says_which_folder_to_remove(tmp_path: Path, name: str, left: float | None) -> None:
    folder = tmp_path / "synthetic.samples"
    write_store(folder, [(STOP, np.arange(5)), (RAIN, np.arange(2))], np.int16)
    file = folder / name
    whole = file.read_bytes()
    file.unlink()
    if left is not None:
        file.write_bytes(whole[: int(left * len(whole))])
    with pytest.raises(BadFileError, match=r"synthetic\.samples is damaged .*remove the folder"):
        read_store(folder)
