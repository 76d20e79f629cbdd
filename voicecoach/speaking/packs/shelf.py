"""The packs that speak tonight, in their order: the first one that has a sentence says it.

A sentence that stands in no pack may still be there in its phrases, cut where a pause is: "Here is the bedtime
routine:", "ten stretches,", "about twelve minutes."  Then all of them come from one pack, so that no sentence has two
voices.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.speaking.finish import PEAK_DB, SPEECH_LUFS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from voicecoach.speaking.disk import Clip
    from voicecoach.speaking.packs.pack import VoicePack

PHRASE_PAUSE_S: Final = 0.15
"""Silence between two phrases of a sentence, besides what their clips end and begin with."""
_ONE_IN: Final = 8
"""So many sentences of a pack tell its pace: of all that the coach says, some 270."""
_LONGEST_S: Final = 60.0
"""A clip that is said to be longer, or to last no time, tells nothing."""
_FASTEST, _SLOWEST = 0.5, 2.0
"""Of what is reckoned; no voice that one can follow goes beyond."""
_PAUSE: Final = re.compile(r"(?<=[,:;])\s+(?=\S)")


def phrases(sentence: str) -> tuple[str, ...]:
    """The phrases of ``sentence``, each with the mark at its end; one where there is no pause in it."""
    return tuple(_PAUSE.split(sentence))


class PackShelf:
    """Packs in the order in which they are asked.  For any number of threads."""

    def __init__(self, packs: Sequence[VoicePack] = ()) -> None:
        """Ask ``packs``, the first of them first."""
        self.packs = tuple(packs)

    def slowness(self, reckoned_s: Callable[[str], float]) -> float | None:
        """How many times as long as is reckoned the packs take for a sentence; None where there is no pack.

        That is asked of the first pack that says much: a few sentences tell little, and others are said by it alone.

        Args:
            reckoned_s: How long a sentence would take, in seconds.
        """
        if not self.packs:
            return None
        enough = max(map(len, self.packs)) / 2
        first = next(pack for pack in self.packs if len(pack) >= enough)
        some = [one for one in first.sentences()[::_ONE_IN] if 0.0 < one.seconds < _LONGEST_S]
        reckoned = sum(reckoned_s(one.text) for one in some)
        if not reckoned:
            return None
        return min(max(sum(one.seconds for one in some) / reckoned, _FASTEST), _SLOWEST)

    def has(self, sentence: str) -> bool:
        """Whether a pack says ``sentence``; a clip may still turn out to be broken."""
        return any(parts for _, parts in self._sayings(sentence))

    def is_sound(self, sentence: str) -> bool:
        """Whether a pack says ``sentence``, and every clip that it takes comes to its checksum."""
        return any(all(map(pack.is_sound, parts)) for pack, parts in self._sayings(sentence))

    def load(self, sentence: str) -> Clip | None:
        """``sentence`` as sound; None where no pack says it."""
        for pack, parts in self._sayings(sentence):
            clips = [pack.load(part) for part in parts]
            sounds = [clip for clip in clips if clip is not None]
            if len(sounds) == len(parts):
                return _levelled(_joined(sounds), pack.manifest.loudness_lufs)
        return None

    def _sayings(self, sentence: str) -> list[tuple[VoicePack, tuple[str, ...]]]:
        """Each pack that says ``sentence``, with the clips that it takes: whole sentences come first."""
        whole = [(pack, (sentence,)) for pack in self.packs if pack.has(sentence)]
        parts = phrases(sentence)
        cut = [(pack, parts) for pack in self.packs if len(parts) > 1 and all(map(pack.has, parts))]
        return whole + cut


def _joined(clips: Sequence[Clip]) -> Clip:
    """Phrases as one sound; all of one pack, and so of one rate."""
    samples, rate_hz = clips[0]
    if len(clips) == 1:
        return samples, rate_hz
    silence = np.zeros(round(PHRASE_PAUSE_S * rate_hz), np.int16)
    parts = [part for sound, _ in clips for part in (silence, sound)]
    return np.concatenate(parts[1:]), rate_hz


def _levelled(clip: Clip, loudness_lufs: float) -> Clip:
    """A clip of a pack of that loudness, as loud as all others."""
    samples, rate_hz = clip
    gain = 10 ** ((SPEECH_LUFS - loudness_lufs) / 20)
    if abs(gain - 1) < 0.01:  # noqa: PLR2004 - a tenth of a decibel
        return clip
    loudest = int(np.max(np.abs(samples.astype(np.int32)), initial=1))
    gain = min(gain, 10 ** (PEAK_DB / 20) * 32767 / loudest)
    louder: NDArray[np.float64] = np.round(samples * gain)
    return louder.astype(np.int16), rate_hz
