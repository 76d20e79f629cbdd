"""The lanes of a session's drawing: stretches, what the coach says, what is held, what is said and understood."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voicecoach.drawing import colours
from voicecoach.drawing.fonts import shortened, text_width
from voicecoach.drawing.labels import LabelShelf
from voicecoach.drawing.shapes import Bar, Polyline, Text
from voicecoach.session_events import (
    Began,
    Entered,
    LostHearing,
    MicrophoneOff,
    MicrophoneOn,
    RegainedHearing,
    Spoke,
    Understood,
)
from voicecoach.session_trace import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voicecoach.drawing.shapes import Shape
    from voicecoach.drawing.time_rows import TimeRow, TimeRows
    from voicecoach.session_trace import Said, Trace

RULER: Final = 18
"""Height of the minutes above a row, in pixels, as all that follow."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A strip of every row."""

    name: str
    top: int
    """Below the top of the row."""
    height: int


_STRETCHES: Final = Lane("", RULER + 2, 20)
_COACH: Final = Lane("coach", 42, 16)
_HOLDS: Final = Lane("holds", 62, 16)
_PERSON: Final = Lane("person", 88, 9)
_WORDS: Final = Lane("", 98, 14)
_HEARD: Final = Lane("heard", 132, 19)
_DEAF: Final = Lane("", 132, 38)
LANES: Final = (_COACH, _HOLDS, _PERSON, _HEARD)
"""Those with a name."""
_LEVELS: Final = 2
"""Of labels above each other in a lane."""
_LABEL_PADDING: Final = 5.0
_PILL_PADDING: Final = 6.0


@dataclass(frozen=True, slots=True)
class _Label:
    at_s: float
    text: str
    colour: str
    size: int = 12


def stretches(session: Trace, time: TimeRows) -> Iterator[Shape]:
    """Names of stretches where they begin, and again at the beginning of each row."""
    for named in session.stretches:
        row, x = time.place(named.at_s)
        yield Polyline(((x, row.top + RULER), (x, row.top + row.height)), colours.QUIET_TEXT)
    announced = [_Label(named.at_s, named.name, colours.BRIGHT_TEXT, 13) for named in session.stretches]
    for label, row, left, _, text in _placed(time, [*_carried_over(session, time), *announced], 1, _LABEL_PADDING):
        middle = row.top + _STRETCHES.top + _STRETCHES.height / 2
        yield Text((left + _LABEL_PADDING, middle), text, label.colour, label.size)


def _carried_over(session: Trace, time: TimeRows) -> Iterator[_Label]:
    """The stretch that is going on where a row begins, unless the next one leaves no room to say so."""
    for row in time.rows:
        before = [named.name for named in session.stretches if named.at_s < row.begin_s]
        if before:
            label = _Label(row.begin_s, f"({before[-1]})", colours.QUIET_TEXT)
            after_s = next((named.at_s for named in session.stretches if named.at_s >= row.begin_s), time.end_s)
            room = time.left_of(row, after_s) - time.left_of(row, row.begin_s)
            if room > text_width(label.text, label.size) + 2 * _LABEL_PADDING:
                yield label


def beats(session: Trace, time: TimeRows) -> Iterator[Shape]:
    """Holds, breaths and movements, with a tick for each cue."""
    for began, ended_s in _timed(session, time.end_s):
        span, tick = colours.BEATS[began.beat]
        yield from _span(time, began.at_s, ended_s, _HOLDS, span)
        for cue in began.cues:
            if began.at_s + cue.at_s <= ended_s:
                row, x = time.place(began.at_s + cue.at_s)
                top = row.top + _HOLDS.top
                yield Polyline(((x, top + 3), (x, top + _HOLDS.height - 3)), tick, 1.5)


def _timed(session: Trace, end_s: float) -> Iterator[tuple[Began, float]]:
    """Performances that take time, with their ends: planned, or when something else took their place."""
    changes: list[Began | Entered] = []
    for event in session.events:
        if isinstance(event, Began):
            changes.append(event)
        elif isinstance(event, Entered) and not (changes and changes[-1].at_s == event.at_s):
            changes.append(event)  # one at the moment of a performance belongs to it
    for change, after in pairwise([*changes, Entered("", end_s)]):
        if isinstance(change, Began) and change.beat in colours.BEATS:
            yield change, min(change.at_s + change.length_s, after.at_s)


def coach(session: Trace, time: TimeRows) -> Iterator[Shape]:
    """When the coach spoke."""
    for spoke in session.events:
        if isinstance(spoke, Spoke):
            whole = colours.COACH_SPARE if spoke.spare else colours.COACH
            colour = whole if spoke.whole else colours.COACH_CUT
            yield from _span(time, spoke.began_s, spoke.ended_s, _COACH, colour)


def person(session: Trace, time: TimeRows) -> Iterator[Shape]:
    """When the person and others spoke, and what they said."""
    for said in session.said:
        yield from _span(time, said.began_s, said.ended_s, _PERSON, colours.PERSON)
    labels = [_Label(said.began_s, _words(said), colours.PERSON) for said in session.said]
    for label, row, left, level, text in _placed(time, labels, _LEVELS):
        middle = row.top + _WORDS.top + (level + 0.5) * _WORDS.height
        yield Text((left, middle), text, label.colour, label.size)


def _words(said: Said) -> str:
    words = said.words or "(a recording)"
    return words if said.who == PERSON else f"{said.who}: {words}"


def deaf(session: Trace, time: TimeRows) -> Iterator[Shape]:
    """When nothing could be heard."""
    since_s: float | None = None
    for event in (*session.events, RegainedHearing(time.end_s)):
        if isinstance(event, LostHearing | MicrophoneOff):
            since_s = event.at_s if since_s is None else since_s
        elif isinstance(event, RegainedHearing | MicrophoneOn) and since_s is not None:
            yield from _span(time, since_s, event.at_s, _DEAF, colours.DEAF)
            since_s = None


def understood(session: Trace, time: TimeRows) -> Iterator[Shape]:
    """Commands in small boxes, each tied to the moment at which it was understood."""
    labels = [_heard_label(heard) for heard in session.events if isinstance(heard, Understood)]
    placed = list(_placed(time, labels, _LEVELS, _PILL_PADDING))
    for label, row, _, level, _ in placed:  # the ties first, so that no box is struck through
        x = time.left_of(row, label.at_s)
        top = row.top + _HEARD.top
        yield Polyline(((x, top - 4), (x, top + level * _HEARD.height + 8)), label.colour)
    for label, row, left, level, text in placed:
        top = row.top + _HEARD.top + level * _HEARD.height
        right = left + text_width(text, label.size) + 2 * _PILL_PADDING
        yield Bar(left, top, right, top + 16, colours.NIGHT, radius=8, outline=label.colour)
        yield Text((left + _PILL_PADDING, top + 8), text, label.colour, label.size)


def _heard_label(heard: Understood) -> _Label:
    if heard.meaning is None:
        return _Label(heard.ended_s, heard.words.replace("[unk]", "…"), colours.NOT_UNDERSTOOD)
    return _Label(heard.ended_s, heard.meaning.command.key, colours.UNDERSTOOD)


# --- strokes ----------------------------------------------------------------------------------------------------------


def _span(time: TimeRows, began_s: float, ended_s: float, lane: Lane, colour: str) -> Iterator[Shape]:
    for piece in time.pieces(began_s, ended_s):
        top = piece.row.top + lane.top
        yield Bar(piece.left, top, max(piece.right, piece.left + 1.5), top + lane.height, colour, radius=3)


def _placed(
    time: TimeRows, labels: Iterable[_Label], levels: int, padding: float = 0.0
) -> Iterator[tuple[_Label, TimeRow, float, int, str]]:
    """Labels with row, left end, level and what fits of their text; those that nowhere fit are left out."""
    shelves: dict[int, LabelShelf] = {}
    for label in sorted(labels, key=lambda label: label.at_s):
        row, x = time.place(label.at_s)
        width = text_width(label.text, label.size) + 2 * padding
        found = shelves.setdefault(row.number, LabelShelf(levels)).place(min(x, time.right - width), width)
        if found is not None:
            level, left = found
            text = shortened(label.text, time.right - left - 2 * padding, label.size)
            if text:
                yield label, row, left, level, text
