"""The command line of ``scripts/evenings``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tqdm import tqdm

from evening_pages.living import evenings, live, usual_house
from evening_pages.page import index, page
from voicecoach.errors import CannotCreateError, VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGES: Final = Path(__file__).parents[2] / "docs" / "evenings"
_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.  Errors that a person can mend are one line on stderr."""
    parser = argparse.ArgumentParser(
        prog="scripts/evenings", description="Write down a first and a tenth evening of every routine."
    )
    parser.add_argument("--out", type=Path, default=PAGES, metavar="DIR", help="where to (default: docs/evenings)")
    options = parser.parse_args(arguments)
    try:
        write(options.out)
    except VoicecoachError as error:
        print(f"voicecoach: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("voicecoach: broken off", file=sys.stderr)
        return _INTERRUPTED
    return 0


def write(out: Path) -> None:
    """Play every evening and write its page into ``out``.

    Raises:
        VoicecoachError: ``out`` cannot be written.
    """
    assembly = usual_house()
    try:
        out.mkdir(parents=True, exist_ok=True)
        all_evenings = evenings(assembly)
        for evening in tqdm(all_evenings, "evenings", leave=False, disable=None):
            (out / evening.file).write_text(page(evening, live(evening, assembly)), encoding="utf-8")
        (out / "README.md").write_text(index(all_evenings), encoding="utf-8")
    except OSError as error:
        raise CannotCreateError(f"{out} cannot be written ({error.strerror}); name a folder with --out") from None


if __name__ == "__main__":
    sys.exit(main())
