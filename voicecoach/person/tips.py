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
    from collections.abc import Mapping, Sequence

    from voicecoach.person.tonight import Tonight
    from voicecoach.yamlfile import Node

TIPS_FILE: Final = Path(__file__).with_name("tips.yaml")
A_MONTH: Final = timedelta(days=31)
"""How long a tip is not told again."""
_MORNING_HOURS: Final = range(5, 11)
_DAY_HOURS: Final = range(11, 18)


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


def load_tips(texts: Mapping[str, str], path: Path = TIPS_FILE) -> tuple[Tip, ...]:
    """Read when tips are told, in the order of the file.

    Args:
        texts: The words of each tip, in the language of the coach.
        path: The file.

    Raises:
        BadFileError: It cannot be read, or says something that it should not; with file, line and column.
    """
    tips = yamlfile.read(path)
    if unknown := sorted(texts.keys() - tips.mapping().keys()):
        raise tips.error(
            f"there is no tip {', '.join(unknown)} here; add it, or take it out of the languages' tips.yaml"
        )
    return tuple(_tip(key, node, texts) for key, node in tips.mapping().items())


def _tip(key: str, node: Node, texts: Mapping[str, str]) -> Tip:
    required = {"when", "sources"}
    parts = node.mapping(allowed=required | {"said_by"}, required=required)
    if key not in texts:
        raise node.error(f'nobody says the tip "{key}"; write it into tips.yaml of each language')
    return Tip(
        key,
        texts[key],
        parts["when"].choice(When),
        tuple(Origin(article, heading.text()) for article, heading in parts["sources"].mapping().items()),
        frozenset(routine.text() for routine in parts["said_by"].sequence()) if "said_by" in parts else frozenset(),
    )


def tip_for(tips: Sequence[Tip], tonight: Tonight, routine_key: str) -> Tip | None:
    """The tip to tell after a session of ``routine_key``: one a day, and none twice within a month.

    Those never told come first, in the order of ``tips``; then the one told longest ago.  Tips for the morning are told
    from five to eleven, those for bedtime from six in the evening to five; between them only those for any time.

    None when tips are switched off, when one was told today (a day begins at five), or when all that would suit have
    been told within the month.
    """
    told = {key: day_of(at) for key, at in tonight.person.tips_told.items()}
    today = day_of(tonight.now)
    if not tonight.person.tips or today in told.values():
        return None
    of_the_hour = {When.ANY, _when(tonight.now.hour)}
    suitable = [
        tip
        for tip in tips
        if tip.when in of_the_hour
        and routine_key not in tip.said_by
        and (tip.key not in told or today - told[tip.key] >= A_MONTH)
    ]
    return min(suitable, key=lambda tip: told.get(tip.key, date.min), default=None)


def _when(hour: int) -> When:
    if hour in _MORNING_HOURS:
        return When.MORNING
    return When.DAY if hour in _DAY_HOURS else When.BEDTIME
