"""What a person can say, as meanings.  The phrases for each are data: ``phrases.yaml`` of a language.

Which commands there are is not said here but in the dialogue's table (`dialogue/table.py`), which has a row for each;
whoever loads a language hands them over (`Wanted`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class _Named:
    """A command that code refers to: each look at it is a `Command` with its key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __get__(self, _: Command | None, commands: type[Command]) -> Command:
        return commands(self._key)


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the coach can be told.  Two with the same key are equal; compare with ``==``.

    The names below are of commands that code refers to; a command that only has a row in the table needs none.
    """

    key: str
    """Of its row in the table, and of its phrases in ``phrases.yaml``."""

    START = _Named("start")
    """Carries the key of a routine as its argument, or None for the usual one."""
    MINUTES = _Named("minutes")
    """The usual routine, cut to so many minutes: one of `MINUTES` is its argument."""
    REMIND_ME = _Named("remind me")
    REMIND_AT = _Named("remind me at")
    """Carries the time as its argument: minutes since noon or midnight, from 0 to 719."""
    REMIND_IN = _Named("remind me in")
    """Carries how many minutes from now as its argument: one of `LENGTHS`."""
    LATER = _Named("later")
    LATER_BY = _Named("in a while")
    """An answer that tells when: the same argument."""
    RATING_OFF = _Named("no more pain questions")
    PROP = _Named("i have")
    """Carries the key of a prop, such as ``pillow``, as its argument."""
    NO_PROP = _Named("i have no")
    """The same."""

    SWITCH_TO = _Named("switch to")
    """The same as `START`, in words that can be said while the coach guides: it always names a routine."""
    NEXT = _Named("next")
    PAUSE = _Named("pause")
    GET_UP = _Named("i have to get up")
    STOP_LISTENING = _Named("stop listening")
    CONTINUE = _Named("continue")
    READY = _Named("ready")

    STOP = _Named("stop")
    HURTS = _Named("that hurts")
    RED_FLAG = _Named("red flag")
    SHARP_PAIN = _Named("sharp pain")
    PAIN_DOWN_THE_LEG = _Named("pain down the leg")
    CRAMP = _Named("cramp")
    TINGLING = _Named("pins and needles")
    """Also a part of the body that is asleep; numbness that is a red flag is `RED_FLAG`."""
    TOO_HARD = _Named("i can't do this")
    CANNOT_KNEEL = _Named("i can't kneel")
    """Nor be on hands and knees."""
    CANNOT_LIE_ON_FRONT = _Named("i can't lie on my front")
    DIZZY = _Named("dizzy")
    CHEST = _Named("chest pain")
    """Or no breath."""
    FELL = _Named("i fell")
    CALL_FOR_HELP = _Named("call for help")
    """Also somebody who cannot move."""
    FINE = _Named("i am fine")

    YES = _Named("yes")
    ALL_RIGHT = _Named("all right")
    """Agrees to an offer; what is no offer it does not answer."""
    NO = _Named("no")
    LIKELY = _Named("i think so")
    """Rather yes: it accepts an offer that does no harm, and is `UNSURE` to everything else."""
    UNSURE = _Named("unsure")
    """Neither yes nor no, and no number either: "maybe", "I don't know"."""
    NO_PAIN = _Named("no pain")
    HALF = _Named("half")
    """Of a scale from zero to ten."""
    NUMBER = _Named("number")
    """Carries a whole number from 0 to 10 as its argument; a language has no phrases for it but its numbers."""

    def __str__(self) -> str:
        return self.key


EMERGENCIES = frozenset({Command.CHEST, Command.FELL, Command.CALL_FOR_HELP})
"""After these the coach says whom to call."""
SAFETY = EMERGENCIES | {
    *(Command.STOP, Command.HURTS, Command.RED_FLAG, Command.SHARP_PAIN, Command.PAIN_DOWN_THE_LEG, Command.CRAMP),
    *(Command.TINGLING, Command.TOO_HARD, Command.CANNOT_KNEEL, Command.CANNOT_LIE_ON_FRONT, Command.DIZZY),
}
"""Words of need: understood in every state, also over the coach's own voice."""
STOPS_TOO = frozenset({Command.STOP_LISTENING})
"""What may begin with the word that stops, for it does no harm that this is obeyed first."""


MINUTES = (5, 10, 15, 20)
"""Lengths of a session that can be asked for, in minutes."""
LENGTHS = (5, 10, 15, 20, 30, 45, *range(60, 601, 60))
"""After how many minutes somebody can ask to be reminded."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: a command and, where the phrase carries one, its argument."""

    command: Command
    argument: str | int | None = None
    """What the `Command` says that it carries; None for most of them."""

    @property
    def key(self) -> str:
        """The command's, with the argument behind it, such as "number 7"."""
        return self.command.key if self.argument is None else f"{self.command.key} {self.argument}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the dialogue wants of a language, beyond the prompts that are declared in `prompts.py`."""

    commands: Collection[Command]
    """All that need phrases."""
    sentences: Collection[str] = ()
    """Prompts without slots that rows of the table say, by id; some may be declared prompts."""
