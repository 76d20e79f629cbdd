"""What several commands share."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from voicecoach.assembly import Assembly

    Handler = Callable[[argparse.Namespace, Assembly], int]
    """Carries a command out; returns the exit code."""
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it

TRACE_HELP = "write down there what happens, with the words that are heard, but no sound; see docs/trace.md"
RECORD_HELP = "write the session there as a scenario, with what was said; see docs/scenarios.md"
MODEL_HELP = "an installed speech model, or the folder of one (default: see voicecoach models)"


def print_problems(assembly: Assembly) -> None:
    """Broken routine files are named; everything else works."""
    for problem in assembly.library.problems:
        print(f"voicecoach: {problem}", file=sys.stderr)
