"""A person's command line."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach import __version__
from voicecoach.cli import history as history_cli
from voicecoach.cli import models as models_cli
from voicecoach.cli import progress as progress_cli
from voicecoach.errors import BadFileError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.settings import Settings

    Handler = Callable[[argparse.Namespace, Assembly], int]

_INTERRUPTED = 130
_MODEL_HELP = "an installed speech model, or the folder of one (default: see voicecoach models)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.  Errors that a person can mend are one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        handler: Handler = options.handler
        return handler(options, _assembly(options))
    except VoicecoachError as error:
        print(f"voicecoach: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("voicecoach: broken off", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone: "voicecoach routines show bedtime | head"
        sys.stderr.close()
        return 0
    except OSError as error:
        print(f"voicecoach: {error.strerror or error}; make room on the disk, or print elsewhere", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="voicecoach",
        description="An offline, voice-only coach for stretches in bed that ease the lower back. Without a command it "
        "opens microphone and speaker and waits to be spoken to.",
    )
    parser.add_argument("--version", action="version", version=f"voicecoach {__version__}")
    parser.set_defaults(handler=_run, device_in=None, device_out=None, model=None, tell=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_live_options(parser)

    run = commands.add_parser("run", help="listen and guide (the default)")
    _add_live_options(run, suppress=True)
    run.set_defaults(handler=_run)

    rehearse = commands.add_parser("rehearse", help="play a session in a simulated bedroom, faster than real time")
    rehearse.add_argument("routine", nargs="?", help="name of a routine (default: bedtime)")
    rehearse.add_argument("--scenario", type=Path, metavar="FILE", help="what the person does; see docs/scenarios.md")
    rehearse.add_argument("--out", type=Path, metavar="DIR", help="leave session.wav, transcript.md, session.png there")
    rehearse.add_argument("--seed", type=_seed, default=0, help="decides all that is left to chance (default: 0)")
    rehearse.add_argument("--text", action="store_true", help="without sound: words are taken as they are written")
    rehearse.add_argument(
        "--history",
        type=Path,
        metavar="FILE",
        help="remember there from one rehearsal to the next; never your own history",
    )
    rehearse.add_argument("--model", metavar="MODEL", default=argparse.SUPPRESS, help=_MODEL_HELP)
    rehearse.set_defaults(handler=_rehearse)

    routines = commands.add_parser("routines", help="list the routines, read one, or check a file")
    routines.set_defaults(handler=_list_routines)
    routine_commands = routines.add_subparsers(title="commands", metavar="COMMAND")
    show = routine_commands.add_parser("show", help="print the whole spoken script with times")
    show.add_argument("routine")
    show.set_defaults(handler=_show_routine)
    check = routine_commands.add_parser("check", help="say whether files can be used, and what is wrong with them")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(handler=_check_files)

    models_cli.add_commands(commands.add_parser("models", help="list, choose, get and remove speech models; add words"))

    progress_cli.add_options(commands.add_parser("progress", help="how it goes, in words and as a drawing"))
    history_cli.add_commands(commands.add_parser("history", help="take the history with you, or delete it"))

    commands.add_parser("devices", help="list microphones and speakers").set_defaults(handler=_devices)
    doctor = commands.add_parser("doctor", help="say what is well, what is not, and what to type")
    doctor.add_argument(
        "--listen", action="store_true", help="try microphone and speaker in a minute's conversation; nothing is kept"
    )
    doctor.set_defaults(handler=_doctor)
    return parser


def _add_live_options(parser: argparse.ArgumentParser, *, suppress: bool = False) -> None:
    default = argparse.SUPPRESS if suppress else None
    parser.add_argument("--device-in", metavar="NAME", default=default, help="microphone, by a part of its name")
    parser.add_argument("--device-out", metavar="NAME", default=default, help="speaker, by a part of its name")
    parser.add_argument("--model", metavar="MODEL", default=default, help=_MODEL_HELP)
    parser.add_argument(
        "--tell",
        action="store_true",
        default=argparse.SUPPRESS if suppress else False,
        help="print what is said and understood, also where no terminal is watching",
    )


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 up")
    return int(text)


def _assembly(options: argparse.Namespace) -> Assembly:
    from voicecoach.assembly import Assembly  # noqa: PLC0415 - "--help" need not wait for it

    return Assembly(_settings(options))


def _settings(options: argparse.Namespace) -> Settings:
    """The settings file, with what the command line says instead."""
    from voicecoach.settings import Settings, load_settings  # noqa: PLC0415

    try:
        settings = load_settings()
    except BadFileError:
        if options.handler is not _doctor or options.listen:
            raise
        settings = Settings()  # the doctor says what is wrong with the file
    return replace(
        settings,
        microphone=options.device_in or settings.microphone,
        speaker=options.device_out or settings.speaker,
        model=options.model or settings.model,
    )


def _run(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach import app  # noqa: PLC0415

    _tell_problems(assembly)
    # Under systemd and the like, what is printed is kept in a log: nothing that was heard goes there unasked.
    return app.run(assembly, tell=options.tell or sys.stdout.isatty())


def _rehearse(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach import app  # noqa: PLC0415
    from voicecoach.console_log import ConsoleLog  # noqa: PLC0415
    from voicecoach.simulation.scenario import usual_night  # noqa: PLC0415
    from voicecoach.simulation.scenario_file import load_scenario  # noqa: PLC0415

    _tell_problems(assembly)
    if options.scenario:
        scenario = load_scenario(options.scenario)
        if options.routine:
            scenario = replace(scenario, routine=assembly.library.routine(options.routine).key)
    else:
        scenario = usual_night(assembly.library.routine(options.routine or app.USUAL_REHEARSAL))
    session = app.rehearse(
        assembly,
        scenario,
        seed=options.seed,
        out=options.out,
        as_text=options.text,
        tell=ConsoleLog(),
        history=options.history,
    )
    for failure in session.failures:
        print(f"voicecoach: {failure}", file=sys.stderr)
    if options.out:
        print(f"session.wav, transcript.md and session.png are in {options.out}")
    return 1 if session.failures else 0


def _list_routines(_: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.dialogue.script import length_s  # noqa: PLC0415

    _tell_problems(assembly)
    width = max((len(key) for key in assembly.library.routines), default=0)
    for key, routine in assembly.library.routines.items():
        minutes = round(length_s(assembly.plan(key), assembly.language) / 60)
        said = " or ".join(f'"start {name}"' for name in routine.say[:1])
        print(f"{key:<{width}}  {minutes:3} min  {len(routine.entries):2} stretches  {said:<28}  {routine.title}")
    return 0


def _show_routine(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.dialogue.script import script  # noqa: PLC0415

    _tell_problems(assembly)
    plan = assembly.plan(options.routine)
    sources = "; ".join(f"{source.title} ({source.article})" for source in plan.routine.sources)
    print(f"{plan.routine.title}\nfrom: {sources}\n")
    for line in script(plan, assembly.language, assembly.settings.talk):
        minutes, seconds = divmod(line.at_s, 60)
        print(f"{minutes:3.0f}:{seconds:04.1f}  {line.text}")
    return 0


def _check_files(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach.routine.loading import check_file  # noqa: PLC0415

    exit_code = 0
    for path in options.files:
        try:
            checked = check_file(path, assembly.library)
        except BadFileError as error:
            print(f"voicecoach: {error}", file=sys.stderr)
            exit_code = error.exit_code
        else:
            print(f"{path}: well, {type(checked).__name__.lower()} {checked.name!r}")
    return exit_code


def _devices(_: argparse.Namespace, __: Assembly) -> int:
    from voicecoach.engines.audio_io.devices import listing  # noqa: PLC0415
    from voicecoach.engines.audio_io.portaudio import PortAudio  # noqa: PLC0415

    print(listing(PortAudio().devices()))
    return 0


def _doctor(options: argparse.Namespace, assembly: Assembly) -> int:
    from voicecoach import app, doctor  # noqa: PLC0415

    findings = app.check_sound(assembly) if options.listen else doctor.examine(app.patient(assembly))
    print(doctor.report(findings))
    return doctor.exit_code(findings)


def _tell_problems(assembly: Assembly) -> None:
    """Broken routine files are named; everything else works."""
    for problem in assembly.library.problems:
        print(f"voicecoach: {problem}", file=sys.stderr)
