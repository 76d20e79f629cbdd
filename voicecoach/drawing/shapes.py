"""The one canvas of all drawings: a sheet of shapes, as values.  `png.py` makes pixels of it, `svg.py` SVG.

Lengths are pixels of a sheet whose corner at the upper left is (0, 0); colours are "#rrggbb".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]

RING: float = 1.6
"""Width of the line of a hollow dot."""


class Anchor(Enum):
    """Which end of a text lies at its place; the value is what SVG calls it."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; its middle height lies at ``at``."""

    at: Point
    text: str
    colour: str
    size: int = 12
    anchor: Anchor = Anchor.START


@dataclass(frozen=True, slots=True)
class Polyline:
    """Straight lines from point to point."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle, with round corners and an outline if wanted."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str
    radius: float = 0.0
    outline: str | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc, or a ring."""

    at: Point
    radius: float
    colour: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Tooltip:
    """What is told about a part of the sheet, from top to bottom, where somebody can point at it."""

    left: float
    right: float
    text: str


Shape: TypeAlias = Text | Polyline | Bar | Dot | Tooltip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole drawing."""

    width: int
    height: int
    ground: str
    title: str
    shapes: tuple[Shape, ...]
    """In the order in which they are painted."""
