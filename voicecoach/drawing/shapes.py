"""What a drawing is made of: values that a painter turns into pixels or into SVG.

Lengths are pixels of a sheet whose corner at the upper left is (0, 0); colours are "#rrggbb".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]


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
    size: int
    anchor: Anchor = Anchor.START


@dataclass(frozen=True, slots=True)
class Path:
    """Straight lines from point to point."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle with round corners."""

    left: float
    top: float
    right: float
    bottom: float
    colour: str
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A disc, or a ring."""

    at: Point
    radius: float
    colour: str
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A part of the sheet, from top to bottom, and what is told about it where a painter can."""

    left: float
    right: float
    told: str


Shape: TypeAlias = Text | Path | Bar | Dot | Column


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole drawing."""

    width: int
    height: int
    ground: str
    title: str
    shapes: tuple[Shape, ...]
    """In the order in which they are painted."""
