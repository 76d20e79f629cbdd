"""The drawing as pure values: what stands where, for any painter.

Four panels share the days: pain before and after each session, sleep, minutes, and days in a row.  What was never
told has no panel.  A short history is drawn day by day, a long one by the means of weeks or of four weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from voicecoach.drawing import colours
from voicecoach.drawing.day_axis import DayAxis
from voicecoach.drawing.shapes import Anchor, Bar, Dot, Polyline, Sheet, Text, Tooltip
from voicecoach.person.progress import day_of, rows_of_days
from voicecoach.progress.periods import A_DAY, A_WEEK, FOUR_WEEKS, Period, periods
from voicecoach.progress.summary import counted, dated, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voicecoach.drawing.shapes import Point, Shape
    from voicecoach.person.tonight import Tonight

# --- measures in pixels -----------------------------------------------------------------------------------------------

_WIDTH: Final = 1200
_MARGIN: Final = 32
_LEFT: Final = 76
_RIGHT: Final = _WIDTH - 104
"""The names of the lines stand to the right of it."""
_TITLE_AT: Final = 44
_SUMMARY_AT: Final = 82
_LINE: Final = 23
_PANEL_GAP: Final = 50
"""Between panels; the name of a panel stands in it."""
_DATES: Final = 56
_LETTERS: Final = 140
"""Of the summary, in a line."""
_LETTER: Final = 0.55
"""Width of a letter, as a share of its size; painters' letters differ a little."""
_NAMES_APART: Final = 19.0
_NAMES: Final = 90.0
"""Width of the names of the lines, at most."""
_ROOM_TO_SPEAK_OF: Final = 400.0

# --- which history is drawn how ---------------------------------------------------------------------------------------

_LONGEST_IN_DAYS: Final = 92
_LONGEST_IN_WEEKS: Final = 3 * 366
_SCALE: Final = 10
"""Ratings are from 0 to this."""
_SMOOTHED: Final = 3
"""A line runs through the mean of so many periods to either side."""
_FEWEST_IN_A_LINE: Final = 3
_ROUND: Final = (10, 20, 30, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2400, 3600)
"""Minutes at which a panel of minutes may end."""


def sheet(tonight: Tonight) -> Sheet | None:
    """The drawing of a history; None where there has been no session yet."""
    days = periods(tonight, A_DAY)
    if not tonight.person.sessions or not days:
        return None
    return _Drawing(tonight, days[0].first).sheet()


@dataclass(frozen=True, slots=True)
class _Panel:
    """A part of the sheet with a scale from 0 to ``most``."""

    top: float
    height: float
    most: float

    def y(self, value: float) -> float:
        return self.top + self.height * (1 - value / self.most)


@dataclass(frozen=True, slots=True)
class _Line:
    """A smoothed line through one figure of each period, and its name."""

    name: str
    colour: str
    figure: Callable[[Period], float | None]


_BEFORE: Final = _Line("before", colours.BEFORE, lambda period: period.before)
_AFTER: Final = _Line("after", colours.AFTER, lambda period: period.after)
_SLEPT: Final = _Line("sleep", colours.SLEPT, lambda period: period.slept)


class _Drawing:
    """Panel below panel; ``_bottom`` is how far down the sheet is taken."""

    def __init__(self, tonight: Tonight, first: date) -> None:
        today = day_of(tonight.now)
        lasted = (today - first).days + 1
        length = A_DAY if lasted <= _LONGEST_IN_DAYS else A_WEEK if lasted <= _LONGEST_IN_WEEKS else FOUR_WEEKS
        self._periods = periods(tonight, length)
        self._rows = [row for row in rows_of_days(tonight.person, tonight.now) if row.days >= length]
        self._length = length
        self._days = DayAxis(self._periods[0].first, today, _LEFT, _RIGHT)
        self._title = f"Your back, {_from_to(first, today)}"
        self._summary = wrap(" ".join(sentences(tonight)), _LETTERS)
        self._shapes: list[Shape] = []
        self._bottom = float(_SUMMARY_AT + _LINE * len(self._summary) - 12)

    def sheet(self) -> Sheet:
        self._words()
        top = self._bottom + _PANEL_GAP
        if any(period.before is not None or period.after is not None for period in self._periods):
            self._pain(self._panel(f"Pain, from 0 to 10{self._by}", 230, _SCALE, (0, 5, 10)))
        if any(period.slept is not None for period in self._periods):
            self._sleep(self._panel(f"Sleep, from 0 to 10{self._by}", 96, _SCALE, (0, 5, 10)))
        most = max(period.minutes for period in self._periods)
        end = next((end for end in _ROUND if end >= most), most)
        self._minutes(self._panel(f"Minutes of stretching in {self._unit}", 84, end, (0, end)))
        if any(row.days > 1 for row in self._rows):
            self._in_a_row()
        self._dates(top)
        self._to_come(top)
        self._tooltips()
        return Sheet(_WIDTH, round(self._bottom + _DATES), colours.NIGHT, self._title, tuple(self._shapes))

    @property
    def _unit(self) -> str:
        return {A_DAY: "a day", A_WEEK: "a week", FOUR_WEEKS: "four weeks"}[self._length]

    @property
    def _by(self) -> str:
        return "" if self._length == A_DAY else f", means of {'weeks' if self._length == A_WEEK else 'four weeks'}"

    # --- the sheet ----------------------------------------------------------------------------------------------------

    def _words(self) -> None:
        self._shapes.append(Text((_MARGIN, _TITLE_AT), self._title, colours.TEXT, 25))
        for number, line in enumerate(self._summary):
            self._shapes.append(Text((_MARGIN, _SUMMARY_AT + _LINE * number), line, colours.QUIET_TEXT, 16))

    def _panel(self, name: str, height: float, most: float, marks: Sequence[float]) -> _Panel:
        """The next panel: its name, its ground, and its scale with ``marks``."""
        panel = _Panel(self._bottom + _PANEL_GAP, height, most)
        self._bottom = panel.top + height
        self._shapes.append(Text((_LEFT, panel.top - 19), name, colours.TEXT, 16))
        for mark in marks:
            y = panel.y(mark)
            self._shapes.append(Polyline(((_LEFT, y), (self._days.right, y)), colours.GRID))
            self._shapes.append(Text((_LEFT - 12, y), f"{mark:g}", colours.QUIET_TEXT, 14, Anchor.END))
        return panel

    def _dates(self, top: float) -> None:
        """The dates below, each with a thin line through all panels, which lies under everything else."""
        lines: list[Shape] = []
        for tick in self._days.ticks():
            lines.append(Polyline(((tick.x, top), (tick.x, self._bottom)), colours.FAINT))
            self._shapes.append(
                Text((tick.x, self._bottom + 24), tick.name, colours.QUIET_TEXT, 14, Anchor.MIDDLE),
            )
        self._shapes[:0] = lines

    def _to_come(self, top: float) -> None:
        """A short history leaves room, and that is said."""
        if _RIGHT - self._days.right > _ROOM_TO_SPEAK_OF:
            at = ((self._days.right + _RIGHT + _NAMES) / 2, (top + self._bottom) / 2)
            self._shapes.append(Text(at, "room for the evenings to come", colours.QUIET_TEXT, 16, Anchor.MIDDLE))

    def _tooltips(self) -> None:
        for period in self._periods:
            self._shapes.append(Tooltip(*self._ends_of(period), _told(period)))

    # --- what happened ------------------------------------------------------------------------------------------------

    def _pain(self, panel: _Panel) -> None:
        """Before and after, tied where there are both: rings and discs, so that they differ in form as well."""
        for period in self._periods:
            x = self._middle_of(period)
            if period.before is not None and period.after is not None:
                ends = ((x, panel.y(period.before)), (x, panel.y(period.after)))
                self._shapes.append(Polyline(ends, colours.BETWEEN, 2.0))
        self._dots(panel, _AFTER, colours.AFTER_DIM)
        self._dots(panel, _BEFORE, colours.BEFORE_DIM, hollow=True)
        self._lines(panel, (_BEFORE, _AFTER))

    def _sleep(self, panel: _Panel) -> None:
        self._dots(panel, _SLEPT, colours.SLEPT_DIM)
        self._lines(panel, (_SLEPT,))

    def _dots(self, panel: _Panel, line: _Line, colour: str, *, hollow: bool = False) -> None:
        radius = min(5.0, max(2.0, 0.3 * self._width))
        for x, value in self._values(line):
            self._shapes.append(Dot((x, panel.y(value)), radius, colour, hollow))

    def _lines(self, panel: _Panel, lines: Sequence[_Line]) -> None:
        """Smoothed lines, broken where nothing was told for long, with their names at their ends."""
        names: list[tuple[Point, _Line]] = []
        for line in lines:
            smooth = [(x, panel.y(value)) for x, value in self._smooth(line)]
            reach = 2 * _SMOOTHED * self._width
            for piece in _pieces(smooth, reach):
                if len(piece) >= _FEWEST_IN_A_LINE:
                    self._shapes.append(Polyline(piece, line.colour, 2.5))
            if smooth:
                names.append((smooth[-1], line))
        names.sort(key=lambda named: named[0][1])
        lowest = float("-inf")
        for (x, y), line in names:
            lowest = max(y, lowest + _NAMES_APART)
            self._shapes.append(Text((x + 14, lowest), line.name, line.colour, 16))

    def _minutes(self, panel: _Panel) -> None:
        for period in self._periods:
            if period.minutes > 0:
                middle, half = self._middle_of(period), min(0.36 * self._width, 11.0)
                top = min(panel.y(period.minutes), panel.y(0) - 2)
                self._shapes.append(Bar(middle - half, top, middle + half, panel.y(0), colours.MINUTES, radius=2))

    def _in_a_row(self) -> None:
        """Each row as long as it was, with its number where there is room; what lies between is left to be."""
        panel = self._panel(f"Days in a row{'' if self._length == A_DAY else f', from {self._length} on'}", 26, 1, ())
        for row in self._rows:
            left, right = self._days.begin_of(row.first), self._days.end_of(row.last)
            gap = min(2.0, 0.1 * self._days.width)
            self._shapes.append(Bar(left + gap, panel.top, right - gap, self._bottom, colours.ROW, radius=6))
            number = str(row.days)
            if len(number) * _LETTER * 14 + 6 < right - left:
                at = ((left + right) / 2, (panel.top + self._bottom) / 2)
                self._shapes.append(Text(at, number, colours.TEXT, 14, Anchor.MIDDLE))

    # --- where things are ---------------------------------------------------------------------------------------------

    @property
    def _width(self) -> float:
        """Of a period."""
        return self._days.width * self._length

    def _ends_of(self, period: Period) -> tuple[float, float]:
        left = self._days.begin_of(period.first)
        return left, min(left + self._width, self._days.right)

    def _middle_of(self, period: Period) -> float:
        left, right = self._ends_of(period)
        return (left + right) / 2

    def _values(self, line: _Line) -> list[tuple[float, float]]:
        values = ((self._middle_of(period), line.figure(period)) for period in self._periods)
        return [(x, value) for x, value in values if value is not None]

    def _smooth(self, line: _Line) -> Iterator[tuple[float, float]]:
        """Each value with the mean of its neighbourhood."""
        values = self._values(line)
        reach = (_SMOOTHED + 0.5) * self._width
        for x, _ in values:
            yield x, fmean(value for other, value in values if abs(other - x) < reach)


def _pieces(points: Sequence[Point], reach: float) -> list[tuple[Point, ...]]:
    """``points`` from left to right, parted where two lie further apart than ``reach``."""
    pieces: list[list[Point]] = []
    for point in points:
        if not pieces or point[0] - pieces[-1][-1][0] > reach:
            pieces.append([])
        pieces[-1].append(point)
    return [tuple(piece) for piece in pieces]


def _from_to(first: date, last: date) -> str:
    if first == last:
        return dated(first)
    begin = dated(first) if first.year != last.year else f"{first.day} {first:%b}"
    return f"{begin} to {dated(last)}"


def _told(period: Period) -> str:
    """Everything about a period, in one line."""
    last = period.first + timedelta(days=period.days - 1)
    told = [
        f"{_from_to(period.first, last)}: {counted(period.done, 'session') if period.done else 'ended early'}",
        counted(round(period.minutes), "minute"),
    ]
    named = (("pain before", period.before), ("pain after", period.after), ("sleep", period.slept))
    told += [f"{name} {value:.3g}" for name, value in named if value is not None]
    return ", ".join(told)
