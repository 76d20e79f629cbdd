"""How loud the echo can be, whenever it comes: what is known of it while nobody knows how late it is.

Whatever reaches the microphone, the echo is a part of it.  So over a second in which the coach speaks, the microphone
tells how much of the coach's voice can reach it at most; and a moment of that voice that was louder than the mean comes
back louder by as much.
"""

from __future__ import annotations

from collections import deque
from math import inf
from typing import Final

from voicecoach.engines.echo.echo_delay import LONGEST_S
from voicecoach.engines.echo.port import BLOCK
from voicecoach.engines.recognition.port import MICROPHONE_HZ

_LOUDEST_GAIN: Final = 4.0
"""An echo comes back louder than it was played by 6 dB at most; as far as nothing else is known."""
_STEADINESS: Final = 0.99
"""Weight of the past in the means: two seconds, so that a pause of the coach does not count for its voice."""
_TAIL_S: Final = 0.2
"""How long a room goes on sounding."""
_BLOCKS: Final = round((LONGEST_S + _TAIL_S) * MICROPHONE_HZ) // BLOCK
_SPEAKS: Final = 1e-7
"""Mean power of a speaker that has spoken all the while: -70 dB."""
_GAIN_RISES: Final = 1.001
"""A block: a speaker that was turned up by 10 dB is known for it after three quarters of a minute of speech."""
_NOISE_IS_KNOWN: Final = 200
"""Blocks: within four seconds there is a pause, in which nothing but the noise is heard."""
_NOISE: Final = 2.0
"""The room's noise, which is known by its least moments, may be so many times as much on the whole."""
_UNDER_NOISE: Final = 0.03
"""Share of what is heard that an echo may have where the noise alone would do: 15 dB below it, no word is heard."""


class LoudestEcho:
    """Follows the powers of microphone and speaker, block by block."""

    def __init__(self) -> None:
        self.gain = _LOUDEST_GAIN
        """The power of the echo relative to what is played, at most."""
        self._heard_mean = self._played_mean = 0.0
        self._noisy_blocks = 0
        self._played: deque[float] = deque(maxlen=_BLOCKS)
        self._played_means: deque[float] = deque(maxlen=_BLOCKS)

    def take(
        self, heard: float, played: float, noise: float, *, known_gain: float = inf, is_deaf: bool = False
    ) -> float:
        """The power that the echo may have in this block.

        Args:
            heard: Power of the microphone's block.
            played: Power of what the speaker played meanwhile.
            noise: Power of the room when nobody speaks, as far as it was heard; infinite: not yet.
            known_gain: How loud the echo of this speaker is known to come back, in power; infinite: it is not known.
            is_deaf: Whether the microphone brings nothing, and so tells nothing of what can reach it.
        """
        self._played.append(played)
        if not is_deaf:
            self._learn(heard, played, noise)
        return min(self.gain, known_gain) * max(self._played)

    def forget(self) -> None:
        """Another speaker plays, of which nothing is known."""
        self.gain, self._heard_mean, self._played_mean = _LOUDEST_GAIN, 0.0, 0.0
        self._played_means.clear()

    def _learn(self, heard: float, played: float, noise: float) -> None:
        """Bound the gain by what was heard and played on the whole."""
        self._noisy_blocks += noise < inf
        self._heard_mean = _STEADINESS * self._heard_mean + (1 - _STEADINESS) * heard
        self._played_mean = _STEADINESS * self._played_mean + (1 - _STEADINESS) * played
        self._played_means.append(self._played_mean)
        least_played = min(self._played_means)
        if len(self._played_means) == _BLOCKS and least_played > _SPEAKS:
            is_noise_known = self._noisy_blocks > _NOISE_IS_KNOWN
            beyond_noise = self._heard_mean - (_NOISE * noise if is_noise_known else 0.0)
            at_most = max(beyond_noise, _UNDER_NOISE * self._heard_mean) / least_played
            self.gain = min(_GAIN_RISES * self.gain, at_most, _LOUDEST_GAIN)
