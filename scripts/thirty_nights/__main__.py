"""The command line of ``scripts/thirty-nights``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tqdm import tqdm

from thirty_nights.living import live, usual_house
from thirty_nights.page import page
from thirty_nights.story import STORY
from voicecoach.errors import CannotCreateError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.  Errors that a person can mend are one line on stderr."""
    parser = argparse.ArgumentParser(
        prog="scripts/thirty-nights", description="Play thirty nights of one person with the coach, and tell them."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.md", help="the page to write")
    options = parser.parse_args(arguments)
    try:
        tell(options.out)
    except VoicecoachError as error:
        print(f"voicecoach: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("voicecoach: broken off", file=sys.stderr)
        return _INTERRUPTED
    return 0


def tell(out: Path) -> None:
    """Play the story and write it to ``out``.

    Raises:
        VoicecoachError: ``out`` cannot be written.
    """
    try:
        with out.open("a", encoding="utf-8"):
            pass  # better told now than after the thirtieth night
        assembly = usual_house()
        with TemporaryDirectory() as folder:
            story = list(tqdm(live(STORY, Path(folder), assembly), "nights", len(STORY), leave=False, disable=None))
        out.write_text(page(story, assembly), encoding="utf-8")
    except OSError as error:
        raise CannotCreateError(f"{out} cannot be written ({error.strerror}); name another file with --out") from None


if __name__ == "__main__":
    sys.exit(main())
