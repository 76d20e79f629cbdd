"""A session at one look: who spoke when, what was held, what was understood, along the minutes of a night."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from voicecoach.clock_text import clock
from voicecoach.drawing import colours
from voicecoach.drawing.fonts import shortened, text_width
from voicecoach.drawing.session_lanes import LANES, RULER, beats, coach, deaf, person, stretches, understood
from voicecoach.drawing.shapes import Anchor, Bar, Polyline, Sheet, Text
from voicecoach.drawing.time_rows import TimeRows
from voicecoach.session_events import Entered, LostHearing, Spoke, Understood
from voicecoach.session_trace import REHEARSAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicecoach.drawing.shapes import Shape
    from voicecoach.session_trace import Trace

# --- measures in pixels -----------------------------------------------------------------------------------------------

_WIDTH: Final = 1600
_MARGIN: Final = 28
_LEFT: Final = 92
_RIGHT: Final = _WIDTH - _MARGIN
_TOP: Final = 84
_ROW_HEIGHTS: Final = (96, 176)
"""Of a row in which only the coach is heard, and of one with other voices."""
_ROW_GAP: Final = 14
_LEGEND: Final = 52
_TICK_EVERY_S: Final[Mapping[int, int]] = {60: 10, 120: 10, 180: 15, 300: 30, 600: 60, 1200: 120, 3600: 300}


def session_sheet(session: Trace) -> Sheet:
    """The drawing of ``session``: row after row of the time axis, each with its lanes."""
    voices = [said.began_s for said in session.said]
    voices += [heard.ended_s for heard in session.events if isinstance(heard, Understood)]
    voices += [lost.at_s for lost in session.events if isinstance(lost, LostHearing)]
    time = TimeRows(
        max(1.0, session.lasted_s),
        voices,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        heights=_ROW_HEIGHTS,
        gap=_ROW_GAP,
    )
    height = time.bottom + _LEGEND
    shapes = (
        *_title(session),
        *_modes(session, time),
        *_rulers(time),
        *stretches(session, time),
        *beats(session, time),
        *coach(session, time),
        *person(session, time),
        *deaf(session, time),
        *understood(session, time),
        *_legend(session, height - _LEGEND / 2),
    )
    return Sheet(_WIDTH, height, colours.NIGHT, session.header.title, shapes)


def _title(session: Trace) -> Iterator[Shape]:
    header = session.header
    yield Text((_MARGIN, 30), shortened(header.title, _RIGHT - _MARGIN, 22), colours.BRIGHT_TEXT, 22)
    facts = [clock(session.lasted_s), f"ended in {session.mode}", _voices(session)]
    facts += [] if header.seed is None else [f"seed {header.seed}"]
    yield Text((_MARGIN, 58), "   ·   ".join(facts), colours.QUIET_TEXT, 13)
    if session.failures:
        turns = "one turn" if len(session.failures) == 1 else f"{len(session.failures)} turns"
        outcome = f"{turns} did not come about: see transcript.md"
        yield Text((_RIGHT, 58), outcome, colours.FAILED, 13, Anchor.END)
    elif header.source == REHEARSAL:
        yield Text((_RIGHT, 58), "everything came about as it should", colours.UNDERSTOOD, 13, Anchor.END)


def _voices(session: Trace) -> str:
    header = session.header
    named = {"coach": header.coach_voice, "person": header.person_voice, **header.other_voices}
    voices = ", ".join(f"{who} {voice.name}" for who, voice in named.items() if voice)
    return voices or ("as text" if header.source == REHEARSAL else header.source)


def _modes(session: Trace, time: TimeRows) -> Iterator[Shape]:
    """The ground of each row, coloured and named by mode."""
    for mode, began_s, ended_s in _mode_spans(session, time.end_s):
        colour = colours.MODES.get(mode, colours.PAPER)
        for piece in time.pieces(began_s, ended_s):
            bottom = piece.row.top + piece.row.height
            yield Bar(piece.left, piece.row.top + RULER, piece.right, bottom, colour)
            if mode in colours.MODES and text_width(mode, 10) + 8 < piece.right - piece.left:
                yield Text((piece.left + 5, bottom - 8), mode, colours.QUIET_TEXT, 10)


def _mode_spans(session: Trace, end_s: float) -> Iterator[tuple[str, float, float]]:
    """Each mode with its beginning and its end; before the first there was rest."""
    entered = [event for event in session.events if isinstance(event, Entered)]
    for before, after in pairwise([Entered("rest", 0.0), *entered, Entered("", end_s)]):
        yield before.mode, before.at_s, after.at_s


def _rulers(time: TimeRows) -> Iterator[Shape]:
    every_s = _TICK_EVERY_S[time.row_s]
    for row in time.rows:
        bottom = row.top + row.height
        end_s = min(row.begin_s + time.row_s, ceil(time.end_s))
        for at_s in range(round(row.begin_s), round(end_s) + 1, every_s):
            x = time.left_of(row, at_s)
            yield Polyline(((x, row.top + RULER - 4), (x, bottom)), colours.GRID)
            minute = f"{at_s // 60}:{at_s % 60:02d}"
            yield Text((x, row.top + 7), minute, colours.QUIET_TEXT, 11, Anchor.MIDDLE)
        for lane in LANES:
            if lane.top + lane.height < row.height:
                middle = row.top + lane.top + lane.height / 2
                yield Text((_LEFT - 10, middle), lane.name, colours.QUIET_TEXT, 11, Anchor.END)


def _legend(session: Trace, middle: float) -> Iterator[Shape]:
    """What the colours mean."""
    x = float(_MARGIN)
    spare = session.header.spare_voice if any(isinstance(one, Spoke) and one.spare for one in session.events) else None
    meanings = {
        "the coach speaks": colours.COACH,
        **({f"in the voice {spare.name}": colours.COACH_SPARE} if spare else {}),
        "cut short": colours.COACH_CUT,
        **{beat: span for beat, (span, _) in colours.BEATS.items()},
        "the person speaks": colours.PERSON,
        "understood": colours.UNDERSTOOD,
        "no command": colours.NOT_UNDERSTOOD,
        "deaf": colours.DEAF,
    }
    for meaning, colour in meanings.items():
        yield Bar(x, middle - 6, x + 16, middle + 6, colour, radius=3)
        yield Text((x + 23, middle), meaning, colours.QUIET_TEXT)
        x += 23 + text_width(meaning) + 22
    yield Text((_RIGHT, middle), "ticks are cues and counts", colours.QUIET_TEXT, anchor=Anchor.END)
