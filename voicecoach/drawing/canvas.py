"""A calm night-coloured sheet to draw on: shapes with smooth edges, and labels that keep out of each other's way."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FINER: Final = 2
"""Everything is drawn so many times larger and then made smaller, which smooths the edges."""
_BAND: Final = 128
"""Height in pixels of what is drawn at once."""
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Stroke:
    """Something drawn, between two heights in fine pixels."""

    top: float
    bottom: float
    draw: Callable[[ImageDraw.ImageDraw, float], None]
    """Draws it on a band of the sheet; the second argument is the band's top."""


class Canvas:
    """A sheet of ``width`` by ``height`` pixels.  Colours are "#rrggbb".

    Strokes are remembered, and drawn band by band when the sheet is saved: a whole sheet of fine pixels would take more
    memory than all the rest of a rehearsal.
    """

    def __init__(self, width: int, height: int, ground: str) -> None:
        self.width, self.height = width, height
        self._ground = ground
        self._strokes: list[_Stroke] = []

    def box(self, box: Box, fill: str, *, radius: float = 0.0, outline: str | None = None) -> None:
        """A filled rectangle with round corners."""
        left, top, right, bottom = (value * _FINER for value in (box.left, box.top, box.right, box.bottom))
        reach = min(radius * _FINER, (right - left) / 2, (bottom - top) / 2)
        width = _FINER if outline else 0

        def draw(band: ImageDraw.ImageDraw, up: float) -> None:
            band.rounded_rectangle((left, top - up, right, bottom - up), reach, fill, outline, width)

        self._strokes.append(_Stroke(top, bottom, draw))

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float = 1.0) -> None:
        """A straight line, from above to below."""
        left, top, right, bottom = (value * _FINER for value in (*start, *end))
        thick = max(1, round(width * _FINER))

        def draw(band: ImageDraw.ImageDraw, up: float) -> None:
            band.line((left, top - up, right, bottom - up), colour, thick)

        self._strokes.append(_Stroke(top - thick, bottom + thick, draw))

    def text(self, place: tuple[float, float], text: str, colour: str, *, size: int = 12, anchor: str = "lm") -> None:
        """Text at ``place``; ``anchor`` is Pillow's: which point of the text lies there ("lm": left, middle)."""
        x, y = place[0] * _FINER, place[1] * _FINER
        reach = 2 * size * _FINER

        def draw(band: ImageDraw.ImageDraw, up: float) -> None:
            band.text((x, y - up), text, colour, _font(size), anchor=anchor)

        self._strokes.append(_Stroke(y - reach, y + reach, draw))

    def save(self, path: Path) -> None:
        """Write the sheet as PNG."""
        sheet = Image.new("RGB", (self.width, self.height), self._ground)
        for top in range(0, self.height, _BAND):
            sheet.paste(self._band(top * _FINER).reduce(_FINER), (0, top))
        sheet.save(path, optimize=True)

    def _band(self, top: float) -> Image.Image:
        band = Image.new("RGB", (self.width * _FINER, _BAND * _FINER), self._ground)
        draw = ImageDraw.Draw(band)
        for stroke in self._strokes:
            if stroke.top <= top + band.height and stroke.bottom >= top:
                stroke.draw(draw, top)
        return band


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * _FINER)


def text_width(text: str, size: int = 12) -> float:
    """How many pixels wide ``text`` is."""
    return _font(size).getlength(text) / _FINER


def shortened(text: str, width: float, size: int = 12) -> str:
    """``text``, cut at its end so that it is at most ``width`` pixels wide; empty when not even a letter fits."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + _ELLIPSIS, size) > width:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS if text else ""


@dataclass(slots=True)
class Shelf:
    """Finds room for labels beside each other on a few levels; labels come in the order of their left ends."""

    levels: int
    gap: float = 8.0
    _taken: list[float] = field(default_factory=list)
    """For each level: where its last label ends."""

    def place(self, left: float, width: float) -> tuple[int, float] | None:
        """A level, and where on it a label of ``width`` wanted at ``left`` begins: there, or as soon as there is room.

        None when it would have to move further than its own width.
        """
        taken = [*self._taken, *([float("-inf")] * (self.levels - len(self._taken)))]
        starts = [max(left, end + self.gap) for end in taken]
        level = min(range(self.levels), key=lambda number: (starts[number], number))
        if starts[level] - left > width:
            return None
        taken[level] = starts[level] + width
        self._taken = taken
        return level, starts[level]
