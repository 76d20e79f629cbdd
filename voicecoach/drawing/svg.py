"""A sheet as SVG, whose texts are texts and whose tooltips can be pointed at."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from voicecoach.drawing import colours
from voicecoach.drawing.shapes import RING, Bar, Dot, Polyline, Text, Tooltip

if TYPE_CHECKING:
    from voicecoach.drawing.shapes import Shape, Sheet


def svg(sheet: Sheet, summary: str) -> str:
    """``sheet`` as an ``<svg>`` element that fits its place; ``summary`` is read to who cannot see it."""
    shapes = "\n".join(_element(shape, sheet) for shape in sheet.shapes)
    return f"""\
<svg viewBox="0 0 {sheet.width} {sheet.height}" role="img" aria-labelledby="title summary">
<title id="title">{escape(sheet.title)}</title>
<desc id="summary">{escape(summary)}</desc>
{shapes}
</svg>"""


def _element(shape: Shape, sheet: Sheet) -> str:
    match shape:
        case Text((x, y), text, colour, size, anchor):
            place = f'x="{x:.1f}" y="{y:.1f}" dy=".35em" font-size="{size}" text-anchor="{anchor.value}"'
            return f'<text {place} fill="{colour}">{escape(text)}</text>'
        case Polyline(points, colour, width):
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'
        case Bar(left, top, right, bottom, colour, radius, outline):
            edge = f' stroke="{outline}"' if outline else ""
            return f'<rect {_box(left, top, right, bottom)} rx="{radius:g}" fill="{colour}"{edge}/>'
        case Dot((x, y), radius, colour, hollow):
            ring = f'fill="{sheet.ground}" stroke="{colour}" stroke-width="{RING:g}"'
            paint = ring if hollow else f'fill="{colour}"'
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius - RING / 2 * hollow:.1f}" {paint}/>'
        case Tooltip(left, right, text):
            box = _box(left, 0, right, sheet.height)
            seen = f'fill="{colours.TEXT}" fill-opacity="0"'
            return f'<rect class="tooltip" {box} {seen}><title>{escape(text)}</title></rect>'


def _box(left: float, top: float, right: float, bottom: float) -> str:
    return f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
