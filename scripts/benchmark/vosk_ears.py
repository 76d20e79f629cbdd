"""The coach's own ears with any Vosk model: every block goes the way that it goes in the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import vosk  # noqa: F401 - the library is loaded here, so that its time is not taken for the model's

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.vosk import VoskModel
from voicecoach.hearing.command_recognizer import CommandRecognizer
from voicecoach.hearing.gate import VadGatedModel
from voicecoach.hearing.policy import PhrasePolicy, Policy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import Model

BLOCK = MICROPHONE_HZ // 10


class VoskEars:
    """Keeps the promise of `ears.Ears`."""

    def __init__(self, folder: Path, least_confidence: Mapping[str, float]) -> None:
        self._model: Model = VadGatedModel(VoskModel(folder))
        self._least_confidence = least_confidence

    def hear(self, phrases: Collection[str], sound: NDArray[np.float32]) -> tuple[str, ...]:
        """The phrases that are accepted in ``sound``."""
        policy = Policy({phrase: PhrasePolicy(least) for phrase, least in self._least_confidence.items()})
        return spotted(CommandRecognizer(self._model, policy), phrases, sound)


def spotted(spotter: CommandRecognizer, phrases: Collection[str], sound: NDArray[np.float32]) -> tuple[str, ...]:
    """What a fresh ``spotter`` accepts of ``phrases``, hearing ``sound`` in blocks of a tenth of a second."""
    spotter.listen_for(phrases)
    blocks = (sound[at : at + BLOCK] for at in range(0, len(sound), BLOCK))
    heard = (utterance for block in blocks for utterance in spotter.hear(block, np.zeros_like(block)))
    return tuple(utterance.phrase for utterance in heard if utterance.phrase)
