"""How espeak-ng would say words: asked in a child process, because broken data may end the one that loads it."""

from __future__ import annotations

import subprocess
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, NoReturn

from voicecoach.engines.synthesis.espeak import _phonemes_child
from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE_S = 20.0


class Accent(StrEnum):
    """How English is read, as espeak-ng's identifier of a voice."""

    AMERICAN = "gmw/en-US"
    BRITISH = "gmw/en"


def phonemes(texts: Sequence[str], accent: Accent = Accent.AMERICAN, *, ipa: bool = False) -> list[str]:
    """What espeak-ng makes of each of ``texts``.

    Args:
        texts: Words of English.
        accent: In which they are read.
        ipa: Whether phonemes are written in the International Phonetic Alphabet, not by espeak-ng's own names.

    Returns:
        A line for each: its phonemes, with marks of stress, parted by ``_``, blank or ``|``.

    Raises:
        MissingPartError: espeak-ng is missing or broken.
    """
    if not texts:
        return []
    try:
        child = subprocess.run(  # noqa: S603 - our own script; the words go to its standard input
            [sys.executable, "-I", "-S", _phonemes_child.__file__, accent, "ipa" if ipa else "names"],
            input="".join(f"{text}\n" for text in texts),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _report_broken(f"it did not answer within {PATIENCE_S:g} s")
    lines = child.stdout.splitlines()
    if child.returncode or len(lines) != len(texts):
        complaints = child.stderr.strip().splitlines() or ["it ended without a word"]
        _report_broken(complaints[-1])
    return lines


def _report_broken(reason: str) -> NoReturn:
    raise MissingPartError(f"espeak-ng is missing or broken: {reason}; install it with: sudo apt install espeak-ng")
