"""A condition of the first evening is asked about in one or more short questions; each of these is a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.person.screening import due
from voicecoach.routine.stretch import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.languages.language import Language
    from voicecoach.person.tonight import Tonight


def parts_due(tonight: Tonight, language: Language) -> list[str]:
    """All that is to be asked now, in the order in which it is asked, as `condition_of` reads it."""
    return parts_of(due(tonight), language)


def parts_of(conditions: Iterable[Condition], language: Language) -> list[str]:
    """All that is asked about ``conditions``."""
    return [
        f"{condition.value} {number}"
        for condition in conditions
        for number in range(1, len(language.screening[condition].asks) + 1)
    ]


def condition_of(part: str) -> Condition:
    """What ``part`` asks about."""
    return Condition(part.rpartition(" ")[0])


def words_of(part: str, language: Language) -> str:
    """How ``part`` is asked."""
    return language.screening[condition_of(part)].asks[int(part.rpartition(" ")[2]) - 1]
