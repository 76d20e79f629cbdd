"""Goes through the stretches of the night, in as many processes as are wanted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from benchmark.night.attending import Attended, Bedside, Session, attend
from benchmark.night.columns import ears_of, measured_house
from benchmark.night.interrupting import Interviewed, interview
from benchmark.phrases import situations
from benchmark.sounds import read_sound
from benchmark.workers import done_to_each
from voicecoach.app import clip_folder, warn
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.engines.synthesis.espeak.synthesizer import EspeakSynthesizer
from voicecoach.speaking.clips import ClipCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmark.night.programme import Stretch
    from benchmark.recordings import Recording
    from voicecoach.hearing.policy import Policy

_VOICES = 8
"""That babble is mixed of; each says one thing after another."""
Outcome: TypeAlias = Attended | Interviewed


class Listener:
    """Goes through one stretch after the other."""

    def __init__(self, talk: Sequence[Recording]) -> None:
        """Furnish the house; ``talk`` is what babble is made of."""
        self._assembly = measured_house()
        sets = situations(self._assembly)
        self._phrases = {one.key: one.phrases for one in (sets.routine, sets.rest)}
        voices = (talk[first::_VOICES] for first in range(_VOICES))
        self._talk = [np.concatenate([read_sound(one.path) for one in voice]) for voice in voices if voice]

    def __call__(self, stretch: Stretch, adapt: Callable[[Policy], Policy] = lambda policy: policy) -> Outcome:
        """What comes of ``stretch``, with the rules of the product or what ``adapt`` makes of them.

        Raises:
            VoicecoachError: Something is missing or broken.
        """
        with EspeakSynthesizer() as synthesizer:
            clips = ClipCache(clip_folder(), self._assembly.settings.voice, MICROPHONE_HZ, synthesizer, warn)
            ears = ears_of(stretch.column, self._assembly, adapt)
            if isinstance(stretch, Session):
                bedside = Bedside(clips, self._assembly.settings.volume_db, self._talk)
                return attend(stretch, ears, self._phrases[stretch.listens], bedside)
            return interview(stretch, ears, self._assembly, clips)


def outcomes(stretches: Sequence[Stretch], talk: Sequence[Recording], workers: int) -> Iterator[Outcome]:
    """What comes of each of ``stretches``, in their order.

    Raises:
        VoicecoachError: Something is missing or broken.
    """
    return done_to_each(partial(Listener, tuple(talk)), stretches, workers)
