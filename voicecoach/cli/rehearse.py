"""``voicecoach rehearse``: play a session in a simulated bedroom."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.common import MODEL_HELP, RECORD_HELP, TRACE_HELP, print_problems

if TYPE_CHECKING:
    from voicecoach.assembly import Assembly
    from voicecoach.cli.common import Commands
    from voicecoach.simulation.scenario import Scenario

# Nothing of what the handler needs is imported before it runs: the coach must start fast.
# ruff: noqa: PLC0415


def add_parser(commands: Commands) -> None:
    """Add ``rehearse`` to the commands."""
    rehearse = commands.add_parser("rehearse", help="play a session in a simulated bedroom, faster than real time")
    rehearse.set_defaults(handler=_rehearse)
    rehearse.add_argument("routine", nargs="?", help="name of a routine (default: bedtime)")
    rehearse.add_argument("--scenario", type=Path, metavar="FILE", help="what the person does; see docs/scenarios.md")
    rehearse.add_argument("--out", type=Path, metavar="DIR", help="leave sound, transcript, picture and trace there")
    rehearse.add_argument("--seed", type=_seed, default=0, help="decides all that is left to chance (default: 0)")
    rehearse.add_argument("--text", action="store_true", help="without sound: words are taken as they are written")
    rehearse.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="remember there from one rehearsal to the next; never your own history",
    )
    rehearse.add_argument(
        "--type", action="store_true", help="you type what the person says, line by line, while the coach runs as text"
    )
    rehearse.add_argument("--record", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=RECORD_HELP)
    rehearse.add_argument("--trace", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=TRACE_HELP)
    rehearse.add_argument("--model", metavar="MODEL", default=argparse.SUPPRESS, help=MODEL_HELP)


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 up")
    return int(text)


def _rehearse(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach import app
    from voicecoach.console_log import ConsoleLog, warn
    from voicecoach.simulation.measures import LONGEST_S
    from voicecoach.simulation.typed_turns import HOW_TO, typed_turns

    print_problems(assembly)
    scenario, turns = _scenario(options, assembly), None
    if options.type:
        print(HOW_TO, flush=True)
        turns = typed_turns(sys.stdin)
        title = scenario.title if options.scenario else "A typed session"
        scenario = replace(scenario, title=title, turns=(), answers=(), limit_s=LONGEST_S)
    session = app.rehearse(
        assembly,
        scenario,
        seed=options.seed,
        out=options.out,
        as_text=options.text or options.type,
        observer=ConsoleLog(),
        history=options.history,
        trace=options.trace,
        record=options.record,
        turns=turns,
    )
    for failure in session.failures:
        warn(failure)
    if options.out:
        print(f"session.wav, transcript.md, session.png and trace.jsonl are in {options.out}")
    return 1 if session.failures else 0


def _scenario(options: argparse.Namespace, assembly: Assembly) -> Scenario:
    from voicecoach import app
    from voicecoach.simulation.scenario import usual_night
    from voicecoach.simulation.scenario_file import load_scenario

    library = assembly.library
    if not options.scenario:
        return usual_night(library.routine(options.routine or app.USUAL_REHEARSAL), assembly.language)
    scenario = load_scenario(options.scenario)
    return replace(scenario, routine=library.routine(options.routine).key) if options.routine else scenario
