"""The table of what became of the articles' advice names nothing that is not there, and leaves out no tip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from voicecoach.dialogue.table import WANTED
from voicecoach.languages.loading import load_language
from voicecoach.languages.prompts import PROMPTS
from voicecoach.person.tips import load_tips
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library

TOP = Path(__file__).resolve().parent.parent
TABLE = TOP / "docs" / "advice.md"
TIPS = {tip.key: tip for tip in load_tips(load_language(wanted=WANTED).tips)}
LIBRARY = load_library(shipped("routines"), shipped("routines"))
ARTICLES = ("000", "001", "002", "003", "004")
NEED = "Words of need"
SAID_IN_NEED = {
    *("red_flag", "leg_pain", "cramp", "ask_cramp", "tingling", "ask_tingling", "dizzy", "dizzy_after"),
    *("emergency", "emergency_chest", "emergency_fell", "emergency_over", "hurt_twice"),
}
"""What advises somebody who is unwell."""


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    article: str
    heading: str
    advice: str
    became: str

    def named(self, kind: str) -> set[str]:
        """The names of one kind, such as "tip", in what became of it."""
        return set(re.findall(rf"`{kind}:([^`]+)`", self.became))


def read_tables() -> list[Line]:
    """Of the articles, and of what is said in need: there the columns are what is said, the answer, and the source."""
    lines, article = [], ""
    for written in TABLE.read_text(encoding="utf-8").splitlines():
        if written.startswith("## "):
            article = written.removeprefix("## ")
        elif written.startswith("| ") and not written.startswith(("| heading", "| said")):
            lines.append(Line(article, *(cell.strip() for cell in written.strip("|").split("|"))))
    return lines


EVERY_LINE = read_tables()
LINES = [line for line in EVERY_LINE if line.article != NEED]
line_by_line = pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.article} {line.heading}")


@line_by_line
def test_every_piece_of_advice_became_something_or_has_a_reason(line: Line) -> None:
    assert line.article in ARTICLES
    assert line.heading
    assert line.advice
    assert line.became


@line_by_line
def test_every_name_is_there(line: Line) -> None:
    assert set(re.findall(r"`(\w+):", line.became)) <= {"tip", "stretch", "routine", "says", "file"}
    assert line.named("stretch") <= set(LIBRARY.stretches)
    assert line.named("routine") <= set(LIBRARY.routines)
    assert line.named("says") <= PROMPTS.keys()
    assert all((TOP / "voicecoach" / name).is_file() for name in line.named("file"))


def test_every_tip_is_in_the_table_where_it_comes_from_and_nowhere_else() -> None:
    in_table = {(key, line.article, line.heading) for line in LINES for key in line.named("tip")}
    in_tips = {(tip.key, origin.article, origin.heading) for tip in TIPS.values() for origin in tip.sources}
    assert in_table == in_tips


def test_every_stretch_is_in_the_table_under_each_of_its_articles() -> None:
    for key, stretch in LIBRARY.stretches.items():
        for source in stretch.sources:
            if source.article in ARTICLES:
                assert any(line.article == source.article and key in line.named("stretch") for line in LINES), key


@pytest.mark.parametrize("article", ARTICLES)
def test_no_numbered_heading_is_skipped(article: str) -> None:
    """Numbers follow each other: 1, 2, 2.1, 2.2, 3 ..."""
    numbers = [re.match(r"(\d+)(?:\.(\d+))?", line.heading) for line in LINES if line.article == article]
    found = [tuple(int(part or 0) for part in number.groups()) for number in numbers if number]
    chapters = [chapter for chapter, part in found if not part]
    assert chapters == list(range(1, len(chapters) + 1))
    for chapter in chapters:
        parts = [part for at, part in found if at == chapter and part]
        assert parts == list(range(1, len(parts) + 1))


# --- what is said in need ---------------------------------------------------------------------------------------------

IN_NEED = [line for line in EVERY_LINE if line.article == NEED]


@pytest.mark.parametrize("line", IN_NEED, ids=lambda line: line.heading)
def test_every_answer_in_need_has_its_words_and_names_title_and_publisher(line: Line) -> None:
    named = set(re.findall(r"`says:([^`]+)`", line.advice))
    assert named
    assert named <= PROMPTS.keys()
    assert re.match(r'"[^"]+"( \(\w+\))?, [A-Z]', line.became), "title, and publisher"


def test_every_sentence_of_advice_in_need_is_in_the_table() -> None:
    assert {name for line in IN_NEED for name in re.findall(r"`says:([^`]+)`", line.advice)} == SAID_IN_NEED


SOOTHING = re.compile(
    r"\b(will be (fine|all right|okay)|nothing to worry|don't worry|harmless|will pass|just a|only a)\b"
)
NAMING = re.compile(r"\b(sciatica|heart attack|nerve|disc|stroke|you have a|this is a|it is a)\b")


@pytest.mark.parametrize("name", sorted(SAID_IN_NEED | {"fine", "ended_for_tonight", "need_nothing", "tingling_gone"}))
def test_no_answer_in_need_soothes_names_a_cause_or_urges_on(name: str) -> None:
    text = getattr(load_language(wanted=WANTED).prompts, name).lower()
    assert not SOOTHING.search(text)
    assert not NAMING.search(text)
    assert len(text.split()) <= 50
