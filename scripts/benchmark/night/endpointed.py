"""PocketSphinx's endpointer in front of whatever makes words of an utterance."""

from __future__ import annotations

from typing import Protocol

from pocketsphinx import Endpointer


class UtteranceModel(Protocol):
    """Makes words of one utterance after another; 16 bits, 16 kHz."""

    def take(self, speech: bytes) -> None:
        """Hear ``speech``, which begins or continues an utterance."""

    def end(self) -> str:
        """End the utterance under way, if any, and give its words."""


class EndpointedRecogniser:
    """Keeps the promise of `plain_loop.Recogniser`."""

    def __init__(self, model: UtteranceModel) -> None:
        self._model = model
        self._endpointer = Endpointer()
        self._rest = b""

    def accept(self, samples: bytes) -> str:
        """The words of the utterance that ended within ``samples``, or none."""
        size: int = self._endpointer.frame_bytes
        sound = self._rest + samples
        whole = len(sound) // size * size
        self._rest = sound[whole:]
        words = ""
        for at in range(0, whole, size):
            speech = self._endpointer.process(sound[at : at + size])
            if speech is not None:
                self._model.take(speech)
            if not self._endpointer.in_speech:
                words = self._model.end() or words
        return words
