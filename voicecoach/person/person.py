"""The person, as far as the journal knows them: one frozen value, read from its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from voicecoach.routine.stretch import Condition, Form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from voicecoach.person.facts import Fact

__all__ = ["Answer", "Condition", "DayPart", "Form", "Outing", "PastSession", "Person"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a question of the first evening, and when."""

    yes: bool
    """Also where the person was not sure: then it is taken as though it held."""
    at: datetime
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Outing:
    """One stretch in one past session."""

    key: str
    done: bool
    """False: it was skipped."""
    hurt: int = 0
    """How often "that hurts" was said in it."""
    changed: bool = False
    """Whether it was not comfortable: "shorter" or "easier" was said in it, or there was a cramp and the like."""
    level: int = 0

    @property
    def comfortable(self) -> bool:
        return self.done and not self.hurt and not self.changed


@dataclass(frozen=True, slots=True)
class PastSession:
    """One session, as the journal tells it."""

    routine: str
    began: datetime
    ended: datetime
    """The last line that belongs to it, where it was cut off."""
    ending: Fact | None
    """None where it was cut off (a power cut)."""
    outings: tuple[Outing, ...] = ()
    pain_before: int | None = None
    pain_after: int | None = None


class DayPart(Enum):
    """Parts of the day, for what differs between them (volume)."""

    MORNING = "morning"
    """5 to 11."""
    DAY = "day"
    """11 to 21."""
    NIGHT = "night"
    """21 to 5."""

    @classmethod
    def of(cls, at: datetime) -> DayPart:
        """The part of the day that ``at``, a local time, falls into."""
        if 5 <= at.hour < 11:  # noqa: PLR2004 - as the parts are defined above
            return cls.MORNING
        return cls.DAY if 11 <= at.hour < 21 else cls.NIGHT  # noqa: PLR2004 - see above


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the person.  The empty one is somebody who has never used the coach."""

    sessions: tuple[PastSession, ...] = ()
    """Oldest first."""
    answers: Mapping[Condition, Answer] = field(default_factory=dict)
    """The latest answers, none of those given before "ask me again"."""
    left_out: frozenset[str] = frozenset()
    """Keys of the stretches that the person never wants again."""
    brought_back: Mapping[str, datetime] = field(default_factory=dict)
    """When a stretch was brought back: pain before that no longer leaves it out.  The empty key stands for all."""
    forms: Mapping[str, Form] = field(default_factory=dict)
    """The form of a stretch that was asked for last."""
    lengths: Mapping[str, int] = field(default_factory=dict)
    """How often "longer" was said of a stretch, less "shorter"."""
    pace: float | None = None
    talk: int | None = None
    volumes_db: Mapping[DayPart, float] = field(default_factory=dict)
    props: frozenset[str] = frozenset()
    rating: bool = True
    tips: bool = True
    told: frozenset[str] = frozenset()
    """Keys of the `Change`s that have been told."""
    tips_told: Mapping[str, datetime] = field(default_factory=dict)
    slept: tuple[tuple[datetime, int], ...] = ()
    suggested_rest: datetime | None = None
    """When rest was suggested last."""
    rests_before: tuple[datetime, ...] = ()
    """When rest was suggested before that, oldest first."""
    remind_at: datetime | None = None
    """An open reminder."""
    remind_after: bool = False
    """Whether that was asked for as a length of time: then no clock need be right."""
