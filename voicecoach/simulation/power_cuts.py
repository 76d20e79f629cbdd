"""A coach whose power can be cut: what it knew is gone, except for what its journal keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from voicecoach.simulation.session_monitor import Coach

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from numpy.typing import NDArray

    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.speaking.timeline import Timeline


class Startable(Coach, Protocol):
    """A coach that says that it is there, or where it was."""

    def open(self) -> None:
        """Say so."""


class RestartableCoach:
    """Keeps the promise of `session_monitor.Coach` over power cuts.

    The sample clock goes on without the coach: each new one begins its timeline where the clock is.
    """

    def __init__(self, make: Callable[[], Startable], speech_input: SpeechInput) -> None:
        """Switch on, for the first time, a coach that has nothing to say.

        Args:
            make: Makes a coach at rest, with an empty timeline.
            speech_input: Those of every such coach; without power they hear silence.
        """
        self._make, self._speech_input = make, speech_input
        self._coach = make()
        self._cuts: list[tuple[int, int]] = []
        """From which samples on, and up to which, there is no power; in order of time."""

    @property
    def timeline(self) -> Timeline:
        return self._coach.timeline

    @property
    def mode(self) -> str:
        return self._coach.mode

    @property
    def resting(self) -> bool:
        """Whether no session is on; one in which the power was cut is not over."""
        return self._coach.resting

    def cut(self, at: int, until: int) -> None:
        """There will be no power from sample ``at`` to sample ``until`` of the night."""
        self._cuts = sorted([*self._cuts, (at, until)])

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Hear a block and play one; without power, neither."""
        at = self.timeline.position
        begun = [until for began, until in self._cuts if began <= at]
        if not begun:
            return self._coach.process(block)
        if at < max(begun):
            self.timeline.stop_playback()
            self.timeline.read(len(block))
            silence = np.zeros_like(block)
            self._speech_input.hear(silence, silence)
            return silence
        self._cuts = self._cuts[len(begun) :]
        self._coach = self._make()
        while self.timeline.position < at:
            self.timeline.read(min(len(block), at - self.timeline.position))
        self._coach.open()
        return self._coach.process(block)


class SimulatedClock:
    """The time of day in a rehearsal: it goes with the samples."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._coach: Coach | None = None

    def goes_with(self, coach: Coach) -> None:
        """From now on it shows the time of ``coach``'s timeline."""
        self._coach = coach

    def __call__(self) -> datetime:
        if self._coach is None:
            return self._began
        timeline = self._coach.timeline
        return self._began + timedelta(seconds=timeline.position / timeline.rate_hz)
