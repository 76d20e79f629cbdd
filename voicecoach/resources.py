"""Where the files that ship with the coach lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """The shipped file or folder ``name``, such as ``"routines"`` or ``"models/voicecoach-en"``.

    A wheel carries them in ``voicecoach/_data``; a checkout has them at its top level.  The path is returned whether or
    not it exists, so that the caller can say what is missing.
    """
    packed = _PACKAGE / "_data" / name
    return packed if packed.exists() else _PACKAGE.parent / name
