"""What is compared: each contender is given phrases and a sound, and says which phrases it accepted.

A model is loaded once and listens to every clip with a state as clean as at first, so no clip touches another.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy as np
    from numpy.typing import NDArray

POCKETSPHINX = "pocketsphinx"
REJECTING = "pocketsphinx-rejecting"
"""The same, helped by a grammar that also has a place for what is no phrase."""
PEERS = (POCKETSPHINX, REJECTING)


class Contender(Protocol):
    """One model, loaded."""

    by_hand: bool
    """Whether it listens for no more than a list made by hand would have (`phrases.PhraseSet.by_hand`)."""

    def hear(self, phrases: Collection[str], sound: NDArray[np.float32]) -> tuple[str, ...]:
        """The phrases that are accepted in ``sound``, in order.

        Args:
            phrases: What is listened for, from the first sample on.
            sound: shape (n,), float32 in -1..1 at 16 kHz; it is given to the model in small blocks.
        """


def opener(model: str) -> Callable[[], Contender]:
    """Load the libraries that ``model`` needs, and give what loads the model itself.

    Args:
        model: Folder of a model for the coach's recogniser, as `model_files.find_model` gives it, or one of `PEERS`.

    Raises:
        MissingPartError: A library is missing.
    """
    # Neither is loaded where the other's memory is measured.
    try:
        if model in PEERS:
            from benchmark.sphinx import Sphinx  # noqa: PLC0415 - see above

            return partial(Sphinx, rejecting=model == REJECTING)
    except ImportError as error:
        raise MissingPartError(f"{error}; start the benchmark with scripts/bench, which installs it") from None
    return partial(_product, Path(model))


def _product(folder: Path) -> Contender:
    from benchmark.phrases import shipped_assembly  # noqa: PLC0415 - see `opener`
    from benchmark.product import Product  # noqa: PLC0415 - the same

    return Product(shipped_assembly(), folder)


def model_folder(model: str) -> Path:
    """The folder that holds all files of ``model``."""
    if model in PEERS:
        from benchmark.sphinx import MODEL  # noqa: PLC0415 - see above

        return MODEL
    return Path(model)
