"""The command line of ``scripts/soak``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from soak_lib import live, simulated
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.  Errors that a person can mend are one line on stderr."""
    parser = argparse.ArgumentParser(
        prog="scripts/soak", description="Let the coach run for long, and look whether anything of it grows."
    )
    parser.add_argument("--seed", type=int, default=0, help="decides everything that is left to chance (0)")
    simulated.add_options(parser)
    live.add_options(parser)
    options = parser.parse_args(arguments)
    if bool(options.simulated) == bool(options.live):
        parser.error("say either --simulated HOURS or --live SESSIONS")
    try:
        if options.live:
            return live.soak(options)
        return simulated.soak(options.simulated, options.seed, options.session_every)
    except VoicecoachError as error:
        print(f"voicecoach: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("voicecoach: broken off", file=sys.stderr)
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
