"""Plays the dialogue's performances: each cue at its sample, also where its clip is not there yet.

With every clip at hand a performance is placed whole, at once: a busy processor cannot delay a count.  Otherwise the
speaker falls silent, and what is missing is given `SOON_S`.  Then a soft chime tells that something is coming, the
sentences that are there are said, and the rest as soon as it has been made.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.dialogue.events import Chime
from voicecoach.speaking import chimes
from voicecoach.speaking.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.dialogue.events import Perform
    from voicecoach.engines.synthesis.port import PromptClips
    from voicecoach.speaking.timeline import Timeline

SOON_S: Final = 0.3
"""A sentence that comes so late is not missed yet."""
GIVE_UP_S: Final = 6.0
"""Longer nobody waits: what is going on goes on without the sentence."""
BETWEEN_S: Final = 0.3
"""Silence between the sentences that are placed one by one."""


@dataclass(slots=True)
class _Late:
    """A cue of which something is not placed yet."""

    due: int
    """Frame at which it should be heard."""
    sentences: tuple[str, ...]
    """What is still to be placed."""
    next_at: int
    """Frame at which the next of them may begin."""
    chimed: bool = False


class Performer:
    """Places performances on a timeline, and knows when the latest one is over.  For one thread."""

    def __init__(self, timeline: Timeline, clips: PromptClips, apology: str = "") -> None:
        """Place what is performed; nothing is yet.

        Args:
            timeline: Where.
            clips: Sentences as sound, at the timeline's rate.
            apology: Said in place of what cannot be made; should itself always be ready.
        """
        self._timeline, self._clips, self._apology = timeline, clips, apology
        self._chimes: dict[tuple[Chime, float | None], NDArray[np.float32]] = {}
        self._latest: Perform | None = None
        self._waits_until: int | None = None
        """The frame up to which the latest performance waits for its clips before it begins; None: it has begun."""
        self._late: list[_Late] = []
        self._ends = 0
        """The frame after the last one of the latest performance, as far as it is placed."""

    def perform(self, performance: Perform, now: int) -> int | None:
        """Play ``performance``, in place of whatever is playing.

        Args:
            performance: What.
            now: The time of the block that is being heard, in frames.

        Returns:
            The frame at which it begins; None: that is not known yet, `go_on` tells it.
        """
        self._latest, self._late = performance, []
        self._clips.want(cue.sound for cue in performance.cues if isinstance(cue.sound, str))
        sounds = self._sounds(performance)
        if all(sound is not None for sound in sounds):
            return self._begin(performance, sounds)
        self._waits_until = now + self._frames(SOON_S)
        self._timeline.stop_playback()
        return None

    def stop(self) -> None:
        """Silence, at once; the latest performance will not end."""
        self._latest, self._late = None, []
        self._timeline.stop_playback()

    def go_on(self, now: int) -> tuple[Perform, int] | None:
        """Place what has been made meanwhile; to be called with every block.

        Returns:
            The latest performance and the frame at which it begins, once, if that is known from now on.
        """
        began = None
        if self._latest is not None and self._waits_until is not None:
            sounds = self._sounds(self._latest)
            if any(sound is None for sound in sounds) and now < self._waits_until:
                return None
            began = self._latest, self._begin(self._latest, sounds)
        self._late = [late for late in self._late if not self._settle(late, now)]
        return began

    def ended(self, now: int) -> int | None:
        """The token of the latest performance, once, when all of it has been played."""
        if self._latest is None or self._waits_until is not None or self._late or now < self._ends:
            return None
        token, self._latest = self._latest.token, None
        return token

    def _sounds(self, performance: Perform) -> list[NDArray[np.float32] | None]:
        """Each cue as sound, None for what is being made from now on."""
        sounds = [self._sound(cue.sound, cue.lasts_s) for cue in performance.cues]
        return [
            sound if sound is None or not cue.gain_db else sound * np.float32(10 ** (cue.gain_db / 20))
            for cue, sound in zip(performance.cues, sounds, strict=True)
        ]

    def _sound(self, sound: str | Chime, lasts_s: float | None = None) -> NDArray[np.float32] | None:
        if isinstance(sound, str):
            return self._clips.ready(sound)
        if (sound, lasts_s) not in self._chimes:
            self._chimes[sound, lasts_s] = chimes.render(sound, self._timeline.rate_hz, lasts_s)
        return self._chimes[sound, lasts_s]

    def _begin(self, performance: Perform, sounds: list[NDArray[np.float32] | None]) -> int:
        """Place what there is, and note what is late."""
        self._waits_until = None
        offsets = [self._frames(cue.at_s) for cue in performance.cues]
        cues = list(zip(performance.cues, offsets, sounds, strict=True))
        placed = [(offset, sound, cue.sound) for cue, offset, sound in cues if sound is not None]
        begin = self._timeline.replace(placed)
        length = max([self._frames(performance.length_s), *(offset + len(sound) for offset, sound, _ in placed)])
        self._ends = begin + length
        self._late = [
            _Late(begin + offset, sentences(str(cue.sound)), begin + offset)
            for cue, offset, sound in cues
            if sound is None
        ]
        return begin

    def _settle(self, late: _Late, now: int) -> bool:
        """Place what is there of a late cue; whether nothing more will come of it."""
        if now < late.due - self._frames(SOON_S):
            return False
        sounds = [self._clips.ready(sentence) for sentence in late.sentences]
        there = [sound for sound in takewhile(lambda sound: sound is not None, sounds) if sound is not None]
        if len(there) < len(sounds):
            if now < late.due:
                return False
            if not late.chimed:
                self._append(late, self._sound(Chime.COMING), Chime.COMING)
                late.chimed = True
            if self._latest is not None and self._latest.length_s:
                return True  # a number that limps after its count is worse than a chime in its place
        for sentence, sound in zip(late.sentences, there, strict=False):
            self._append(late, sound, sentence)
        late.sentences = late.sentences[len(there) :]
        if not late.sentences:
            return True
        given_up = now - late.due > self._frames(GIVE_UP_S) or any(map(self._clips.hopeless, late.sentences))
        if given_up:
            self._append(late, self._clips.ready(self._apology), self._apology)
        return given_up

    def _append(self, late: _Late, sound: NDArray[np.float32] | None, label: str | Chime) -> None:
        if sound is not None and len(sound):
            at = max(late.next_at, self._timeline.position)
            self._timeline.place(sound, at, label)
            late.next_at = at + len(sound) + self._frames(BETWEEN_S)
            self._ends = max(self._ends, at + len(sound))

    def _frames(self, seconds: float) -> int:
        return round(seconds * self._timeline.rate_hz)
