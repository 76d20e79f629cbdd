"""Whisper beside a microphone as people put it: an endpointer before it, and its text looked up among the phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmark.night.endpointed import EndpointedRecogniser
from benchmark.voice.misheard import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmark.whisper import Whisper

_FULL_SCALE = 32768.0


class PlainWhisper:
    """A network of Whisper's; calling it makes a recogniser."""

    def __init__(self, whisper: Whisper, number: Callable[[int], str]) -> None:
        """Listen with ``whisper``; ``number``: one in words, from 0 to 99."""
        self._whisper, self._number = whisper, number

    def __call__(self, phrases: frozenset[str]) -> EndpointedRecogniser:
        """Of these phrases."""
        return EndpointedRecogniser(_Lookup(self._whisper, phrases, self._number))


class _Lookup:
    """Keeps `endpointed.UtteranceModel`: the phrase that an utterance is, or what else its words are."""

    def __init__(self, whisper: Whisper, phrases: frozenset[str], number: Callable[[int], str]) -> None:
        self._whisper, self._number = whisper, number
        self._phrases = {self._form(phrase): phrase for phrase in phrases}
        self._said: list[bytes] = []

    def take(self, speech: bytes) -> None:
        self._said.append(speech)

    def end(self) -> str:
        if not self._said:
            return ""
        said = np.frombuffer(b"".join(self._said), "<i2").astype(np.float32) / np.float32(_FULL_SCALE)
        self._said.clear()
        form = self._form(self._whisper.words(said))
        return self._phrases.get(form, form)

    def _form(self, text: str) -> str:
        return " ".join(words_of(text, self._number))
