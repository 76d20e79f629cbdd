"""What can happen to the dialogue, and what it can want done.

Frozen values, and the only words that pass between the dialogue and the rest of the house.  All times are seconds on
the coach's own clock (samples played divided by the rate), which never runs backwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.language.commands import Meaning

# --- events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """The listener said a phrase that is valid now."""

    meaning: Meaning
    at_s: float
    confidence: float = 1.0


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
    """What the journal says of the person."""

    sessions_this_week: int
    """Sessions done in the last seven days."""
    familiar: frozenset[str]
    """Keys of the stretches that were done often enough to need no word of caution any more."""
    at_s: float


@dataclass(frozen=True, slots=True)
class Opened:
    """The coach has been switched on, and listens from now on."""

    at_s: float


Event = Heard | Ended | Reached | Learned | Opened


class ImpossibleEventError(ValueError):
    """An event that cannot be: time running backwards, a performance that never was.  The state is as before."""


# --- actions ----------------------------------------------------------------------------------------------------------


class Chime(Enum):
    """Soft sounds that stand for words."""

    DONE = "done"
    """A hold has ended."""
    BREATHE_IN = "in"
    BREATHE_OUT = "out"


@dataclass(frozen=True, slots=True)
class Cue:
    """A sound placed ``at_s`` seconds after its performance begins: a sentence (str) or a chime."""

    at_s: float
    sound: str | Chime


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
class Hush:
    """Fall silent at once and forget what was planned; no `Ended` follows."""


@dataclass(frozen=True, slots=True)
class SetVolume:
    """From now on speak at ``db`` decibels relative to full volume (0 or less)."""

    db: float


class Fact(Enum):
    """What is worth remembering of a session."""

    SESSION_STARTED = "session started"
    STRETCH_DONE = "stretch done"
    STRETCH_SKIPPED = "stretch skipped"
    HURT = "hurt"
    RED_FLAG = "red flag"
    SESSION_FINISHED = "session finished"
    SESSION_ENDED_EARLY = "session ended early"
    FELL_ASLEEP = "fell asleep"
    LEFT_OUT = "left out"
    BROUGHT_BACK = "brought back"


DONE = frozenset({Fact.SESSION_FINISHED, Fact.FELL_ASLEEP})
"""What counts as a session that was done: at bedtime, falling asleep over it is a success."""


@dataclass(frozen=True, slots=True)
class Note:
    """Write ``fact`` into the journal; ``about`` is the key of the stretch or routine it is about, or empty."""

    fact: Fact
    about: str
    at_s: float


Action = Perform | Hush | SetVolume | Note
