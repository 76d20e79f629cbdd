"""The port of what reads meanings from rows of a speech embedding, without any words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class MeaningReader(Protocol):
    """Knows some classes of phrases; what it does not know it does not judge."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Of the classes: a meaning's, such as "number 7", or a command's alone."""

    @property
    def phrases(self) -> frozenset[str]:
        """The phrases that it has often heard; what else means the same it may know too, but is not to be trusted."""

    def read(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """How likely each class is, in the order of `keys`.

        Args:
            rows: Shape (k, size of the embedding), k at least 1: a piece of sound.

        Returns:
            Shape (number of classes,); what is missing from 1 is that it was none of them.
        """
