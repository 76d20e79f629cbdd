"""The port of echo cancelling: the coach's own voice is taken out of what the microphone hears.

An engine is one file or folder beside this one, with a class that keeps `EchoCanceller` and a constant ``NEEDS``.
Powers are mean squares of samples, full scale is 1; levels in decibels compare powers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from voicecoach.engines.recognition.port import MICROPHONE_HZ

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK: Final = MICROPHONE_HZ // 50
"""Samples for which the power of the residual echo is told: 20 ms."""


@dataclass(frozen=True, slots=True, eq=False)
class Cleaned:
    """The microphone without the coach, as far as that could be done."""

    sound: NDArray[np.float32]
    """shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; n may be 0, and differ from what was put in."""
    residual_echo_power: tuple[float, ...] | None
    """For each `BLOCK` of ``sound``, the power of the echo that may have been left in it: an upper estimate, not a
    measurement.  0.0 while the speaker is silent, and nothing of what it played can still be on its way.  None: it
    cannot be known, and ``sound`` may be of any length."""
    latest_s: float = 0.0
    """How long after it was played the echo may still come: where it is not known how late it is, as late as it can be.
    Zero also where that does not matter."""
    loudest_echo_power: tuple[float, ...] = ()
    """For each `BLOCK`, the power of all that could be heard of the coach, whenever it comes; empty: always known."""
    unsure_until: int = 0
    """Up to this sample, counted from the first that was given, ``residual_echo_power`` may be far too little, because
    it was not known how late the echo is, and ``loudest_echo_power`` counts.  Less than was said before, where it turns
    out that the echo came where it was looked for."""


class EchoCanceller(Protocol):
    """Follows one microphone and one speaker from their first sample on.  For one thread."""

    def remove(self, microphone: NDArray[np.float32], played: NDArray[np.float32]) -> Cleaned:
        """The microphone without the coach.

        Args:
            microphone: shape (n,), float32 in -1..1 at `MICROPHONE_HZ`; finite.
            played: What the speaker played meanwhile, shape (n,): the echo reference.

        Returns:
            What is ready: all of the microphone in order, perhaps some milliseconds late.
        """

    @property
    def erle_db(self) -> float | None:
        """Echo return loss enhancement of late: how much less the coach is heard in what is left; None: not known."""

    @property
    def echo_db(self) -> float | None:
        """The echo at the microphone relative to what is played; None: not known."""

    @property
    def delay_s(self) -> float | None:
        """How late the echo comes after what is played; None: it was not found, or is not looked for."""

    @property
    def drift_ppm(self) -> float:
        """Millionths by which the microphone's clock is the faster one, as far as has been heard."""
