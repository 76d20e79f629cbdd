"""A sheet as pixels, with smooth edges."""

from __future__ import annotations

from itertools import pairwise
from typing import IO, TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from voicecoach.drawing.fonts import font
from voicecoach.drawing.shapes import RING, Anchor, Bar, Dot, Polyline, Sheet, Text, Tooltip

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.drawing.shapes import Shape

_FINER: Final = 2
"""Everything is drawn so many times larger and then made smaller, which smooths the edges."""
_BAND: Final = 128
"""Height in pixels of what is drawn at once: a whole sheet of fine pixels would take more memory than all the rest of a
rehearsal."""
_ANCHORS: Final = {Anchor.START: "lm", Anchor.MIDDLE: "mm", Anchor.END: "rm"}


def write_png(sheet: Sheet, file: Path | IO[bytes]) -> None:
    """Write ``sheet`` as PNG.

    Raises:
        OSError: It cannot be written there.
    """
    image = Image.new("RGB", (sheet.width, sheet.height), sheet.ground)
    reaches = [(shape, *_reach(shape)) for shape in sheet.shapes if not isinstance(shape, Tooltip)]
    for top in range(0, sheet.height, _BAND):
        band = Image.new("RGB", (sheet.width * _FINER, _BAND * _FINER), sheet.ground)
        pen = _Pen(ImageDraw.Draw(band), top, sheet.ground)
        for shape, highest, lowest in reaches:
            if highest <= top + _BAND and lowest >= top:
                pen.draw(shape)
        image.paste(band.reduce(_FINER), (0, top))
    image.save(file, "PNG", optimize=True)


def _reach(shape: Shape) -> tuple[float, float]:
    """From which height to which ``shape`` may leave pixels."""
    match shape:
        case Text(at=(_, y), size=size):
            return y - 2 * size, y + 2 * size
        case Polyline(points=points, width=width):
            heights = [y for _, y in points]
            return min(heights) - width - 1, max(heights) + width + 1
        case Bar(top=top, bottom=bottom):
            return top, bottom
        case Dot(at=(_, y), radius=radius):
            return y - radius, y + radius
        case Tooltip():
            return 0.0, 0.0


class _Pen:
    """Draws on one band of the sheet, which begins at ``top``."""

    def __init__(self, draw: ImageDraw.ImageDraw, top: int, ground: str) -> None:
        self._draw, self._top, self._ground = draw, top, ground

    def draw(self, shape: Shape) -> None:
        match shape:
            case Text((x, y), text, colour, size, anchor):
                place = (x * _FINER, (y - self._top) * _FINER)
                self._draw.text(place, text, colour, font(size * _FINER), anchor=_ANCHORS[anchor])
            case Polyline(points, colour, width):
                for ends in pairwise(points):
                    # From above to below: Pillow's lines differ by a pixel otherwise.
                    (left, above), (right, below) = sorted(ends, key=lambda point: point[1])
                    self._draw.line(self._fine(left, above, right, below), colour, max(1, round(width * _FINER)))
            case Bar(left, top, right, bottom, colour, radius, outline):
                self._box((left, top, right, bottom), colour, radius, outline)
            case Dot(at, radius, colour, hollow):
                self._disc(at, radius, colour)
                if hollow and radius > RING:
                    self._disc(at, radius - RING, self._ground)
            case Tooltip():
                pass  # nobody can point at a PNG

    def _disc(self, at: tuple[float, float], radius: float, colour: str) -> None:
        x, y = at
        self._box((x - radius, y - radius, x + radius, y + radius), colour, radius, None)

    def _box(self, edges: tuple[float, float, float, float], colour: str, radius: float, outline: str | None) -> None:
        left, top, right, bottom = self._fine(*edges)
        reach = min(radius * _FINER, (right - left) / 2, (bottom - top) / 2)
        width = _FINER if outline else 0
        self._draw.rounded_rectangle((left, top, right, bottom), reach, colour, outline, width)

    def _fine(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        return left * _FINER, (top - self._top) * _FINER, right * _FINER, (bottom - self._top) * _FINER
