"""A text, sentence by sentence: each is rendered, kept and looked up on its own, and said after a pause.

So a question with an answer before it, or a cue with a remark, needs no clip of its own for each pair of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.routine.pace import USUAL_WORDS_PER_MINUTE, Pauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_END: Final = re.compile(r"(?<=[^\W\d_]{2}[.!?…])\s+(?=\S)")
"""After a mark that ends a sentence, and a word before it of two letters at least: not after "3." or an initial."""


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of ``text``, in their order.  One goes on where the next word begins with a small letter."""
    parts: list[str] = []
    for part in _END.split(text):
        if parts and part[:1].islower():
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return tuple(parts)


def pause_s(words_per_minute: int, pauses: Pauses = Pauses.USUAL) -> float:
    """Seconds of silence between two sentences: at 150 words a minute, 0.3 s.

    espeak-ng makes its own between 0.53 s (110 words a minute) and 0.13 s (200).
    """
    return pauses.between_s * USUAL_WORDS_PER_MINUTE / words_per_minute


def joined(sounds: Sequence[NDArray[np.float32]], pause: int) -> NDArray[np.float32]:
    """Sentences as one sound.

    Args:
        sounds: shape (n,) each, float32, from and to silence.
        pause: Samples of silence between two of them.

    Returns:
        shape (m,), float32; that of a single sentence itself.
    """
    if len(sounds) == 1:
        return sounds[0]
    silence = np.zeros(pause, np.float32)
    parts = [part for sound in sounds for part in (silence, sound)]
    return np.concatenate(parts[1:]) if parts else silence[:0]
