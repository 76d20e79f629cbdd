"""What the set-up must know of an interpreter and of its machine, one fact a line; `_setup.sh` reads them.

``python 3.11.2 /usr``
    Its version, and where it is installed.
``unfit REASON``
    The coach cannot run with this interpreter or on this machine.
``lacks PACKAGE``
    A part is missing that this Debian package brings.

It runs on Python 3.7 too, to be able to say that this is too old: only the standard library and no new syntax.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib.util
import platform
import sys

OLDEST = (3, 11)
TOO_NEW = (3, 14)
PROCESSORS = ("x86_64", "aarch64")
"""Those for which the speech recogniser (Vosk) is published."""


def unfitness() -> str:
    """Why the coach cannot run here, or nothing."""
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        return f"it needs Python 3.11, 3.12 or 3.13, and {sys.executable} is {platform.python_version()}"
    if sys.maxsize < 2**32 or platform.machine() not in PROCESSORS:
        return f"it needs a 64-bit system on a PC or a Raspberry Pi, and this one is {platform.machine()}"
    return ""


def lacking() -> list[str]:
    """The Debian packages that would bring what is missing."""
    packages = []
    if ctypes.util.find_library("portaudio") is None:  # as sounddevice looks for it
        packages.append("libportaudio2")
    if not _loads("libespeak-ng.so.1"):  # as pyttsx3 looks for it
        packages.append("espeak-ng")
    if platform.machine() == "aarch64" and not _loads("libatomic.so.1"):  # Vosk for this processor is linked to it
        packages.append("libatomic1")
    makes_venvs = importlib.util.find_spec("ensurepip") is not None  # a part of Python that Debian packs by itself
    if not makes_venvs and sys.prefix == sys.base_prefix:
        packages.append("python3-venv")
    return packages


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print("python", platform.python_version(), sys.base_prefix)
    if unfitness():
        print("unfit", unfitness())
    for package in lacking():
        print("lacks", package)
