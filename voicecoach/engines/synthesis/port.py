"""What the coach expects of a voice.  `synthesizer.py` keeps this promise with pyttsx3; tests keep it with less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Voice:
    """Which voice speaks, and how fast."""

    name: str = "en-gb+f3"
    """A voice of espeak-ng, with an optional variant after ``+``."""
    words_per_minute: int = 150


class Clips(Protocol):
    """Sentences as sound, at one sample rate."""

    @property
    def rate_hz(self) -> int:
        """Sample rate of every clip."""

    def prepare(self, sentences: Sequence[str], progress: Callable[[int, int], None] | None = None) -> None:
        """Make sure that ``sentences`` can be had at once; ``progress(done, of)`` is called along the way."""

    def get(self, sentence: str) -> NDArray[np.float32]:
        """``sentence`` as sound: shape (n,), float32 in -1..1, silence trimmed from both ends."""


class Renderer(Protocol):
    """Turns one sentence into sound, slowly; a shelf of clips asks it only for what it does not have."""

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        """``sentence`` in ``voice``: samples of shape (n,), int16, and their rate in Hz.

        Raises:
            VoicecoachError: It cannot be spoken; the message says what to do.
        """
