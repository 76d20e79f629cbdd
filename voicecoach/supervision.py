"""The coach that does not die: an unforeseen error is logged, and another coach goes on in the same state.

What the coach can do without is contained (`containment.py`).  Everything else (hearing, the timeline, the dialogue)
ends the coach that met it: `SupervisedCoach` puts a new one in its place, with a new speech input and an empty timeline
whose clock goes on, and it says so aloud.
"""

# ruff: noqa: BLE001 - to bear whatever is raised is what all of this is for

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final, ParamSpec

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BrokenError
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.coach import Coach
    from voicecoach.dialogue.state import State

MOST_FAILURES: Final = 3
"""With the third within `WITHIN_S` it gives up: what is broken is more than a coach can mend by starting anew."""
WITHIN_S: Final = 600.0
LAST_WORDS_S: Final = 0.5
"""So much longer than the last words it waits for them to be heard."""

_LOG: Final = logging.getLogger(__name__)
_P = ParamSpec("_P")


class SupervisedCoach:
    """Stands for whichever coach is at work; keeps `live.LiveCoach`.

    As with `Coach`, everything but `timeline` is for one thread.
    """

    def __init__(self, make: Callable[[State | None, int], Coach], last_words: NDArray[np.float32]) -> None:
        """Make the first coach.

        Args:
            make: Makes a coach in a state (None: at rest) whose timeline begins at a frame.
            last_words: What is heard before it gives up, at the timeline's rate: shape (n,), float32.
        """
        self._last_words = last_words
        self._broken: BrokenError | None = None
        """Why it gives up, once the last words have been said."""
        self._to_hear = 0
        """Samples of the microphone until they have."""
        self._make = make
        self._coach = make(None, 0)
        self.timeline = SteadyTimeline(self._coach.timeline)
        self._failed_at_s: list[float] = []
        self._played = np.zeros(0, np.float32)

    @property
    def mode(self) -> str:
        """As `Coach.mode`."""
        return self._coach.mode

    @property
    def now_s(self) -> float:
        """As `Coach.now_s`."""
        return self._coach.now_s

    @property
    def listens(self) -> bool:
        """As `Coach.listens`."""
        return self._coach.listens

    @property
    def resting(self) -> bool:
        """As `Coach.resting`."""
        return self._coach.resting

    def open(self) -> None:
        """As `Coach.open`; see `failed` for what it raises."""
        self._supervised(self._coach.open)

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """As `Coach.listen`; see `failed` for what it raises."""
        if self._broken is not None:
            self._to_hear -= len(block)
            if self._to_hear <= 0:
                raise self._broken
            return
        if self.timeline.failure is not None:
            self.failed(self.timeline.failure)
            return
        self._supervised(self._coach.listen, block, played)

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """As `Coach.process`."""
        if len(self._played) != len(block):
            self._played = np.zeros(len(block), np.float32)
        self.listen(block, self._played)
        self._played = self.timeline.read(len(block))
        return self._played

    def failed(self, error: Exception) -> None:
        """Something that the coach's work needs has failed: go on with another coach.

        With the third failure within ten minutes the last words are said, and `listen` raises `BrokenError` then.
        """
        if self._broken is not None:
            raise error
        _LOG.error("the coach failed in mode %s and is started anew", self.mode, exc_info=error)
        now_s = self.timeline.position / self.timeline.rate_hz
        self._failed_at_s = [at_s for at_s in self._failed_at_s if now_s - at_s < WITHIN_S] + [now_s]
        if len(self._failed_at_s) >= MOST_FAILURES:
            self._give_up(error)
            return
        try:
            self._start_anew()
        except Exception as again:
            self.failed(again)

    def _give_up(self, error: Exception) -> None:
        self._broken = BrokenError(
            f"the coach has failed {MOST_FAILURES} times within {WITHIN_S / 60:.0f} minutes, the last time with: "
            f"{error or type(error).__name__}; start it again, and if it stays so, report what the log says"
        )
        self._broken.__cause__ = error
        rate_hz = self.timeline.rate_hz
        timeline = Timeline(rate_hz, self._coach.state.volume_db, self.timeline.position)
        timeline.place(self._last_words, self.timeline.position, "last words")
        self.timeline.replace_with(timeline)
        self._to_hear = round((len(self._last_words) / rate_hz + LAST_WORDS_S) * MICROPHONE_HZ)

    def _supervised(self, call: Callable[_P, None], *arguments: _P.args, **named: _P.kwargs) -> None:
        try:
            call(*arguments, **named)
        except Exception as error:
            self.failed(error)

    def _start_anew(self) -> None:
        state = self._coach.state
        self._coach = self._make(state, self.timeline.position)
        self.timeline.replace_with(self._coach.timeline)
        self._coach.recover()


class SteadyTimeline:
    """What the speaker reads: the timeline of whichever coach is at work.  It never raises.  For any thread."""

    def __init__(self, timeline: Timeline) -> None:
        """Begin with the timeline of the first coach."""
        self.rate_hz = timeline.rate_hz
        self.failure: Exception | None = None
        """What the timeline has raised; from then on there is silence, until it is replaced."""
        self._timeline = timeline
        self._position = timeline.position
        self._lock = threading.Lock()

    @property
    def position(self) -> int:
        """Frames read so far."""
        return self._position

    def read(self, frames: int) -> NDArray[np.float32]:
        """The next ``frames`` frames: shape (frames,), float32."""
        with self._lock:
            self._position += frames
            if self.failure is None:
                try:
                    return self._timeline.read(frames)
                except Exception as error:
                    self.failure = error
            return np.zeros(frames, np.float32)

    def sounding(self) -> tuple[object, ...]:
        """As `Timeline.sounding`; nothing, where that fails."""
        try:
            return self._timeline.sounding()
        except Exception as error:
            self.failure = error
            return ()

    def stop_playback(self) -> None:
        """As `Timeline.stop_playback`; where that fails, there is silence anyway."""
        try:
            self._timeline.stop_playback()
        except Exception as error:
            self.failure = error

    def replace_with(self, timeline: Timeline) -> None:
        """Read ``timeline`` from now on; it begins at the frame that was next when it was made, or a little earlier."""
        with self._lock:
            self._timeline, self.failure = timeline, None
