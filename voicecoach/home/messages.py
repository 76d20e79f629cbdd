"""What the house may ask for: a topic and a payload become a request, or nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from voicecoach.by_hand import Adjust, Do, Listen
from voicecoach.dialogue.events import Adjustable
from voicecoach.dialogue.handlers.changes import LOUDEST_DB, QUIETEST_DB
from voicecoach.home.discovery import LONGEST_MIN
from voicecoach.home.picture import TALK
from voicecoach.languages.commands import Command, Meaning

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voicecoach.by_hand import Request

LONGEST_BYTES: Final = 200
"""No payload that means anything is longer."""
_PRESSED: Final = {
    "stop": Command.STOP,
    "pause": Command.PAUSE,
    "continue": Command.CONTINUE,
    "next": Command.NEXT,
}
_TALK: Final = {word: level for level, word in TALK.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    """What "start" by hand begins."""

    routine: str
    """Its key."""
    minutes: int = 0
    """How long it may last; 0: as long as it does."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to choose from."""

    routines: Mapping[str, str]
    """Keys of routines by their titles."""
    usual: str
    """Key of the routine that is begun where none is chosen."""


def understood(what: str, payload: bytes, choice: Choice, offer: Offer) -> Request | Choice | None:
    """What a message asks for; None: nothing that there is.

    Args:
        what: The last part of its topic.
        payload: What it says.
        choice: What has been chosen so far.
        offer: What there is to choose from.
    """
    if len(payload) > LONGEST_BYTES or what not in _MEANINGS:
        return None
    try:
        text = payload.decode("utf-8").strip()
    except UnicodeDecodeError:
        return None
    return _MEANINGS[what](text, choice, offer)


def _pressed(text: str, choice: Choice, offer: Offer) -> Request | None:
    if text == "start":
        return Do((Meaning(Command.START, choice.routine or offer.usual),), choice.minutes or None)
    return Do((Meaning(_PRESSED[text]),)) if text in _PRESSED else None


def _routine(text: str, choice: Choice, offer: Offer) -> Choice | None:
    return replace(choice, routine=offer.routines[text]) if text in offer.routines else None


def _minutes(text: str, choice: Choice, _: Offer) -> Choice | None:
    minutes = _number(text, 0, LONGEST_MIN)
    return None if minutes is None else replace(choice, minutes=round(minutes))


def _volume(text: str, _: Choice, __: Offer) -> Request | None:
    volume_db = _number(text, QUIETEST_DB, LOUDEST_DB)
    return None if volume_db is None else Adjust(Adjustable.VOLUME, volume_db)


def _talk(text: str, _: Choice, __: Offer) -> Request | None:
    return Adjust(Adjustable.TALK, _TALK[text]) if text in _TALK else None


def _listening(text: str, _: Choice, __: Offer) -> Request | None:
    return {"ON": Listen(on=True), "OFF": Listen(on=False)}.get(text)


_MEANINGS: Final[Mapping[str, Callable[[str, Choice, Offer], Request | Choice | None]]] = {
    "press": _pressed,
    "routine": _routine,
    "minutes": _minutes,
    "volume": _volume,
    "talk": _talk,
    "listening": _listening,
}
"""What each topic means."""


def _number(text: str, least: float, most: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and least <= number <= most else None
