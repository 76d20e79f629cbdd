"""The moment for which things are decided: who, when, on which bed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from voicecoach.person.person import Person
from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class Tonight:
    """What every decision is made of; nothing else is looked at, no clock and no file."""

    now: datetime
    """Local time, with its zone: the hour tells morning from evening."""
    person: Person = field(default_factory=Person)
    soft_bed: bool = False
    """As the settings say; an answer to `Condition.SOFT_BED` counts instead, where there is one."""
    zone: tzinfo | None = None
    """Where the person lives, in summer and winter; None: clocks there are never set, and go as ``now`` does."""
    time_is_known: bool = True
    """Whether the clock can be believed; where not, ``now`` is a guess, and not before anything that was done."""

    @property
    def clocks(self) -> tzinfo:
        """By what clocks the person lives."""
        return self.zone or self.now.tzinfo or UTC

    @property
    def conditions(self) -> frozenset[Condition]:
        """What was answered with yes, and the soft bed."""
        answers = self.person.answers
        yes = {condition for condition, answer in answers.items() if answer.yes}
        if self.soft_bed and Condition.SOFT_BED not in answers:
            yes.add(Condition.SOFT_BED)
        return frozenset(yes)
