"""How loud the last moments were.

It tells whether a voice has fallen silent, sooner than any recogniser can, and whether it stood out from the rest.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRAME_S = 0.02
_FRAME = round(_FRAME_S * MICROPHONE_HZ)
_MEMORY_S = 3.0
_RECENTLY_S = 2.0
"""A voice is compared with what was loudest within this time."""
DROP_DB = 15.0
"""A voice has fallen silent when the sound lies this far below its loudest moment."""
STANDS_OUT_DB = 10.0
"""Somebody by the microphone is louder than a television in the room by as much."""
BEFORE_S = 1.0
"""So long it must have been that much softer: the talk of a television has shorter pauses."""
OVER_S = 0.3
"""So long it must have been that much softer again."""
_PAUSE_S = 0.35
"""Shorter ones belong to what is said."""
_SHORTEST_S = 0.1
"""A click is shorter."""
_MOSTLY = 70
"""Percentile."""
_SOFTEST = 5
"""Percentile."""
_NOTHING = 1e-20
"""Power of digital silence: -200 dB."""


@dataclass(frozen=True, slots=True)
class _LoudPart:
    """The latest of what is loud, as frames in memory."""

    first: int
    last: int
    length: int
    """Frames that are loud themselves."""
    stands_out: bool


class Loudness:
    """The mean power of the last three seconds, in frames of 20 ms."""

    def __init__(self) -> None:
        self._powers: deque[float] = deque(maxlen=round(_MEMORY_S / _FRAME_S))
        self._rest = np.zeros(0, np.float32)
        self._new = 0
        """Frames of the latest block."""

    def add(self, block: NDArray[np.float32]) -> None:
        """Take note of a block of finite samples, shape (n,), at `MICROPHONE_HZ`."""
        sound = np.concatenate([self._rest, block])
        self._new = len(sound) // _FRAME
        whole = self._new * _FRAME
        self._powers.extend(np.mean(np.square(sound[:whole].reshape(-1, _FRAME)), axis=1).tolist())
        self._rest = sound[whole:]

    def level_db(self, seconds: float) -> float:
        """How loud what was said in the last ``seconds`` was for the most part, relative to full scale.

        It is a percentile, so that neither pauses nor the beginning of somebody else's words count; nor does the
        silence after it.  -200 for digital silence.
        """
        powers = list(self._powers)
        said = powers[-round(seconds / _FRAME_S) : len(powers) - round(self.silent_for_s() / _FRAME_S)]
        return 10 * log10(float(np.percentile(said or [0.0], _MOSTLY)) + _NOTHING)

    def room_db(self) -> float:
        """How loud the softest moments of the last three seconds were, relative to full scale; -200 for silence."""
        return 10 * log10(float(np.percentile(list(self._powers) or [0.0], _SOFTEST)) + _NOTHING)

    def rise_db(self, seconds: float, before_s: float = _RECENTLY_S) -> float:
        """How far the loudest moment of the last ``seconds`` lies above the loudest one in the ``before_s`` before."""
        frames, begin = round(seconds / _FRAME_S), round(min(seconds + before_s, _RECENTLY_S) / _FRAME_S)
        powers = list(self._powers)
        before, now = max(powers[-begin:-frames], default=0.0), max(powers[-frames:], default=0.0)
        return 10 * log10((now + _NOTHING) / (before + _NOTHING))

    def silent_for_s(self) -> float:
        """Seconds since the last frame that was within `DROP_DB` of the loudest one of late."""
        powers = list(self._powers)[-round(_RECENTLY_S / _FRAME_S) :]
        if not powers:
            return 0.0
        still_voice = max(powers) * 10 ** (-DROP_DB / 10)
        silent_frames = next(n for n, power in enumerate(reversed(powers)) if power >= still_voice)
        return silent_frames * _FRAME_S

    @property
    def stands_out(self) -> bool:
        """Whether what was said last is louder by `STANDS_OUT_DB` than all that was to be heard for a while before."""
        part = self._loud_part()
        return part is not None and part.stands_out

    def ended_foreground_s(self) -> float | None:
        """How long ago something began that stood out and has, with the latest block, been over for `OVER_S`.

        None: there is no such thing.  It is told once.
        """
        over = round(OVER_S / _FRAME_S)
        latest = list(self._powers)[-over - self._new :]
        if max(latest[:-over], default=0.0) <= max(latest[-over:], default=0.0):
            return None  # nothing has fallen silent; that is so nearly always, and soon found out
        part = self._loud_part()
        if part is None or not part.stands_out or part.length * _FRAME_S < _SHORTEST_S:
            return None
        since = len(self._powers) - 1 - part.last - over
        return (len(self._powers) - part.first) * _FRAME_S if 0 <= since < self._new else None

    def _loud_part(self) -> _LoudPart | None:
        powers = np.array(self._powers)
        if not len(powers):
            return None
        loudest = powers[-round((_RECENTLY_S + OVER_S) / _FRAME_S) :].max()
        loud = np.flatnonzero(powers >= loudest * 10 ** (-STANDS_OUT_DB / 10))
        pauses = np.flatnonzero(np.diff(loud) > _PAUSE_S / _FRAME_S)
        begins = int(pauses[-1]) + 1 if len(pauses) else 0
        first = int(loud[begins])
        listened_from = first - round(BEFORE_S / _FRAME_S)
        stands_out = listened_from >= 0 and (begins == 0 or loud[begins - 1] < listened_from)
        return _LoudPart(first, int(loud[-1]), len(loud) - begins, stands_out)
