"""Lets every model hear every recording, in a quiet room and in noise, with the phrases of each situation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmark.noise import NoiseShelf
from benchmark.recordings import Kind, name_of, sampled
from benchmark.scenes import in_quiet_room, speech_power, with_noise
from benchmark.scoring import SYNTHETIC, Trial
from benchmark.workers import done_to_each
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.sound_files import read_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from benchmark.contenders import Contender
    from benchmark.phrases import PhraseSet, Situations
    from benchmark.recordings import CorpusRecording

SNRS_DB = (18, 12, 6)
_SEED = 3
_MOST_TALK = 40
"""Recordings that talk is made of; a different few each time."""
_LONG_ENOUGH = 2 * MICROPHONE_HZ
"""Noise that is shorter would be heard to repeat; it is used only where there is no other."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A recording, and the sets of phrases that it is heard with."""

    recording: CorpusRecording
    sets: tuple[PhraseSet, ...]

    @property
    def snrs_db(self) -> tuple[int | None, ...]:
        """The rooms that it is heard in; None is the quiet one, and the only one where nobody speaks."""
        return (None,) if self.recording.kind is Kind.NOISE else (None, *SNRS_DB)

    @property
    def trials(self) -> int:
        """How often each model hears it."""
        return len(self.sets) * len(self.snrs_db)


PARTS = ("ten", "rest", "routine", "digits", "unheard", SYNTHETIC)
"""What can be heard by itself: people and noise with one set of phrases, or synthetic persons with the coach's."""


def planned(
    recordings: Iterable[CorpusRecording], situations: Situations, parts: Collection[str] = PARTS
) -> list[Hearing]:
    """Which recording is heard with which phrases, where only some of `PARTS` are wanted."""
    hearings = [Hearing(one, _sets(one, situations, parts)) for one in recordings]
    return [hearing for hearing in hearings if hearing.sets]


def _sets(recording: CorpusRecording, situations: Situations, parts: Collection[str]) -> tuple[PhraseSet, ...]:
    if recording.kind is not Kind.SYNTHETIC:
        return tuple(one for one in situations.for_person(recording) if one.key in parts)
    of_the_coach = situations.for_phrase(recording.transcript)
    return (of_the_coach,) if of_the_coach and SYNTHETIC in parts else ()


def noise_shelf(recordings: Sequence[CorpusRecording]) -> NoiseShelf:
    """The noise that can be mixed in: the recorded, and talk made of what is said in the recordings."""
    noises = [read_sound(one.path) for one in recordings if one.kind is Kind.NOISE]
    audible = [noise for noise in noises if noise.any()]
    talk = sampled((one for one in recordings if one.kind in {Kind.SPEECH, Kind.PHRASE}), 1, _MOST_TALK // 2)
    return NoiseShelf(
        recorded=[noise for noise in audible if len(noise) >= _LONG_ENOUGH] or audible,
        talk=[read_sound(one.path) for one in talk],
    )


def scenes(
    hearing: Hearing, sound: NDArray[np.float32], shelf: NoiseShelf
) -> Iterator[tuple[int | None, NDArray[np.float32]]]:
    """``sound`` in each room: the signal-to-noise ratio, and the samples.

    Chance is drawn from the recording's name alone, so that a recording sounds the same whatever else is measured; and
    it is the same noise at each ratio.
    """
    digest = hashlib.sha256(name_of(hearing.recording).encode()).digest()
    rng = np.random.default_rng([_SEED, int.from_bytes(digest[:8])])
    quiet = in_quiet_room(sound, rng)
    power, noise = speech_power(sound), shelf.noise(len(quiet), rng)
    for snr_db in hearing.snrs_db:
        yield snr_db, quiet if snr_db is None else with_noise(quiet, noise, power, snr_db)


class RecordingTrial:
    """Has every model hear one recording after the other."""

    def __init__(self, models: Mapping[str, Callable[[], Contender]], shelf: NoiseShelf) -> None:
        self._contenders = {name: load() for name, load in models.items()}
        self._shelf = shelf

    def __call__(self, hearing: Hearing) -> dict[str, list[Trial]]:
        """The trials of each model.

        Raises:
            BadFileError: The recording is no sound.
        """
        trials: dict[str, list[Trial]] = {name: [] for name in self._contenders}
        for snr_db, scene in scenes(hearing, read_sound(hearing.recording.path), self._shelf):
            length_s = len(scene) / MICROPHONE_HZ
            for name, contender in self._contenders.items():
                for one in hearing.sets:
                    accepted = contender.hear(one.by_hand if contender.by_hand else one.phrases, scene)
                    trials[name].append(Trial(hearing.recording, one, snr_db, accepted, length_s))
        return trials


def listen(
    hearings: Sequence[Hearing], models: Mapping[str, Callable[[], Contender]], shelf: NoiseShelf, workers: int
) -> Iterator[dict[str, list[Trial]]]:
    """The trials of each model, one of ``hearings`` after the other.

    Args:
        hearings: What to hear.
        models: By their names, what loads each.
        shelf: Noise to mix in.
        workers: Processes that listen side by side.

    Raises:
        VoicecoachError: A model or a recording cannot be used.
    """
    return done_to_each(partial(RecordingTrial, models, shelf), hearings, workers)
