"""What can happen to the dialogue, and what it can want done.

Frozen values, and the only words that pass between the dialogue and the coach.  All times are seconds on
the coach's own clock (samples played divided by the rate), which never runs backwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.languages.commands import Meaning
    from voicecoach.person.facts import Fact
    from voicecoach.person.tonight import Tonight

# --- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """The listener said a phrase that is valid now, or pressed what stands for it."""

    meaning: Meaning
    at_s: float
    confidence: float = 1.0
    began_s: float | None = None
    """When the first sign of it was noticed, where that is known."""
    spoken: bool = True
    """False for a button, or a message from the house."""
    minutes: int | None = None
    """How long a session that is asked for by hand may last; None: as long as it does."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The listener said something that is no phrase that is valid now."""

    at_s: float
    began_s: float | None = None
    """As in `Heard`."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last sample of performance ``token`` was played."""

    token: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Reached:
    """The state's ``deadline_s`` has come."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Learned:
    """What the journal says of the person, and what time it is."""

    tonight: Tonight
    at_s: float
    then: Event | None = None
    """What was put off by a `LookUp` until this is known; it happens now."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The coach has been switched on, and listens from now on."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Resume:
    """The coach has been switched on, and was switched off in the middle of a session."""

    text: str
    """What the latest `KeepPlace` held."""
    ago_s: float
    """How long ago that was."""
    at_s: float


@dataclass(frozen=True, slots=True)
class Recovered:
    """The coach has been started anew after an unforeseen error; the state is the one from before."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Deafened:
    """The microphone brings nothing that could be heard."""

    at_s: float


@dataclass(frozen=True, slots=True)
class HearsAgain:
    """The microphone brings sound again."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Muted:
    """Somebody has turned the microphone off, by hand."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Unmuted:
    """The microphone is to be on again."""

    at_s: float
    by_hand: bool = True
    """False where the time has come that was set for it."""


class Adjustable(Enum):
    """What can be set to a value by hand; words only lead up and down."""

    VOLUME = "volume"
    """In decibels, 0 or less."""
    TALK = "talk"
    """The value of a `TalkLevel`."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Somebody has set ``what`` to ``value``, by hand."""

    what: Adjustable
    value: float
    at_s: float


Event = (
    Heard
    | NotUnderstood
    | Ended
    | Reached
    | Learned
    | Opened
    | Resume
    | Recovered
    | Deafened
    | HearsAgain
    | Muted
    | Unmuted
    | Adjusted
)


class ImpossibleEventError(ValueError):
    """An event that cannot be: time running backwards, a performance that never was.  The state is as before."""


# --- actions ----------------------------------------------------------------------------------------------------------


class Chime(Enum):
    """Soft sounds that stand for words."""

    DONE = "done"
    """A hold has ended."""
    BREATHE_IN = "in"
    BREATHE_OUT = "out"
    COMING = "coming"
    """A sentence takes a moment."""


class NightSound(Enum):
    """What may be heard after the last word of an evening; the value is how it is written in the settings."""

    NONE = "none"
    RAIN = "rain"
    BROWN = "brown noise"


@dataclass(frozen=True, slots=True)
class Cue:
    """A sound placed ``at_s`` seconds after its performance begins: a sentence (str) or a chime."""

    at_s: float
    sound: str | Chime
    gain_db: float = 0.0
    """0 or less: how much softer it is than it comes."""
    lasts_s: float | None = None
    """How long a chime sounds that goes with a breath; None: as long as it comes."""


@dataclass(frozen=True, slots=True)
class Perform:
    """Play ``cues``, now, in place of whatever is playing; say `Ended` with ``token`` after the last sample.

    The cues lie at exact samples from the beginning.  The performance lasts ``length_s`` seconds, or until the last
    clip has been played when that is later.
    """

    token: int
    cues: tuple[Cue, ...]
    length_s: float = 0.0
    beat: str = "sentence"
    """What it is, for pictures and transcripts: "sentence", "wait", "hold", "breaths" or "movement"."""


@dataclass(frozen=True, slots=True)
class StopPlayback:
    """Fall silent at once and forget what was planned; no `Ended` follows."""


@dataclass(frozen=True, slots=True)
class PlayNightSound:
    """Let ``sound`` be heard under everything else, fading to nothing within ``lasts_s`` seconds; `NONE` ends it."""

    sound: NightSound
    lasts_s: float = 0.0


QUIET_NIGHT = PlayNightSound(NightSound.NONE, 1200.0)


@dataclass(frozen=True, slots=True)
class SetVolume:
    """From now on speak at ``db`` decibels relative to full volume (0 or less)."""

    db: float


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look into the journal and at the clock, and come back with `Learned`: ``then`` waits for it."""

    then: Event


@dataclass(frozen=True, slots=True)
class Note:
    """Write ``fact`` into the journal.  `Fact` tells what ``about`` and ``value`` are."""

    fact: Fact
    about: str
    at_s: float
    side: str = ""
    second: float | None = None
    """Seconds since the session began."""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class KeepPlace:
    """Keep where the session is, for as long as the power may be cut."""

    text: str
    """Can be read by `resuming`, and by nobody else."""


@dataclass(frozen=True, slots=True)
class ForgetPlace:
    """No session is on any more."""


@dataclass(frozen=True, slots=True)
class CloseMicrophone:
    """Nothing is heard from now on, also after the coach has been switched off and on."""

    for_s: float | None
    """For so long; None: until somebody turns it on."""


@dataclass(frozen=True, slots=True)
class OpenMicrophone:
    """The microphone is on again."""


Action = (
    Perform
    | StopPlayback
    | PlayNightSound
    | SetVolume
    | LookUp
    | Note
    | KeepPlace
    | ForgetPlace
    | CloseMicrophone
    | OpenMicrophone
)
