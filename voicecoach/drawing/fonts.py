"""The one font of all drawings, which comes with Pillow, and how wide text is in it."""

from __future__ import annotations

from functools import cache
from typing import Final

from PIL import ImageFont

_ELLIPSIS: Final = "…"
_FINER: Final = 2
"""Widths are measured at twice the size, to half a pixel."""


@cache
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font at ``size`` pixels."""
    return ImageFont.load_default(size)


def text_width(text: str, size: int = 12) -> float:
    """How many pixels wide ``text`` is."""
    return font(size * _FINER).getlength(text) / _FINER


def shortened(text: str, width: float, size: int = 12) -> str:
    """``text``, cut at its end so that it is at most ``width`` pixels wide; empty when not even a letter fits."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + _ELLIPSIS, size) > width:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS if text else ""
