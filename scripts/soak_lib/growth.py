"""What has grown after the first hour, in which everything has been used once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soak_lib.footprint import Footprint

MEMORY_MB: Final = 4.0
"""Memory may waver by as much: an allocator gives back what it likes."""


def growth(hours: Sequence[Footprint]) -> list[str]:
    """One line for each thing that has grown; none where all is well.

    The least of the last quarter of the hours is compared with the first hour: what is taken for a moment and given
    back is no growth.

    Args:
        hours: At the end of each hour.
    """
    first, last = hours[0], hours[-max(1, len(hours) // 4) :]
    found = []
    for name in ("memory_mb", "childrens_memory_mb"):
        more = min(getattr(one, name) for one in last) - getattr(first, name)
        if more > MEMORY_MB:
            found.append(f"{_named(name)} grew by {more:.1f} MB; {MEMORY_MB:g} MB are let pass")
    for name in ("files", "threads", "python_threads", "children"):
        more = min(getattr(one, name) for one in last) - getattr(first, name)
        if more > 0:
            found.append(f"{_named(name)}: {more} more than after the first hour")
    return found


def _named(name: str) -> str:
    return name.removesuffix("_mb").replace("_", " ")
