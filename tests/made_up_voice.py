"""A voice for tests that needs no process, and packs in which it has said a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadRequestError, MissingPartError
from voicecoach.speaking.packs.pack import VoicePack
from voicecoach.voices.rendering import PackToMake, render_pack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

RATE_HZ = 24_000
WORD_S = 0.3


class Hum:
    """Says a sentence as a tone a word, of a pitch of its own, so that it can be told who speaks."""

    def __init__(self, pitch_hz: float = 440.0, key: str = "hum 1") -> None:
        self.key = key
        self.rendered: list[str] = []
        self._pitch_hz = pitch_hz

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        if voice.name == "nobody":
            raise BadRequestError('there is no voice "nobody"')
        self.rendered.append(sentence)
        time_s = np.arange(round(WORD_S * RATE_HZ * len(sentence.split()))) / RATE_HZ
        tone = 8000 * np.sin(2 * np.pi * self._pitch_hz * time_s)
        return np.round(tone).astype(np.int16), RATE_HZ

    def close(self) -> None:
        """There is nothing to give back."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Mute(Hum):
    """Must not be asked."""

    def render(self, sentence: str, voice: Voice) -> tuple[NDArray[np.int16], int]:
        raise MissingPartError(f"asked for {sentence!r} in {voice}")


def make_pack(  # noqa: PLR0913 - what a pack is, each by its name
    file: Path,
    sentences: Iterable[str],
    *,
    pitch_hz: float = 440.0,
    key: str = "hum 1",
    voice: str = "low",
    language: str = "en-GB",
) -> VoicePack:
    """A pack in which a hum of that pitch has said ``sentences``."""
    wanted = PackToMake(file.stem, language, Voice(voice), "CC0-1.0", ())
    render_pack(file, wanted, list(sentences), [Hum(pitch_hz, key)])
    return VoicePack(file)


def pitch_hz(sound: NDArray[np.float32] | NDArray[np.int16], rate_hz: int) -> int:
    """The pitch of a tone, to 10 Hz."""
    spectrum = np.abs(np.fft.rfft(sound.astype(np.float64)))
    return 10 * round(int(np.argmax(spectrum)) * rate_hz / len(sound) / 10)
