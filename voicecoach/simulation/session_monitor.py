"""Watches a session while it runs: what a scenario's turns wait for and are judged by."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from voicecoach.plain import plain
from voicecoach.session_events import Began, Softened, Spoke, Understood
from voicecoach.simulation.turns import Loudness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.languages.commands import Command
    from voicecoach.session_events import SessionEvent
    from voicecoach.speaking.timeline import Timeline


class Coach(Protocol):
    """What a rehearsal needs of the coach."""

    @property
    def timeline(self) -> Timeline:
        """Where it plans what it says."""

    @property
    def mode(self) -> str:
        """What the dialogue is at, such as "guiding"."""

    @property
    def resting(self) -> bool:
        """Whether no session is on."""

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Hear a block of the microphone; return as long a block for the speaker, at the timeline's rate."""


class EventRecorder:
    """An observer that remembers."""

    def __init__(self) -> None:
        self.events: list[SessionEvent] = []

    def __call__(self, event: SessionEvent) -> None:
        self.events.append(event)


@dataclass(frozen=True, slots=True)
class Observation:
    """Something that a turn can wait for, and when it was."""

    at_s: float
    text: str
    """A sentence of the coach, the words of an utterance, or the mode in which a session ended."""
    command: Command | None = None

    def has(self, words: str) -> bool:
        """Whether ``words`` are in the text, as whole words in a row; case and punctuation do not matter."""
        return f" {plain(words)} " in f" {plain(self.text)} "


class SessionMonitor:
    """Everything that has happened up to now, in order."""

    def __init__(self, coach: Coach, recorder: EventRecorder) -> None:
        self.begun: list[Observation] = []
        """Sentences, when they began; those cut short too."""
        self.said: list[Observation] = []
        """Sentences, when they were over; only those said to their end."""
        self.understood: list[Observation] = []
        """Utterances with their command, None for what is no command."""
        self.endings: list[Observation] = []
        """Ends of sessions."""
        self.loudness = Loudness.USUAL
        """How the coach speaks."""
        self.silent_since_s: float | None = 0.0
        """None while the coach can be heard."""
        self._coach, self._recorder = coach, recorder
        self._seen = len(recorder.events)
        self._planned: deque[Observation] = deque()
        self._session_on = False

    @property
    def now_s(self) -> float:
        return self._coach.timeline.position / self._coach.timeline.rate_hz

    @property
    def mode(self) -> str:
        return self._coach.mode

    def look(self) -> None:
        """Take in what the latest block has brought."""
        for event in self._recorder.events[self._seen :]:
            self._take_in(event)
        self._seen = len(self._recorder.events)
        self._notice_beginnings()
        self._notice_silence()
        self._notice_endings()

    def _take_in(self, event: SessionEvent) -> None:
        match event:
            case Began():  # in place of whatever was planned before
                self._planned = deque(
                    Observation(event.at_s + cue.at_s, cue.sound) for cue in event.cues if isinstance(cue.sound, str)
                )
            case Spoke(sound=str(sentence), whole=True):
                self.said.append(Observation(event.ended_s, sentence))
            case Understood():
                command = event.meaning.command if event.meaning else None
                self.understood.append(Observation(event.ended_s, event.words, command))
            case Softened():
                self.loudness = Loudness.SOFT if event.gain_db else Loudness.USUAL
            case _:
                pass

    def _notice_beginnings(self) -> None:
        """A planned sentence has begun when its time has come and the coach has not been stopped meanwhile."""
        timeline = self._coach.timeline
        while self._planned and self._planned[0].at_s < self.now_s:
            sentence = self._planned.popleft()
            if timeline.busy_until > timeline.position:
                self.begun.append(sentence)

    def _notice_silence(self) -> None:
        if self._coach.timeline.sounding():
            self.silent_since_s = None
        elif self.silent_since_s is None:
            self.silent_since_s = self.now_s

    def _notice_endings(self) -> None:
        if self._session_on and self._coach.resting:
            self.endings.append(Observation(self.now_s, self.mode))
        self._session_on = not self._coach.resting


class Cursor:
    """Reads a list of observations once, while it grows."""

    def __init__(self, observations: list[Observation]) -> None:
        self._observations = observations
        self._next = len(observations)

    def skip_before(self, at_s: float) -> None:
        """Pass over what happened before ``at_s``."""
        while self._next < len(self._observations) and self._observations[self._next].at_s < at_s:
            self._next += 1

    def next(self) -> Observation | None:
        """The moment after the one before; None when there is none yet."""
        if self._next == len(self._observations):
            return None
        self._next += 1
        return self._observations[self._next - 1]
