"""On which machine, and with which versions, something was measured."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path

_PACKAGES = ("vosk", "pocketsphinx", "numpy")


def machine() -> dict[str, str]:
    """What is worth knowing of the machine, by name."""
    versions = {name: version for name in _PACKAGES if (version := _version(name))}
    cores = f"{os.cpu_count()}"
    return {"processor": _processor(), "cores": cores, "Python": platform.python_version()} | versions


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _processor() -> str:
    """Its name as a person would say it: of the processor on a PC, of the whole board on a Raspberry Pi."""
    board = _text("/proc/device-tree/model").rstrip("\0")
    found = re.search(r"^model name\s*: (.+)$", _text("/proc/cpuinfo"), re.MULTILINE)
    return board or (found[1].strip() if found else platform.machine())


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
