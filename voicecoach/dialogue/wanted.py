"""What can be asked, and the session that the questions before it lead to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voicecoach.routine.stretch import Condition


class Question(Enum):
    """What can be asked.  `questions.py` has a row for each."""

    RESUME = "resume"
    SCREEN = "screening"
    ONLY_BREATHE = "only breathe"
    NEWS = "news"
    SLEPT = "slept"
    PAIN_BEFORE = "pain before"
    SWITCH = "switch"
    LEAVE_OUT = "leave out"
    CRAMP = "cramp"
    TINGLING = "tingling"
    ON_KNEES = "on knees"
    ON_FRONT = "on front"
    PAIN_AFTER = "pain after"
    REST = "rest"
    BRING_BACK = "bring back"
    REMIND = "remind"
    READY = "ready"
    RESTART = "restart"
    CUT = "fewer minutes"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session that somebody has asked for; it begins when the questions before it have been asked."""

    routine: str
    """Its key; empty where the coach chooses, when everything has been asked."""
    minutes: int | None = None
    """How long it may last; None: as long as it does."""
    questions: tuple[tuple[Question, str], ...] = ()
    """What is still to be asked, and about what."""
    pain_before: int | None = None
    gentle: bool = False
    """Whether it is not known how the back is, though it was asked."""
    greeted: bool = False
    """Whether "good morning" has been said, where the routine says it."""
    unsure: frozenset[Condition] = frozenset()
    """What was answered with "I don't know", as far as it has been asked."""
    skipped: frozenset[Condition] = frozenset()
    """Of what a question was left without an answer."""
    silent: int = 0
    """How many questions in a row nobody answered."""
