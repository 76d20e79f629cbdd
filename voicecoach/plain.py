"""Sentences stripped to their words, so that what was said can be compared with what was meant."""

from __future__ import annotations

import re


def plain(text: str) -> str:
    """``text`` as phrases are written in the language files: lower case, one blank between words, no punctuation."""
    return " ".join(re.findall(r"[\w']+", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))
