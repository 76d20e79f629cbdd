"""The drawing as one HTML page that needs nothing beside it: SVG, the summary in words, and the weeks in a table."""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, Final

from voicecoach.drawing import colours
from voicecoach.drawing.svg import svg
from voicecoach.progress.summary import HEADINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from voicecoach.drawing.shapes import Sheet

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
.tooltip:hover { fill-opacity: .06; }
details { margin: 0 32px 32px; color: $quiet; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; text-align: right; font-weight: normal; border-bottom: 1px solid $grid; }
td { color: $text; }
</style>
</head>
<body>
<figure>
$drawing
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
        width=sheet.width,
        night=sheet.ground,
        text=colours.TEXT,
        quiet=colours.QUIET_TEXT,
        grid=colours.GRID,
        drawing=svg(sheet, " ".join(summary)),
        headings="".join(f'<th scope="col">{escape(heading)}</th>' for heading in HEADINGS),
        rows="\n".join(f"<tr>{''.join(f'<td>{escape(word)}</td>' for word in row)}</tr>" for row in weeks),
    )
