"""``voicecoach draw``: a session trace as a transcript to read and a picture to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands


def add_parser(commands: Commands) -> None:
    """Add ``draw`` to the commands."""
    draw = commands.add_parser("draw", help="make a transcript and a picture of a session trace")
    draw.add_argument("trace", type=Path, metavar="TRACE", help="what --trace has written; see docs/trace.md")
    draw.add_argument(
        "--out", type=Path, metavar="DIR", required=True, help="leave transcript.md and session.png there"
    )
    draw.set_defaults(handler=_draw)


def _draw(options: argparse.Namespace, _: Assembly) -> int:
    from voicecoach.drawing.reports import PICTURE, TRANSCRIPT, leave_reports, make_folder  # noqa: PLC0415
    from voicecoach.errors import BadFileError  # noqa: PLC0415
    from voicecoach.trace import read_trace  # noqa: PLC0415

    trace = read_trace(options.trace)
    if not trace.lasted_s:
        raise BadFileError(f"{options.trace}:1:1: nothing happened in this session; there is nothing to draw")
    make_folder(options.out)
    leave_reports(trace, options.out)
    print(f"{TRANSCRIPT} and {PICTURE} are in {options.out}")
    return 0
