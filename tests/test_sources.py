"""``docs/sources.md`` tells, stretch by stretch, what an article says and what the coach does: as the files have it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.routine.stretch import Amount, Entry, Routine, Sides

PAGE = Path(__file__).resolve().parent.parent / "docs" / "sources.md"
ROUTINES = {
    key: routine
    for key, routine in load_library(shipped("routines")).routines.items()
    if any(source.article != "own" for source in routine.sources)
}
"""Those that come from an article."""


def amount(of: Amount) -> str:
    return f"{of.low} {of.unit.value}" if of.low == of.high else f"{of.low}-{of.high} {of.unit.value}"


def dose(entry: Entry) -> str:
    """How much, how often, and on which sides in which order."""
    asked = entry.dose
    parts = [amount(asked.hold)] if asked.hold else []
    parts += [amount(asked.repeat)] if asked.repeat else []
    parts += [f"until next, at most {asked.at_most} times"] if asked.until_next else []
    sides = {
        Sides.NONE: "",
        Sides.EACH: "right, left",
        Sides.LEFT_FIRST: "left, right",
        Sides.EACH_THEN_BOTH: "right, left, both",
        Sides.ALTERNATING: "right and left in turn",
    }[asked.sides]
    return "; ".join([*parts, *([sides] if sides else [])])


def cells(entry: Entry) -> list[str]:
    """All of a row that comes from the files."""
    stretch = entry.stretch
    named = {"{side}": "right", "{other side}": "left"}
    breathing = re.sub(r"\{[^}]*\}", lambda slot: named[slot[0]], stretch.breathing)
    return [stretch.key, stretch.position.value, dose(entry), breathing, stretch.caution]


def rows(routine: Routine) -> list[list[str]]:
    """The table of a routine on the page, without its head."""
    text = PAGE.read_text(encoding="utf-8")
    section = re.search(rf"^### {routine.key}\b.*?(?=^##|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert section, f"no section ### {routine.key}"
    lines = [line for line in section[0].splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=list(ROUTINES))
def test_the_page_says_what_the_coach_does(routine: Routine) -> None:
    written = rows(routine)
    wanted = [cells(entry) for entry in routine.entries]
    assert [[row[0], *row[2:6]] for row in written] == wanted, "\n".join(" | ".join(row) for row in wanted)


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=list(ROUTINES))
def test_each_row_has_the_words_of_the_article(routine: Routine) -> None:
    assert all(len(row) == 7 and row[1] for row in rows(routine))


@pytest.mark.parametrize("routine", ROUTINES.values(), ids=list(ROUTINES))
def test_what_is_not_the_article_s_has_a_reason(routine: Routine) -> None:
    """A figure of the coach that the article's words do not have is accounted for beside it."""
    for key, article, _, asked, *_, reason in rows(routine):
        figures = set(re.findall(r"[0-9]+", asked))
        assert figures <= set(re.findall(r"[0-9]+", f"{article} {reason}")), f"{key}: {asked}"
