"""How late the echo comes: found in what was played and what the microphone heard, block by block.

Generalised cross-correlation with phase transform (Knapp and Carter, IEEE Trans. ASSP 24, 1976): every frequency counts
alike, so that the pitch of a voice does not pass for its delay.  It takes a second of the coach's voice, as loud as the
noise or louder, and hears the echo under somebody who speaks over it.  Two clocks drift apart by a sample or two in
that second, which leaves the echo in one place.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_S: Final = 1.0
"""An echo that comes later is not found.  Wireless speakers are 0.1 to 0.6 s late."""
_HEARD: Final = MICROPHONE_HZ
"""Samples of the microphone in one look."""
_SAID: Final = _HEARD + round(LONGEST_S * MICROPHONE_HZ)
_HOP: Final = MICROPHONE_HZ // 2
_FIRST_HOP: Final = MICROPHONE_HZ // 4
"""Between two looks, and the same while nothing has been found yet."""
_LOWEST_HZ, _HIGHEST_HZ = 150, 4000
_BINS: Final = slice(_LOWEST_HZ * _SAID // MICROPHONE_HZ, _HIGHEST_HZ * _SAID // MICROPHONE_HZ)
_STEP: Final = MICROPHONE_HZ // (2 * _HIGHEST_HZ)
"""Samples between two delays that are told apart."""
_WINDOW: Final = np.hanning(_HEARD).astype(np.float32)
_WEIGHTS: Final = np.hanning(_HEARD // (MICROPHONE_HZ // 50)) ** 2
"""Of the frames of a look."""
_BLUR: Final = np.full(5, 0.2)
"""Half a millisecond: the echo of a room has no sharper edge."""
_NEAR: Final = round(0.002 * MICROPHONE_HZ) // _STEP
"""So near each other, two delays are the same."""
_SILENT: Final = 1e-4
"""Where no sample that was played is more, there is nothing to look for: -80 dB."""
_AUDIBLE: Final = 1e-2
"""What is played counts at the frequencies that lie within 40 dB of its loudest."""
_BROAD: Final = 0.3
"""Share of the frequencies that must count.  Speech has 0.8; a chime, which is like itself at many delays, 0.05."""
_ENOUGH: Final = 0.2
"""Share of a look in which the coach's voice must have come back before its echo is missed there."""
_FRAME: Final = MICROPHONE_HZ // 50
_SPEAKS: Final = 1e-3
"""A frame counts as voice within 30 dB of the loudest one."""
_NOTHING: Final = 1e-12
_CLEAR: Final = 12.0
"""How far an echo stands out of the mean over all delays in a look that counts.  Where there is none, noise comes to 8;
an echo at a usual level comes to 500, one as loud as the noise to 100, and one 8 dB below it, or 16 dB below a person
who speaks, to 30."""
_MOST_CLEAR: Final = 350.0
"""One look counts no more than this: other sentences in the coach's own voice, which are made of the same few sounds,
come to 70 in one look of fifty."""
_ENOUGH_CLEAR: Final = 300.0
"""The sum over looks at the same delay, with none at another between them, two at least.  A look counts by the time
since the one before."""
_CONFIRMED: Final = 8.0
"""The same in a single look, at the delay that is known."""


class Look(Enum):
    """What came of a look at the last second."""

    CONFIRMED = "confirmed"
    """The echo comes as late as was known."""
    NEW = "new"
    """It is known how late the echo comes, and it was not, or it was something else."""
    MISSED = "missed"
    """The coach spoke, and its echo was not found."""


class EchoDelay:
    """Follows microphone and speaker from their first sample on."""

    def __init__(self) -> None:
        self.samples: int | None = None
        """How late the echo comes after what was played; None: it has not been found."""
        self.heard_over_due = 0.0
        """Where the echo was missed, the power of all that was heard, relative to what was played and was due."""
        self._heard = np.zeros(_HEARD, np.float32)
        self._said = np.zeros(_SAID, np.float32)
        self._new: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        """What has come since the last look."""
        self._new_samples = 0
        self._best = 0
        """Where an echo stood out the last time."""
        self._clear = 0.0
        """How far it has stood out there since."""

    @property
    def seconds(self) -> float | None:
        """The same as `samples`."""
        return None if self.samples is None else self.samples / MICROPHONE_HZ

    @property
    def _hop(self) -> int:
        return _FIRST_HOP if self.samples is None else _HOP

    def take(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Look | None:
        """The next samples of both, as many of each: shape (n,), float32 at `MICROPHONE_HZ`, n at most half a second.

        The arrays must not change later.

        Returns:
            What came of it; mostly None, for it looks a few times a second, and only while the coach speaks.
        """
        self._new.append((microphone, played))
        self._new_samples += len(played)
        if self._new_samples < self._hop:
            return None
        heard, said = zip(*self._new, strict=True)
        self._heard = np.concatenate([self._heard, *heard])[-_HEARD:]
        self._said = np.concatenate([self._said, *said])[-_SAID:]
        self._new, self._new_samples = [], 0
        if np.abs(self._said).max() < _SILENT:
            return None
        likely = self._likely()
        return None if likely is None else self._judge(likely)

    def _likely(self) -> NDArray[np.float64] | None:
        """How much speaks for each delay, relative to the mean: shape (n,), `_STEP` samples apart.

        None: what was played is no speech.
        """
        said = np.fft.rfft(self._said)[_BINS]
        loud = np.abs(said)
        counts = loud > _AUDIBLE * loud.max()
        if np.mean(counts) < _BROAD:
            return None
        heard = np.fft.rfft(np.concatenate([np.zeros(_SAID - _HEARD, np.float32), _WINDOW * self._heard]))[_BINS]
        cross = heard * said.conj()
        phases = np.zeros(_SAID // _STEP // 2 + 1, np.complex128)
        np.divide(cross, np.abs(cross), out=phases[_BINS], where=counts & (cross != 0))
        likely = np.square(np.fft.irfft(phases)[: (_SAID - _HEARD) // _STEP])
        likely = np.convolve(likely, _BLUR, "same")
        mean = float(np.mean(likely))
        return np.asarray(likely / mean, np.float64) if mean > 0 else None

    def _judge(self, likely: NDArray[np.float64]) -> Look | None:
        best = int(np.argmax(likely))
        is_found = self._is_found(best, float(likely[best]))
        known = None if self.samples is None else self.samples // _STEP
        if known is not None and likely[max(0, known - _NEAR) : known + _NEAR + 1].max() > _CONFIRMED:
            if abs(best - known) <= _NEAR:
                self.samples = best * _STEP
            return Look.CONFIRMED
        if is_found:
            self.samples = best * _STEP
            return Look.NEW
        return Look.MISSED if self._should_have_come_back() else None

    def _is_found(self, best: int, clear: float) -> bool:
        """Whether an echo has stood out enough at ``best``, and does so now."""
        if clear < _CLEAR:
            return False
        is_same = abs(best - self._best) <= _NEAR
        counts = min(clear, _MOST_CLEAR) * self._hop / _HOP
        self._best, self._clear = best, counts + (self._clear if is_same else 0.0)
        return is_same and self._clear > _ENOUGH_CLEAR

    def _should_have_come_back(self) -> bool:
        """Whether the microphone should have heard enough of the coach's voice in the last second."""
        said, heard = _frame_powers(self._said), _frame_powers(self._heard)
        ends = len(said) - (self.samples or 0) // _FRAME
        due = said[ends - len(_WEIGHTS) : ends]
        self.heard_over_due = float(_WEIGHTS @ heard) / max(float(_WEIGHTS @ due), _NOTHING)
        speaks = due > _SPEAKS * said.max()
        return float(np.sum(_WEIGHTS[speaks])) >= _ENOUGH * float(np.sum(_WEIGHTS))


def _frame_powers(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.mean(np.square(sound.reshape(-1, _FRAME)), axis=1), np.float32)
