"""A moment of a session as people read it."""

from __future__ import annotations


def clock(at_s: float) -> str:
    """``at_s`` as minutes, seconds and tenths: "02:13.4"."""
    tenths = round(at_s * 10)
    return f"{tenths // 600:02d}:{tenths // 10 % 60:02d}.{tenths % 10}"
