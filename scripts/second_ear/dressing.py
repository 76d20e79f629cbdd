"""How what was said reaches a microphone: bodies and rooms, noise and other people's talk, levels, silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.noise import MADE
from model.recordings import is_for_tuning, read_index, read_samples
from model.waveforms import varied
from second_ear.upbringing import MILD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from second_ear.upbringing import Upbringing

    Samples = NDArray[np.float32]

SAMPLE_HZ: Final = 16_000
QUIETEST_DB, LOUDEST_DB = -44.0, -16.0
"""Of what is said, relative to full scale."""
FLOOR_DB: Final = (-75.0, -58.0)
"""Of the hiss that is always there."""
AFTER_S: Final = (0.1, 0.9)
FAR: Final = 0.5
TALKERS: Final = 250
RECORDED: Final = 500
_FULL: Final = 32767.0
_SHORTEST: Final = SAMPLE_HZ // 4
GATED: Final = 0.1
"""So often there is no hiss: some microphones give zeros while nobody speaks."""
_LOUD: Final = 70
"""Percentile of the frames in which somebody speaks."""
_SPEAKS_DB: Final = 25.0
"""Above what lies so far below the loudest frame."""


class Dresser:
    """Knows noise, and people who talk in the background."""

    def __init__(self, speech: Path | None, rng: np.random.Generator, upbringing: Upbringing = MILD) -> None:
        """Read some noise and some talk of the recordings in ``speech``, of those for training."""
        self._upbringing = upbringing
        self._noises: list[Samples] = []
        self._talk: list[Samples] = []
        if speech is not None:
            usable = [one for one in read_index(speech) if not is_for_tuning(one)]
            for kind, most, into in (("noise", RECORDED, self._noises), ("speech", TALKERS, self._talk)):
                of_kind = [one for one in usable if one.kind == kind]
                chosen = rng.permutation(len(of_kind))[:most]
                sounds = (_levelled(read_samples(of_kind[int(one)].path).astype(np.float32)) for one in chosen)
                into += [sound for sound in sounds if sound is not None]

    def dressed(self, sound: NDArray[np.int16], rng: np.random.Generator, *, human: bool) -> NDArray[np.int16]:
        """``sound`` as it may reach a microphone, with something before and after it."""
        before, after = (round(rng.uniform(*span) * SAMPLE_HZ) for span in (self._upbringing.before_s, AFTER_S))
        padded = np.pad(sound, (before, after))  # before it is in a room, whose tail is heard to its end
        said = np.asarray(varied(padded, rng, human=human, far=rng.random() < FAR) / _FULL, np.float32)
        said *= np.float32(10 ** (rng.uniform(QUIETEST_DB, LOUDEST_DB) / 20) / (loud_rms(said) + 1e-9))
        return self.amid_noise(said, loud_rms(said), rng)

    def amid_noise(self, whole: Samples, level: float, rng: np.random.Generator) -> NDArray[np.int16]:
        """``whole``, of which speech has so high a ``level`` (RMS), beside hiss, and often beside noise."""
        floor = 0.0 if rng.random() < GATED else 10 ** (rng.uniform(*FLOOR_DB) / 20)
        whole = whole + rng.standard_normal(len(whole)).astype(np.float32) * np.float32(floor)
        if rng.random() < self._upbringing.noisy:
            whole = whole + self.noise(len(whole), rng) * np.float32(
                level * 10 ** (-rng.uniform(*self._upbringing.snr_db) / 20)
            )
        return np.asarray(np.clip(whole, -1.0, 1.0) * _FULL, np.int16)

    def noise(self, count: int, rng: np.random.Generator) -> Samples:
        """Shape (count,), RMS about 1: made from chance, recorded, or talk of one to five people."""
        way, how = rng.random(), self._upbringing
        if way < how.talk and self._talk:
            found = np.zeros(count, np.float32)
            for _ in range(int(rng.choice(how.talkers))):
                found += _stretch(self._talk, count, rng)
        elif way < how.talk + how.recorded and self._noises:
            found = _stretch(self._noises, count, rng)
        else:
            found = MADE[int(rng.integers(len(MADE)))](count, rng).astype(np.float32)
        return np.asarray(found / (np.sqrt(np.mean(found**2)) + 1e-6), np.float32)


def loud_rms(sound: Samples) -> float:
    """RMS of the louder part of what is said in ``sound``, however much silence is around it."""
    frames = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    powers = np.mean(frames**2, axis=1) if len(frames) else np.mean(sound**2, keepdims=True)
    spoken = powers[powers >= powers.max() * 10 ** (-_SPEAKS_DB / 10)]
    return float(np.sqrt(np.percentile(spoken, _LOUD)))


def _levelled(sound: Samples) -> Samples | None:
    power = float(np.mean(sound**2))
    return sound / np.float32(np.sqrt(power)) if len(sound) >= _SHORTEST and power > 1.0 else None


def _stretch(sounds: Sequence[Samples], count: int, rng: np.random.Generator) -> Samples:
    sound = sounds[int(rng.integers(len(sounds)))]
    return np.resize(np.roll(sound, -int(rng.integers(len(sound)))), count)
