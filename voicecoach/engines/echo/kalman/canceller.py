"""Takes the coach's own voice out of what the microphone hears, and leaves the person's.

It finds how late the echo comes (`echo_delay.py`), holds back what the speaker plays until shortly before
(`echo_reference.py`), learns how that sounds at the microphone (`adaptive_filter.py`, `clock_drift.py`), subtracts it,
and turns down the little that may be left (`postfilter.py`).  As long as it is not known how late the echo comes, it
says how loud that can be, whenever it comes (`loudest_echo.py`).
"""

from __future__ import annotations

from math import inf, log10
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.echo.echo_delay import LONGEST_S, EchoDelay, Look
from voicecoach.engines.echo.kalman.adaptive_filter import PARTITIONS, AdaptiveFilter
from voicecoach.engines.echo.kalman.clock_drift import ClockDrift
from voicecoach.engines.echo.kalman.echo_reference import Reference
from voicecoach.engines.echo.kalman.loudest_echo import LoudestEcho
from voicecoach.engines.echo.kalman.postfilter import Postfilter
from voicecoach.engines.echo.port import BLOCK, Cleaned
from voicecoach.engines.needs import Needs
from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEEDS: Final = Needs(packages=("numpy",), memory_mb=2)
_SILENT: Final = 1e-5
"""A speaker whose loudest sample is less plays nothing: -100 dB."""
_STEADINESS: Final = 0.98
"""Weight of the past in the levels: about a second."""
_SUDDEN_PPM: Final = 5.0
"""After a greater correction of the clocks, what was learned until now comes at a wrong time."""
_TRIED_BLOCKS: Final = 200
"""It may learn for four seconds before it is doubted again: beside a television it needs them."""
_LEARNED_BLOCKS: Final = 25
"""It is learned sooner where what it removes is gone,"""
_REMOVED: Final = 0.02
"""that is, 17 dB of it."""
_RECENTLY: Final = 0.9
"""Weight of the past in the powers of the last fifth of a second."""
_CLEARLY: Final = 4.0
"""So many times the room's own noise is no part of it."""
_NOISE_RISES: Final = 1.002
"""A block: a room that has become noisier by 6 dB is known in a quarter of a minute."""
_SOONEST: Final = round(0.03 * MICROPHONE_HZ)
"""An echo that comes less than this after what is held back may come before it: the reference itself is up to 25 ms
late."""
_LATEST: Final = round(0.12 * MICROPHONE_HZ)
"""What comes later than this after what is held back has less room for its tail in the filter, and at 0.2 s the drift
of two clocks is not heard any more."""
_LEARNED: Final = round(0.3 * MICROPHONE_HZ)
"""An echo that is no later than this is being learned also before its delay is known."""
_USUAL: Final = round(0.2 * MICROPHONE_HZ)
"""And one that is no later than this is learned soon enough."""
_GAIN_FALLS: Final = 0.8
"""From one look to the next: what is played and what comes back of it are measured a moment apart."""
_SAME_SPEAKER: Final = round(0.15 * MICROPHONE_HZ)
"""Where sound was lost on its way, the echo comes so much sooner or later at most; by more, it is another speaker's."""
_DROWNED: Final = 4.0
"""Who is louder than the echo by this hides it: then it is no wonder that it is missed."""
_HEADROOM: Final = round(0.06 * MICROPHONE_HZ)
"""The reference is held back until so long before the echo."""


class RoomNoise:
    """How loud the room is when nobody speaks: the least that there was of late."""

    def __init__(self) -> None:
        self.power = np.inf
        self._blocks = 0
        self._recent = 0.0

    def take(self, block: NDArray[np.float32]) -> None:
        """A block of the microphone, whoever speaks."""
        self._recent = _RECENTLY * self._recent + (1 - _RECENTLY) * _power(block)
        self._blocks += 1
        if self._blocks > _TRIED_BLOCKS:
            self.power = min(_NOISE_RISES * self.power, self._recent)


class KalmanCanceller:
    """Keeps `port.EchoCanceller`, 20 to 40 ms late, for echoes that come up to a second after what was played.

    One that comes more than 0.2 s late is removed once its delay has been heard, in the second second of speech.
    """

    def __init__(self) -> None:
        self._waiting = np.zeros((2, 0), np.float32)
        self._delay = EchoDelay()
        self._is_delay_known = False
        self._is_settled = True
        """False: the echo has just been found where the filter did not look for it, and is still to be learned."""
        self._given = 0
        """Samples so far."""
        self._unsettled_until = 0
        """Up to which of them the echo came where the filter did not look for it."""
        self._loudest = LoudestEcho()
        self._known_gain = inf
        """How loud the echo came back when it was last where it was looked for, in power; infinite: it never was."""
        self._reference = Reference()
        self._filter = AdaptiveFilter()
        self._drift = ClockDrift()
        self._postfilter = Postfilter()
        self._silent_blocks = PARTITIONS
        self._levels = np.zeros(4, np.float64)
        """Powers of late, while the coach speaks: the microphone, what is left, the echo expected, what is played."""
        self._believed_blocks = 0
        """Blocks with sound since the filter began to learn."""
        self._recent = np.zeros(4, np.float64)
        """The same of the last fifth of a second."""
        self._room = RoomNoise()

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:
        """The microphone without the coach.

        Args:
            microphone: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; finite.
            played: What the speaker played meanwhile, shape (n,); its echo may come up to a second later.

        Returns:
            What is ready, in whole blocks.  The power of the residual echo is that of before it was turned down.
        """
        self._waiting = np.concatenate([self._waiting, [microphone, played]], axis=1)
        ready = self._waiting.shape[1] // BLOCK
        blocks = [self._block(*self._waiting[:, n * BLOCK : (n + 1) * BLOCK]) for n in range(ready)]
        self._waiting = self._waiting[:, ready * BLOCK :]
        sound, residual, loudest = zip(*blocks, strict=True) if blocks else ([np.zeros(0, np.float32)], (), ())
        latest_s = self._delay.seconds if self._is_delay_known else None
        return Cleaned(
            np.concatenate(sound),
            tuple(residual),
            LONGEST_S if latest_s is None else latest_s,
            tuple(loudest),
            self._unsettled_until if self._is_delay_known and self._is_settled else self._given,
        )

    @property
    def erle_db(self) -> float | None:
        """Echo return loss enhancement of late: how much less the coach is heard in what is left; None: not yet known.

        Somebody who speaks over the coach makes it seem less.
        """
        microphone, left, _, _ = self._levels
        return 10 * log10(microphone / left) if left > 0 else None

    @property
    def echo_db(self) -> float | None:
        """The echo at the microphone relative to what is played; None: not yet known."""
        _, _, expected, played = self._levels
        return 10 * log10(expected / played) if played > 0 and expected > 0 else None

    @property
    def delay_s(self) -> float | None:
        """How late the echo comes after what was played; None: not yet known."""
        return self._delay.seconds

    @property
    def drift_ppm(self) -> float:
        """Millionths by which the microphone's clock is the faster one, as far as it has been heard."""
        return self._reference.ppm

    def _block(
        self, microphone: NDArray[np.float32], played: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], float, float]:
        """A block that is ready; the power of the echo that may have been left in it, and that it can have at all."""
        played_power, is_deaf = _power(played), not microphone.any()
        if is_deaf:  # it is gone, or muted, and says nothing of the echo: that there is none must not be learned
            played = np.zeros_like(played)
        else:
            self._room.take(microphone)
        self._follow_delay(microphone, played)
        loudest = self._loudest.take(
            _power(microphone), played_power, self._room.power, known_gain=self._known_gain, is_deaf=is_deaf
        )
        self._given += BLOCK
        reference, later = self._reference.take(played)
        if later:
            self._filter.shift(-later)
        self._silent_blocks = 0 if np.abs(reference).max() > _SILENT else self._silent_blocks + 1
        if self._silent_blocks > PARTITIONS:
            return self._postfilter.take(microphone, None), 0.0, loudest
        self._follow_clocks(microphone, reference)
        filtered = self._filter.take(microphone, reference)
        if self._silent_blocks == 0:
            self._measure(microphone, filtered.left, filtered.expected, reference)
        power = float(filtered.residual_echo_power.sum()) / BLOCK**2
        return self._postfilter.take(filtered.left, filtered.residual_echo_power), power, loudest

    def _follow_delay(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        before = self._delay.samples
        look = self._delay.take(microphone, played)
        if look is None:
            return
        is_drowned = self._delay.heard_over_due > _DROWNED * self._loudest.gain
        if look is Look.MISSED and self._is_delay_known and is_drowned:
            return
        self._is_delay_known = look is not Look.MISSED
        delay = self._delay.samples
        if delay is None or not self._is_delay_known:
            return
        held_back = self._reference.held_back
        after = delay - held_back * BLOCK
        if after > _LATEST or (after < _SOONEST and held_back):
            self._hold_back(max(0, delay - _HEADROOM) // BLOCK)
        is_another = before is not None
        if look is Look.NEW and (is_another or delay > _USUAL):
            self._is_settled = False
        self._know_gain(look, abs(delay - before) if before is not None else 0)
        if look is Look.NEW and (is_another or delay > _LEARNED):
            self._reset()

    def _know_gain(self, look: Look, moved: int) -> None:
        _, _, expected, played = self._levels
        if look is Look.CONFIRMED and self._is_settled and self._believed_blocks > _TRIED_BLOCKS and played > 0:
            now = float(expected / played)
            self._known_gain = now if self._known_gain == inf else max(now, _GAIN_FALLS * self._known_gain)
        elif moved > _SAME_SPEAKER:
            self._known_gain = inf
            self._loudest.forget()

    def _hold_back(self, blocks: int) -> None:
        """Let the reference come so many blocks later than what is played; the echo comes sooner after it."""
        self._filter.shift(self._reference.held_back - blocks)
        self._reference.held_back = blocks
        for block in self._reference.before():
            self._filter.remember(block)
        self._drift.start_over()

    def _follow_clocks(self, microphone: NDArray[np.float32], reference: NDArray[np.float32]) -> None:
        drift_ppm = self._drift.take(microphone, reference)
        if drift_ppm is not None:
            self._reference.ppm += drift_ppm
            if abs(drift_ppm) > _SUDDEN_PPM:
                self._filter.inflate_covariance()
                self._believed_blocks = 0

    def _reset(self) -> None:
        self._filter.reset_covariance()
        self._believed_blocks = 0

    def _measure(self, *sounds: NDArray[np.float32]) -> None:
        powers = np.array([_power(sound) for sound in sounds])
        self._levels = _STEADINESS * self._levels + (1 - _STEADINESS) * powers
        before, left, expected, _ = self._recent = _RECENTLY * self._recent + (1 - _RECENTLY) * powers
        self._believed_blocks += 1
        is_tried = self._believed_blocks > _TRIED_BLOCKS
        if not self._is_settled and (is_tried or self._removes(before, left)):
            self._is_settled, self._unsettled_until = True, self._given
        if is_tried:
            self._question(before, left, expected)

    def _removes(self, before: float, left: float) -> bool:
        """Whether the echo is seen to go; powers of the last fifth of a second."""
        can_be_seen = self._believed_blocks > _LEARNED_BLOCKS and before * _REMOVED > self._room.power
        return can_be_seen and left < before * _REMOVED

    def _question(self, before: float, left: float, expected: float) -> None:
        """Whether what was learned can be true; powers of the last fifth of a second."""
        something_heard = before > _CLEARLY * self._room.power
        # Whoever speaks adds to both.  Only an echo that is not the expected one is more when that is taken away.
        if left > before and expected > before / 4:
            if something_heard:
                self._reset()
            elif left > _CLEARLY * self._room.power:
                self._filter.reset_weights()  # there is no echo at all, and what was learned is the room's noise


def _power(block: NDArray[np.float32]) -> float:
    return float(np.dot(block, block)) / len(block)
