"""The port of a speech embedding: sound goes in block by block, and for every step of it a row of numbers comes out.

An embedding knows no words.  It was trained on a great many people so that what is said alike has like numbers; a small
network of ours reads words from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SpeechEmbedding(Protocol):
    """Follows one stream of sound; for one thread."""

    @property
    def size(self) -> int:
        """Numbers in a row."""

    @property
    def step(self) -> int:
        """Samples from one row to the next."""

    @property
    def reach(self) -> int:
        """Samples that a row looks back on; the rows of the first ``reach`` samples look back on silence."""

    def process(self, samples: NDArray[np.int16]) -> NDArray[np.float32]:
        """What is new.

        Args:
            samples: Shape (n,), mono, 16 kHz, what follows on the samples of the last call; any number.

        Returns:
            Shape (k, size): a row for each step that is complete.
        """

    def reset(self) -> None:
        """Forget the stream: what comes next follows on silence."""
