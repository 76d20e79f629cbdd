"""Runs live: the coach between a real microphone and a real speaker.

The two halves of the coach run on threads of their own, so that a slow recogniser can delay an answer but never a
count:

- the speaker's callback copies what the timeline holds for its samples;
- the coach's thread hears, decides, and writes clips onto the timeline ahead of time;
- the microphone's callback hands over what it caught;
- the calling thread looks after the devices and waits for the end.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voicecoach.ending import signals_go_to
from voicecoach.engines.audio_io.device_supervisor import DeviceSupervisor, StreamSlot
from voicecoach.engines.audio_io.port import Direction
from voicecoach.engines.audio_io.stream_align import CaptureQueue, Caught, Listening, Played, StreamAligner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.device_supervisor import Watchdog
    from voicecoach.engines.audio_io.port import Device, SoundCard, Stream
    from voicecoach.service.watchdog_feed import WatchdogFeed

CHECK_S = 0.1
"""Time between two looks at the devices."""
FADE_OUT_S = 0.3
"""Time for the last samples to leave the speaker: the timeline's own fade and the speaker's latency."""
LEAVE_S = 5.0
"""How long the coach's thread may take to finish what it is at; no recogniser needs so long for one block."""
SWITCH_S = 0.0005
"""How long one Python thread may keep another waiting.  With the usual 5 ms, the callbacks of a busy coach came late
and the speaker crackled."""


class Sounding(Protocol):
    """The side of the timeline that the speaker sees."""

    @property
    def rate_hz(self) -> int:
        """Frames a second."""

    def read(self, frames: int) -> NDArray[np.float32]:
        """The next frames to be played: shape (frames,)."""

    def sounding(self) -> tuple[object, ...]:
        """What sounds right now."""

    def stop_playback(self) -> None:
        """Fall silent within a few milliseconds and forget what was planned."""


class LiveCoach(Listening, Protocol):
    """What `LiveRunner` wants of a coach."""

    @property
    def timeline(self) -> Sounding:
        """Where the coach writes its sound."""

    def failed(self, error: Exception) -> None:
        """Something that its work needs has failed: it goes on, or raises."""


class LiveRunner:
    """Runs a coach live until somebody ends it."""

    def __init__(  # noqa: PLR0913 - the last two stand for time, and only tests replace them
        self,
        coach: LiveCoach,
        device_in: str | None,
        device_out: str | None,
        warn: Callable[[str], None],
        *,
        card: SoundCard,
        patient: bool = False,
        watchdog_feed: WatchdogFeed | None = None,
        listens: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare; nothing is opened before `run`.

        Args:
            coach: Listens on a thread of its own; its timeline is read by the speaker.
            device_in: Part of the microphone's name; None for the system's default.
            device_out: The same for the speaker.
            warn: Is given a line for the person when a device goes or comes back, and when sound was lost.
            card: Where the devices are.
            patient: Whether a device that is missing at the start is waited for, as one that goes later is.
            watchdog_feed: Is shown how far the coach's thread and both callbacks have come.
            listens: Whether the microphone may be open; while it may not, its stream is closed.
            clock: Seconds that never run backwards.
            wait: Lets so many seconds pass.
        """
        self._coach = coach
        self._warn = warn
        self._wait = wait
        self._card = card
        self._patient = patient
        self._watchdog_feed = watchdog_feed
        self._queue = CaptureQueue()
        self._speaker = StreamSlot(Direction.SPEAKER, device_out, self._open_speaker)
        self._microphone = StreamSlot(Direction.MICROPHONE, device_in, self._open_microphone, listens)
        self._supervisor = DeviceSupervisor(
            self._card,
            (self._microphone, self._speaker),
            clock=clock,
            interruptible=self._no_sound_would_be_cut,
            warn=warn,
        )
        self._failure: BaseException | None = None
        self._taken = 0
        """How many sounds the coach's thread has worked off."""
        self._asked_to_end = False
        self._leaving = False

    @property
    def microphone_is_open(self) -> bool:
        """Whether its stream is open.  For any thread."""
        return self._microphone.stream is not None

    def run(self, ready: Callable[[], None] = lambda: None) -> int:
        """Open the devices and let the coach work until a signal asks for an end: Ctrl-C, SIGTERM, SIGHUP.

        Args:
            ready: Called once, when microphone and speaker are both at work and somebody may speak; opening them may
                take a second or two.

        Returns:
            The exit code: 0, for that end was wanted.

        Raises:
            BadRequestError: a name means no device, or several.
            MissingPartError: a device is missing or will not open at the start, and nobody is patient.  Later on it is
                waited for.
            Exception: whatever the coach itself raised; the devices are closed before.
        """
        worker = threading.Thread(target=self._work, name="coach", daemon=True)
        with signals_go_to(self._note_end), _quick_switching():
            self._supervisor.open(patient=self._patient)
            worker.start()
            try:
                self._look_after_devices(ready)
            finally:
                self._leave(worker)
        if self._failure is not None:
            raise self._failure
        return 0

    def _look_after_devices(self, ready: Callable[[], None]) -> None:
        told_ready = told_of_loss = False
        while self._failure is None and not self._asked_to_end:
            self._wait(CHECK_S)
            self._supervisor.check()
            self._show_signs_of_life()
            if self._supervisor.all_live and not told_ready:
                told_ready = True
                ready()
            if self._queue.dropped and not told_of_loss:
                told_of_loss = True
                self._warn("This machine is too busy to listen all the time: some of what was said has been lost.")

    def _show_signs_of_life(self) -> None:
        if self._watchdog_feed is not None:
            beats = self._supervisor.beats
            # The coach's thread works off what the callbacks bring; without any it has nothing to do.
            self._watchdog_feed.look(None if not any(beats) else self._taken, *beats)

    def _leave(self, worker: threading.Thread) -> None:
        """Let the sound fade, end the coach's thread, close the devices."""
        self._leaving = True
        self._coach.timeline.stop_playback()
        self._queue.close()
        worker.join(LEAVE_S)
        self._coach.timeline.stop_playback()  # of what the coach was still at
        self._wait(FADE_OUT_S)
        self._supervisor.close()

    def _work(self) -> None:
        """The coach's thread."""
        aligner = StreamAligner(self._coach, self._coach.timeline.rate_hz)
        try:
            while not self._leaving and (sound := self._queue.get()) is not None:
                try:
                    aligner.take(sound)
                except Exception as error:  # noqa: BLE001 - the coach decides whether it can go on
                    self._coach.failed(error)
                    aligner = StreamAligner(self._coach, self._coach.timeline.rate_hz)
                self._taken += 1
        except BaseException as error:  # noqa: BLE001 - the thread must not take it to the grave; `run` raises it again
            self._failure = error

    def _open_microphone(self, device: Device, watchdog: Watchdog) -> Stream:
        def on_sound(sound: NDArray[np.float32]) -> None:
            watchdog.beat()
            self._queue.put(Caught(sound, device.rate_hz))

        return self._card.open_microphone(device, on_sound, watchdog.end)

    def _open_speaker(self, device: Device, watchdog: Watchdog) -> Stream:
        timeline = self._coach.timeline

        def fill(frames: int) -> NDArray[np.float32]:
            watchdog.beat()
            try:
                sound = timeline.read(frames)
            except Exception as error:  # noqa: BLE001 - the engine would end the stream and tell nobody why
                self._failure = error
                return np.zeros(frames, np.float32)
            self._queue.put(Played(sound))
            return sound

        return self._card.open_speaker(device, timeline.rate_hz, fill, watchdog.end)

    def _no_sound_would_be_cut(self) -> bool:
        return self._speaker.stream is None or not self._coach.timeline.sounding()

    # Only a plain attribute is set: an Event could deadlock when the handler interrupts the thread waiting for it.
    def _note_end(self) -> None:
        """For each signal, instead of ending wherever the program happens to be."""
        self._asked_to_end = True


@contextmanager
def _quick_switching() -> Iterator[None]:
    before_s = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before_s)
