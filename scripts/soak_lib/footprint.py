"""What a process takes of its machine: memory, open files, threads, children; as Linux tells it."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Footprint:
    """At one moment."""

    memory_mb: float
    """Resident, of the process itself; 1 MB is a million bytes."""
    childrens_memory_mb: float
    """Resident, of all its children and theirs."""
    files: int
    """Open: files, pipes, sockets."""
    threads: int
    """Of the whole process, also those of C libraries."""
    python_threads: int
    children: int
    """With theirs."""


def footprint() -> Footprint:
    """Of this process, now."""
    children = descendants(os.getpid())
    return Footprint(
        memory_mb=_resident_mb("self"),
        childrens_memory_mb=sum(map(_resident_mb, children)),
        files=len(list((_PROC / "self" / "fd").iterdir())) - 1,  # looking takes one
        threads=len(list((_PROC / "self" / "task").iterdir())),
        python_threads=threading.active_count(),
        children=len(children),
    )


def _resident_mb(process: str) -> float:
    """0 for one that has ended meanwhile."""
    return _status(process).get("VmRSS", 0) * 1024 / 1e6


def descendants(process: int) -> list[str]:
    """The numbers of its children, and of theirs."""
    parents = {path.name: _status(path.name).get("PPid") for path in _PROC.iterdir() if path.name.isdigit()}
    found: list[str] = []
    grown = [str(process)]
    while grown:
        grown = [child for child, parent in parents.items() if str(parent) in grown]
        found += grown
    return found


def _status(process: str) -> dict[str, int]:
    """The numbers of its status file."""
    try:
        lines = (_PROC / process / "status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    named = (line.split(":", 1) for line in lines if ":" in line)
    return {name: int(value.split()[0]) for name, value in named if value.split() and value.split()[0].isdigit()}
