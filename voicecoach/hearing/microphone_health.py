"""Whether what the microphone brings can be the sound of a room: who cannot hear must not lead on.

It looks at the sound as it comes in, before the echo is taken out, and counts samples: nothing else is a clock.  A room
that is merely quiet is far louder than anything that counts as dead here; what is dead is so in every sample for some
seconds.

Some microphones have a noise gate: they give exact zeros whenever nobody speaks.  Those that were dead for a moment
again and again, and came back each time, are known to have one.  From then on their zeros say something only while the
coach's own voice should be heard, or when they last very long.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAME: Final = MICROPHONE_HZ // 10
"""Samples that are judged at once: 0.1 s."""
FAINT_DB: Final = -115.0
"""Below it (RMS without the constant part, dBFS) lies no microphone in a room: the best ones, of 74 dB signal to noise,
have -110 dBFS of their own."""
GARBAGE_DB: Final = -6.0
"""A voice has pauses, and even one that clips all the time stays below this over some seconds."""

LOST_S: Final = 2.0
"""So long without a callback, and the microphone is gone.  A busy machine is late by tenths of a second; only the very
first callback of a sound server that was idle may take two seconds."""
DEAD_S: Final = 3.0
"""So long nothing that could be sound.  Noise gates and Bluetooth links that stutter are back sooner."""
GATES: Final = 5
"""After so many gaps a microphone is known to have a noise gate."""
SHORTEST_GAP_S: Final = 0.2
GATED_S: Final = 60.0
"""How long a gated microphone may bring zeros, where its echo tells nothing."""
OWN_VOICE_DB: Final = -50.0
"""What the speaker plays above this should come back, where it mostly does."""
OWN_VOICE_S: Final = 1.5
"""A gated microphone that brings nothing of so much of the coach's own voice is dead after all."""
OWN_VOICE_KNOWN_S: Final = 5.0
"""So much of it must have come back before."""
BACK_S: Final = 0.5
"""So much sound, and the microphone is back; twice as much each time that it was lost again soon after."""
BACK_MOST_S: Final = 32.0
SOUND_AGAIN_S: Final = 600.0
"""After so long without a loss, the next one is the first again."""


class Deafness(Enum):
    """Why nothing can be heard.  The value is the name in traces."""

    LOST = "lost"
    """Nothing comes at all: the stream has ended, or its callbacks have ceased."""
    ZEROS = "zeros"
    """Every sample is zero: muted, or another device than it was."""
    STUCK = "stuck"
    """Every sample has one and the same value."""
    FAINT = "faint"
    """There is less in it than a microphone's own noise."""
    GARBAGE = "garbage"
    """Noise at full scale."""


@dataclass(frozen=True, slots=True)
class _Frame:
    deafness: Deafness | None
    """None: it may be sound."""
    loud: bool
    """Whether the speaker played something that should have come back."""


class MicrophoneHealth:
    """Follows the microphone from its first sample on, in blocks of any size."""

    def __init__(self, *, processed: bool = False, deaf: bool = False) -> None:
        """Begin with a microphone that is thought to be well.

        Args:
            processed: Whether the system works on the sound (echo, noise): then it may be fainter than a microphone.
            deaf: Whether it is known not to be.
        """
        self._processed = processed
        self._frame = np.zeros((2, FRAME), np.float32)
        """The latest frame, not yet whole: the microphone, and what was played."""
        self._filled = 0
        """How many samples of it are there."""
        self._dead: deque[Deafness] = deque(maxlen=round(GATED_S * 10))
        """The frames since the last sound, oldest first."""
        self._dead_loud = 0
        """How many of them should have held the coach's own voice."""
        self._has_lived = False
        self._gaps = 0
        self._returned = self._swallowed = 0
        """Frames of the coach's own voice that came back, and that fell into a gap, while the microphone was well."""
        self._deaf: Deafness | None = Deafness.LOST if deaf else None
        self._alive = 0
        """Frames of sound since the microphone was lost, or since it was back."""
        self._losses = int(deaf)
        """How often it was lost, each soon after the one before."""

    @property
    def deaf(self) -> Deafness | None:
        """Why nothing can be heard; None while it can."""
        return self._deaf

    def hear(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """Take note of a block.

        Args:
            block: shape (n,), float32 at `MICROPHONE_HZ`, as it was caught; NaN where nothing was.
            played: shape (n,), what the speaker played meanwhile.
        """
        while len(block):
            new = min(FRAME - self._filled, len(block))
            rest = slice(self._filled, self._filled + new)
            self._frame[0, rest], self._frame[1, rest] = block[:new], played[:new]
            self._filled += new
            block, played = block[new:], played[new:]
            if self._filled == FRAME:
                microphone, speaker = self._frame
                self._take(_judged(microphone, speaker, -np.inf if self._processed else FAINT_DB))
                self._filled = 0

    def begin_anew(self) -> None:
        """The microphone was closed on purpose, and has been opened again."""
        self._dead.clear()
        self._filled = self._dead_loud = self._alive = 0
        self._deaf, self._has_lived = None, False

    def understood(self) -> None:
        """Somebody was understood, so whatever it looks like, it can be heard."""
        self._dead.clear()
        self._dead_loud = 0
        if self._deaf is not None:
            self._deaf, self._alive = None, 0

    # --- frames -------------------------------------------------------------------------------------------------------

    def _take(self, frame: _Frame) -> None:
        if frame.deafness is None:
            self._take_sound(frame)
        else:
            self._take_dead(frame.deafness, loud=frame.loud)

    def _take_sound(self, frame: _Frame) -> None:
        if self._deaf is None and self._in_a_row(SHORTEST_GAP_S) and set(self._dead) <= _GATED:
            self._gaps += 1
            self._swallowed += self._dead_loud
        self._has_lived = True
        self._dead.clear()
        self._dead_loud = 0
        self._alive += 1
        if self._deaf is None:
            self._returned += frame.loud
            if self._alive >= SOUND_AGAIN_S * 10:
                self._losses = 0
        elif self._alive >= min(BACK_S * 2 ** (self._losses - 1), BACK_MOST_S) * 10:
            # A gate that was taken for a loss has come back like all the others.
            self._gaps += self._deaf in _GATED
            self._deaf, self._alive = None, 0

    def _take_dead(self, deafness: Deafness, *, loud: bool) -> None:
        self._dead.append(deafness)
        self._dead_loud += loud
        why = self._too_long()
        if self._deaf is None and why is not None:
            self._deaf, self._losses, self._alive = why, self._losses + 1, 0
        elif self._deaf is not None and why is not None:
            self._alive = 0

    def _too_long(self) -> Deafness | None:
        """What the dead frames mean, where there are enough of them."""
        latest = self._dead[-1]
        if (
            self._has_lived
            and self._in_a_row(LOST_S)
            and all(one is Deafness.LOST for one in list(self._dead)[-round(LOST_S * 10) :])
        ):
            return Deafness.LOST
        if not self._in_a_row(DEAD_S) or (self._is_gated and not self._gate_is_dead()):
            return None
        return latest

    def _in_a_row(self, seconds: float) -> bool:
        return len(self._dead) >= round(seconds * 10)

    @property
    def _is_gated(self) -> bool:
        return self._gaps >= GATES and set(self._dead) <= _GATED

    def _gate_is_dead(self) -> bool:
        """Whether even a gate would have opened: at the coach's own voice, where that opened it before."""
        known = self._returned >= max(OWN_VOICE_KNOWN_S * 10, 2 * self._swallowed)
        return (known and self._dead_loud >= OWN_VOICE_S * 10) or self._in_a_row(GATED_S)


_GATED: Final = frozenset({Deafness.ZEROS, Deafness.FAINT})
"""What a noise gate gives."""


def fault_of(sound: NDArray[np.float32]) -> Deafness | None:
    """What is wrong with ``sound``, shape (n,), float32 in -1..1, all of it; None where it may be a microphone's."""
    return _judged(sound, np.zeros_like(sound), FAINT_DB).deafness


def _judged(sound: NDArray[np.float32], played: NDArray[np.float32], faint_db: float) -> _Frame:
    return _Frame(_deafness(sound, faint_db), _db(float(np.mean(np.square(played, dtype=np.float64)))) > OWN_VOICE_DB)


def _deafness(sound: NDArray[np.float32], faint_db: float) -> Deafness | None:
    finite = np.isfinite(sound)
    if np.count_nonzero(finite) * 2 <= len(sound):
        return Deafness.LOST
    sound = np.where(finite, sound, np.float32(0.0)).astype(np.float64)
    if not sound.any():
        return Deafness.ZEROS
    if np.ptp(sound) == 0.0:
        return Deafness.STUCK
    level_db = _db(float(np.var(sound)))
    if level_db < faint_db:
        return Deafness.FAINT
    return Deafness.GARBAGE if level_db > GARBAGE_DB else None


def _db(power: float) -> float:
    return 10.0 * float(np.log10(power)) if power > 0.0 else -np.inf
