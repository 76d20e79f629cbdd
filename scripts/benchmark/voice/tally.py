"""The figures of one voice, made of how it said each sentence."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Protocol

import numpy as np

from benchmark.intervals import Figure, middle, share
from benchmark.voice.misheard import word_errors, words_of
from voicecoach.speaking.clips import as_float
from voicecoach.speaking.loudness import loudness_lufs
from voicecoach.voices.coverage import FASTEST, words_per_minute

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from voicecoach.speaking.disk import Clip
    from voicecoach.speaking.packs.pack import VoicePack


class Listener(Protocol):
    """Somebody who writes down what is said."""

    def hear(self, clip: Clip) -> str:
        """What it takes ``clip`` for."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that was said."""

    sentence: str
    seconds: float
    loudness_lufs: float
    took_s: float
    """How long it took to have the sound."""
    heard: str | None = None
    """None: nobody listened."""

    @property
    def pace(self) -> float | None:
        """Words a minute, where it is long enough to have a pace."""
        return words_per_minute(self.sentence, self.seconds)


def said(sentence: str, clip: Clip, took_s: float, listener: Listener | None) -> Said:
    """What is to be known of ``clip``, which says ``sentence``."""
    samples, rate_hz = clip
    heard = None if listener is None else listener.hear(clip)
    return Said(sentence, len(samples) / rate_hz, loudness_lufs(as_float(samples), rate_hz), took_s, heard)


def figures(sayings: Sequence[Said], number: Callable[[int], str]) -> dict[str, Figure]:
    """Everything that is known of a voice.

    Args:
        sayings: Of it, at least one.
        number: A number in words.
    """
    paces = [pace for one in sayings if (pace := one.pace) is not None]
    spread = float(np.subtract(*np.percentile([one.loudness_lufs for one in sayings], [95, 5])))
    found = {
        "spread_lu": _exactly(spread, len(sayings)),
        "minutes": _exactly(sum(one.seconds for one in sayings) / 60, len(sayings)),
        "cost_ms": middle([1000 * one.took_s / one.seconds for one in sayings]),
    }
    if paces:
        found["pace.mean"] = _exactly(statistics.fmean(paces), len(paces))
        found["pace.fastest"] = _exactly(max(paces), len(paces))
        found["pace.too_fast"] = share(sum(pace > FASTEST for pace in paces), len(paces))
    return found | _misheard(sayings, number)


def pack_figures(pack: VoicePack) -> dict[str, Figure]:
    """What the whole of a pack comes to."""
    clips = pack.sentences()
    return {
        "pack.clips": _exactly(len(clips), len(clips)),
        "pack.minutes": _exactly(sum(one.seconds for one in clips) / 60, len(clips)),
        "pack.mb": _exactly(pack.path.stat().st_size / 1e6, len(clips)),
    }


def worst(sayings: Sequence[Said], number: Callable[[int], str]) -> Mapping[str, str]:
    """What was misunderstood, by the sentence that was said; the worst first."""
    errors = {one: _errors(one, number)[0] for one in sayings if one.heard is not None}
    ordered = sorted((one for one, count in errors.items() if count), key=lambda one: -errors[one])
    return {one.sentence: (one.heard or "").strip() for one in ordered}


def _misheard(sayings: Sequence[Said], number: Callable[[int], str]) -> dict[str, Figure]:
    counted = [_errors(one, number) for one in sayings if one.heard is not None]
    if not counted:
        return {}
    words = sum(of for _, of in counted)
    return {
        "misheard.words": share(min(sum(errors for errors, _ in counted), words), words),
        "misheard.sentences": share(sum(errors > 0 for errors, _ in counted), len(counted)),
    }


def _errors(one: Said, number: Callable[[int], str]) -> tuple[int, int]:
    """Errors, and of how many words."""
    words = words_of(one.sentence, number)
    return word_errors(words, words_of(one.heard or "", number)), len(words)


def _exactly(value: float, n: int) -> Figure:
    """Something that is no sample of anything."""
    return Figure(value, n, -inf, inf)
