"""Finds what the speaker played in what the microphone heard: how late it comes, and how loud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.engines.echo.echo_delay import EchoDelay
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.sound_check.levels import active, active_power, decibels, frame_powers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK: Final = MICROPHONE_HZ // 50
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
    """Samples by which the echo comes later; None where there is none."""
    delay = EchoDelay()
    for at in range(0, len(played), _BLOCK):
        delay.take(microphone[at : at + _BLOCK], played[at : at + _BLOCK])
    return delay.samples
