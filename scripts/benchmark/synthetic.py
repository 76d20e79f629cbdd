"""Synthetic persons who say the coach's phrases, with voices that no model of ours was trained on.

People have said hardly any of these phrases into a microphone that the data may be taken from.  The clips are kept as a
folder of recordings like any other, so they are made once.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from benchmark.recordings import INDEX, CorpusRecording, Kind, read_index, write_index
from model.synthesis import KEPT_BACK_VOICES, random_order, speak
from voicecoach.errors import CannotCreateError
from voicecoach.sound_files import write_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from model.synthesis import Order

    Speak = Callable[[Iterable[Order]], Iterator[NDArray[np.int16] | None]]

_SEED = 7


def synthetic_recordings(phrases: Sequence[str], persons: int, work: Path, say: Speak = speak) -> list[CorpusRecording]:
    """Each of ``phrases``, said by ``persons`` synthetic persons.

    Args:
        phrases: Phrases of the coach.
        persons: How many say each phrase; every time other ones.
        work: Folder in which the clips are kept for the next time.
        say: Speaks orders; None for one where the engine failed, and then that person says nothing.

    Raises:
        VoicecoachError: The clips cannot be kept.
        MissingPartError: A synthesiser is missing.
    """
    rng = np.random.default_rng(_SEED)
    orders = [random_order(phrase, KEPT_BACK_VOICES, rng) for phrase in phrases for _ in range(persons)]
    folder = (
        work / f"synthetic-{hashlib.sha256(json.dumps([str(order) for order in orders]).encode()).hexdigest()[:12]}"
    )
    if not (folder / INDEX).is_file():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_index(folder, _recorded(orders, say(orders), folder), licence="none needed")
        except OSError as error:
            raise CannotCreateError(f"{folder} cannot be written ({error}); name another folder with --work") from None
    return read_index(folder)


def _recorded(
    orders: Sequence[Order], sounds: Iterable[NDArray[np.int16] | None], folder: Path
) -> Iterator[CorpusRecording]:
    """Write each sound into a file of its own."""
    for number, (order, sound) in enumerate(zip(orders, sounds, strict=True)):
        if sound is not None:
            path = folder / f"{number:04}.flac"
            write_sound(path, sound)
            yield CorpusRecording(
                path, order.text, f"{order.voice.engine} {order.voice.name}", "synthetic", Kind.SYNTHETIC
            )
