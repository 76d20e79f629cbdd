"""A session at one look: who spoke when, what was held, what was understood, along the minutes of a night."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from voicecoach.clock_text import clock
from voicecoach.drawing.canvas import Box, Canvas, Shelf, shortened, text_width
from voicecoach.drawing.time_rows import TimeRows
from voicecoach.session_events import Began, Entered, Spoke, Understood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from voicecoach.drawing.time_rows import TimeRow
    from voicecoach.simulation.rehearsal import RehearsedSession

# --- colours of a night -----------------------------------------------------------------------------------------------

_NIGHT: Final = "#0e131f"
_PAPER: Final = "#161d2d"
_GRID: Final = "#232d42"
_QUIET_TEXT: Final = "#8793ad"
_TEXT: Final = "#dce3f0"
_COACH: Final = "#e6b566"
_COACH_CUT: Final = "#8f6f3c"
_PERSON: Final = "#e38ca4"
_UNDERSTOOD: Final = "#8ccf98"
_NOT_UNDERSTOOD: Final = "#8d97ae"
_FAILED: Final = "#ef7d6d"
_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "hold": ("#345a94", "#a9caf9"),
    "breaths": ("#286a65", "#94e0d3"),
    "movement": ("#57478c", "#c6b8f5"),
}
"""Performances that take time: the colour of their span, and of the ticks for their cues."""
_MODES: Final[Mapping[str, str]] = {
    "rest": "#121722",
    "asleep": "#0b0d15",
    "greeting": "#1b2537",
    "paused": "#1c3550",
    "stopped": "#40283a",
    "asking": "#302d54",
    "hurt": "#522c33",
    "closing": "#1b3033",
    "warning": "#642a2b",
}
"""Modes other than guiding, which has the colour of paper."""

# --- measures in pixels -----------------------------------------------------------------------------------------------

_WIDTH: Final = 1600
_MARGIN: Final = 28
_LEFT: Final = 92
_RIGHT: Final = _WIDTH - _MARGIN
_TOP: Final = 84
_RULER: Final = 18
_ROW_HEIGHTS: Final = (96, 176)
"""Of a row in which only the coach is heard, and of one with other voices."""
_ROW_GAP: Final = 14
_LEGEND: Final = 52
_TICK_EVERY_S: Final[Mapping[int, int]] = {60: 10, 120: 10, 180: 15, 300: 30, 600: 60, 1200: 120, 3600: 300}


@dataclass(frozen=True, slots=True)
class _Lane:
    name: str
    top: int
    """Below the top of the row."""
    height: int


_STRETCHES: Final = _Lane("", _RULER + 2, 20)
_COACH_LANE: Final = _Lane("coach", 42, 16)
_HOLDS_LANE: Final = _Lane("holds", 62, 16)
_PERSON_LANE: Final = _Lane("person", 88, 9)
_WORDS_LANE: Final = _Lane("", 98, 14)
_HEARD_LANE: Final = _Lane("heard", 132, 19)
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


def draw(session: RehearsedSession, path: Path) -> None:
    """Leave a picture of ``session`` in ``path`` (PNG).

    Raises:
        OSError: It cannot be written there.
    """
    picture = _Picture(session)
    picture.draw()
    picture.canvas.save(path)


class _Picture:
    """Row after row of the time axis, each with its lanes."""

    def __init__(self, session: RehearsedSession) -> None:
        voices = [said.began_s for said in session.said]
        voices += [heard.ended_s for heard in session.events if isinstance(heard, Understood)]
        self._session = session
        self._time = TimeRows(
            max(1.0, session.lasted_s),
            voices,
            left=_LEFT,
            right=_RIGHT,
            top=_TOP,
            heights=_ROW_HEIGHTS,
            gap=_ROW_GAP,
        )
        self.canvas = Canvas(_WIDTH, self._time.bottom + _LEGEND, _NIGHT)

    def draw(self) -> None:
        self._title()
        self._modes()
        self._rulers()
        self._stretches()
        self._performances()
        self._coach()
        self._person()
        self._heard()
        self._legend()

    # --- the sheet ----------------------------------------------------------------------------------------------------

    def _title(self) -> None:
        session, scenario = self._session, self._session.scenario
        self.canvas.text((_MARGIN, 30), shortened(scenario.title, _RIGHT - _MARGIN, 22), _TEXT, size=22)
        voices = "as text"
        if session.coach_voice:
            voices = f"coach {session.coach_voice.name}, person {scenario.person.voice.name}"
        facts = [clock(session.lasted_s), f"ended in {session.mode}", voices, f"seed {session.seed}"]
        self.canvas.text((_MARGIN, 58), "   ·   ".join(facts), _QUIET_TEXT, size=13)
        outcome, colour = "everything came about as it should", _UNDERSTOOD
        if session.failures:
            turns = "one turn" if len(session.failures) == 1 else f"{len(session.failures)} turns"
            outcome, colour = f"{turns} did not come about: see transcript.md", _FAILED
        self.canvas.text((_RIGHT, 58), outcome, colour, size=13, anchor="rm")

    def _modes(self) -> None:
        """The ground of each row, coloured and named by mode."""
        for mode, began_s, ended_s in self._mode_spans():
            for piece in self._time.pieces(began_s, ended_s):
                bottom = piece.row.top + piece.row.height
                self.canvas.box(Box(piece.left, piece.row.top + _RULER, piece.right, bottom), _MODES.get(mode, _PAPER))
                if mode in _MODES and text_width(mode, 10) + 8 < piece.right - piece.left:
                    self.canvas.text((piece.left + 5, bottom - 8), mode, _QUIET_TEXT, size=10)

    def _mode_spans(self) -> Iterator[tuple[str, float, float]]:
        """Each mode with its beginning and its end; before the first there was rest."""
        entered = [event for event in self._session.events if isinstance(event, Entered)]
        for before, after in pairwise([Entered("rest", 0.0), *entered, Entered("", self._time.end_s)]):
            yield before.mode, before.at_s, after.at_s

    def _rulers(self) -> None:
        every_s = _TICK_EVERY_S[self._time.row_s]
        for row in self._time.rows:
            bottom = row.top + row.height
            end_s = min(row.begin_s + self._time.row_s, ceil(self._time.end_s))
            for at_s in range(round(row.begin_s), round(end_s) + 1, every_s):
                x = self._time.left_of(row, at_s)
                self.canvas.line((x, row.top + _RULER - 4), (x, bottom), _GRID)
                self.canvas.text((x, row.top + 7), f"{at_s // 60}:{at_s % 60:02d}", _QUIET_TEXT, size=11, anchor="mm")
            for lane in (_COACH_LANE, _HOLDS_LANE, _PERSON_LANE, _HEARD_LANE):
                if lane.top + lane.height < row.height:
                    middle = row.top + lane.top + lane.height / 2
                    self.canvas.text((_LEFT - 10, middle), lane.name, _QUIET_TEXT, size=11, anchor="rm")

    # --- what happened ------------------------------------------------------------------------------------------------

    def _stretches(self) -> None:
        """Names of stretches where they begin, and again at the beginning of each row."""
        for at_s, _ in self._session.stretches:
            row, x = self._time.place(at_s)
            self.canvas.line((x, row.top + _RULER), (x, row.top + row.height), _QUIET_TEXT)
        announced = [_Label(at_s, name, _TEXT, 13) for at_s, name in self._session.stretches]
        for label, row, left, _, text in self._with_room([*self._carried_over(), *announced], 1, _LABEL_PADDING):
            middle = row.top + _STRETCHES.top + _STRETCHES.height / 2
            self.canvas.text((left + _LABEL_PADDING, middle), text, label.colour, size=label.size)

    def _carried_over(self) -> Iterator[_Label]:
        """The stretch that is going on where a row begins, unless the next one leaves no room to say so."""
        for row in self._time.rows:
            before = [name for at_s, name in self._session.stretches if at_s < row.begin_s]
            if before:
                label = _Label(row.begin_s, f"({before[-1]})", _QUIET_TEXT)
                after_s = next((at_s for at_s, _ in self._session.stretches if at_s >= row.begin_s), self._time.end_s)
                room = self._time.left_of(row, after_s) - self._time.left_of(row, row.begin_s)
                if room > text_width(label.text, label.size) + 2 * _LABEL_PADDING:
                    yield label

    def _performances(self) -> None:
        for began, ended_s in self._timed():
            span, tick = _KINDS[began.beat]
            self._span(began.at_s, ended_s, _HOLDS_LANE, span)
            for cue in began.cues:
                if began.at_s + cue.at_s <= ended_s:
                    row, x = self._time.place(began.at_s + cue.at_s)
                    top = row.top + _HOLDS_LANE.top
                    self.canvas.line((x, top + 3), (x, top + _HOLDS_LANE.height - 3), tick, 1.5)

    def _timed(self) -> Iterator[tuple[Began, float]]:
        """Holds, breaths and movements, with their ends: planned, or when something else took their place."""
        changes: list[Began | Entered] = []
        for event in self._session.events:
            if isinstance(event, Began):
                changes.append(event)
            elif isinstance(event, Entered) and not (changes and changes[-1].at_s == event.at_s):
                changes.append(event)  # one at the moment of a performance belongs to it
        for change, after in pairwise([*changes, Entered("", self._time.end_s)]):
            if isinstance(change, Began) and change.beat in _KINDS:
                yield change, min(change.at_s + change.length_s, after.at_s)

    def _coach(self) -> None:
        for spoke in self._session.events:
            if isinstance(spoke, Spoke):
                self._span(spoke.began_s, spoke.ended_s, _COACH_LANE, _COACH if spoke.whole else _COACH_CUT)

    def _person(self) -> None:
        for said in self._session.said:
            self._span(said.began_s, said.ended_s, _PERSON_LANE, _PERSON)
        labels = [_Label(said.began_s, said.words or "(a recording)", _PERSON) for said in self._session.said]
        for label, row, left, level, text in self._with_room(labels, _LEVELS):
            middle = row.top + _WORDS_LANE.top + (level + 0.5) * _WORDS_LANE.height
            self.canvas.text((left, middle), text, label.colour, size=label.size)

    def _heard(self) -> None:
        """Commands in small boxes, each tied to the moment at which it was understood."""
        labels = [_heard_label(heard) for heard in self._session.events if isinstance(heard, Understood)]
        placed = list(self._with_room(labels, _LEVELS, _PILL_PADDING))
        for label, row, _, level, _ in placed:  # the ties first, so that no box is struck through
            x = self._time.left_of(row, label.at_s)
            top = row.top + _HEARD_LANE.top
            self.canvas.line((x, top - 4), (x, top + level * _HEARD_LANE.height + 8), label.colour)
        for label, row, left, level, text in placed:
            top = row.top + _HEARD_LANE.top + level * _HEARD_LANE.height
            right = left + text_width(text, label.size) + 2 * _PILL_PADDING
            self.canvas.box(Box(left, top, right, top + 16), _NIGHT, radius=8, outline=label.colour)
            self.canvas.text((left + _PILL_PADDING, top + 8), text, label.colour, size=label.size)

    # --- strokes ------------------------------------------------------------------------------------------------------

    def _span(self, began_s: float, ended_s: float, lane: _Lane, colour: str) -> None:
        for piece in self._time.pieces(began_s, ended_s):
            top = piece.row.top + lane.top
            self.canvas.box(
                Box(piece.left, top, max(piece.right, piece.left + 1.5), top + lane.height), colour, radius=3
            )

    def _with_room(
        self, labels: Iterable[_Label], levels: int, padding: float = 0.0
    ) -> Iterator[tuple[_Label, TimeRow, float, int, str]]:
        """Labels with row, left end, level and what fits of their text; those that nowhere fit are left out."""
        shelves: dict[int, Shelf] = {}
        for label in sorted(labels, key=lambda label: label.at_s):
            row, x = self._time.place(label.at_s)
            width = text_width(label.text, label.size) + 2 * padding
            found = shelves.setdefault(row.number, Shelf(levels)).place(min(x, _RIGHT - width), width)
            if found is not None:
                level, left = found
                text = shortened(label.text, _RIGHT - left - 2 * padding, label.size)
                if text:
                    yield label, row, left, level, text

    # --- what the colours mean ----------------------------------------------------------------------------------------

    def _legend(self) -> None:
        x, middle = float(_MARGIN), self.canvas.height - _LEGEND / 2
        meanings = [
            ("the coach speaks", _COACH),
            ("cut short", _COACH_CUT),
            *((kind, span) for kind, (span, _) in _KINDS.items()),
            ("the person speaks", _PERSON),
            ("understood", _UNDERSTOOD),
            ("no command", _NOT_UNDERSTOOD),
        ]
        for meaning, colour in meanings:
            self.canvas.box(Box(x, middle - 6, x + 16, middle + 6), colour, radius=3)
            self.canvas.text((x + 23, middle), meaning, _QUIET_TEXT)
            x += 23 + text_width(meaning) + 22
        self.canvas.text((_RIGHT, middle), "ticks are cues and counts", _QUIET_TEXT, anchor="rm")


def _heard_label(heard: Understood) -> _Label:
    if heard.meaning is None:
        return _Label(heard.ended_s, heard.words.replace("[unk]", "…"), _NOT_UNDERSTOOD)
    return _Label(heard.ended_s, heard.meaning.command.value, _UNDERSTOOD)
