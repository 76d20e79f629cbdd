"""One channel out of several, by what is in them.

Many microphones have two channels of which only one is a microphone: the other is dead, the same upside down, full of
hum, or carries what the speaker plays.  So each channel's share of a voice is learned, its sign and the noise beside
it, from the sound itself while the speaker is silent; then each counts for as much as it helps.  Where all are about
equally good, which is most of the time, they are averaged.

All of it is a function of the samples; the shares move so slowly that no click is heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Row = NDArray[np.float64]

DEAD: Final = 10**-11.5
"""Power of a channel in which there is nothing: -115 dBFS, less than any microphone's own noise."""
DEAD_S: Final = 0.5
"""So long nothing, and a channel is left out."""
VOICE: Final = 4.0
"""Power above the noise at which somebody speaks, as a factor."""
RISES: Final = 2.0
"""How fast the estimate of the noise may rise, as a factor in a second; it falls at once."""
FALLS_S: Final = 0.1
LEARNS_S: Final = 0.5
"""Of voice, until what is known of a channel has changed."""
LOOKS_S: Final = 0.06
"""How often it is looked what each should count for."""
TURNS_S: Final = 0.05
"""Until the shares have changed."""
UPSIDE_DOWN: Final = -0.5
"""Correlation with another channel below which one is upside down, as long as no voice has been heard."""
LEVEL_KEPT: Final = 0.89
QUALITY_KEPT: Final = 0.8
"""Of the best channel's level (1 dB) and of its power ratio of voice to noise: the plain average is good enough."""
OFFSET_S: Final = 1.0
OFFSET: Final = 1e-3
"""A constant part above this (-60 dBFS) is taken out, slowly."""


class ChannelMix:
    """Mixes one stream of a microphone.  For one thread."""

    def __init__(self, channels: int, rate_hz: int) -> None:
        """Know nothing of the channels yet."""
        self._count, self._rate_hz = channels, rate_hz
        self._offset = np.zeros(channels)
        """The constant part of each channel."""
        self._taken_out = np.zeros(channels)
        """How much of it is taken out."""
        self._silent_s = np.full(channels, np.inf)
        """For how long there has been nothing in each."""
        self._noise = np.full(channels, np.nan)
        """Power of what is there when nobody speaks."""
        self._all: NDArray[np.float64] | None = None
        self._voice: NDArray[np.float64] | None = None
        """Covariance of all there was, and of the moments in which somebody spoke; the speaker was silent."""
        self._shares: _Row | None = None
        """What each counts for."""
        self._aim: _Row | None = None
        self._age_s = 0.0
        """What they are moving to, and how long ago that was found."""

    def mix(self, sound: NDArray[np.float32], *, speaker_plays: bool) -> NDArray[np.float32]:
        """The next block.

        Args:
            sound: shape (n, channels), in -1..1; what is no number is taken for silence.
            speaker_plays: Whether the speaker is or was just heard; then nothing is learned.

        Returns:
            shape (n,).  The level of a voice is that in the best channel; a single channel is left as it is.
        """
        if not len(sound):
            return np.zeros(0, np.float32)
        sound = np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0)
        if self._count == 1:
            return sound[:, 0]
        stuck = np.ptp(sound, axis=0) == 0.0
        sound = np.where(stuck, np.float32(0.0), self._without_offset(sound))
        self._learn(sound, len(sound) / self._rate_hz, speaker_plays=speaker_plays)
        return self._mixed(sound)

    def _without_offset(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        mean = sound.mean(axis=0, dtype=np.float64)
        self._offset = self._offset + (mean - self._offset) * _part(len(sound) / self._rate_hz, OFFSET_S)
        before = self._taken_out
        self._taken_out = np.where(np.abs(self._offset) > OFFSET, self._offset, 0.0)
        if not before.any() and not self._taken_out.any():
            return sound
        return (sound - _ramp(before, self._taken_out, len(sound))).astype(np.float32)

    # --- what is in each channel --------------------------------------------------------------------------------------

    def _learn(self, sound: NDArray[np.float32], seconds: float, *, speaker_plays: bool) -> None:
        centred = sound - sound.mean(axis=0, dtype=np.float64)
        covariance = centred.T @ centred / len(sound)
        power = np.diag(covariance)
        self._look_for_life(power > DEAD, seconds, speaker_plays=speaker_plays)
        if speaker_plays:
            return
        self._follow_noise(power, seconds)
        part = _part(seconds, LEARNS_S)
        self._all = covariance if self._all is None else self._all + (covariance - self._all) * part
        if (power > VOICE * np.maximum(self._noise, DEAD)).any():
            self._voice = covariance if self._voice is None else self._voice + (covariance - self._voice) * part

    def _look_for_life(self, alive: NDArray[np.bool_], seconds: float, *, speaker_plays: bool) -> None:
        """A channel in which there is something only while the speaker plays is none."""
        came_back = alive & (self._silent_s > DEAD_S) & speaker_plays & np.isfinite(self._silent_s).any()
        self._silent_s = np.where(alive & ~came_back, 0.0, self._silent_s + seconds)

    def _follow_noise(self, power: _Row, seconds: float) -> None:
        risen = np.minimum(power, self._noise * RISES**seconds)
        fallen = self._noise + (power - self._noise) * _part(seconds, FALLS_S)
        followed = np.where(power > self._noise, risen, fallen)
        self._noise = np.where(np.isnan(self._noise), power, followed)

    # --- what each counts for -----------------------------------------------------------------------------------------

    def _mixed(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        self._age_s += len(sound) / self._rate_hz
        if self._aim is None or self._age_s >= LOOKS_S:
            self._aim, self._age_s = self._wanted(), 0.0
        wanted = self._aim
        before = wanted if self._shares is None else self._shares
        now = before + (wanted - before) * _part(len(sound) / self._rate_hz, TURNS_S)
        self._shares = np.where(np.abs(wanted - now) < 1e-3, wanted, now)  # noqa: PLR2004 - inaudible
        if np.array_equal(before, self._shares):
            return np.asarray((sound * before.astype(np.float32)).sum(axis=1), np.float32)
        return np.asarray((sound * _ramp(before, self._shares, len(sound))).sum(axis=1), np.float32)

    def _wanted(self) -> _Row:
        usable = self._silent_s <= DEAD_S
        if not usable.any():
            return np.full(self._count, 1.0 / self._count) if self._shares is None else self._shares
        shares = np.zeros(self._count)
        shares[usable] = self._by_sign(usable) if self._voice is None else self._by_voice(usable, self._voice)
        if self._shares is not None and float(shares @ self._shares) < 0.0:
            return -shares  # upside down as a whole is as good, and needs no way through silence
        return shares

    def _by_sign(self, usable: NDArray[np.bool_]) -> _Row:
        """All of them alike, but for those that are upside down."""
        count = int(usable.sum())
        if self._all is None:
            return np.full(count, 1.0 / count)
        covariance = self._all[np.ix_(usable, usable)]
        power = np.maximum(np.diag(covariance), DEAD)
        alike = covariance[0] / np.sqrt(power[0] * power)
        return np.where(alike < UPSIDE_DOWN, -1.0, 1.0) / count

    def _by_voice(self, usable: NDArray[np.bool_], voice_covariance: NDArray[np.float64]) -> _Row:
        """Each by its voice and its noise; the voice is what the channels have in common while somebody speaks."""
        noise = np.maximum(self._noise[usable], DEAD)
        covariance = voice_covariance[np.ix_(usable, usable)] - np.diag(noise)
        values, vectors = np.linalg.eigh(covariance)
        voice = vectors[:, -1] * np.sqrt(max(float(values[-1]), 0.0))
        if not voice.any():
            return self._by_sign(usable)
        quality = voice**2 / noise
        best = int(quality.argmax())
        mean_level = abs(float(voice.mean()))
        mean_quality = mean_level**2 / (float(noise.sum()) / len(noise) ** 2)
        if mean_level >= LEVEL_KEPT * abs(float(voice[best])) and mean_quality >= QUALITY_KEPT * float(quality[best]):
            return np.full(len(noise), 1.0 / len(noise))
        shares = voice / noise
        return np.asarray(shares * (abs(float(voice[best])) / float(shares @ voice)))


def _part(seconds: float, time_constant_s: float) -> float:
    """How far something has moved towards where it goes."""
    return 1.0 - float(np.exp(-seconds / time_constant_s))


def _ramp(before: _Row, after: _Row, count: int) -> NDArray[np.float64]:
    """From one value to another within a block: shape (count, channels)."""
    return before + (after - before) * (np.arange(1, count + 1) / count)[:, np.newaxis]
