"""What is compared: ears that are given phrases and a sound, and say which phrases they accepted.

A model is loaded once and listens to every clip with a state as clean as at first, so no clip touches another.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray

POCKETSPHINX = "pocketsphinx"
REJECTING = "pocketsphinx-rejecting"
"""The same, helped by a grammar that also has a place for what is no phrase."""
PEERS = (POCKETSPHINX, REJECTING)


class Ears(Protocol):
    """One model, loaded."""

    def hear(self, phrases: Collection[str], sound: NDArray[np.float32]) -> tuple[str, ...]:
        """The phrases that are accepted in ``sound``, in order.

        Args:
            phrases: What is listened for, from the first sample on.
            sound: shape (n,), float32 in -1..1 at 16 kHz; it is given to the model in small blocks.
        """


def opener(model: str, least_confidence: Mapping[str, float]) -> Callable[[], Ears]:
    """Load the library that ``model`` needs, and give what loads the model itself.

    Args:
        model: Folder of a Vosk model, as `models.find_model` gives it, or one of `PEERS`.
        least_confidence: Where the coach asks for another confidence than the usual one; only Vosk has any.

    Raises:
        MissingPartError: A library is missing.
    """
    # Neither is loaded where the other's memory is measured.
    try:
        if model in PEERS:
            from benchmark.sphinx_ears import SphinxEars  # noqa: PLC0415 - see above

            return partial(SphinxEars, rejecting=model == REJECTING)
        from benchmark.vosk_ears import VoskEars  # noqa: PLC0415 - see above
    except ImportError as error:
        raise MissingPartError(f"{error}; start the benchmark with scripts/bench, which installs it") from None
    return partial(VoskEars, Path(model), least_confidence)


def model_folder(model: str) -> Path:
    """The folder that holds all files of ``model``."""
    if model in PEERS:
        from benchmark.sphinx_ears import MODEL  # noqa: PLC0415 - see above

        return MODEL
    return Path(model)
