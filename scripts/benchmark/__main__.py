"""The command line of ``scripts/bench``: everything at once, or a part such as ``hearing`` or ``voice``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from benchmark import ablation, hearing, history
from benchmark.night import command as night
from benchmark.voice import command as voice
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.  Errors that a person can mend are one line on stderr."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure the coach in a simulated night; without a COMMAND everything."
    )
    night.add_options(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    hearing.add_options(commands.add_parser("hearing", help=hearing.HELP))
    ablation.add_options(commands.add_parser("ablate", help=ablation.HELP))
    history.add_options(commands.add_parser("history", help=history.HELP))
    voice.add_options(commands.add_parser("voice", help=voice.HELP))
    options = parser.parse_args(arguments)
    try:
        options.measure(options)
    except VoicecoachError as error:
        print(f"voicecoach: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("voicecoach: broken off", file=sys.stderr)
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
