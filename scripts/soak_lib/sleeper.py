"""Who lies beside the coach for days: begins sessions, answers, changes their mind, and talks at night."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.state import Mode
from voicecoach.simulation.small_talk import SMALL_TALK

if TYPE_CHECKING:
    from collections.abc import Sequence

IN_SESSION_S: Final = 25.0
"""Seconds between two remarks, in the mean: somebody who says much."""
AT_REST_S: Final = 480.0
BEFORE_A_SESSION_S: Final = 60.0
_AT_REST: Final = (Mode.REST.value, Mode.ASLEEP.value)
_COMMANDS: Final = (
    *("next", "repeat", "pause", "continue", "slower", "faster", "easier", "longer", "shorter", "once more", "go back"),
    *("louder", "quieter", "how long", "how many left", "where are we", "why", "that hurts", "stop", "ready", "done"),
    *("how am i doing", "less talk", "more talk", "good night", "skip", "help"),
)
_ANSWERS: Final = ("yes", "no", "three", "five", "skip")


class Sleeper:
    """Decides what is said next, and when; by chance, which a seed decides."""

    def __init__(self, seed: int, routines: Sequence[str]) -> None:
        """Lie down.

        Args:
            seed: Decides everything.
            routines: Spoken names.
        """
        self._random = Random(seed)  # noqa: S311 - a simulation
        self._routines = routines
        self._speaks_s = BEFORE_A_SESSION_S

    @property
    def vocabulary(self) -> list[str]:
        """Everything that may be said."""
        starts = [f"start {routine}" for routine in self._routines]
        return [*_COMMANDS, *_ANSWERS, *starts, *SMALL_TALK]

    def says(self, now_s: float, mode: str, *, wants_session: bool) -> str | None:
        """What is said now; mostly nothing.

        Args:
            now_s: Seconds since the beginning.
            mode: What the coach is doing, the value of a `dialogue.state.Mode`.
            wants_session: Whether this is an hour with sessions.
        """
        if now_s < self._speaks_s:
            return None
        resting = mode in _AT_REST
        mean_s = BEFORE_A_SESSION_S if resting and wants_session else AT_REST_S if resting else IN_SESSION_S
        self._speaks_s = now_s + 5.0 + self._random.expovariate(1.0 / mean_s)
        if resting:
            return f"start {self._random.choice(self._routines)}" if wants_session else self._random.choice(SMALL_TALK)
        if mode == Mode.ASKING.value:
            return self._random.choice(_ANSWERS)
        return self._random.choice(_COMMANDS)
