"""A speaker with a thread of its own, which takes its blocks at the worst moments.

Live, the speaker's callback reads the timeline whenever it likes: between any two calls that the coach makes, and many
times during a slow one.  Rehearsals and most tests read it after each block of the microphone, on the same thread, and
so they cannot see a fault that needs the timeline to move while the coach is at work.

Here a second thread reads it, at moments that a seed decides: at every call that the coach makes to its timeline, its
journal, its clips, its ears and its watcher.  The coach's thread waits meanwhile.  Nothing sleeps,
and the same seed gives the same session.
"""

from __future__ import annotations

import queue
import random
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from voicecoach.coach import Coach
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from voicecoach.dialogue.state import State
    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.engines.synthesis.port import PromptClips
    from voicecoach.hearing.microphone_health import MicrophoneHealth
    from voicecoach.languages.language import Phrasebook
    from voicecoach.session_events import Observer
    from voicecoach.speaking.timeline import PlayedClip
    from voicecoach.surroundings import Memory

SPEAKER_BLOCK = 320
"""Samples that the speaker takes at once: 20 ms."""
NAME = "restless speaker"
OFTEN = 0.1
"""The share of calls that a block falls into."""
HELP_S = 30.0
"""How long the coach's thread waits for the speaker's before the test is called stuck."""


@dataclass(frozen=True)
class Slowness:
    """How many blocks the speaker may take, at most, during one call of each kind."""

    timeline: int = 1
    """Calls that take microseconds: now and then a block falls into one."""
    disk: int = 2
    synthesis: int = 2
    recognition: int = 1

    @property
    def most_ahead(self) -> int:
        """No speaker runs away from the microphone by more than the slowest call lasts."""
        return max(self.disk, self.synthesis, self.recognition)


ORDINARY = Slowness()
SLOW_DISK = Slowness(disk=20)
SLOW_SYNTHESIS = Slowness(synthesis=20)
SLOW_RECOGNITION = Slowness(recognition=10)
PACES = {"ordinary": ORDINARY, "disk": SLOW_DISK, "synthesis": SLOW_SYNTHESIS, "recognition": SLOW_RECOGNITION}


class RestlessSpeaker:
    """The thread that reads a timeline, and what it has read and nobody has heard yet."""

    def __init__(self, seed: int, slowness: Slowness = ORDINARY) -> None:
        self.slowness = slowness
        self.coach_at_work = False
        """Only while the coach is at work the speaker is restless."""
        self.ahead = 0
        """Samples that it has read and nobody has heard yet."""
        self._waiting: list[NDArray[np.float32]] = []
        self._dice = random.Random(seed)  # noqa: S311 - dice for a test, no secret
        self._orders: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[list[NDArray[np.float32]]] = queue.SimpleQueue()
        self._read: Callable[[int], NDArray[np.float32]] = lambda frames: np.zeros(frames, np.float32)
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        self._thread.start()

    def reads(self, read: Callable[[int], NDArray[np.float32]]) -> None:
        """From now on blocks are read with this function; what was read of another timeline is over."""
        self._read, self._waiting, self.ahead = read, [], 0

    def may_take(self, most: int) -> None:
        """The coach is in a call during which the speaker may take up to ``most`` blocks."""
        if self.coach_at_work and self._dice.random() < OFTEN:
            room = self.slowness.most_ahead - self.ahead // SPEAKER_BLOCK
            self._take(min(room, self._dice.randint(1, most)))

    def hands_out(self, samples: int) -> NDArray[np.float32]:
        """The next of what it took: shape (samples,); it takes what is missing."""
        self._take(-(-(samples - self.ahead) // SPEAKER_BLOCK))
        sound = np.concatenate(self._waiting)
        self._waiting, self.ahead = [sound[samples:]], len(sound) - samples
        return sound[:samples]

    def leaves(self) -> None:
        """The thread ends."""
        self._orders.put(0)
        self._thread.join(HELP_S)

    def _take(self, blocks: int) -> None:
        """It takes so many blocks now, on its own thread."""
        if blocks <= 0:
            return
        self._orders.put(blocks)
        taken = self._done.get(timeout=HELP_S)
        self._waiting += taken
        self.ahead += sum(map(len, taken))

    def _run(self) -> None:
        while blocks := self._orders.get():
            self._done.put([self._read(SPEAKER_BLOCK) for _ in range(blocks)])


class RestlessTimeline(Timeline):
    """A timeline that is read by `RestlessSpeaker` whenever somebody else touches it."""

    def __init__(self, speaker: RestlessSpeaker, rate_hz: int, volume_db: float = 0.0, position: int = 0) -> None:
        self._speaker: RestlessSpeaker | None = None
        super().__init__(rate_hz, volume_db, position)
        self._speaker = speaker
        speaker.reads(super().read)

    def _tick(self) -> None:
        if self._speaker is not None:
            self._speaker.may_take(self._speaker.slowness.timeline)

    @property
    def position(self) -> int:
        """For the coach, what was read; for who listens, what has been heard of that."""
        self._tick()
        speaker = self._speaker
        return super().position - (0 if speaker is None or speaker.coach_at_work else speaker.ahead)

    def read(self, frames: int) -> NDArray[np.float32]:
        assert self._speaker is not None
        return self._speaker.hands_out(frames)

    @property
    def busy_until(self) -> int:
        self._tick()
        return super().busy_until

    def sounding(self) -> tuple[object, ...]:
        self._tick()
        return super().sounding()

    def place(self, sound: NDArray[np.float32], at: int, label: object) -> None:
        self._tick()
        super().place(sound, at, label)

    def replace(self, sounds: Iterable[tuple[int, NDArray[np.float32], object]]) -> int:
        self._tick()
        return super().replace(sounds)

    def stop_playback(self) -> None:
        self._tick()
        super().stop_playback()

    def duck(self, on: bool) -> None:  # noqa: FBT001 - as in the timeline itself
        self._tick()
        super().duck(on)

    def set_volume(self, db: float) -> None:
        self._tick()
        super().set_volume(db)

    def played(self) -> list[PlayedClip]:
        self._tick()
        return super().played()


class _Slow:
    """Anything, during whose calls the speaker may take blocks."""

    def __init__(self, inner: object, speaker: RestlessSpeaker, most: int) -> None:
        self._inner, self._speaker, self._most = inner, speaker, most

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it is
        self._speaker.may_take(self._most)
        part = getattr(self._inner, name)
        return self._slowly(part) if callable(part) else part

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401 - see above
        return self._slowly(cast("Callable[..., Any]", self._inner))(*arguments)

    def _slowly(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - see above
            self._speaker.may_take(self._most)
            result = call(*arguments, **named)
            self._speaker.may_take(self._most)
            return result

        return slow


class RestlessCoach(Coach):
    """A coach whose `RestlessTimeline` is read on another thread, while it is at work."""

    def __init__(  # noqa: PLR0913, PLR0917 - those of a coach
        self,
        state: State,
        speech_input: SpeechInput,
        phrasebook: Phrasebook,
        clips: PromptClips,
        timeline: Timeline,
        memory: Memory,
        observer: Observer | None = None,
        health: MicrophoneHealth | None = None,
    ) -> None:
        assert isinstance(timeline, RestlessTimeline)
        assert timeline._speaker is not None  # noqa: SLF001 - both are of this file
        self._speaker = speaker = timeline._speaker  # noqa: SLF001 - see above
        pace = speaker.slowness
        super().__init__(
            state,
            cast("SpeechInput", _Slow(speech_input, speaker, pace.recognition)),
            phrasebook,
            cast("PromptClips", _Slow(clips, speaker, pace.synthesis)),
            timeline,
            cast("Memory", _Slow(memory, speaker, pace.disk)),
            cast("Observer", _Slow(observer, speaker, pace.disk)) if observer else None,
            health,
        )

    def open(self) -> None:
        with self._at_work():
            super().open()

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        with self._at_work():
            super().listen(block, played)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._speaker.coach_at_work = True
        try:
            yield
        finally:
            self._speaker.coach_at_work = False
