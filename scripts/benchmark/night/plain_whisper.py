"""Whisper beside a microphone as people put it: an endpointer before it, and its text looked up among the phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pocketsphinx import Endpointer

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

    def __call__(self, phrases: frozenset[str]) -> PlainWhisperRecogniser:
        """Of these phrases."""
        return PlainWhisperRecogniser(self._whisper, phrases, self._number)


class PlainWhisperRecogniser:
    """Keeps the promise of `plain_loop.Recogniser`."""

    def __init__(self, whisper: Whisper, phrases: frozenset[str], number: Callable[[int], str]) -> None:
        self._whisper, self._number = whisper, number
        self._phrases = {self._form(phrase): phrase for phrase in phrases}
        self._endpointer = Endpointer()
        self._rest = b""
        self._said: list[bytes] = []

    def accept(self, samples: bytes) -> str:
        """The phrase that the utterance is which ended within ``samples``, or what else its words are."""
        size: int = self._endpointer.frame_bytes
        sound = self._rest + samples
        whole = len(sound) // size * size
        self._rest = sound[whole:]
        words = ""
        for at in range(0, whole, size):
            speech = self._endpointer.process(sound[at : at + size])
            if speech is not None:
                self._said.append(speech)
            if self._said and not self._endpointer.in_speech:
                words = self._ended() or words
        return words

    def _ended(self) -> str:
        said = np.frombuffer(b"".join(self._said), "<i2").astype(np.float32) / np.float32(_FULL_SCALE)
        self._said.clear()
        form = self._form(self._whisper.words(said))
        return self._phrases.get(form, form)

    def _form(self, text: str) -> str:
        return " ".join(words_of(text, self._number))
