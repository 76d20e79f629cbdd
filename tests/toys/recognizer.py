"""A recogniser that takes whatever is loud for "next", and half a second of silence for its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.needs import Needs
from voicecoach.engines.recognition.port import (
    MICROPHONE_HZ,
    UNKNOWN,
    Alternative,
    Partial,
    RecognizerTraits,
    Result,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

NEEDS: Final = Needs(memory_mb=1)
TRAITS: Final = RecognizerTraits(
    name="toy",
    nbest_margin_nats=0.0,  # there is one alternative, never a second
    partial_latency_s=0.0,  # a word shows in the block in which it begins
    pre_roll_s=0.0,
    lead_in_s=0.0,
    endpoint_pause_s=0.5,
    longest_block=320,
    least_noise=0.0,
)
LOUD = 0.1


class ToyModel:
    """Knows every word, and hears one."""

    traits = TRAITS

    def knows(self, word: str) -> bool:
        return bool(word)

    def phones(self, word: str) -> None:
        """It does not tell how words are said."""
        del word

    def recognizer(self, phrases: Collection[str]) -> ToyRecognizer:
        return ToyRecognizer("next" if "next" in phrases else UNKNOWN)


class ToyRecognizer:
    """Hears one grammar, in which whatever is loud is ``word``."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._said = ""
        self._silent = 0

    def accept(self, block: NDArray[np.float32]) -> Partial | Result:
        if np.abs(block).max(initial=0.0) > LOUD:
            self._said, self._silent = self._word, 0
        else:
            self._silent += len(block)
        over = self._said and self._silent >= TRAITS.endpoint_pause_s * MICROPHONE_HZ
        return self.finish() if over else Partial(self._said)

    def finish(self) -> Result:
        said, self._said = self._said, ""
        return Result((Alternative(said, log_likelihood=0.0),))
