"""Figures as text to read, or to go on with: a row a figure, a column a model, and what is to be reached."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

from voicecoach.errors import BadRequestError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from benchmark.intervals import Figure
    from benchmark.rows import FigureRow, Section

    Models = Mapping[str, Mapping[str, Figure]]
    """The figures of each, by name."""

LEGEND = (
    "In brackets: where the true figure lies 95 times in 100; for costs, the least and the greatest of n runs.\n"
    "+ reaches what is to be reached, ++ the goal too."
)
_COLUMNS = ("section", "figure", "model", "n", "value", "low", "high", "to reach", "goal")
"""Of a file of tab separated values."""


def text(sections: Sequence[Section], models: Models) -> str:
    """The ``sections`` for a terminal, without the rows that no model has a figure for."""
    blocks = list(_blocks(sections, models))
    widths = [max(map(len, column)) for column in zip(*(line for block in blocks for line in block), strict=True)]
    return "\n\n".join("\n".join(_line(line, widths) for line in block) for block in blocks)


def markdown(sections: Sequence[Section], models: Models) -> str:
    """The same as Markdown."""
    tables = []
    for heading, *rows in _blocks(sections, models):
        rule = ["---", *("---:" for _ in heading[1:])]
        tables.append("\n".join("| " + " | ".join(map(str.strip, line)) + " |" for line in (heading, rule, *rows)))
    return "\n\n".join(tables)


def tab_separated(sections: Sequence[Section], models: Models) -> str:
    """The same as tab separated values, a line for each figure of each model, with all digits."""
    lines = ["\t".join(_COLUMNS)]
    for section in sections:
        for row in section.rows:
            bounds = (row.goal.to_reach, row.goal.goal) if row.goal else (None, None)
            for name, figures in models.items():
                if figure := figures.get(row.key):
                    values = (figure.n, figure.value, figure.low, figure.high, *bounds)
                    told = ("" if value is None else f"{value:.6g}" for value in values)
                    lines.append("\t".join([section.heading, row.label.strip(), name, *told]))
    return "\n".join(lines)


_FORMATS: Mapping[str, Callable[[Sequence[Section], Models], str]] = {".md": markdown, ".tsv": tab_separated}


def check_writable(path: Path) -> None:
    """See, before anything is measured, whether a table can be written to ``path``.

    Raises:
        BadRequestError: It cannot.
    """
    if path.suffix not in _FORMATS:
        raise BadRequestError(f"{path} must end with {' or '.join(_FORMATS)}, which says how it is written")
    if not path.absolute().parent.is_dir():
        raise BadRequestError(f"there is no folder for {path}; make it, or name another file")


def write(path: Path, origin: str, sections: Sequence[Section], models: Models) -> None:
    """Write the table to ``path``, in the format that its name ends with.

    Raises:
        VoicecoachError: It cannot be written.
    """
    written = _FORMATS[path.suffix](sections, models)
    if path.suffix == ".md":
        written = "\n\n".join([*origin.splitlines(), written, *LEGEND.splitlines()])
    try:
        path.write_text(written + "\n", encoding="utf-8")
    except OSError as error:
        raise VoicecoachError(
            f"{path} cannot be written ({error.strerror}); the figures are in the table above"
        ) from None


def _blocks(sections: Sequence[Section], models: Models) -> Iterator[list[list[str]]]:
    """The cells of each section that has figures: a heading, then a line a row."""
    for section in sections:
        rows = [row for row in section.rows if any(row.key in figures for figures in models.values())]
        if rows:
            yield [[section.heading, "n", *models, "to reach", "goal"], *(_cells(row, models) for row in rows)]


def _cells(row: FigureRow, models: Models) -> list[str]:
    found = [figures[row.key] for figures in models.values() if row.key in figures]
    goal = row.goal
    sign = "" if goal is None else ">= " if goal.at_least else "<= "
    return [
        row.label,
        _number(found[0].n),
        *(_cell(row, figures.get(row.key), found[0].n) for figures in models.values()),
        sign + row.write(goal.to_reach) if goal else "",
        sign + row.write(goal.goal) if goal and goal.goal is not None else "",
    ]


def _cell(row: FigureRow, figure: Figure | None, n: float) -> str:
    """What a model has; where it was measured on another number than ``n``, that is told too."""
    if figure is None:
        return "-"
    marks = "+" * row.goal.reached(figure.value) if row.goal else ""
    high = "" if isinf(figure.high) else row.write(figure.high)
    between = "" if isinf(figure.low) else f" ({row.write(figure.low)}-{high})"
    other = "" if figure.n == n else f" n={_number(figure.n)}"
    return f"{row.write(figure.value)}{between}{other} {marks:<2}"


def _number(n: float) -> str:
    """Of recordings or runs, or of hours."""
    return f"{n}" if isinstance(n, int) else f"{n:.3g} h"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    figures = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return "  ".join([cells[0].ljust(widths[0]), *figures]).rstrip()
