"""What the name of a model tells: how it is stored, and its language."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LANGUAGE = re.compile(r"(?:vosk-model|voicecoach)-(?:small-)?([a-z]{2}(?:-[a-z]{2})?)(?=-|$)")
_GENERAL = "vosk-model-"
"""Names begin so where the publisher's models for any text do."""


def is_name(text: str) -> bool:
    """Whether ``text`` can be a model's name: a folder's name that leads nowhere else."""
    return _NAME.fullmatch(text) is not None


def language_of(name: str) -> str | None:
    """The language that a model's name tells, as in "en-us"; None where it tells none."""
    found = _LANGUAGE.match(name)
    return found[1] if found else None


def is_general_english(name: str) -> bool:
    """Whether a model hears any English text, not just the words of a coach."""
    language = language_of(name)
    return name.startswith(_GENERAL) and language is not None and language.split("-")[0] == "en"
