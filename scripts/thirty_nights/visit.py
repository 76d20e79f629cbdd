"""A visit: one time that the person and the coach are together, and the words in which a story is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from voicecoach.simulation.acoustic_scene import Noise, RoomAcoustics
from voicecoach.simulation.scenario import Scenario
from voicecoach.simulation.turns import Ends, ExpectWords, OnWords, PowerCut, Speak, Wait

if TYPE_CHECKING:
    from voicecoach.simulation.turns import Turn

NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)
LONGEST_S: Final = 40 * 60.0
"""Nobody is in bed with the coach for longer."""
_NOON: Final = 12
_HERE: Final = "the story"
_NEXT: Final = Speak(_HERE, "next", on=OnWords("or next to move on", ended=True), after_s=2.0)
"""Where the coach asks for it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One time together."""

    number: int
    """Of the night, from 1 on; a morning has the number of the night before."""
    at: datetime
    """When the coach is switched on, in UTC, which is also the time in that bedroom."""
    note: str
    """What there is to know about the person just now, for who reads the story."""
    turns: tuple[Turn, ...]
    damaged: bool = False
    """Whether the file of the history has been damaged since the visit before."""

    @property
    def morning(self) -> bool:
        return self.at.hour < _NOON

    @property
    def scenario(self) -> Scenario:
        """The visit for the rehearsal, to be played with the history of those before."""
        return Scenario(
            title=f"Night {self.number}",
            routine="bedtime",  # only the reports of a rehearsal want to know it
            turns=self.turns,
            answers=(_NEXT,),
            room=RoomAcoustics(noise=Noise.NONE),
            at=self.at,
            history=(),
            limit_s=LONGEST_S,
        )


def january(day: int, hour: int, minute: int) -> datetime:
    """A moment of that January; the days go on being counted into February."""
    return datetime.combine((NEW_YEAR + timedelta(days=day - 1)).date(), time(hour, minute), UTC)


# --- what the person does ---------------------------------------------------------------------------------------------


def says(words: str, when: str = "", after_s: float = 1.0) -> Speak:
    """The person says something, ``after_s`` after the turn before, or after the coach has said ``when``."""
    return Speak(_HERE, words, on=OnWords(when, ended=True) if when else None, after_s=after_s)


def no_power(minutes: float, when: str, after_s: float) -> PowerCut:
    """The power is cut so long after the coach has said ``when``."""
    return PowerCut(_HERE, minutes * 60.0, on=OnWords(when, ended=True), after_s=after_s)


def before(pain: str) -> Speak:
    """The answer to how the back is, before the first stretch."""
    return says(pain, "from zero to ten how is your back")


def after(pain: str) -> Speak:
    """The answer to how it is after the last."""
    return says(pain, "and now from zero to ten how is your back")


def ends(mode: str = "rest") -> Ends:
    """The session comes to its end."""
    return Ends(_HERE, mode, LONGEST_S)


def thanks(words: str) -> tuple[Turn, ...]:
    """Thanks after the last word, and what is said to them."""
    return says(words), ExpectWords(_HERE, "you are welcome", 3.0), Wait(_HERE, 3.0)


def whole_session(start: str, pain_before: str, pain_after: str, *meanwhile: Turn) -> tuple[Turn, ...]:
    """A session from its first word to its last."""
    return says(start), before(pain_before), *meanwhile, after(pain_after), ends()


def restful_session(start: str, pain_before: str) -> tuple[Turn, ...]:
    """The same of one in which she only rests, or lies still for long at its end: nobody asks her anything then."""
    return says(start), before(pain_before), ends("asleep")
