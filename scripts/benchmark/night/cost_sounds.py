"""The sounds that the processor's share is measured with, the same for all that are compared."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np

from benchmark.night.attending import BLOCK
from benchmark.night.programme import STOP_ECHO_DB
from benchmark.night.surroundings import (
    NIGHT_DB,
    QUIET,
    Background,
    Surroundings,
    at_microphone,
    bedroom,
    over_own_voice,
)
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.sound_files import read_sound
from voicecoach.speaking.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmark.night.effort import Effort
    from benchmark.phrases import Situations
    from benchmark.recordings import CorpusRecording
    from voicecoach.engines.synthesis.port import Clips

_GAP_S = 0.6
_SEED = 11


def cost_sounds(  # noqa: PLR0913, PLR0917 - everything that there is to be heard
    speech: Sequence[CorpusRecording],
    sentences: Sequence[str],
    clips: Clips,
    volume_db: float,
    situations: Situations,
    effort: Effort,
) -> dict[str, tuple[NDArray[np.float32], frozenset[str]]]:
    """What `costs.costs` takes: silence, speech where there is any, speech over own voice, and a piece of a night.

    Args:
        speech: What somebody says all the while.
        sentences: What the coach says all the while.
        clips: The latter as sound.
        volume_db: How loud.
        situations: The phrases that are listened for: a routine's, and at night those at rest.
        effort: How long the sounds are.
    """
    routine, rest = situations.routine.phrases, situations.rest.phrases
    cost, night = (_blocks(seconds) for seconds in (effort.cost_s, effort.night_s))
    snoring = Surroundings("night", Background.SNORING, NIGHT_DB)
    talk = {
        "speech": (_heard(QUIET, cost, volume_db, speech, (), clips), routine),
        "own_voice": (_heard(over_own_voice(STOP_ECHO_DB), cost, volume_db, speech, sentences, clips), routine),
    }
    quiet_half, snoring_half = (_heard(one, night // 2, volume_db, (), (), clips) for one in (QUIET, snoring))
    return {
        "silence": (_heard(QUIET, cost, volume_db, (), (), clips), routine),
        **(talk if speech else {}),
        "night": (np.concatenate([quiet_half, snoring_half], axis=1), rest),
    }


def _blocks(seconds: float) -> int:
    return round(seconds * MICROPHONE_HZ / BLOCK)


def _heard(  # noqa: PLR0913, PLR0917 - see `cost_sounds`
    surroundings: Surroundings,
    blocks: int,
    volume_db: float,
    speech: Sequence[CorpusRecording],
    sentences: Sequence[str],
    clips: Clips,
) -> NDArray[np.float32]:
    """Shape (2, n): the microphone, and what the speaker played."""
    length = blocks * BLOCK
    room = bedroom(surroundings, volume_db, length, (), _SEED)
    at = 0
    for recording in cycle(speech):
        if at >= length:
            break
        sound = at_microphone(read_sound(recording.path), surroundings, _SEED)
        room.speak(sound, at)
        at += len(sound) + round(_GAP_S * MICROPHONE_HZ)
    timeline = Timeline(MICROPHONE_HZ, volume_db)
    at = 0
    for sentence in cycle(sentences):
        if at >= length:
            break
        timeline.place(clips.get(sentence), at, sentence)
        at += len(clips.get(sentence))
    played = [np.zeros(BLOCK, np.float32)]
    microphone = []
    for _ in range(blocks):
        microphone.append(room.hear(BLOCK))
        played.append(timeline.read(BLOCK))
        room.play(played[-1])
    return np.stack([np.concatenate(microphone), np.concatenate(played[:-1])])
