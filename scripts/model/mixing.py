"""What happens to an utterance on its way to the microphone, done to its features; anew each time it is trained on.

Powers add, so in log-mel features noise is added by `logaddexp`; level, distance and a microphone's colour are
additions; another vocal tract is a shift along the mel axis, another pace along the time axis.  It is an approximation
(two sounds also beat with one another), and good enough to hear in real noise by: `LABBOOK.md` has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from model.features import FLOOR
from model.network import MEL_BINS
from model.noise import TARGET_RMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from model.store import TrainingUtterance, UtteranceStore

Features: TypeAlias = "NDArray[np.float32]"

NATURAL_PER_DB = np.log(10) / 10
"""Powers: decibels to natural logarithms."""
LOWEST_HZ, HIGHEST_HZ = 20.0, 7600.0
WARPS = np.linspace(0.84, 1.2, 25)
CUT = 0.15
"""How often a synthetic utterance loses up to 0.08 s at either end, as recordings of people do."""
NEAREST_TALK_DB = 6.0
SHORTEST_CUT = 40
"""Frames of an utterance that has so much to lose."""


def _mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log1p(np.asarray(hertz) / 700.0))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700.0 * np.expm1(mel / 1127.0))


def warp_matrix(factor: float) -> Features:
    """What a mel spectrum becomes when every formant moves by ``factor``: (40, 40), for ``matrix @ spectrum``.

    Vocal-tract length perturbation (Jaitly and Hinton, ICML 2013), done to features.
    """
    edges = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), MEL_BINS + 2)
    centres = edges[1:-1]
    sources = np.interp(_mel(_hertz(centres) / factor), centres, np.arange(MEL_BINS))
    below = np.minimum(sources.astype(int), MEL_BINS - 2)
    share = sources - below
    matrix = np.zeros((MEL_BINS, MEL_BINS), np.float32)
    matrix[np.arange(MEL_BINS), below] = 1 - share
    matrix[np.arange(MEL_BINS), below + 1] += share
    return matrix


_WARPS = [warp_matrix(factor) for factor in WARPS]


@dataclass(frozen=True, slots=True)
class Disguise:
    """How hard examples are made to hear."""

    noisy: float = 0.75
    """How many are heard in noise; the rest is in a quiet room."""
    least_snr_db: float = 0.0
    quietest_db: float = -38.0
    """How much softer than it was stored an utterance may become."""
    masks: bool = True
    """Whether parts of it are hidden."""


@dataclass(frozen=True, slots=True)
class Mixer:
    """Makes training examples."""

    noise: UtteranceStore
    """Features of noise, all at `TARGET_RMS`; some of it white or pink."""
    disguise: Disguise = Disguise()

    def example(self, features: Features, utterance: TrainingUtterance, rng: np.random.Generator) -> Features:
        """One way in which an utterance may be heard.

        Args:
            features: (frames, 40), at least two frames.
            utterance: What they are of; a person's recording is changed less than a synthetic voice.
            rng: Decides.

        Returns:
            (frames after other pace and some silence, 40); ``features`` stay as they were.
        """
        human = utterance.kind != "synthetic"
        spoken = np.asarray(features, np.float32)
        if rng.random() < (0.3 if human else 0.7):
            spoken = spoken @ _WARPS[int(np.clip(rng.normal(12, 3 if human else 6), 0, 24))].T
        if rng.random() < 0.6:  # noqa: PLR2004 - as often as not, and a little more
            spoken = _paced(spoken, rng.uniform(0.9, 1.12) if human else rng.uniform(0.8, 1.25))
        if not human and len(spoken) > SHORTEST_CUT and rng.random() < CUT:
            spoken = spoken[rng.integers(0, 9) : len(spoken) - rng.integers(0, 9)]
        spoken = spoken + _colour(rng)
        level = _level(spoken)
        longest = 0.25 if human else 0.4
        heard = _padded(spoken, rng.uniform(0.03, longest), rng.uniform(0.05, longest))
        loudness = rng.uniform(self.disguise.quietest_db, 6) * NATURAL_PER_DB
        heard += loudness
        if rng.random() < self.disguise.noisy:
            heard = np.logaddexp(heard, self._noise(len(heard), level + loudness, rng))
        heard = np.logaddexp(heard, self._hiss(len(heard), rng))
        return masked(heard, rng) if self.disguise.masks else heard

    def _noise(self, frames: int, level: float, rng: np.random.Generator) -> Features:
        """Noise up to 35 dB below ``level``; talk is kept further away, since it is speech too."""
        index = int(rng.integers(len(self.noise)))
        talk = self.noise.utterances[index].source == "babble"
        distance = rng.uniform(NEAREST_TALK_DB if talk else self.disguise.least_snr_db, 35) * NATURAL_PER_DB
        segment = self._segment(index, frames, rng)
        return np.asarray(segment - _level(segment) + level - distance + 0.5 * _colour(rng), np.float32)

    def _hiss(self, frames: int, rng: np.random.Generator) -> Features:
        """The microphone's own noise: an rms of 0.6 to 10 steps of a 16-bit integer."""
        rms = np.exp(rng.uniform(np.log(0.6), np.log(10)))
        white = self._white[int(rng.integers(len(self._white)))]
        return np.asarray(self._segment(white, frames, rng) + 2 * np.log(rms / TARGET_RMS), np.float32)

    @property
    def _white(self) -> list[int]:
        return [i for i, utterance in enumerate(self.noise.utterances) if utterance.source in {"white", "pink"}]

    def _segment(self, index: int, frames: int, rng: np.random.Generator) -> Features:
        row = self.noise.row(index)
        start = int(rng.integers(len(row)))
        if start + frames <= len(row):
            return np.asarray(row[start : start + frames], np.float32)
        return np.asarray(np.take(row, np.arange(start, start + frames), axis=0, mode="wrap"), np.float32)


def masked(features: Features, rng: np.random.Generator) -> Features:
    """Hide some bands and some time (SpecAugment, Park and others, Interspeech 2019); changes ``features``."""
    mean = features.mean()
    for _ in range(2):
        width = int(rng.integers(0, 7))
        start = int(rng.integers(0, MEL_BINS - width))
        features[:, start : start + width] = mean
    if rng.random() < 0.5:  # noqa: PLR2004 - every other time
        width = int(rng.integers(0, 10))
        start = int(rng.integers(0, max(1, len(features) - width)))
        features[start : start + width] = mean
    return features


def batch_of(examples: Sequence[Features]) -> tuple[Features, NDArray[np.int64]]:
    """Stack examples, the shorter ones with their last frame repeated: (batch, frames, 40), and each one's frames."""
    longest = max(map(len, examples))
    stacked = np.empty((len(examples), longest, MEL_BINS), np.float32)
    for row, example in zip(stacked, examples, strict=True):
        row[: len(example)] = example
        row[len(example) :] = example[-1]
    return stacked, np.array([len(example) for example in examples])


def _level(features: Features) -> float:
    """The power of the loud frames, natural logarithm; loud: within 25 dB of the loudest."""
    highest = features.max(axis=1)
    loud = highest > highest.max() - 25 * NATURAL_PER_DB
    return float(np.log(np.mean(np.exp(highest[loud] - highest.max()))) + highest.max())


def _colour(rng: np.random.Generator) -> Features:
    """(40,): what a microphone or a pillow does to the spectrum, smooth over frequency."""
    knots = np.cumsum(rng.normal(0, 0.5, 5)) + rng.normal(0, 0.4, 5)
    bins = np.arange(MEL_BINS)
    return np.asarray(np.interp(bins, np.linspace(0, MEL_BINS - 1, 5), knots - knots.mean()), np.float32)


def _paced(features: Features, factor: float) -> Features:
    """As if spoken ``factor`` times as fast; frames between two frames are their weighted means."""
    places = np.arange(0, len(features) - 1, factor)
    below = places.astype(int)
    share = (places - below)[:, None].astype(np.float32)
    return np.asarray(features[below] * (1 - share) + features[below + 1] * share, np.float32)


def _padded(features: Features, before_s: float, after_s: float) -> Features:
    """With digital silence around."""
    silence = np.full((1, MEL_BINS), FLOOR, np.float32)
    return np.concatenate([silence.repeat(int(before_s * 100), 0), features, silence.repeat(int(after_s * 100), 0)])
