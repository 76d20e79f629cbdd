"""How loud the last moments were: tells whether a voice has fallen silent, sooner than any recogniser can."""

from __future__ import annotations

from collections import deque
from math import log10
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.hearing.protocol import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FRAME_S = 0.02
_FRAME = round(_FRAME_S * MICROPHONE_HZ)
_MEMORY_S = 2.0
DROP_DB = 15.0
"""A voice has fallen silent when the sound lies this far below its loudest moment."""


class Loudness:
    """The mean power of the last two seconds, in frames of 20 ms."""

    def __init__(self) -> None:
        self._powers: deque[float] = deque(maxlen=round(_MEMORY_S / _FRAME_S))
        self._rest = np.zeros(0, np.float32)

    def add(self, block: NDArray[np.float32]) -> None:
        """Take note of a block of finite samples, shape (n,), at `MICROPHONE_HZ`."""
        sound = np.concatenate([self._rest, block])
        whole = len(sound) // _FRAME * _FRAME
        self._powers.extend(np.mean(np.square(sound[:whole].reshape(-1, _FRAME)), axis=1).tolist())
        self._rest = sound[whole:]

    @property
    def loudest_db(self) -> float:
        """The loudest frame in memory, relative to full scale; -200 for digital silence."""
        return 10 * log10(max(self._powers, default=0.0) + 1e-20)

    def rise_db(self, seconds: float, before_s: float = _MEMORY_S) -> float:
        """How far the loudest moment of the last ``seconds`` lies above the loudest one in the ``before_s`` before."""
        frames, begin = round(seconds / _FRAME_S), round((seconds + before_s) / _FRAME_S)
        powers = list(self._powers)
        before, now = max(powers[-begin:-frames], default=0.0), max(powers[-frames:], default=0.0)
        return 10 * log10((now + 1e-20) / (before + 1e-20))

    def silent_for_s(self) -> float:
        """Seconds since the last frame that was within `DROP_DB` of the loudest one in memory."""
        if not self._powers:
            return 0.0
        still_voice = max(self._powers) * 10 ** (-DROP_DB / 10)
        silent_frames = next(n for n, power in enumerate(reversed(self._powers)) if power >= still_voice)
        return silent_frames * _FRAME_S
