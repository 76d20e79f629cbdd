"""The timeline: where every sound to be played lies, by the number of its first sample.

Nothing here knows why a sound is played.  Everything heard is a function of sample numbers alone, so that the same
calls at the same positions give the same samples, however large the blocks are in which they are read.  That is what
lets a rehearsal stand for a night, and a breath count keep time for a quarter of an hour.
"""

from __future__ import annotations

import heapq
import math
import threading
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.dialogue.events import NightSound
from voicecoach.speaking.night_sounds import Bed
from voicecoach.speaking.ramp import Ramp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

FADE_S = 0.008
"""How long stopped playback fades: too short to hear as a fade, too long to hear as a click."""
DUCK_DB = -12.0
"""How far the coach steps back while somebody else speaks."""
DUCK_DOWN_S = 0.060
DUCK_UP_S = 0.250
VOLUME_S = 0.050
SOFTEN_S = 0.300
"""How long the coach takes to speak more softly, or as loudly as before: longer than a syllable."""
EDGE_S = 0.002
"""Fade at the edge of a clip that does not begin or end near zero."""
NEAR_ZERO = 0.003
"""A step of this size (-50 dBFS) at the edge of a clip is not heard as a click."""


@dataclass(frozen=True, slots=True)
class PlayedClip:
    """A clip that was heard, or begun and cut short."""

    label: object
    """What `Timeline.place` was given."""
    began: int
    """Frame of its first sample."""
    ended: int
    """Frame after its last sample."""
    whole: bool
    """Whether it was played to its own end."""


class Timeline:
    """Clips at sample positions, mixed into one stream.

    `read` may run in an audio callback while another thread calls everything else: each call holds the lock only for a
    few microseconds.
    """

    def __init__(self, rate_hz: int, volume_db: float = 0.0, position: int = 0) -> None:
        """Begin an empty timeline.

        Args:
            rate_hz: Frames a second of everything placed and read.
            volume_db: First volume, 0 or less, relative to the clips as they are.
            position: The frame that is read first.
        """
        self.rate_hz = rate_hz
        self._lock = threading.Lock()
        self._position = position
        self._waiting: list[_Clip] = []
        """A heap of the clips that begin after the position."""
        self._begun: list[_Clip] = []
        """The clips that begin at or before the position and have not ended; sorted, because both sources are."""
        self._played: list[PlayedClip] = []
        self._busy_until = position
        self._order = count()
        self._volume = Ramp(_linear(volume_db))
        self._duck = Ramp(1.0)
        self._softness = Ramp(1.0)
        self._bed: Bed | None = None

    @property
    def position(self) -> int:
        """Frames read so far: the number of the next frame to be read."""
        return self._position

    @property
    def busy_until(self) -> int:
        """The frame after the last one at which anything planned sounds; `position` when nothing is planned."""
        with self._lock:
            return max(self._position, self._busy_until)

    def sounding(self) -> tuple[object, ...]:
        """Labels of the clips that sound in the next frame, in the order in which they began."""
        with self._lock:
            return tuple(clip.label for clip in self._begun)

    def place(self, sound: NDArray[np.float32], at: int, label: object) -> None:
        """Plan ``sound`` so that its first sample is frame ``at``, mixed with whatever else sounds there.

        Args:
            sound: shape (n,), float32 in -1..1.  It is kept, not copied: leave it as it is afterwards.
            at: The frame; one that has passed already means the next frame (`PlayedClip.began` tells the truth).
            label: Anything; handed back by `played` and `sounding`.
        """
        sound = self._fit(sound)
        with self._lock:
            self._plan(sound, at, label)

    def replace(self, sounds: Iterable[tuple[int, NDArray[np.float32], object]]) -> int:
        """Stop playback, and plan ``sounds`` from the next frame on, all at once: no `read` comes in between.

        Args:
            sounds: For each clip how many frames after the first it begins, its samples, and its label; see `place`.

        Returns:
            The frame from which the offsets count: the next one to be read.
        """
        fitted = [(offset, self._fit(sound), label) for offset, sound, label in sounds]
        with self._lock:
            self._fall_silent()
            begin = self._position
            for offset, sound, label in fitted:
                self._plan(sound, begin + offset, label)
        return begin

    def stop_playback(self) -> None:
        """Fade what sounds to silence within `FADE_S` from the next frame on, and forget everything planned.

        Clips that have not begun are never reported by `played`.  Clips placed afterwards are not touched by the fade.
        """
        with self._lock:
            self._fall_silent()

    def duck(self, on: bool) -> None:  # noqa: FBT001 - timeline.duck(somebody_speaks) reads as it should
        """Step back by `DUCK_DB` while somebody speaks, or come forward again.  The same again changes nothing."""
        seconds = DUCK_DOWN_S if on else DUCK_UP_S
        with self._lock:
            self._duck.turn_to(_linear(DUCK_DB) if on else 1.0, self._position, round(seconds * self.rate_hz))

    def set_volume(self, db: float) -> None:
        """Play at ``db`` decibels (0 or less) relative to the clips as they are, within `VOLUME_S` from now on."""
        with self._lock:
            self._volume.turn_to(_linear(db), self._position, round(VOLUME_S * self.rate_hz))

    def soften(self, db: float, within_s: float = SOFTEN_S) -> None:
        """Play ``db`` decibels (0 or less) softer than the volume says, within so many seconds from now on."""
        with self._lock:
            self._softness.turn_to(_linear(db), self._position, round(within_s * self.rate_hz))

    def play_night_sound(self, sound: NightSound, lasts_s: float) -> None:
        """Have ``sound`` under everything else, no clip and told of by nobody; `NightSound.NONE` lets it fade."""
        if sound is not NightSound.NONE:
            self._bed = Bed(sound, self.rate_hz, self._position, lasts_s)
        elif self._bed is not None:
            self._bed.go(self._position)

    def read(self, frames: int) -> NDArray[np.float32]:
        """The next ``frames`` frames: shape (frames,), float32.

        Where loud clips overlap, the sum is cut off at -1 and 1 (hard: clips are levelled so low that it is rare).
        """
        bed = self._bed
        under = None if bed is None else bed.read(self._position, frames)  # only this thread moves the position
        with self._lock:
            first, stop = self._position, self._position + frames
            while self._waiting and self._waiting[0].began <= stop:
                self._begun.append(heapq.heappop(self._waiting))
            block = np.zeros(frames, np.float32) if under is None else under
            for clip in self._begun:
                clip.mix_into(block, first)
            if bed is not None and bed is self._bed and bed.is_over(stop):
                self._bed = None
            if self._begun or under is not None:
                block *= self._gain(first, stop)
                np.clip(block, -1.0, 1.0, out=block)
            self._position = stop
            self._drop_ended()
            return block

    def played(self) -> list[PlayedClip]:
        """The clips that ended since this was last asked, or were cut short, in the order in which they ended."""
        with self._lock:
            played, self._played = self._played, []
        return sorted(played, key=lambda clip: clip.ended)

    def _fit(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """``sound`` as it can be planned: checked, and without clicks at its ends."""
        if sound.ndim != 1 or sound.dtype != np.float32:
            raise ValueError(f"a clip is one row of float32, not {sound.ndim} dimensions of {sound.dtype}")
        return _soft_edged(sound, max(1, round(EDGE_S * self.rate_hz)))

    def _plan(self, sound: NDArray[np.float32], at: int, label: object) -> None:
        """Plan a clip; the lock is held."""
        began = max(at, self._position)
        clip = _Clip(began, next(self._order), sound, label, began + len(sound))
        self._busy_until = max(self._busy_until, clip.ended)
        if began > self._position:
            heapq.heappush(self._waiting, clip)
        else:
            self._begun.append(clip)
            self._drop_ended()

    def _fall_silent(self) -> None:
        """Fade out what sounds and forget what is planned; the lock is held."""
        self._waiting.clear()
        self._begun = [clip for clip in self._begun if clip.began < self._position]
        for clip in self._begun:
            clip.cut(self._position, round(FADE_S * self.rate_hz))
        self._busy_until = max((clip.ended for clip in self._begun), default=self._position)

    def _drop_ended(self) -> None:
        ended = [clip for clip in self._begun if clip.ended <= self._position]
        if ended:
            self._begun = [clip for clip in self._begun if clip.ended > self._position]
            self._played += (PlayedClip(clip.label, clip.began, clip.ended, clip.whole) for clip in ended)

    def _gain(self, first: int, stop: int) -> np.float32 | NDArray[np.float32]:
        ramps = (self._volume, self._duck, self._softness)
        if all(ramp.settled(first) for ramp in ramps):
            return np.float32(math.prod(ramp.target for ramp in ramps))
        volume, duck, softness = (ramp.over(first, stop) for ramp in ramps)
        return (volume * duck * softness).astype(np.float32)


@dataclass(order=True, slots=True)
class _Clip:
    """A sound at its place.  Compared by place and order, so that a sum is always added up in the same order."""

    began: int
    order: int
    sound: NDArray[np.float32] = field(compare=False)
    label: object = field(compare=False)
    ended: int = field(compare=False)
    fades: Ramp | None = field(default=None, compare=False)

    @property
    def whole(self) -> bool:
        return self.fades is None

    def cut(self, at: int, fade: int) -> None:
        """Fade out from frame ``at`` on; a clip that is fading already goes on as it does."""
        if self.fades is None:
            self.fades = Ramp(1.0)
            self.fades.turn_to(0.0, at, fade)
            self.ended = min(self.ended, at + fade)

    def mix_into(self, block: NDArray[np.float32], first: int) -> None:
        """Add the part that lies in ``block``, whose first frame is ``first``."""
        begin, end = max(self.began, first), min(self.ended, first + len(block))
        if begin >= end:
            return
        part = self.sound[begin - self.began : end - self.began]
        if self.fades is not None:
            part = part * self.fades.over(begin, end).astype(np.float32)
        block[begin - first : end - first] += part


def _soft_edged(sound: NDArray[np.float32], edge: int) -> NDArray[np.float32]:
    """``sound``, with a short fade (``edge`` frames) at an end that would click."""
    begins_hard = len(sound) > 0 and abs(sound[0]) > NEAR_ZERO
    ends_hard = len(sound) > 0 and abs(sound[-1]) > NEAR_ZERO
    if not (begins_hard or ends_hard):
        return sound
    sound, edge = sound.copy(), min(edge, len(sound))
    slope = (np.arange(edge) / edge).astype(np.float32)
    if begins_hard:
        sound[:edge] *= slope
    if ends_hard:
        sound[len(sound) - edge :] *= slope[::-1]
    return sound


def _linear(db: float) -> float:
    if math.isnan(db) or db > 0.0:
        raise ValueError(f"a volume is 0 dB or less, not {db}")
    return math.pow(10.0, db / 20.0)
