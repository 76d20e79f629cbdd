"""What several commands share."""

from __future__ import annotations

import argparse
import re
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING

from voicecoach.invocation import typed
from voicecoach.standard_streams import libraries_in_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voicecoach.assembly import Assembly
    from voicecoach.engines.recognition.model_store.download import Progress

    Handler = Callable[[argparse.Namespace, Assembly], int]
    """Carries a command out; returns the exit code."""
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - argparse has no public name for it

TRACE_HELP = "write down there what happens, with the words that are heard, but no sound; see docs/trace.md"
RECORD_HELP = "write the session there as a scenario, with what was said; see docs/scenarios.md"
MODEL_HELP = f"an installed speech model, or the folder of one (default: see {typed('models')})"


def print_problems(assembly: Assembly) -> None:
    """Broken routine files are named, each with the first thing that is wrong; everything else works."""
    from voicecoach.console_log import warn  # noqa: PLC0415 - "--help" need not wait for it

    for problem in assembly.library.problems:
        warn(str(problem))
        if problem.others:
            warn(f"and {len(problem.others)} more there; to see them all, type: {typed('routines check')}")


def with_sound_card(handler: Handler) -> Handler:
    """For a command that opens devices: what the libraries behind them print stays off the person's screen."""

    @wraps(handler)
    def quiet(options: argparse.Namespace, assembly: Assembly) -> int:
        from voicecoach.settings import libraries_log  # noqa: PLC0415 - "--help" need not wait for it

        with libraries_in_log(libraries_log()):
            return handler(options, assembly)

    return quiet


def digest(digits: int) -> Callable[[str], str]:
    """For an option: a checksum of so many hexadecimal digits, in lower case."""

    def check(text: str) -> str:
        if not re.fullmatch(rf"[0-9a-fA-F]{{{digits}}}", text):
            raise argparse.ArgumentTypeError(f"{text!r} is not {digits} hexadecimal digits")
        return text.lower()

    return check


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of words, each column as wide as its widest."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


@contextmanager
def download_bar() -> Iterator[Progress]:
    """A progress bar, where a terminal is watching."""
    from tqdm import tqdm  # noqa: PLC0415 - "--help" need not wait for it

    shown = ""
    with tqdm(unit="B", unit_scale=True, disable=None, leave=False) as bar:

        def progress(what: str, done: int, total: int | None) -> None:
            nonlocal shown
            if shown != what:
                shown = what
                bar.reset(total)
                bar.set_description_str(what)
            bar.total = total
            bar.update(done - bar.n)

        yield progress
