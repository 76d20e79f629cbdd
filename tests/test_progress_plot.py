"""Progress by eye: the sentences, the table, the drawing and its two painters."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from made_up_history import made_up
from voicecoach.assembly import Assembly
from voicecoach.cli import progress as progress_cli
from voicecoach.cli.progress import draw, report
from voicecoach.drawing import colours
from voicecoach.drawing.day_axis import DayAxis
from voicecoach.drawing.progress_layout import sheet
from voicecoach.drawing.shapes import Bar, Dot, Polyline, Sheet, Text, Tooltip
from voicecoach.errors import BadRequestError, VoicecoachError
from voicecoach.journal.files import FILE
from voicecoach.journal.store import Journal
from voicecoach.person.facts import Fact
from voicecoach.person.person import Person
from voicecoach.person.tonight import Tonight
from voicecoach.progress.periods import periods
from voicecoach.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path as File

LENGTHS = [1, 2, 3, 10, 30, 92, 93, 730, 1200, 3650]


def drawn(tonight: Tonight) -> Sheet:
    found = sheet(tonight)
    assert found is not None
    return found


def texts(found: Sheet) -> list[str]:
    return [shape.text for shape in found.shapes if isinstance(shape, Text)]


# --- periods ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, 7, 28])
def test_periods_hold_everything_once(days: int) -> None:
    tonight = made_up(200)
    found = periods(tonight, days)
    assert sum(period.done for period in found) == sum(
        session.ending is Fact.SESSION_FINISHED for session in tonight.person.sessions
    )
    assert all(later.first - period.first >= timedelta(days=days) for period, later in pairwise(found))


def test_weeks_begin_on_mondays() -> None:
    assert {period.first.weekday() for period in periods(made_up(60), 7)} == {0}


def test_sleep_belongs_to_the_night_it_was_slept_in() -> None:
    tonight = made_up(1)
    ((at, rating),) = tonight.person.slept
    (period,) = periods(tonight, 1)
    assert (period.first, period.slept) == (at.date() - timedelta(days=1), rating)


# --- words and table --------------------------------------------------------------------------------------------------


def test_thirty_nights_in_words_and_weeks() -> None:
    assert report(made_up(30)).splitlines() == [
        "In the last seven days: 6 sessions, 78 minutes in all.",
        "Pain before a session was 3.9 on average lately, and 5.6 earlier: it has become",
        "less.",
        "After a session it is 1.2 lower than before.",
        "Sleep was 7.0 of 10 on average in the last two weeks.",
        "3 days in a row now, and once 14.",
        "",
        "  week from  sessions  minutes  pain before  pain after  sleep",
        "19 Oct 2026         1       16          7.0         6.0    4.5",
        "26 Oct 2026         7       84          5.9         4.4    4.5",
        " 2 Nov 2026         6       78          4.0         2.9    7.0",
        " 9 Nov 2026         4       46          4.2         3.2    6.7",
        "16 Nov 2026         4       55          3.5         2.2    7.3",
    ]


def test_somebody_new_is_told_so_kindly(tmp_path: File) -> None:
    nobody = replace(made_up(1), person=Person())
    assert report(nobody) == "There is nothing to show yet. After your first session there will be."
    file = tmp_path / "progress.png"
    assert draw(nobody, file) == f"Nothing was drawn, and {file} was not written."
    assert not file.exists()


def test_a_few_evenings_are_too_few_for_a_trend() -> None:
    assert "too early to tell" in " ".join(report(made_up(3)).split())


@pytest.mark.parametrize("nights", LENGTHS)
def test_a_summary_fits_a_terminal(nights: int) -> None:
    assert max(map(len, report(made_up(nights)).splitlines())) <= 80


# --- the drawing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nights", LENGTHS)
def test_everything_lies_on_the_sheet(nights: int) -> None:
    found = drawn(made_up(nights))
    for shape in found.shapes:
        match shape:
            case Text(at=(x, y), text=text, size=size):
                reach = 0.62 * size * len(text) / 2
                assert size / 2 <= y <= found.height - size / 2
                assert -reach <= x <= found.width
            case Polyline(points=points):
                assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in points)
            case Bar(left, top, right, bottom):
                assert 0 <= left < right <= found.width
                assert 0 <= top < bottom <= found.height
            case Dot(at=(x, y), radius=radius):
                assert radius <= x <= found.width - radius
                assert radius <= y <= found.height - radius
            case Tooltip(left, right):
                assert 0 <= left < right <= found.width


def test_each_rating_and_each_day_is_there() -> None:
    tonight = made_up(30)
    found = drawn(tonight)
    dots = [shape for shape in found.shapes if isinstance(shape, Dot)]
    sessions = len(tonight.person.sessions)
    assert sum(dot.hollow for dot in dots) == sessions
    assert len(dots) == 2 * sessions + len(tonight.person.slept)
    bars = [shape for shape in found.shapes if isinstance(shape, Bar)]
    assert sum(bar.colour == colours.MINUTES for bar in bars) == sessions
    assert [text for text in texts(found) if re.fullmatch(r"\d+", text)][-4:] == ["1", "14", "5", "3"]
    told = [shape.text for shape in found.shapes if isinstance(shape, Tooltip)]
    assert told[1] == "24 Oct 2026: 1 session, 11 minutes, pain before 7, pain after 6, sleep 5"


def test_more_pain_is_drawn_higher() -> None:
    tonight = made_up(1)
    (session,) = tonight.person.sessions
    worse = replace(session, pain_before=2, pain_after=9)
    before, after = (
        shape
        for hollow in (True, False)
        for shape in drawn(Tonight(tonight.now, Person(sessions=(worse,)))).shapes
        if isinstance(shape, Dot) and shape.hollow is hollow
    )
    assert after.at[1] < before.at[1]


def test_what_was_never_told_has_no_panel() -> None:
    named = texts(drawn(made_up(30, rating=False)))
    assert not any(text.startswith(("Pain,", "Sleep,")) for text in named)
    assert "Minutes of stretching in a day" in named


def test_a_break_of_two_weeks_is_left_open() -> None:
    tonight = made_up(50)
    away = [tonight.now - timedelta(days=days) for days in (30, 16)]
    sessions = tuple(one for one in tonight.person.sessions if not away[0] < one.began < away[1])
    whole, broken = (
        [shape for shape in drawn(Tonight(tonight.now, person)).shapes if isinstance(shape, Polyline)]
        for person in (tonight.person, replace(tonight.person, sessions=sessions))
    )
    assert sum(path.colour == colours.BEFORE for path in whole) == 1
    assert sum(path.colour == colours.BEFORE for path in broken) == 2


def test_a_short_history_leaves_room_and_a_long_one_fills_the_sheet() -> None:
    room = "room for the evenings to come"
    assert room in texts(drawn(made_up(3)))
    assert room not in texts(drawn(made_up(30)))


@pytest.mark.parametrize(("nights", "by"), [(30, ""), (200, ", means of weeks"), (3650, ", means of four weeks")])
def test_a_long_history_is_drawn_by_means(nights: int, by: str) -> None:
    assert f"Pain, from 0 to 10{by}" in texts(drawn(made_up(nights)))


@settings(max_examples=50)
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 8000))
def test_dates_under_the_drawing_have_room_and_lie_in_it(first: date, length: int) -> None:
    days = DayAxis(first, first + timedelta(days=length), 76, 1096)
    ticks = list(days.ticks())
    assert all(later.x - tick.x >= 68 for tick, later in pairwise(ticks))
    assert all(days.left <= tick.x <= days.right for tick in ticks)
    assert days.right <= 1096.001


def test_a_month_has_its_mondays_named() -> None:
    days = DayAxis(date(2026, 10, 22), date(2026, 11, 21), 76, 1096)
    assert [tick.name for tick in days.ticks()] == ["26 Oct", "2 Nov", "9 Nov", "16 Nov"]


# --- the painters -----------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """Every element that is opened and not closed, or closed and not open, is a fault."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name in {"src", "href"} or name.startswith("on") for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("nights", [1, 30, 730])
def test_the_page_is_whole_and_needs_nothing_beside_it(tmp_path: File, nights: int) -> None:
    tonight, file = made_up(nights), tmp_path / "progress.html"
    assert draw(tonight, file) == f"The drawing is in {file}."
    text = file.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    assert not page.open
    assert not page.seen & {"script", "link", "img", "iframe"}
    assert "http" not in text
    assert "url(" not in text


def test_the_page_tells_in_words_what_it_shows(tmp_path: File) -> None:
    file = tmp_path / "progress.HTML"
    draw(made_up(30), file)
    text = file.read_text(encoding="utf-8")
    svg = ET.fromstring(text[text.index("<svg") : text.index("</svg>") + 6])  # noqa: S314 - our own page
    told = {element.attrib["id"]: element.text or "" for element in svg if "id" in element.attrib}
    assert svg.attrib["aria-labelledby"].split() == list(told)
    assert told["title"] == "Your back, 22 Oct to 21 Nov 2026"
    assert "it has become less" in told["summary"]
    assert [element.text or "" for element in svg.iter("title")][1].startswith("22 Oct 2026: ended early, 5 minutes")
    assert "<td>26 Oct 2026</td><td>7</td>" in text


@pytest.mark.parametrize("nights", [1, 30, 730])
def test_the_picture_is_dark(tmp_path: File, nights: int) -> None:
    file = tmp_path / "progress.png"
    draw(made_up(nights), file)
    with Image.open(file) as image:
        assert image.size == (drawn(made_up(nights)).width, drawn(made_up(nights)).height)
        grey = image.convert("L")
        amounts = grey.histogram()
    assert sum(amounts[:64]) / sum(amounts) > 0.9
    assert sum(amounts[224:]) == 0, "something glares"


def test_names_keep_apart_where_the_lines_meet() -> None:
    tonight = made_up(1)
    (session,) = tonight.person.sessions
    same = replace(session, pain_before=4, pain_after=4)
    found = drawn(Tonight(tonight.now, Person(sessions=(same,))))
    before, after = (
        next(shape for shape in found.shapes if isinstance(shape, Text) and shape.text == name)
        for name in ("before", "after")
    )
    assert abs(before.at[1] - after.at[1]) >= before.size


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["progress.jpg", "progress", ".png"])
def test_another_kind_of_file_is_refused(tmp_path: File, name: str) -> None:
    with pytest.raises(BadRequestError, match=r"name a file that ends in \.png or \.html"):
        draw(made_up(3), tmp_path / name)


@pytest.mark.parametrize("name", ["progress.png", "progress.html"])
def test_a_file_that_cannot_be_written_is_told_in_one_line(tmp_path: File, name: str) -> None:
    file = tmp_path / "missing" / name
    with pytest.raises(VoicecoachError, match=r"cannot write .* \(No such file or directory\); choose another file"):
        draw(made_up(3), file)


def run(*arguments: str) -> int:
    parser = ArgumentParser()
    progress_cli.add_parser(parser.add_subparsers())
    options = parser.parse_args(["progress", *arguments])
    code = options.handler(options, Assembly(Settings()))
    assert isinstance(code, int)
    return code


def test_the_command_reads_the_history(
    tmp_path: File, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("voicecoach.settings.data_folder", lambda: tmp_path)
    assert run() == 0
    assert "nothing to show yet" in capsys.readouterr().out
    journal = Journal(tmp_path / FILE, lambda line: print(line, file=sys.stderr))
    for fact in (Fact.SESSION_STARTED, Fact.SESSION_FINISHED):
        journal.write(fact, "bedtime")
    journal.close()
    assert run("--plot", str(tmp_path / "p.html")) == 0
    told = capsys.readouterr()
    assert told.out.startswith("In the last seven days: 1 session, 0 minutes in all.\n")
    assert (tmp_path / "p.html").exists()
    assert not told.err
