"""Calm colours for a dark bedroom, which people of any colour vision can tell apart by hue or by lightness."""

from __future__ import annotations

from typing import Final

NIGHT: Final = "#0e131f"
GRID: Final = "#232d42"
FAINT: Final = "#192132"
QUIET_TEXT: Final = "#8793ad"
TEXT: Final = "#ccd4e3"

BEFORE: Final = "#e0a458"
BEFORE_DIM: Final = "#80623c"
AFTER: Final = "#6aaee6"
AFTER_DIM: Final = "#41688a"
BETWEEN: Final = "#333d52"
SLEPT: Final = "#a99be0"
SLEPT_DIM: Final = "#6a6291"
MINUTES: Final = "#2f6d68"
ROW: Final = "#35608f"
