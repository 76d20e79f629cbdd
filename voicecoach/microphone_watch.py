"""Whether the coach can hear, as events for the dialogue and for whoever observes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.dialogue.events import Deafened, HearsAgain
from voicecoach.session_events import LostHearing, RegainedHearing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.hearing.microphone_health import MicrophoneHealth


class MicrophoneWatch:
    """Tells once when nobody can be heard any more, and once when they can again."""

    def __init__(self, health: MicrophoneHealth | None, *, deaf: bool) -> None:
        """Begin.

        Args:
            health: Looks at the sound; None: it is trusted.
            deaf: What the dialogue knows.
        """
        self._health = health
        self._is_deaf = deaf

    def look(
        self, block: NDArray[np.float32], played: NDArray[np.float32], now_s: float
    ) -> tuple[LostHearing | RegainedHearing, Deafened | HearsAgain] | None:
        """What a block tells, as `MicrophoneHealth.hear` takes it; None: nothing new."""
        if self._health is None:
            return None
        self._health.hear(block, played)
        why = self._health.deaf
        if (why is not None) is self._is_deaf:
            return None
        self._is_deaf = why is not None
        if why is not None:
            return LostHearing(why.value, now_s), Deafened(now_s)
        return RegainedHearing(now_s), HearsAgain(now_s)

    def begin_anew(self) -> None:
        """The microphone has been off on purpose, and nothing is known of it any more."""
        self._is_deaf = False
        if self._health is not None:
            self._health.begin_anew()

    def understood(self) -> None:
        """Somebody was understood."""
        if self._health is not None:
            self._health.understood()
