"""The drawing as one HTML page that needs nothing beside it: SVG, the summary in words, and the weeks in a table."""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, Final

from voicecoach.drawing import colours
from voicecoach.drawing.shapes import Bar, Column, Dot, Path, Sheet, Text
from voicecoach.progress.summary import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.drawing.shapes import Shape

_PAGE: Final = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark">
<title>$title</title>
<style>
body { margin: 0 auto; max-width: ${width}px; background: $night; color: $text;
       font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
figure { margin: 0; overflow-x: auto; }
svg { display: block; width: 100%; min-width: 720px; height: auto; }
svg text { font-family: inherit; }
.column:hover { fill-opacity: .06; }
details { margin: 0 32px 32px; color: $quiet; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; text-align: right; font-weight: normal; border-bottom: 1px solid $grid; }
td { color: $text; }
</style>
</head>
<body>
<figure>
<svg viewBox="0 0 $width $height" role="img" aria-labelledby="title summary">
<title id="title">$title</title>
<desc id="summary">$summary</desc>
$shapes
</svg>
</figure>
<details>
<summary>The latest weeks in figures</summary>
<table>
<tr>$headings</tr>
$rows
</table>
</details>
</body>
</html>
""")


def page(sheet: Sheet, summary: Iterable[str], weeks: Sequence[Sequence[str]]) -> str:
    """``sheet`` as HTML; ``summary`` is what is read to who cannot see it, ``weeks`` the rows of the table."""
    return _PAGE.substitute(
        title=escape(sheet.title),
        summary=escape(" ".join(summary)),
        width=sheet.width,
        height=sheet.height,
        night=sheet.ground,
        text=colours.TEXT,
        quiet=colours.QUIET_TEXT,
        grid=colours.GRID,
        shapes="\n".join(_svg(shape, sheet) for shape in sheet.shapes),
        headings="".join(f'<th scope="col">{escape(heading)}</th>' for heading in HEADINGS),
        rows="\n".join(f"<tr>{''.join(f'<td>{escape(word)}</td>' for word in row)}</tr>" for row in weeks),
    )


def _svg(shape: Shape, sheet: Sheet) -> str:
    match shape:
        case Text((x, y), text, colour, size, anchor):
            place = f'x="{x:.1f}" y="{y:.1f}" dy=".35em" font-size="{size}" text-anchor="{anchor.value}"'
            return f'<text {place} fill="{colour}">{escape(text)}</text>'
        case Path(points, colour, width):
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            return f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'
        case Bar(left, top, right, bottom, colour, radius):
            return f'<rect {_box(left, top, right, bottom)} rx="{radius:g}" fill="{colour}"/>'
        case Dot((x, y), radius, colour, hollow):
            paint = f'fill="{sheet.ground}" stroke="{colour}" stroke-width="1.6"' if hollow else f'fill="{colour}"'
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius - 0.8 * hollow:.1f}" {paint}/>'
        case Column(left, right, told):
            box = _box(left, 0, right, sheet.height)
            seen = f'fill="{colours.TEXT}" fill-opacity="0"'
            return f'<rect class="column" {box} {seen}><title>{escape(told)}</title></rect>'


def _box(left: float, top: float, right: float, bottom: float) -> str:
    return f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
