"""Calm colours for a dark bedroom, which people of any colour vision can tell apart by hue or by lightness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

NIGHT: Final = "#0e131f"
GRID: Final = "#232d42"
FAINT: Final = "#192132"
QUIET_TEXT: Final = "#8793ad"
TEXT: Final = "#ccd4e3"
BRIGHT_TEXT: Final = "#dce3f0"

# --- a history --------------------------------------------------------------------------------------------------------

BEFORE: Final = "#e0a458"
BEFORE_DIM: Final = "#80623c"
AFTER: Final = "#6aaee6"
AFTER_DIM: Final = "#41688a"
BETWEEN: Final = "#333d52"
SLEPT: Final = "#a99be0"
SLEPT_DIM: Final = "#6a6291"
MINUTES: Final = "#2f6d68"
ROW: Final = "#35608f"

# --- a session --------------------------------------------------------------------------------------------------------

PAPER: Final = "#161d2d"
COACH: Final = "#e6b566"
COACH_CUT: Final = "#8f6f3c"
COACH_SPARE: Final = "#f4ead6"
PERSON: Final = "#e38ca4"
UNDERSTOOD: Final = "#8ccf98"
NOT_UNDERSTOOD: Final = "#8d97ae"
DEAF: Final = "#5b3a3f"
FAILED: Final = "#ef7d6d"
BEATS: Final[Mapping[str, tuple[str, str]]] = {
    "hold": ("#345a94", "#a9caf9"),
    "breaths": ("#286a65", "#94e0d3"),
    "movement": ("#57478c", "#c6b8f5"),
}
"""Performances that take time: the colour of their span, and of the ticks for their cues."""
MODES: Final[Mapping[str, str]] = {
    "rest": "#121722",
    "asleep": "#0b0d15",
    "greeting": "#1b2537",
    "paused": "#1c3550",
    "stopped": "#40283a",
    "asking": "#302d54",
    "hurt": "#522c33",
    "closing": "#1b3033",
    "warning": "#642a2b",
}
"""Modes other than guiding, which has the colour of paper."""
