"""The coach's own speech input with any model: the assembly builds it, so every block goes the way of the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.assembly import Assembly
    from voicecoach.engines.recognition.port import SpeechInput

BLOCK = MICROPHONE_HZ // 50
"""As long as a block of a rehearsal."""


class Product:
    """Keeps the promise of `contenders.Contender`."""

    by_hand = False

    def __init__(self, assembly: Assembly, folder: Path) -> None:
        self._assembly = assembly
        self._model = assembly.recognizer(folder)

    def hear(self, phrases: Collection[str], sound: NDArray[np.float32]) -> tuple[str, ...]:
        """The phrases that are accepted in ``sound``."""
        return accepted(self._assembly.speech_input(self._model), phrases, sound)


def accepted(speech_input: SpeechInput, phrases: Collection[str], sound: NDArray[np.float32]) -> tuple[str, ...]:
    """What a fresh ``speech_input`` accepts of ``phrases`` in ``sound``, while the coach is silent."""
    speech_input.listen_for(phrases)
    blocks = (sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK))
    heard = (utterance for block in blocks for utterance in speech_input.hear(block, np.zeros_like(block)))
    return tuple(utterance.phrase for utterance in heard if utterance.phrase)
