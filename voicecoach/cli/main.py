"""A person's command line: the parser, and what becomes of errors."""

from __future__ import annotations

import argparse
import errno
import sys
import traceback
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from voicecoach import __version__, standard_streams
from voicecoach.cli import (
    buttons,
    devices,
    doctor,
    draw,
    hear,
    history,
    home,
    models,
    progress,
    rehearse,
    routines,
    run,
    service,
    understand,
    voices,
)
from voicecoach.errors import UNFORESEEN, BadFileError, BadRequestError, BadSettingsError, VoicecoachError
from voicecoach.invocation import program
from voicecoach.shortened import shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Handler
    from voicecoach.settings import Settings

COMMANDS = (
    *(run, rehearse, routines, understand, hear, models, voices, progress, draw, history),
    *(devices, doctor, home, buttons, service),
)
"""In the order in which ``--help`` names them; each has ``add_parser``, which also sets the command's ``handler``."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG}
"""Where what is printed finds no room."""
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.  Errors that a person can mend are one line on stderr."""
    with standard_streams.in_order():
        return _main(arguments)


def _main(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    try:
        handler: Handler = options.handler
        code = handler(options, _assembly(options))
        sys.stdout.flush()  # here a full disk is still one line
        return code  # noqa: TRY300 - the same
    except VoicecoachError as error:
        _warn(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _warn("broken off")
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone: "voicecoach routines show bedtime | head"
        return 0
    except Exception as error:  # noqa: BLE001 - a service manager is to know this end from the others
        return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        _warn(f"{error.strerror}; make room on the disk, or print elsewhere")
        return VoicecoachError.exit_code
    with suppress(OSError, ValueError):
        traceback.print_exc()
    return UNFORESEEN


class _Parser(argparse.ArgumentParser):
    """Ends with the exit code of a command line that means nothing; argparse's own is 2."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(BadRequestError.exit_code, f"{self.prog}: error: {shortened(message)}\n")


def _warn(line: str) -> None:
    from voicecoach.console_log import warn  # noqa: PLC0415 - "--help" need not wait for it

    warn(line)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=program(),
        description="An offline, voice-only coach for stretches in bed that ease the lower back. Without a command it "
        "opens microphone and speaker and waits to be spoken to.",
    )
    parser.add_argument("--version", action="version", version=f"voicecoach {__version__}")
    run.be_the_default(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        command.add_parser(commands)
    return parser


def _assembly(options: argparse.Namespace) -> Assembly:
    from voicecoach.assembly import Assembly  # noqa: PLC0415 - "--help" need not wait for it
    from voicecoach.settings import Settings  # noqa: PLC0415 - the same

    settings = _settings(options)
    try:
        return Assembly(settings)
    except (BadRequestError, BadFileError):  # no such language, or not all of it
        if not doctor.examines_settings(options):
            raise
        return Assembly(replace(settings, language=Settings().language))


def _settings(options: argparse.Namespace) -> Settings:
    """The settings file, with what the command line says instead."""
    from voicecoach.assembly import ENGINES  # noqa: PLC0415 - see `_assembly`
    from voicecoach.settings import Settings, load_settings  # noqa: PLC0415

    try:
        settings = load_settings(engines=ENGINES)
    except BadFileError as error:
        if not doctor.examines_settings(options) and not service.needs_no_settings(options):
            raise BadSettingsError(str(error)) from error
        settings = Settings()
    return replace(
        settings,
        microphone=options.device_in or settings.microphone,
        speaker=options.device_out or settings.speaker,
        model=options.model or settings.model,
    )
