"""How this program was called, so that every line that says what to type says what works here."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

NAME = "voicecoach"
CALLED = "VOICECOACH_CALLED"
"""The environment variable in which ``scripts/coach`` says what it was called as."""


def typed(command: str = "") -> str:
    """What to type for ``command``: "scripts/coach devices" for who typed scripts/coach."""
    return f"{program()} {command}".rstrip()


def to_install(*packages: str) -> str:
    """What to type for ``packages`` to come into the Python that runs this, as `pip` may be that of another one."""
    pip = shutil.which("pip")
    if pip is None or Path(pip).parent != Path(sys.executable).parent:
        pip = f"{shlex.quote(sys.executable)} -m pip"
    else:
        pip = "pip"
    return f"{pip} install {' '.join(packages)}"


def program() -> str:
    """The command as the person typed it, fit for a shell: ``voicecoach``, ``scripts/coach``, ``python -m voicecoach``.

    Where it was called in none of these ways, by a test or another program, it is ``voicecoach``.
    """
    if called := os.environ.get(CALLED):
        return shlex.quote(called)
    path = Path(sys.argv[0] if sys.argv else "")
    if path.name == "__main__.py" and path.parent.name == NAME:
        return f"{shlex.quote(sys.orig_argv[0])} -m {NAME}"
    if path.name != NAME or shutil.which(NAME) == str(path):
        return NAME
    return shlex.quote(str(path))
