"""Finds what the speaker played in what the microphone heard: how late it comes, and how loud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.sound_check.levels import active, active_power, decibels, frame_powers

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_DELAY_S: Final = 0.6
"""Later than any sound card and room; wireless speakers come near it."""
_WINDOW: Final = MICROPHONE_HZ
"""A second at a time: two clocks drift apart by a sample or two meanwhile, which leaves the echo in one place."""
_HOP: Final = _WINDOW // 2
_MOST: Final = round(MOST_DELAY_S * MICROPHONE_HZ)
_SIZE: Final = 1 << (2 * _WINDOW + 2 * _MOST).bit_length()
_BLUR: Final = np.full(9, 1 / 9)
"""About half a millisecond: the echo of a room has no sharper edge."""
_CLEAR: Final = 20.0
"""An echo stands out by this factor from what cannot be one.  Noise comes to 2, and other sentences in the coach's own
voice came to 13; an echo as loud as the noise, to 112."""
_LOWEST_SHARE: Final = 0.1
"""An echo that the noise hides is taken to be this share of the noise, which is about as little as can be noticed."""


@dataclass(frozen=True, slots=True)
class EchoReturn:
    """How the coach's own voice arrives at the microphone."""

    delay_s: float
    """After the sample was handed to the canceller as played; see `audio_io.stream_align` for what lies between."""
    level_db: float
    """While the coach speaks, at the microphone, in dBFS."""
    relative_db: float
    """The same relative to what was played; 0 is as loud."""


def echo_return(microphone: NDArray[np.float32], played: NDArray[np.float32], noise_power: float) -> EchoReturn | None:
    """Measure the echo in some seconds of speech.

    Args:
        microphone: What was heard, shape (n,), float32 at `MICROPHONE_HZ`.
        played: What the speaker played meanwhile, shape (n,).
        noise_power: What is heard when nobody speaks; it is not echo.

    Returns:
        The echo, or None where nothing of ``played`` is found.
    """
    delay = _delay(microphone, played)
    if delay is None:
        return None
    said = frame_powers(played[: len(played) - delay])
    heard = frame_powers(microphone[delay:])
    speaking = active(said)
    power = max(float(heard[speaking].mean()) - noise_power, _LOWEST_SHARE * noise_power)
    return EchoReturn(delay / MICROPHONE_HZ, decibels(power), decibels(power) - decibels(active_power(said)))


def _delay(microphone: NDArray[np.float32], played: NDArray[np.float32]) -> int | None:
    """Samples by which the echo comes later; None where there is none.

    Generalised cross-correlation with phase transform (Knapp and Carter, IEEE Trans. ASSP 24, 1976): every frequency
    counts alike, so that the pitch of a voice does not pass for its delay.  The squares of all windows are added up.
    What comes before it was played cannot be echo; it shows how high the correlation of unrelated sounds is.
    """
    padded = np.concatenate([np.zeros(_MOST, np.float32), microphone, np.zeros(_MOST, np.float32)])
    found = np.zeros(2 * _MOST)
    for at in range(0, len(played) - _WINDOW + 1, _HOP):
        said = np.fft.rfft(played[at : at + _WINDOW], _SIZE)
        heard = np.fft.rfft(padded[at : at + _WINDOW + 2 * _MOST], _SIZE)
        cross = heard * said.conj()
        magnitude = np.abs(cross)
        cross = np.divide(cross, magnitude, out=np.zeros_like(cross), where=magnitude > 0)
        found += np.square(np.fft.irfft(cross)[: 2 * _MOST])
    found = np.convolve(found, _BLUR, "same")
    impossible, possible = found[:_MOST], found[_MOST:]
    best = int(np.argmax(possible))
    return best if possible[best] > _CLEAR * impossible.mean() else None
