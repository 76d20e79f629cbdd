"""The drawing as pixels."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from voicecoach.drawing.canvas import Box, Canvas
from voicecoach.drawing.shapes import Anchor, Bar, Column, Dot, Path, Sheet, Text

if TYPE_CHECKING:
    from pathlib import Path as File

    from voicecoach.drawing.shapes import Shape

_ANCHORS: Final = {Anchor.START: "lm", Anchor.MIDDLE: "mm", Anchor.END: "rm"}
_RING: Final = 1.6
"""Width of a ring's line, in pixels."""


def paint(sheet: Sheet, file: File) -> None:
    """Write ``sheet`` as PNG.

    Raises:
        OSError: It cannot be written there.
    """
    canvas = Canvas(sheet.width, sheet.height, sheet.ground)
    for shape in sheet.shapes:
        _paint(shape, canvas, sheet.ground)
    canvas.save(file)


def _paint(shape: Shape, canvas: Canvas, ground: str) -> None:
    match shape:
        case Text(at, text, colour, size, anchor):
            canvas.text(at, text, colour, size=size, anchor=_ANCHORS[anchor])
        case Path(points, colour, width):
            for ends in pairwise(points):
                above, below = sorted(ends, key=lambda point: point[1])
                canvas.line(above, below, colour, width)
        case Bar(left, top, right, bottom, colour, radius):
            canvas.box(Box(left, top, right, bottom), colour, radius=radius)
        case Dot((x, y), radius, colour, hollow):
            canvas.box(_around(x, y, radius), colour, radius=radius)
            if hollow and radius > _RING:
                canvas.box(_around(x, y, radius - _RING), ground, radius=radius - _RING)
        case Column():
            pass  # nobody can point at a PNG


def _around(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, x + radius, y + radius)
