"""Soft sounds that stand for words: warm, short, and quieter than any sentence, for a dark bedroom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.dialogue.events import Chime

if TYPE_CHECKING:
    from numpy.typing import NDArray

PEAK_DB = -20.0
"""Loudest sample, relative to full scale; sentences peak at about -6 dB."""
LONGEST_S = 1.2
SWELL_S = 0.030
"""A slow attack: felt as a touch, not as a knock."""
FADE_S = 0.100
HARMONICS = (1.0, 0.28, 0.10, 0.03)
"""Strength of a tone and its overtones; few and weak ones sound like wood, many like metal."""

D4, G4, A4, D5 = 293.66, 392.00, 440.00, 587.33


@dataclass(frozen=True, slots=True)
class Tone:
    """One struck tone, in Hz and seconds."""

    pitch_hz: float
    begins_s: float
    dies_away_s: float
    """Time in which it falls to a third."""


TONES: dict[Chime, tuple[Tone, ...]] = {
    Chime.DONE: (Tone(A4, 0.0, 0.25), Tone(D5, 0.16, 0.30)),
    Chime.BREATHE_IN: (Tone(D4, 0.0, 0.16), Tone(A4, 0.18, 0.24)),
    Chime.BREATHE_OUT: (Tone(A4, 0.0, 0.16), Tone(D4, 0.18, 0.24)),
    Chime.COMING: (Tone(G4, 0.0, 0.22),),
}
"""Rising for in, falling for out, coming home for a hold that is over, one tone that stays open for a moment more."""


BREATHS: dict[Chime, tuple[float, float]] = {Chime.BREATHE_IN: (D4, A4), Chime.BREATHE_OUT: (A4, D4)}
"""From which pitch to which a tone glides that goes with a breath."""
BREATH_DB = -27.0
"""Its loudest sample: it sounds for minutes, under whatever else is heard."""
BREATH_SWELL_S, BREATH_FADE_S = 0.7, 1.0


def render(chime: Chime, rate_hz: int, lasts_s: float | None = None) -> NDArray[np.float32]:
    """``chime`` as sound: shape (n,), float32, from zero to zero.

    Args:
        chime: Which.
        rate_hz: The rate.
        lasts_s: How long the tone of a breath sounds; None: at most `LONGEST_S`.
    """
    if lasts_s is not None and chime in BREATHS:
        return _glide(*BREATHS[chime], rate_hz, lasts_s)
    tones = TONES[chime]
    length_s = min(LONGEST_S, max(tone.begins_s + 4 * tone.dies_away_s for tone in tones))
    time_s = np.arange(round(length_s * rate_hz)) / rate_hz
    sound = np.zeros_like(time_s)
    for tone in tones:
        sound += _strike(tone, time_s)
    sound *= np.clip((time_s[-1] - time_s) / FADE_S, 0.0, 1.0)
    gain = math.pow(10.0, PEAK_DB / 20.0) / float(np.max(np.abs(sound)))
    return np.multiply(sound, gain).astype(np.float32)


def _strike(tone: Tone, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    since_s = np.maximum(time_s - tone.begins_s, 0.0)
    sound = np.zeros_like(time_s)
    for number, strength in enumerate(HARMONICS, start=1):
        dying_away = np.exp(-number * since_s / tone.dies_away_s)  # overtones faster, as in a bell of wood
        sound += strength * dying_away * np.sin(2 * np.pi * number * tone.pitch_hz * since_s)
    sound *= np.sin(np.minimum(since_s / SWELL_S, 1.0) * (np.pi / 2)) ** 2
    return sound


def _glide(from_hz: float, to_hz: float, rate_hz: int, lasts_s: float) -> NDArray[np.float32]:
    """One soft tone that goes from a pitch to another, even steps to the ear in even times."""
    done = np.arange(round(lasts_s * rate_hz)) / (lasts_s * rate_hz)
    phase = 2 * np.pi * np.cumsum(from_hz * (to_hz / from_hz) ** done) / rate_hz
    sound = np.sin(phase) + HARMONICS[1] / 2 * np.sin(2 * phase)
    swell_s, fade_s = (min(seconds, lasts_s / 2) for seconds in (BREATH_SWELL_S, BREATH_FADE_S))
    for way in (done * lasts_s / swell_s, (1 - done) * lasts_s / fade_s):
        sound *= np.sin(np.clip(way, 0.0, 1.0) * (np.pi / 2)) ** 2
    gain = math.pow(10.0, BREATH_DB / 20.0) / float(np.max(np.abs(sound), initial=1.0))
    return np.multiply(sound, gain).astype(np.float32)
