"""``voicecoach progress``: how it goes, in words, in a table, and as a drawing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.errors import BadRequestError, CannotCreateError

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.person.tonight import Tonight

# Nothing of what the handler needs is imported before it runs: the coach must start fast.
# ruff: noqa: PLC0415

PNG, HTML = ".png", ".html"


def add_parser(commands: Commands) -> None:
    """Add ``progress`` to the commands."""
    progress = commands.add_parser("progress", help="how it goes, in words and as a drawing")
    progress.add_argument(
        "--plot",
        type=Path,
        metavar=f"FILE{PNG}|FILE{HTML}",
        help="draw pain, sleep, minutes and days in a row into this file",
    )
    progress.set_defaults(handler=_progress)


def _progress(options: argparse.Namespace, _: Assembly) -> int:
    from voicecoach.journal.files import FILE
    from voicecoach.journal.looking import tonight_in
    from voicecoach.settings import data_folder

    tonight = tonight_in(data_folder() / FILE)
    print(report(tonight))
    if options.plot:
        print(draw(tonight, options.plot))
    return 0


def report(tonight: Tonight) -> str:
    """The summary and the latest weeks, in lines of at most 80 characters."""
    from textwrap import fill

    from voicecoach.progress.summary import as_text, sentences, weeks

    said = "\n".join(fill(sentence, 80) for sentence in sentences(tonight))
    rows = weeks(tonight)
    return f"{said}\n\n{as_text(rows)}" if rows else said


def draw(tonight: Tonight, file: Path) -> str:
    """Leave a drawing in ``file``, and say so; nothing is written where there is nothing to draw.

    Raises:
        VoicecoachError: The name ends in neither ``.png`` nor ``.html``, or the file cannot be written.
    """
    from voicecoach.drawing.png import write_png
    from voicecoach.drawing.progress_layout import sheet
    from voicecoach.drawing.progress_page import page
    from voicecoach.progress.summary import sentences, weeks

    kind = file.suffix.lower()
    if kind not in {PNG, HTML}:
        raise BadRequestError(f'cannot draw into "{file}"; name a file that ends in {PNG} or {HTML}')
    drawing = sheet(tonight)
    if drawing is None:
        return f"Nothing was drawn, and {file} was not written."
    try:
        if kind == PNG:
            write_png(drawing, file)
        else:
            file.write_text(page(drawing, sentences(tonight), weeks(tonight)), encoding="utf-8")
    except OSError as error:
        raise CannotCreateError(f"cannot write {file} ({error.strerror or error}); choose another file") from None
    return f"The drawing is in {file}."
