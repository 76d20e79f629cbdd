"""Vosk as its documentation shows it: a grammar of the phrases, and final results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import vosk

from voicecoach.engines.recognition.port import MICROPHONE_HZ, UNKNOWN

if TYPE_CHECKING:
    from pathlib import Path


class PlainVosk:
    """A Vosk model; calling it makes a recogniser."""

    def __init__(self, folder: Path) -> None:
        vosk.SetLogLevel(-1)
        self._model = vosk.Model(str(folder))

    def __call__(self, phrases: frozenset[str]) -> PlainVoskRecogniser:
        return PlainVoskRecogniser(self._model, phrases)


class PlainVoskRecogniser:
    """Keeps the promise of `plain_loop.Recogniser`."""

    def __init__(self, model: vosk.Model, phrases: frozenset[str]) -> None:
        self._vosk = vosk.KaldiRecognizer(model, MICROPHONE_HZ, json.dumps([*sorted(phrases), UNKNOWN]))

    def accept(self, samples: bytes) -> str:
        """The words of the utterance that ended within ``samples``, or none."""
        if not self._vosk.AcceptWaveform(samples):
            return ""
        text: str = json.loads(self._vosk.Result())["text"]
        return text
