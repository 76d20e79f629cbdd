"""The coach that does not die: an unforeseen error is logged, and another coach goes on in the same state.

What the coach calls is of two kinds.  Where it can do without an answer, the call is contained: a line that is not
written down, an observer that fails, a clip that cannot be had cost no more than themselves.  Everything else (hearing,
the timeline, the dialogue) ends the coach that met it: `SupervisedCoach` puts a new one in its place, with a new speech
input and an empty timeline whose clock goes on, and it says so aloud.
"""

# ruff: noqa: BLE001 - to bear whatever is raised is what all of this is for

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, ParamSpec

import numpy as np

from voicecoach.errors import BrokenError, VoicecoachError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.coach import Coach, Memory
    from voicecoach.dialogue.state import State
    from voicecoach.engines.synthesis.port import PromptClips
    from voicecoach.person.tonight import Tonight
    from voicecoach.session_events import Observer, SessionEvent
    from voicecoach.speaking.timeline import Timeline

MOST_FAILURES: Final = 3
"""With the third within `WITHIN_S` it gives up: what is broken is more than a coach can mend by starting anew."""
WITHIN_S: Final = 600.0

_LOG: Final = logging.getLogger(__name__)
_P = ParamSpec("_P")


class SupervisedCoach:
    """Stands for whichever coach is at work; keeps `live.LiveCoach`.

    As with `Coach`, everything but `timeline` is for one thread.
    """

    def __init__(self, make: Callable[[State | None, int], Coach]) -> None:
        """Make the first coach.

        Args:
            make: Makes a coach in a state (None: at rest) whose timeline begins at a frame.
        """
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
    def resting(self) -> bool:
        """As `Coach.resting`."""
        return self._coach.resting

    def open(self) -> None:
        """As `Coach.open`; see `failed` for what it raises."""
        self._supervised(self._coach.open)

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """As `Coach.listen`; see `failed` for what it raises."""
        if self.timeline.failure is not None:
            self.failed(self.timeline.failure)
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

        Raises:
            BrokenError: It was the third time within ten minutes.
        """
        _LOG.error("the coach failed in mode %s and is started anew", self.mode, exc_info=error)
        now_s = self.timeline.position / self.timeline.rate_hz
        self._failed_at_s = [at_s for at_s in self._failed_at_s if now_s - at_s < WITHIN_S] + [now_s]
        if len(self._failed_at_s) >= MOST_FAILURES:
            raise BrokenError(
                f"the coach has failed {MOST_FAILURES} times within {WITHIN_S / 60:.0f} minutes, the last time with: "
                f"{error or type(error).__name__}; start it again, and if it stays so, report what the log says"
            ) from error
        try:
            self._start_anew()
        except Exception as again:
            self.failed(again)

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


# --- calls that are contained -----------------------------------------------------------------------------------------


def contained_memory(memory: Memory, clock: Callable[[], float] = time.monotonic) -> Memory:
    """``memory``, of whose calls none raises that the coach can go on without.

    What cannot be written is not; who cannot be looked up is as they were when it last worked.  The kept place is read
    only at the start.

    Args:
        memory: The journal, and the time of day.
        clock: Seconds that nobody sets.
    """
    tonight = _WithTheLatest(memory.tonight, clock)
    return replace(
        memory,
        write=_contained(memory.write),
        tonight=tonight,
        keep_place=_contained(memory.keep_place),
        forget_place=_contained(memory.forget_place),
    )


def _contained(call: Callable[_P, None]) -> Callable[_P, None]:
    """``call``, whose errors are logged and end nothing."""

    def careful(*arguments: _P.args, **named: _P.kwargs) -> None:
        try:
            call(*arguments, **named)
        except Exception:
            _LOG.exception("nothing was written down; the session goes on without it")

    return careful


class _WithTheLatest:
    """Asks for the latest, and falls back on the one before, to which time has passed; the first one must be had."""

    def __init__(self, ask: Callable[[], Tonight], clock: Callable[[], float]) -> None:
        self._ask, self._clock = ask, clock
        self._latest: Tonight | None = None
        self._asked_s = 0.0

    def __call__(self) -> Tonight:
        now_s = self._clock()
        try:
            self._latest, self._asked_s = self._ask(), now_s
        except Exception:
            if self._latest is None:
                raise
            _LOG.exception("the person could not be looked up; they are taken as before")
        return replace(self._latest, now=self._latest.now + timedelta(seconds=now_s - self._asked_s))


class ContainedObserver:
    """An observer that is not asked again once it has failed."""

    def __init__(self, observer: Observer) -> None:
        """Observe with ``observer``."""
        self._observer: Observer | None = observer

    def __call__(self, event: SessionEvent) -> None:
        """Hand the event on."""
        if self._observer is not None:
            try:
                self._observer(event)
            except Exception:
                _LOG.exception("an observer failed; the session goes on unobserved by it")
                self._observer = None


class ContainedClips:
    """Clips that never raise; a few sentences are in memory from the beginning."""

    def __init__(self, clips: PromptClips, always: tuple[str, ...]) -> None:
        """Hand on what ``clips`` has.

        Args:
            clips: Asked first.
            always: What can always be said, whatever happens to ``clips`` later.

        Raises:
            VoicecoachError: One of them cannot be said now.
        """
        self._clips = clips
        self._always: dict[str, NDArray[np.float32]] = {}
        self._failing = False
        for text in always:
            sound = clips.ready(text)
            if sound is None:
                raise VoicecoachError(f'"{text}" cannot be spoken; look at the voice with: {typed("doctor")}')
            self._always[text] = sound

    def ready(self, text: str) -> NDArray[np.float32] | None:
        """As `PromptClips.ready`."""
        if text in self._always:
            return self._always[text]
        try:
            sound = self._clips.ready(text)
        except Exception:
            if not self._failing:  # it is asked again with every block
                _LOG.exception('no clip of "%s" can be had', text)
            self._failing = True
            return None
        self._failing = False
        return sound

    def hopeless(self, text: str) -> bool:
        """As `PromptClips.hopeless`; also where clips fail."""
        if text in self._always:
            return False
        try:
            return self._failing or self._clips.hopeless(text)
        except Exception:
            _LOG.exception('whether "%s" can be had is unknown', text)
            return True
