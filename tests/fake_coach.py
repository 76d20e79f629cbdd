"""A coach without a dialogue, for rehearsing the rehearsal: it says what it was told to say, at fixed seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from small_house import language

from voicecoach.dialogue.events import Cue
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.recognition.text import TextInput
from voicecoach.languages.commands import Command, Meaning
from voicecoach.session_events import Began, Entered, Spoke, Understood
from voicecoach.simulation.session_monitor import EventRecorder
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Reply:
    """What follows when a phrase is heard: silence, another mode, a sentence; nothing where nothing is given."""

    command: Command
    stop_playback: bool = False
    mode: str = ""
    sentence: str = ""


@dataclass
class FakeCoach:
    """Keeps `simulation.power_cuts.Startable`."""

    says: Mapping[float, str] = field(default_factory=dict)
    """Sentences by the second at which they begin."""
    counts: Mapping[float, tuple[Cue, ...]] = field(default_factory=dict)
    """Holds by the second at which they begin."""
    modes: Mapping[float, str] = field(default_factory=dict)
    """Modes by the second at which they are entered."""
    replies: Mapping[str, Reply] = field(default_factory=dict)
    """What follows on which phrase."""

    def __post_init__(self) -> None:
        self.timeline = Timeline(MICROPHONE_HZ)
        self.speech_input = TextInput()
        self.speech_input.listen_for(self.replies.keys())
        self.recorder = EventRecorder()
        self.mode = "rest"
        self.heard: list[NDArray[np.float32]] = []
        """Every block of the microphone."""
        self._clips = EstimatedClips(MICROPHONE_HZ, language().durations)
        self._due = sorted(
            [
                *((at_s, "sentence", (Cue(0.0, sentence),)) for at_s, sentence in self.says.items()),
                *((at_s, "hold", cues) for at_s, cues in self.counts.items()),
            ],
            key=lambda due: due[0],
        )

    @property
    def resting(self) -> bool:
        return self.mode in {"rest", "asleep"}

    def open(self) -> None:
        """It has nothing to say to that."""

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        self.heard.append(block)
        now_s = self.timeline.position / MICROPHONE_HZ
        for clip in self.timeline.played():
            began_s, ended_s = clip.began / MICROPHONE_HZ, clip.ended / MICROPHONE_HZ
            self.recorder(Spoke(str(clip.label), began_s, ended_s, clip.whole))
        for at_s, mode in self.modes.items():
            if at_s <= now_s < at_s + 0.02:
                self._enter(mode, now_s)
        for utterance in self.speech_input.hear(block, block):
            reply = self.replies.get(utterance.phrase or "")
            meaning = Meaning(reply.command) if reply else None
            self.recorder(Understood(utterance.words, meaning, utterance.confidence, now_s, now_s))
            if reply:
                self._follow(reply, now_s)
        while self._due and self._due[0][0] <= now_s:
            self._perform(*self._due.pop(0)[1:], now_s)
        return self.timeline.read(len(block))

    def _follow(self, reply: Reply, now_s: float) -> None:
        if reply.stop_playback:
            self.timeline.stop_playback()
        if reply.sentence:
            self._perform("sentence", (Cue(0.0, reply.sentence),), now_s)
        if reply.mode:
            self._enter(reply.mode, now_s)

    def _enter(self, mode: str, now_s: float) -> None:
        self.mode = mode
        self.recorder(Entered(mode, now_s))

    def _perform(self, beat: str, cues: tuple[Cue, ...], now_s: float) -> None:
        self.timeline.stop_playback()
        for cue in cues:
            at = self.timeline.position + round(cue.at_s * MICROPHONE_HZ)
            self.timeline.place(self._clips.get(str(cue.sound)), at, cue.sound)
        self.recorder(Began(beat, cues, now_s, 0.0))
