"""What a visit was like: who said what, what was guided and what was written down."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.state import Mode
from voicecoach.languages.commands import Command
from voicecoach.person.facts import ENDED, Fact
from voicecoach.session_events import Entered, Spoke, Understood

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from thirty_nights.living import Lived
    from voicecoach.assembly import Assembly

COACH: Final = "coach"
GUIDING: Final = "guiding"
_AT_ONCE_S: Final = 1.0
"""What the coach says so soon after the person has spoken is an answer."""


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Something that was said."""

    at_s: float
    who: str
    """`COACH`, `GUIDING`, `scenario.PERSON` or `scenario.ROOM`."""
    words: str
    """With `GUIDING` the key of a stretch: it was led into."""


def conversation(lived: Lived, assembly: Assembly) -> list[SpokenLine]:
    """Everything that was said, but of the guiding only which stretch began when.

    "Next" is left out where it only answers the coach's "say next" in a stretch with an open end.
    """
    said = (SpokenLine(one.began_s, one.who, one.words) for one in lived.session.said)
    chosen = (line for line in said if line.words != "next" or _mode(lived, line.at_s) != Mode.GUIDING.value)
    names = _names(assembly)
    begun = (SpokenLine(at_s, GUIDING, names[words]) for at_s, words, _ in _spoken(lived) if words in names)
    return sorted([*chosen, *begun, *_dialogue(lived)], key=lambda line: line.at_s)


def coach_said(lived: Lived) -> list[str]:
    """Every sentence of the coach, also those of the guiding and those that were cut short."""
    return [words for _, words, _ in _spoken(lived)]


def guided(lived: Lived, assembly: Assembly) -> list[str]:
    """Keys of the stretches that were led into, in the order in which their names were said."""
    names = _names(assembly)
    return [names[sentence] for sentence in coach_said(lived) if sentence in names]


def noted(lived: Lived, *facts: Fact) -> list[str]:
    """What was written down of some facts, in order."""
    return [record.about for record in lived.noted if record.what in facts]


def value(lived: Lived, fact: Fact) -> int | None:
    """The number that was written down, if any."""
    return next(
        (round(record.value) for record in lived.noted if record.what is fact and record.value is not None), None
    )


def minutes(lived: Lived) -> int:
    """From the first word of the session to its last, in whole minutes; with the time that there was no power."""
    began = next((record.at for record in lived.noted if record.what is Fact.SESSION_STARTED), lived.visit.at)
    ended = [record.at for record in lived.noted if record.what in ENDED]
    return round((ended[-1] - began).total_seconds() / 60) if ended else 0


def sentences(text: str) -> list[str]:
    """``text``, parted after full stops and question marks."""
    return re.split(r"(?<=[.?!])\s+", text)


# --- what happened ----------------------------------------------------------------------------------------------------


def _spoken(lived: Lived) -> list[tuple[float, str, bool]]:
    """The coach's sentences and counts: when each began, and whether it was said to its end."""
    spoken = (one for one in lived.session.events if isinstance(one, Spoke))
    return [(one.began_s, one.sound, one.whole) for one in spoken if isinstance(one.sound, str)]


def _names(assembly: Assembly) -> Mapping[str, str]:
    """The stretches, by the sentences that name them as they begin."""
    words = assembly.language.plan
    return {
        naming.format(name=stretch.name): key
        for key, stretch in assembly.library.stretches.items()
        for naming in (words.first, words.then, words.last)
    }


def _dialogue(lived: Lived) -> Iterator[SpokenLine]:
    """What the coach said while it was not guiding, and its answers while it was."""
    answered = [
        one.ended_s
        for one in lived.session.events
        if isinstance(one, Understood) and one.meaning and one.meaning.command != Command.NEXT
    ]
    for at_s, words, whole in _spoken(lived):
        at_once = any(0 <= at_s - ended_s < _AT_ONCE_S for ended_s in answered)
        if at_once or _mode(lived, at_s) != Mode.GUIDING.value:
            yield SpokenLine(at_s, COACH, words if whole else f"{words} ...")


def _mode(lived: Lived, at_s: float) -> str:
    entered = [one for one in lived.session.events if isinstance(one, Entered)]
    place = bisect_right([one.at_s for one in entered], at_s)
    return entered[place - 1].mode if place else Mode.REST.value
