"""What is worth remembering: one line in the journal for each fact.  Everything else is read from these lines.

A fact never holds a word that was heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Fact(Enum):
    """What a line of the journal is about; the value is what stands in the file and never changes.

    ``about`` is, unless said otherwise, the key of a stretch.
    """

    # --- a session
    SESSION_STARTED = "session started"
    """``about``: the routine; ``value``: minutes that were asked for, if any."""
    STRETCH_DONE = "stretch done"
    """``value``: the level of the dose that was done (`person.levels`)."""
    STRETCH_SKIPPED = "stretch skipped"
    HURT = "hurt"
    """``side`` and ``second``: which side, and how many seconds after the session began."""
    RED_FLAG = "red flag"
    CRAMP = "cramp"
    TINGLING = "tingling"
    DIZZY = "dizzy"
    EMERGENCY = "emergency"
    """Somebody has been told whom to call."""
    SESSION_FINISHED = "session finished"
    SESSION_ENDED_EARLY = "session ended early"
    FELL_ASLEEP = "fell asleep"
    # --- what the person said of themselves; numbers from 0 to 10
    PAIN_BEFORE = "pain before"
    PAIN_AFTER = "pain after"
    SLEPT = "slept"
    """How well, on the morning after."""
    ANSWERED = "answered"
    """``about``: a `Condition`; ``value``: 1 for yes, 0 for no, `NOT_SURE` for neither."""
    ASK_AGAIN = "ask again"
    """All answers are asked for anew, at the next session."""
    # --- what the person wants from now on
    LEFT_OUT = "left out"
    BROUGHT_BACK = "brought back"
    """``about``: the stretch, or empty for all of them; also ends what pain has left out."""
    EASIER = "easier"
    HARDER = "harder"
    LONGER = "longer"
    SHORTER = "shorter"
    PACE = "pace"
    """``value``: the pace, 1.0 is six breaths a minute."""
    TALK = "talk"
    """``value``: a `Talk`."""
    VOLUME = "volume"
    """``value``: decibels; holds for the part of the day in which it was said."""
    PROP = "prop"
    """``about``: a prop, such as ``pillow``; ``value``: 1 for having it, 0 for not."""
    RATING = "rating"
    """``value``: 1, pain is asked for before and after; 0, it is not."""
    TIPS = "tips"
    """``value``: 1, a tip a night; 0, none."""
    # --- what the coach has said
    TOLD = "told"
    """``about``: the key of a `Change` that has been told, so that it is told once."""
    TIP_TOLD = "tip told"
    """``about``: the tip."""
    SUGGESTED_REST = "suggested rest"
    # --- reminders
    REMIND_AT = "remind at"
    """``value``: seconds since 1970, UTC; 0 cancels it."""
    REMIND_IN = "remind in"
    """``value``: seconds from now on, whatever a clock says."""
    REMIND_WHEN = "remind when"
    """``value``: minutes after twelve, when a clock with twelve hours shows them next."""
    REMINDED = "reminded"


NOT_SURE = 0.5
"""The value of an answer that is neither yes nor no."""
DONE = frozenset({Fact.SESSION_FINISHED, Fact.FELL_ASLEEP})
"""What counts as a session that was done: at bedtime, falling asleep over it is a success."""
ENDED = DONE | {Fact.SESSION_ENDED_EARLY}


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the journal."""

    at: datetime
    """When, with its time zone."""
    what: Fact
    about: str = ""
    side: str = ""
    """"right", "left", "both" or empty."""
    second: float | None = None
    """Seconds since the session began."""
    value: float | None = None
