"""What a person can say, as meanings.  The phrases for each are data: ``phrases.yaml`` of a language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Command(Enum):
    """Everything the coach can be told.  The value is the key of its phrases in ``phrases.yaml``."""

    START = "start"
    """Carries the key of a routine as its argument, or None for the usual one."""
    MINUTES = "minutes"
    """The usual routine, cut to so many minutes: one of `MINUTES` is its argument."""
    SOMETHING = "something for tonight"
    WHAT_CAN_YOU_DO = "what can you do"
    HOW_AM_I_DOING = "how am i doing"
    REMIND_ME = "remind me"
    REMIND_AT = "remind me at"
    """Carries the time as its argument: minutes since noon or midnight, from 0 to 719."""
    LATER = "later"
    BRING_BACK = "bring it back"
    ASK_ANEW = "ask me again"
    RATING_ON = "ask about pain"
    RATING_OFF = "no more pain questions"
    TIPS_ON = "tips again"
    TIPS_OFF = "no more tips"
    PROP = "i have"
    """Carries the key of a prop, such as ``pillow``, as its argument."""
    NO_PROP = "i have no"
    GOOD_NIGHT = "good night"

    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    ONCE_MORE = "once more"
    PAUSE = "pause"
    CONTINUE = "continue"
    READY = "ready"
    DONE = "done"
    LONGER = "longer"
    SHORTER = "shorter"
    SLOWER = "slower"
    FASTER = "faster"
    EASIER = "easier"
    HARDER = "harder"
    LOUDER = "louder"
    QUIETER = "quieter"
    LESS_TALK = "less talk"
    MORE_TALK = "more talk"
    HOW_LONG = "how long"
    HOW_MANY_LEFT = "how many left"
    WHATS_NEXT = "what's next"
    WHERE_ARE_WE = "where are we"
    WHY = "why"
    HELP = "help"
    NEVER_AGAIN = "never again"

    STOP = "stop"
    HURTS = "that hurts"
    RED_FLAG = "red flag"

    YES = "yes"
    NO = "no"
    NUMBER = "number"
    """Carries a whole number from 0 to 10 as its argument."""


SAFETY = frozenset({Command.STOP, Command.HURTS, Command.RED_FLAG})
"""Understood in every state, also over the coach's own voice."""


MINUTES = (5, 10, 15, 20)
"""Lengths of a session that can be asked for, in minutes."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: a command and, where the phrase carries one, its argument."""

    command: Command
    argument: str | int | None = None
    """What the `Command` says that it carries; None for most of them."""
