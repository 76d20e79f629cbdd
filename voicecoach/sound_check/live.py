"""The sound check with a real microphone and a real speaker."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.live import Sounding
    from voicecoach.sound_check.conversation import SoundCheck
    from voicecoach.sound_check.measured import Measured


class Runner(Protocol):
    """What is wanted of `voicecoach.live.LiveRunner`."""

    def run(self) -> int:
        """Let the coach work until somebody ends it, or until it raises something."""


class _Over(Exception):  # noqa: N818 - no error: it ends the room as StopIteration ends a loop
    """The conversation has come to its end."""


class UntilOver:
    """Keeps `voicecoach.live.LiveCoach`: a sound check that leaves the room when it is over."""

    def __init__(self, check: SoundCheck) -> None:
        self._check = check

    @property
    def timeline(self) -> Sounding:
        return self._check.timeline

    def listen(self, block: NDArray[np.float32], played: NDArray[np.float32]) -> None:
        """Pass a block on to the sound check; see there."""
        self._check.listen(block, played)
        if self._check.measured is not None:
            raise _Over

    def failed(self, error: Exception) -> None:
        """A sound check that has failed, or is over, does not go on."""
        raise error


def check_live(check: SoundCheck, make_room: Callable[[UntilOver], Runner]) -> Measured:
    """Let a sound check take place.

    Args:
        check: Not begun yet.
        make_room: Gives the room with the devices for its coach.

    Raises:
        KeyboardInterrupt: Somebody ended it before it was over.
        BadRequestError: A name means no device, or several.
        MissingPartError: A device is missing or will not open.
    """
    with suppress(_Over):
        make_room(UntilOver(check)).run()
    if check.measured is None:
        raise KeyboardInterrupt
    return check.measured
