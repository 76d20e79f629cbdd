"""What happened in a session, as the coach reports it: the material of transcripts, pictures and tests.

The coach hands each of these to its observer, in the order in which they are over.  All times are seconds on the
coach's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from voicecoach.dialogue.events import Heard, NotUnderstood
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from voicecoach.dialogue.events import Chime, Cue
    from voicecoach.engines.recognition.port import Delivery, Utterance
    from voicecoach.languages.commands import Meaning

_MAY_BE_MEANT = {"", "no phrase", "unsure", "the second ear hears none"}
"""Why something is no phrase (`hearing.acceptance.Refusal`), where it may well have been meant for the coach."""


@dataclass(frozen=True, slots=True)
class Spoke:
    """The coach said a sentence, or sounded a chime."""

    sound: str | Chime
    began_s: float
    ended_s: float
    """The end of the clip, or of the fade where it was cut short."""
    whole: bool
    """False when it was cut short."""
    spare: bool = False
    """Whether the engine said it although a voice pack speaks, which has no such sentence."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An utterance was recognised; ``meaning`` is None when it is no phrase that is valid now."""

    words: str
    meaning: Meaning | None
    confidence: float
    began_s: float
    ended_s: float
    refusal: str = ""
    """Why it is no phrase, where hearing says so (`hearing.acceptance.Refusal`)."""
    delivery: Delivery | None = None
    """How it was said, where that is known."""

    @property
    def event(self) -> Heard | NotUnderstood | None:
        """What it is for the dialogue; None where it was not meant for the coach, or was its own voice."""
        if self.meaning is not None:
            return Heard(self.meaning, self.ended_s, self.confidence, self.began_s)
        return NotUnderstood(self.ended_s, self.began_s) if self.refusal in _MAY_BE_MEANT else None


@dataclass(frozen=True, slots=True)
class Began:
    """A performance began: every cue is planned at ``at_s + cue.at_s``."""

    beat: str
    """What it is: "hold", "breaths", "movement", "wait", "sentence"."""
    cues: tuple[Cue, ...]
    at_s: float
    length_s: float
    """Planned length in seconds; 0.0 for a sentence, which lasts as long as its clip."""


@dataclass(frozen=True, slots=True)
class Entered:
    """The dialogue is in another mode."""

    mode: str
    at_s: float


@dataclass(frozen=True, slots=True)
class LostHearing:
    """The microphone brings nothing that could be heard."""

    why: str
    """The value of a `hearing.microphone_health.Deafness`."""
    at_s: float


@dataclass(frozen=True, slots=True)
class RegainedHearing:
    """It brings sound again."""

    at_s: float


@dataclass(frozen=True, slots=True)
class EchoFound:
    """The coach has heard how late its own voice comes back to the microphone."""

    delay_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class MicrophoneOff:
    """Somebody has turned the microphone off."""

    at_s: float


@dataclass(frozen=True, slots=True)
class MicrophoneOn:
    """It is on again."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Softened:
    """The coach speaks more softly from now on, or at its volume again."""

    gain_db: float
    """0 or less, beside the volume."""
    at_s: float


SessionEvent = (
    Spoke
    | Understood
    | Began
    | Entered
    | LostHearing
    | RegainedHearing
    | EchoFound
    | MicrophoneOff
    | MicrophoneOn
    | Softened
)


class Observer(Protocol):
    """Gets session events."""

    def __call__(self, event: SessionEvent, /) -> None: ...


class Observers:
    """Several observers in one."""

    def __init__(self, *observers: Observer | None) -> None:
        self._observers = [observer for observer in observers if observer is not None]

    def __call__(self, event: SessionEvent) -> None:
        for observer in self._observers:
            observer(event)


def understood(utterance: Utterance, meaning: Meaning | None, now_s: float, block_length: int) -> Understood:
    """The event of ``utterance``, which the coach's clock dates at ``now_s``; it lasted for a block at least."""
    lasted_s = max(utterance.ended - utterance.began, block_length) / MICROPHONE_HZ
    began_s = max(0.0, now_s - lasted_s)
    return Understood(
        utterance.words, meaning, utterance.confidence, began_s, now_s, utterance.refusal, utterance.delivery
    )
