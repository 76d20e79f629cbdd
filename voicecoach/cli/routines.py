"""``voicecoach routines``: list the routines, read one, or check a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.common import print_problems
from voicecoach.errors import BadFileError

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415


def add_parser(commands: Commands) -> None:
    """Add ``routines`` to the commands."""
    routines = commands.add_parser("routines", help="list the routines, read one, or check a file")
    routines.set_defaults(handler=_list)
    ways = routines.add_subparsers(title="commands", metavar="COMMAND")
    show = ways.add_parser("show", help="print the whole spoken script with times")
    show.add_argument("routine")
    show.set_defaults(handler=_show)
    check = ways.add_parser("check", help="say whether files can be used, and what is wrong with them")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(handler=_check)


def _list(_: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.dialogue.script import length_s
    from voicecoach.languages.commands import Command

    print_problems(assembly)
    width = max((len(key) for key in assembly.library.routines), default=0)
    start = assembly.language.phrases[Command.START][0]
    for key, routine in assembly.library.routines.items():
        minutes = round(length_s(assembly.plan(key), assembly.language) / 60)
        said = f'"{start.replace("{routine}", routine.say[0])}"'
        print(f"{key:<{width}}  {minutes:3} min  {len(routine.entries):2} stretches  {said:<28}  {routine.title}")
    return 0


def _show(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.dialogue.script import script

    print_problems(assembly)
    plan = assembly.plan(options.routine)
    sources = "; ".join(f"{source.title} ({source.article})" for source in plan.routine.sources)
    print(f"{plan.routine.title}\nfrom: {sources}\n")
    for line in script(plan, assembly.language, assembly.settings.talk):
        minutes, seconds = divmod(line.at_s, 60)
        print(f"{minutes:3.0f}:{seconds:04.1f}  {line.text}")
    return 0


def _check(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.console_log import warn
    from voicecoach.routine.loading import check_file

    exit_code = 0
    for path in options.files:
        try:
            checked = check_file(path, assembly.library)
        except BadFileError as error:
            warn(str(error))
            exit_code = error.exit_code
        else:
            print(f"{path}: well, {type(checked).__name__.lower()} {checked.name!r}")
    return exit_code
