"""A synthesiser that hums: a note for each word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import numpy as np

from voicecoach.engines.needs import Needs
from voicecoach.engines.synthesis.port import spoken_text
from voicecoach.errors import BadRequestError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Voice

NEEDS: Final = Needs(memory_mb=1)
RATE_HZ = 16_000
NOTE_HZ = 220


class ToySynthesizer:
    """Has one voice, whatever voice it is asked for."""

    key = "toy 1"

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        words = spoken_text(sentence).split()
        if not words:
            raise BadRequestError(f'there is nothing to say in "{sentence}"')
        time_s = np.arange(RATE_HZ * 60 // voice.words_per_minute) / RATE_HZ
        note = 8000 * np.sin(2 * np.pi * NOTE_HZ * time_s) * np.sin(np.pi * time_s / time_s[-1])
        return np.tile(np.round(note).astype(np.int16), len(words)), RATE_HZ

    def close(self) -> None:
        """It holds nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
