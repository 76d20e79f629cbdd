"""Goes through the stretches of the night, in as many processes as are wanted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from benchmark.night.attending import Attended, NightSetup, NightStretch, attend
from benchmark.night.columns import measured_assembly, speech_input_of
from benchmark.night.interrupting import Interviewed, interview
from benchmark.phrases import situations
from benchmark.workers import done_to_each
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.sound_files import read_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmark.night.programme import Stretch
    from benchmark.recordings import CorpusRecording
    from voicecoach.hearing.policy import Policy

_VOICES = 8
"""That babble is mixed of; each says one thing after another."""
Outcome: TypeAlias = Attended | Interviewed


class StretchTrial:
    """Goes through one stretch after the other."""

    def __init__(self, talk: Sequence[CorpusRecording]) -> None:
        """Prepare; ``talk`` is what babble is made of."""
        self._assembly = measured_assembly()
        sets = situations(self._assembly)
        self._phrases = {one.key: one.phrases for one in (sets.routine, sets.rest)}
        voices = (talk[first::_VOICES] for first in range(_VOICES))
        self._talk = [np.concatenate([read_sound(one.path) for one in voice]) for voice in voices if voice]

    def __call__(self, stretch: Stretch, adapt: Callable[[Policy], Policy] = lambda policy: policy) -> Outcome:
        """What comes of ``stretch``, with the rules of the product or what ``adapt`` makes of them.

        Raises:
            VoicecoachError: Something is missing or broken.
        """
        with self._assembly.synthesizer() as synthesizer:
            clips = self._assembly.clips(synthesizer, MICROPHONE_HZ)
            speech_input = speech_input_of(stretch.column, self._assembly, adapt)
            if isinstance(stretch, NightStretch):
                bedside = NightSetup(clips, self._assembly.settings.volume_db, self._talk)
                return attend(stretch, speech_input, self._phrases[stretch.listens], bedside)
            return interview(stretch, speech_input, self._assembly, clips)


def outcomes(stretches: Sequence[Stretch], talk: Sequence[CorpusRecording], workers: int) -> Iterator[Outcome]:
    """What comes of each of ``stretches``, in their order.

    Raises:
        VoicecoachError: Something is missing or broken.
    """
    return done_to_each(partial(StretchTrial, tuple(talk)), stretches, workers)
