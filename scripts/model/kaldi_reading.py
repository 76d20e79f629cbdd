"""Reads the network out of an ``am/final.mdl`` that `model.kaldi` wrote, so that a training can go on from it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What is learnt of an affine layer."""

    matrix: NDArray[np.float32]
    """Shape (size, offsets times the source's size), as `kaldi.Affine.weights`."""
    bias: NDArray[np.float32]
    """Shape (size,)."""


def read_weights(path: Path) -> dict[str, Weights]:
    """The affine layers of a model, by name.

    Args:
        path: ``am/final.mdl``, with weights of 16 or 32 bits.

    Raises:
        BadFileError: It cannot be read, or `model.kaldi` did not write it.
    """
    try:
        data = path.read_bytes()
        return dict(_affine_layers(_Reader(data, data.index(b"<NumComponents> "))))
    except (OSError, ValueError, struct.error) as error:
        raise BadFileError(f"{path} cannot be read as a network of ours: {error}") from error


def _affine_layers(reader: _Reader) -> list[tuple[str, Weights]]:
    reader.expect("<NumComponents>")
    found = []
    for _ in range(reader.int32()):
        reader.expect("<ComponentName>")
        name, kind = reader.token(), reader.token()
        if kind == "<AffineComponent>":
            reader.expect("<LearningRate>")
            reader.float32()
            reader.expect("<LinearParams>")
            matrix = reader.matrix()
            reader.expect("<BiasParams>")
            found.append((name, Weights(matrix, reader.vector())))
            reader.expect("</AffineComponent>")
        else:
            reader.skip_to(f"</{kind.removeprefix('<')}")
    return found


class _Reader:
    """Kaldi's primitives, one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def token(self) -> str:
        end = self._data.index(b" ", self._at)
        token, self._at = self._data[self._at : end], end + 1
        return token.decode("ascii")

    def expect(self, token: str) -> None:
        if (found := self.token()) != token:
            raise ValueError(f"there is {found[:30]} where {token} should be")

    def skip_to(self, token: str) -> None:
        """To what comes after ``token``."""
        wanted = f"{token} ".encode("ascii")
        self._at = self._data.index(wanted, self._at) + len(wanted)

    def int32(self) -> int:
        return int(self._unpack("<bi")[1])

    def float32(self) -> float:
        return float(self._unpack("<bf")[1])

    def vector(self) -> NDArray[np.float32]:
        self.expect("FV")
        return self._numbers("<f4", self.int32()).astype(np.float32)

    def matrix(self) -> NDArray[np.float32]:
        kind = self.token()
        if kind == "FM":
            rows, columns = self.int32(), self.int32()
            return self._numbers("<f4", rows * columns).reshape(rows, columns).astype(np.float32)
        if kind != "CM2":
            raise ValueError(f"there is {kind[:30]} where a matrix should be")
        least, span = self._unpack("<ff")
        rows, columns = map(int, self._unpack("<ii"))
        steps = self._numbers("<u2", rows * columns).reshape(rows, columns)
        return np.asarray(least + span * (steps.astype(np.float64) / 0xFFFF), np.float32)

    def _unpack(self, form: str) -> tuple[float, ...]:
        found = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return found

    def _numbers(self, kind: str, count: int) -> NDArray[np.generic]:
        found = np.frombuffer(self._data, kind, count, self._at)
        self._at += found.nbytes
        return found
