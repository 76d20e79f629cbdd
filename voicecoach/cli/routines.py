"""``voicecoach routines``: list the routines, read one, write a new one, or check files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.cli import check_routines, new_routine
from voicecoach.cli.common import print_problems

if TYPE_CHECKING:
    import argparse

    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands

# Nothing of what the handlers need is imported before they run: the coach must start fast.
# ruff: noqa: PLC0415


def add_parser(commands: Commands) -> None:
    """Add ``routines`` to the commands."""
    routines = commands.add_parser("routines", help="list the routines, read one, write a new one, or check files")
    routines.set_defaults(handler=_list)
    ways = routines.add_subparsers(title="commands", metavar="COMMAND")
    show = ways.add_parser("show", help="print the whole spoken script with times")
    show.add_argument("routine")
    show.set_defaults(handler=_show)
    new = ways.add_parser("new", help="put a routine of your own together, by answering questions")
    new.add_argument("name", metavar="NAME", help="what it is called, as in knee-sheet")
    new.set_defaults(handler=new_routine.new)
    check = ways.add_parser("check", help="say whether files can be used, and all that is wrong with them")
    check.add_argument(
        "files",
        nargs="*",
        metavar="FILE|NAME",
        help="files, or names of routines and stretches (default: all of yours)",
    )
    check.add_argument("--json", action="store_true", help="print it for a program")
    check.set_defaults(handler=check_routines.check)


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
