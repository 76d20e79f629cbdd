"""``voicecoach doctor``: what is well, what is not, and what to type."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.common import TRACE_HELP, with_sound_card
from voicecoach.errors import BadRequestError
from voicecoach.standard_streams import non_blocking_output

if TYPE_CHECKING:
    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands


def add_parser(commands: Commands) -> None:
    """Add ``doctor`` to the commands."""
    doctor = commands.add_parser("doctor", help="say what is well, what is not, and what to type")
    doctor.add_argument(
        "--listen", action="store_true", help="try microphone and speaker in a minute's conversation; nothing is kept"
    )
    doctor.add_argument(
        "--trace", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=f"with --listen: {TRACE_HELP}"
    )
    doctor.set_defaults(handler=_doctor)


def examines_settings(options: argparse.Namespace) -> bool:
    """Whether the command itself says what is wrong with the settings file, and goes on without it."""
    return options.handler is _doctor and not options.listen


@with_sound_card
def _doctor(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach import app, doctor, probes  # noqa: PLC0415 - the coach must start fast

    if options.trace and not options.listen:
        raise BadRequestError("a trace is of what is said and heard; add --listen")
    if options.listen:
        with non_blocking_output():
            findings = app.check_sound(assembly, options.trace)
    else:
        findings = doctor.examine(probes.probes_of(assembly))
    print(doctor.report(findings))
    return doctor.exit_code(findings)
