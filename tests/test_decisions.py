"""The decisions of design are each in the index, dated, and say what they cost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("[0-9]*.md"))


def test_each_decision_is_in_the_index_once_and_nothing_else_is() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[\d+\]\((.*?)\)", index, re.MULTILINE) == [path.name for path in DECISIONS]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_has_a_date_a_context_and_a_cost(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert re.search(r"\b20\d\d-\d\d-\d\d\b", text)
    assert all(re.search(rf"\b{part}", text, re.IGNORECASE) for part in ("context", "decision", "cost"))


def test_the_numbers_are_each_given_once() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(set(numbers)) == len(numbers)
