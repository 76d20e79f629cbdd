"""Which phrases a model can hear at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from voicecoach.engines.recognition.port import Model


def missing_words(model: Model, phrases: Collection[str]) -> set[str]:
    """The words of ``phrases`` that ``model`` cannot recognise."""
    return {word for word in {word for phrase in phrases for word in phrase.split()} if not model.knows(word)}


def check_phrases(model: Model, phrases: Collection[str]) -> list[str]:
    """The ``phrases`` that ``model`` cannot recognise, a line each that names the words it lacks."""
    missing = missing_words(model, phrases)
    lines = []
    for phrase in sorted(phrases):
        lacking = dict.fromkeys(word for word in phrase.split() if word in missing)
        if lacking:
            listed = " and ".join(f'"{word}"' for word in lacking)
            lines.append(f'"{phrase}" cannot be heard: the speech model lacks {listed}')
    return lines
