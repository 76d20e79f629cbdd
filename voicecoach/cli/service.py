"""``voicecoach service``: have the coach start by itself."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from voicecoach.errors import FOUND_SOMETHING, MissingPartError

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415

LOG_LINES = 100


def add_parser(commands: Commands) -> None:
    """Add ``service`` to the commands."""
    service = commands.add_parser("service", help="have the coach start by itself, with the machine")
    service.set_defaults(handler=_status)
    ways = service.add_subparsers(title="commands", metavar="COMMAND")
    ways.add_parser("install", help="start it now, and whenever the machine starts").set_defaults(handler=_install)
    ways.add_parser("remove", help="end it, and start it no more").set_defaults(handler=_remove)
    ways.add_parser("status", help="say how it fares (the default)").set_defaults(handler=_status)
    logs = ways.add_parser("logs", help="show what it printed")
    logs.add_argument("--follow", action="store_true", help="and go on showing it")
    logs.add_argument("--lines", type=int, default=LOG_LINES, metavar="N", help="how many (default: %(default)s)")
    logs.set_defaults(handler=_logs)


def needs_no_settings(options: argparse.Namespace) -> bool:
    """Whether the command works also where the settings file is wrong: then the service says so in its log."""
    return options.handler in {_install, _remove, _status, _logs}


def _install(_: argparse.Namespace, __: Assembly) -> int:
    from voicecoach.home.config import home_file
    from voicecoach.service.control import ServiceControl

    print("\n".join(ServiceControl().install(house=home_file().exists())))
    return 0


def _remove(_: argparse.Namespace, __: Assembly) -> int:
    from voicecoach.service.control import ServiceControl

    print("\n".join(ServiceControl().remove()))
    return 0


def _status(_: argparse.Namespace, __: Assembly) -> int:
    from voicecoach.service.control import ServiceControl

    well, lines = ServiceControl().status()
    print("\n".join(lines))
    return 0 if well else FOUND_SOMETHING


def _logs(options: argparse.Namespace, _: Assembly) -> int:
    from voicecoach.service.control import log_command

    command = log_command(options.lines, follow=options.follow)
    program = shutil.which(command[0])
    if program is None:
        raise MissingPartError("there is no journalctl here, which keeps what services print")
    os.execv(program, command)  # noqa: S606 - our own words
