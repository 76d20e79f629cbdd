"""The picture of a session: what is in it, where, and in which colours."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_session import FAILURES, SAID, session
from PIL import Image

from voicecoach.drawing.fonts import shortened, text_width
from voicecoach.drawing.labels import LabelShelf
from voicecoach.drawing.png import write_png
from voicecoach.drawing.reports import PICTURE, TRANSCRIPT, leave_reports
from voicecoach.drawing.session_layout import session_sheet
from voicecoach.drawing.shapes import Bar, Text
from voicecoach.drawing.svg import svg
from voicecoach.drawing.time_rows import TimeRows
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import VoicecoachError
from voicecoach.session_events import Began, Entered, LostHearing, RegainedHearing, Spoke, Understood
from voicecoach.session_trace import Header, Said, Trace

if TYPE_CHECKING:
    from pathlib import Path

COACH, CUT, PERSON, HOLD, PAUSED, DEAF = "#e6b566", "#8f6f3c", "#e38ca4", "#345a94", "#1c3550", "#5b3a3f"
SPARE = "#f4ead6"


def drawn(session: Trace, folder: Path) -> Image.Image:
    write_png(session_sheet(session), folder / "session.png")
    with Image.open(folder / "session.png") as image:
        return image.convert("RGB")


def amount(image: Image.Image, colour: str) -> int:
    """How many pixels have exactly this colour, apart from the legend."""
    rgb = tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))
    counted = image.crop((0, 0, image.width, image.height - 52)).getcolors(image.width * image.height) or []
    return next((count for count, found in counted if found == rgb), 0)


def test_everything_that_happened_is_in_the_picture(tmp_path: Path) -> None:
    image = drawn(session(), tmp_path)
    assert image.width == 1600
    assert all(amount(image, colour) > 50 for colour in (COACH, CUT, PERSON, HOLD, PAUSED))


@pytest.mark.parametrize(("kind", "colour"), [(Spoke, COACH), (Began, HOLD), (Entered, PAUSED), (Said, PERSON)])
def test_what_did_not_happen_is_not_in_the_picture(tmp_path: Path, kind: type, colour: str) -> None:
    whole = session()
    entries = tuple(entry for entry in whole.entries if not isinstance(entry, kind))
    assert amount(drawn(replace(whole, entries=entries), tmp_path), colour) == 0


@pytest.mark.parametrize(
    ("event", "share"),
    [
        (Entered("guiding", 6.0), 1.0),  # by the event that also began the hold
        (Entered("stopped", 13.5), 0.5),
        (Began("sentence", (), 9.0, 0.0), 0.2),
        (Entered("rest", 30.0), 1.0),
    ],
)
def test_a_hold_is_as_long_as_it_lasted(tmp_path: Path, event: Began | Entered, share: float) -> None:
    hold = Began("hold", (), 6.0, 15.0)
    whole, cut = (amount(drawn(session(events, said=()), tmp_path), HOLD) for events in ((hold,), (hold, event)))
    assert cut / whole == pytest.approx(share, abs=0.02)


def test_while_nothing_can_be_heard_is_in_the_picture(tmp_path: Path) -> None:
    """To the end of the session, where it does not come back."""
    lost = LostHearing("zeros", 10.0)
    short, longer, to_the_end = (
        amount(drawn(session((lost, *until), said=()), tmp_path), DEAF)
        for until in ((RegainedHearing(15.0),), (RegainedHearing(20.0),), ())
    )
    assert short > 50
    assert longer / short == pytest.approx(2.0, abs=0.1)
    assert to_the_end > 2 * longer


@pytest.mark.parametrize("lasted_s", [0.02, 30.0, 61.0, 1200.0, 3600.0, 50_000.0])
def test_a_session_of_any_length_fits(tmp_path: Path, lasted_s: float) -> None:
    events = (
        Spoke("Good night.", lasted_s - 0.01, lasted_s, whole=True),
        Understood("x", None, 1, 0, lasted_s),
    )
    image = drawn(session(events, said=(), lasted_s=lasted_s), tmp_path)
    assert image.height < 4000
    assert amount(image, COACH) > 0


def two_voices() -> Trace:
    """A night on which a pack spoke, the engine said what is not in it, and somebody else was there."""
    said = (Spoke("Good night.", 1.0, 3.0, whole=True), Spoke("It is ten past ten.", 4.0, 6.0, whole=True, spare=True))
    others = (*SAID, Said("are you awake", 8.0, 9.0, who="partner"))
    header = Header(
        coach_voice=Voice("bf_emma", 110), spare_voice=Voice("en-gb+f3"), other_voices={"partner": Voice("en-gb+m2")}
    )
    return replace(session(said, others), header=header)


def test_who_said_what_is_in_the_picture(tmp_path: Path) -> None:
    assert amount(drawn(two_voices(), tmp_path), SPARE) > 50
    texts = {shape.text for shape in session_sheet(two_voices()).shapes if isinstance(shape, Text)}
    assert {"partner: are you awake", "in the voice en-gb+f3"} <= texts
    assert any("coach bf_emma, partner en-gb+m2" in text for text in texts)


def test_where_one_voice_said_everything_no_other_is_named() -> None:
    texts = {shape.text for shape in session_sheet(session()).shapes if isinstance(shape, Text)}
    assert not any(text.startswith("in the voice") for text in texts)


def test_a_crowd_of_words_stays_on_the_page(tmp_path: Path) -> None:
    said = tuple(Said("a rather long thing to say at night", at / 2, at / 2 + 0.4) for at in range(100))
    assert drawn(session(said=said, lasted_s=60.0), tmp_path).width == 1600


def test_the_same_shapes_make_an_svg() -> None:
    sheet = session_sheet(session())
    drawing = ET.fromstring(svg(sheet, "a night"))  # noqa: S314 - our own drawing
    texts = [element.text for element in drawing.iter("text")]
    assert "the hug" in texts
    assert "start" in texts
    assert len(list(drawing.iter("rect"))) == sum(isinstance(shape, Bar) for shape in sheet.shapes)


def test_the_reports_lie_in_the_folder(tmp_path: Path) -> None:
    leave_reports(session(failures=FAILURES), tmp_path)
    assert (tmp_path / TRANSCRIPT).read_text(encoding="utf-8").startswith("# A made-up night\n")
    assert (tmp_path / PICTURE).stat().st_size > 1000


def test_of_a_session_that_never_began_nothing_is_left(tmp_path: Path) -> None:
    leave_reports(session(lasted_s=0.0), tmp_path)
    assert not list(tmp_path.iterdir())


def test_reports_that_cannot_be_written_are_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(VoicecoachError, match=r"cannot write there .*; choose another folder with --out"):
        leave_reports(session(), tmp_path / "missing")


# --- where things are -------------------------------------------------------------------------------------------------


def folded(end_s: float, eventful: tuple[float, ...] = ()) -> TimeRows:
    return TimeRows(end_s, eventful, left=100, right=1100, top=50, heights=(40, 90), gap=10)


def test_time_is_folded_into_rows() -> None:
    time = folded(1000.0, eventful=(130.0,))
    assert time.row_s == 120
    assert [row.height for row in time.rows] == [40, 90, *[40] * 7]
    assert [row.top for row in time.rows[:3]] == [50, 100, 200]
    row, x = time.place(150.0)
    assert (row.number, x) == (1, 350.0)


@given(st.floats(0.1, 40_000), st.data())
def test_a_span_is_cut_at_the_ends_of_rows_and_nowhere_lost(end_s: float, data: st.DataObject) -> None:
    time = folded(end_s)
    began, ended = sorted(data.draw(st.tuples(st.floats(0, end_s), st.floats(0, end_s))))
    pieces = list(time.pieces(began, ended))
    width = sum(piece.right - piece.left for piece in pieces)
    assert width == pytest.approx((ended - began) * 1000 / time.row_s, abs=1e-6)
    assert all(99.9 <= piece.left <= piece.right <= 1100.1 for piece in pieces)


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(1, 200)), max_size=30), st.integers(1, 3))
def test_labels_never_lie_on_each_other(wanted: list[tuple[float, float]], levels: int) -> None:
    shelf = LabelShelf(levels)
    placed: dict[int, list[tuple[float, float]]] = {}
    for left, width in sorted(wanted):
        found = shelf.place(left, width)
        if found is not None:
            level, begin = found
            assert 0 <= level < levels
            assert left <= begin <= left + width
            placed.setdefault(level, []).append((begin, begin + width))
    for labels in placed.values():
        assert all(first[1] < second[0] for first, second in pairwise(labels))


@given(st.text(max_size=60), st.floats(0, 300))
def test_shortened_text_fits(text: str, width: float) -> None:
    short = shortened(text, width)
    assert not short or text_width(short) <= width
    assert short in {text, ""} or short.endswith("…")
