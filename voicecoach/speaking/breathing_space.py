"""Room to breathe within a sentence: the pauses that its voice makes at commas, made longer.

Words are never cut: silence is put into what is quiet already, in as many places as the sentence has commas, and only
into sentences.  The words of a count, which have their second, stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.speaking.finish import frame_levels

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MARK: Final = re.compile(r"[,;:–—](?=\s)")  # noqa: RUF001 - dashes are what is meant
_SENTENCE: Final = re.compile(r"[.!?…]$")
FRAME_S: Final = 0.005
QUIET_DB: Final = -35.0
"""Relative to the loudest frame; louder ones are words."""
SHORTEST_S: Final = 0.05
"""A shorter silence belongs to a word: voices close their lips."""
EDGE_S: Final = 0.005
"""Around what is put in, sound fades to nothing and comes back."""


def commas(sentence: str) -> int:
    """At how many places ``sentence`` may be given room; 0 for what is no sentence."""
    return len(_MARK.findall(sentence)) if _SENTENCE.search(sentence) else 0


def with_room(sound: NDArray[np.float32], rate_hz: int, places: int, more_s: float) -> NDArray[np.float32]:
    """``sound`` with ``more_s`` of silence at the longest ``places`` of its pauses, or as many as it has.

    Args:
        sound: shape (n,), float32, a clip of one sentence.
        rate_hz: Its rate.
        places: How many.
        more_s: Seconds.
    """
    if not places or more_s <= 0.0 or not len(sound):
        return sound
    frame = round(FRAME_S * rate_hz)
    levels = frame_levels(sound, frame)
    loud = np.flatnonzero(levels > np.max(levels) * 10 ** (QUIET_DB / 20))
    lengths = np.diff(loud) - 1
    gaps = [index for index in np.argsort(-lengths, kind="stable")[:places] if lengths[index] * FRAME_S >= SHORTEST_S]
    silence, edge = np.zeros(round(more_s * rate_hz), np.float32), round(EDGE_S * rate_hz)
    parts: list[NDArray[np.float32]] = []
    at = 0
    for index in sorted(gaps):
        cut = int((loud[index] + 1 + loud[index + 1]) * frame // 2)
        parts += [_faded(sound[at:cut], edge, first=not parts), silence]
        at = cut
    return np.concatenate([*parts, _faded(sound[at:], edge, first=not parts, last=True)])


def _faded(part: NDArray[np.float32], edge: int, *, first: bool, last: bool = False) -> NDArray[np.float32]:
    """A part between two silences."""
    part, slope = part.copy(), np.arange(edge, dtype=np.float32) / edge
    if not first:
        part[:edge] *= slope[: len(part)]
    if not last:
        part[-edge:] *= slope[::-1][-len(part) :]
    return part
