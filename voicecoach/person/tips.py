"""One tip a night, from the articles' advice: which one is for tonight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from voicecoach import yamlfile
from voicecoach.person.progress import day_of
from voicecoach.routine.stretch import When

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.person.tonight import Tonight
    from voicecoach.yamlfile import Node

ENGLISH_TIPS: Final = Path(__file__).with_name("tips.yaml")
A_MONTH: Final = timedelta(days=31)
"""How long a tip is not told again."""
MOST_WORDS: Final = 25
"""Of a tip: it is heard once, on the way to sleep."""
_MORNING_HOURS: Final = range(5, 11)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article gives the advice."""

    article: str
    """Its number, such as "001"; docs/sources.md has the titles."""
    heading: str


@dataclass(frozen=True, slots=True)
class Tip:
    """A piece of advice, as the coach says it."""

    key: str
    text: str
    when: When
    sources: tuple[Origin, ...]
    said_by: frozenset[str] = frozenset()
    """Routines that say so themselves: their keys."""


def load_tips(path: Path = ENGLISH_TIPS) -> tuple[Tip, ...]:
    """Read a file of tips, in its order.

    Raises:
        BadFileError: It cannot be read, or says something that it should not; with file, line and column.
    """
    tips = yamlfile.read(path).mapping()
    return tuple(_tip(key, node) for key, node in tips.items())


def _tip(key: str, node: Node) -> Tip:
    required = {"say", "when", "sources"}
    parts = node.mapping(allowed=required | {"said_by"}, required=required)
    text = parts["say"].text()
    if len(text.split()) > MOST_WORDS:
        raise parts["say"].error(f"this tip has {len(text.split())} words; say it in {MOST_WORDS} at most")
    return Tip(
        key,
        text,
        parts["when"].choice(When),
        tuple(Origin(article, heading.text()) for article, heading in parts["sources"].mapping().items()),
        frozenset(routine.text() for routine in parts["said_by"].sequence()) if "said_by" in parts else frozenset(),
    )


def tip_for(tips: Sequence[Tip], tonight: Tonight, routine_key: str) -> Tip | None:
    """The tip to tell after a session of ``routine_key``: one a day, and none twice within a month.

    Those never told come first, in the order of ``tips``; then the one told longest ago.  Tips for the morning are told
    from five to eleven, those for bedtime at all other hours.

    None when tips are switched off, when one was told today (a day begins at five), or when all that would suit have
    been told within the month.
    """
    told = {key: day_of(at) for key, at in tonight.person.tips_told.items()}
    today = day_of(tonight.now)
    if not tonight.person.tips or today in told.values():
        return None
    of_the_hour = {When.ANY, When.MORNING if tonight.now.hour in _MORNING_HOURS else When.BEDTIME}
    suitable = [
        tip
        for tip in tips
        if tip.when in of_the_hour
        and routine_key not in tip.said_by
        and (tip.key not in told or today - told[tip.key] >= A_MONTH)
    ]
    return min(suitable, key=lambda tip: told.get(tip.key, date.min), default=None)
