"""The pages of ``docs/evenings`` are what ``scripts/evenings`` writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from evening_pages.__main__ import PAGES, main
from evening_pages.living import Evening, evenings, live, usual_house
from evening_pages.page import index, page
from voicecoach.person.person import Condition

if TYPE_CHECKING:
    from pathlib import Path

HOUSE: Final = usual_house()
ALL: Final = {evening.file: evening for evening in evenings(HOUSE)}
ANEW: Final = "write the pages anew: scripts/evenings"
each = pytest.mark.parametrize("evening", ALL.values(), ids=list(ALL))


def written(evening: Evening) -> str:
    return (PAGES / evening.file).read_text(encoding="utf-8")


def coach_lines(evening: Evening) -> list[str]:
    return re.findall(r"\| coach \| (.*) \|", written(evening))


def test_there_is_a_page_for_a_first_and_a_tenth_evening_of_every_routine() -> None:
    assert len(ALL) == 2 * len(HOUSE.library.routines)
    assert {path.name for path in PAGES.iterdir()} == {*ALL, "README.md"}
    assert (PAGES / "README.md").read_text(encoding="utf-8") == index(ALL.values()), ANEW


@each
def test_a_page_is_what_the_command_writes(evening: Evening) -> None:
    assert written(evening) == page(evening, live(evening, HOUSE)), ANEW


@each
def test_every_evening_begins_with_the_routine_and_comes_to_its_end(evening: Evening) -> None:
    said = coach_lines(evening)
    assert [one for one in said if evening.routine.opening in one]
    assert evening.routine.closing in said[-1]


@each
def test_on_the_first_evening_every_condition_is_asked_about_and_on_the_tenth_none(evening: Evening) -> None:
    said = " ".join(coach_lines(evening))
    asks = [ask for condition in Condition for ask in HOUSE.language.screening[condition].asks]
    assert {ask in said for ask in asks} == {evening.number == 1}


def test_a_link_leads_to_a_page() -> None:
    for path in PAGES.iterdir():
        for target in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
            assert target.endswith(".md")
            assert (PAGES / target).is_file(), f"{path.name}: {target}"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["--out", str(tmp_path / "file" / "pages")]) != 0
    assert "name a folder with --out" in capsys.readouterr().err
