"""``voicecoach run``, and ``voicecoach`` alone: listen and guide."""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.common import MODEL_HELP, RECORD_HELP, TRACE_HELP, print_problems, with_sound_card
from voicecoach.standard_streams import non_blocking_output

if TYPE_CHECKING:
    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands


def add_parser(commands: Commands) -> None:
    """Add ``run`` to the commands."""
    run = commands.add_parser("run", help="listen and guide (the default)")
    _add_live_options(run, default=argparse.SUPPRESS)  # what was said before the command stays


def be_the_default(parser: argparse.ArgumentParser) -> None:
    """Make ``run`` what a command line without a command does, with the same options."""
    parser.set_defaults(verbose=False)
    _add_live_options(parser, default=None)


def _add_live_options(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    parser.set_defaults(handler=_run)
    parser.add_argument("--device-in", metavar="NAME", default=default, help="microphone, by a part of its name")
    parser.add_argument("--device-out", metavar="NAME", default=default, help="speaker, by a part of its name")
    parser.add_argument("--model", metavar="MODEL", default=default, help=MODEL_HELP)
    parser.add_argument("--record", type=Path, metavar="FILE", default=default, help=RECORD_HELP)
    parser.add_argument("--trace", type=Path, metavar="FILE", default=default, help=TRACE_HELP)
    parser.add_argument(
        "--without-devices",
        choices=("wait", "rehearse", "end"),
        default=default,
        help="where there is no microphone or no speaker: wait for them, rehearse instead, or end (default: rehearse "
        "where input and output are a terminal, else wait)",
    )
    parser.add_argument(
        "--verbose",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print what is said and understood, also where no terminal is watching",
    )
    # Its name in earlier versions.
    parser.add_argument(
        "--tell", dest="verbose", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS
    )


@with_sound_card
@non_blocking_output()
def _run(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach import app  # noqa: PLC0415 - "--help" need not wait for it
    from voicecoach.service.notify import ServiceManager  # noqa: PLC0415 - the same

    print_problems(assembly)
    manager = ServiceManager.from_environment(os.environ)
    usual = app.WithoutDevices.REHEARSE if _is_watched() and not manager else app.WithoutDevices.WAIT
    if manager:
        # It ends a coach that hangs, and the log says where that was.  The signal can come while other threads run, and
        # to walk a stack that changes may crash: here only that of the main thread, which takes the signal.  Where
        # another thread hangs, the main thread has told of all of them before (`app.run`).
        faulthandler.enable(sys.stderr, all_threads=False)
    try:
        return app.run(
            assembly,
            # Under systemd and the like, what is printed is kept in a log: nothing that was heard goes there unasked.
            verbose=options.verbose or sys.stdout.isatty(),
            trace=options.trace,
            record=options.record,
            without_devices=app.WithoutDevices(options.without_devices or usual),
            manager=manager,
        )
    finally:
        if manager:
            faulthandler.disable()


def _is_watched() -> bool:
    """Whether somebody sees what is printed, and can answer by typing."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
