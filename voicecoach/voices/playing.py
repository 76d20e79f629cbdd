"""Plays one sound through the speaker, and waits until it has been heard; or writes it to a file."""

from __future__ import annotations

import threading
import wave
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.audio_io.devices import find, refused
from voicecoach.engines.audio_io.port import Direction, SoundCardError
from voicecoach.errors import CannotCreateError, MissingPartError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.port import SoundCard

LATEST_S: Final = 2.0
"""How much longer than the sound a speaker may take, which has stopped asking."""
_LEAVES_S: Final = 0.3
FILE_HZ: Final = 24_000
"""Rate of a sound that goes to a file."""


def play(sound: NDArray[np.float32], rate_hz: int, name: str | None, card: SoundCard) -> None:
    """Play ``sound``.

    Args:
        sound: shape (n,), float32 in -1..1.
        rate_hz: Its rate.
        name: Of the speaker; None: the system's default.
        card: Where it is.

    Raises:
        BadRequestError: There is no such speaker.
        MissingPartError: It cannot be opened.
    """
    device = find(card.devices(), Direction.SPEAKER, name)
    over, at = threading.Event(), 0

    def fill(frames: int) -> NDArray[np.float32]:
        nonlocal at
        part, at = sound[at : at + frames], at + frames
        if at >= len(sound) + round(_LEAVES_S * rate_hz):
            over.set()
        return np.concatenate([part, np.zeros(frames - len(part), np.float32)])

    try:
        stream = card.open_speaker(device, rate_hz, fill, over.set)
    except SoundCardError as error:
        raise MissingPartError(refused(Direction.SPEAKER, device, str(error))) from error
    try:
        over.wait(len(sound) / rate_hz + LATEST_S)
    finally:
        stream.abort()
        stream.close()


def save(path: Path, sound: NDArray[np.float32], rate_hz: int) -> None:
    """Write ``sound`` (shape (n,), float32 in -1..1) as WAV.

    Raises:
        CannotCreateError: The file cannot be written.
    """
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            file.writeframes(np.round(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    except OSError as error:
        raise CannotCreateError(f"{path} cannot be written ({error.strerror})") from error
