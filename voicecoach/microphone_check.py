"""Whether what comes from the microphone can be the sound of one: a message for each fault, and a test of a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.audio_io.channel_mix import ChannelMix
from voicecoach.engines.audio_io.devices import find, refused
from voicecoach.engines.audio_io.port import Direction, SoundCardError
from voicecoach.errors import MissingPartError
from voicecoach.hearing.microphone_health import DEAD_S, Deafness, fault_of
from voicecoach.invocation import typed
from voicecoach.session_events import LostHearing, RegainedHearing

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.port import SoundCard
    from voicecoach.session_events import SessionEvent

LISTENS_S: Final = 1.0
"""Of sound; silence is listened to for as long as the coach bears it, because a noise gate may be shut."""
OPENS_S: Final = 3.0
"""A sound server that was idle needs up to two seconds until the first sound comes."""
_LOOK_S: Final = 0.05
_ANOTHER: Final = f"or choose another ({typed('devices')})"
GAIN: Final = "(alsamixer, or wpctl set-volume @DEFAULT_AUDIO_SOURCE@)"
MUTED: Final = (
    f"every sample is zero: it is muted, or another one is meant; look for a switch on it, unmute it {GAIN}, {_ANOTHER}"
)
WORDS: Final = {
    Deafness.LOST: f"no sound comes from it; unplug it and plug it in again, {_ANOTHER}",
    Deafness.ZEROS: MUTED,
    Deafness.STUCK: f"every sample is the same, which is no sound; unplug it and plug it in again, {_ANOTHER}",
    Deafness.FAINT: f"it is fainter than any microphone's own noise; turn its gain up {GAIN}, {_ANOTHER}",
    Deafness.GARBAGE: f"only noise at full scale comes; turn its gain down {GAIN}, {_ANOTHER}",
}
"""What to tell of each fault, and what to do."""


class MicrophoneLog:
    """An observer that tells when nothing can be heard, and when something can again."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        """Give ``warn`` a line for the person each time."""
        self._warn = warn

    def __call__(self, event: SessionEvent) -> None:
        if isinstance(event, LostHearing):
            self._warn(f"I cannot hear anything. The microphone: {WORDS[Deafness(event.why)]}")
        elif isinstance(event, RegainedHearing):
            self._warn("I can hear again.")


def microphone_fault(card: SoundCard, name: str | None, wait: Callable[[float], None] = time.sleep) -> Deafness | None:
    """Listen to the microphone ``name``; what is wrong with its sound, or None.

    Args:
        card: Where it is.
        name: Part of its name; None for the system's default.
        wait: Lets so many seconds pass.

    Raises:
        BadRequestError: The name means no device, or several.
        MissingPartError: There is no microphone, or it does not open.
    """
    device = find(card.devices(), Direction.MICROPHONE, name)
    caught = _Caught(round(DEAD_S * device.rate_hz))
    try:
        stream = card.open_microphone(device, caught, lambda: None)
    except SoundCardError as error:
        raise MissingPartError(refused(Direction.MICROPHONE, device, str(error))) from error
    try:
        return _fault(caught, device.rate_hz, wait)
    finally:
        stream.abort()
        stream.close()


def _fault(caught: _Caught, rate_hz: int, wait: Callable[[float], None]) -> Deafness | None:
    """What is wrong with what comes, listened to for longer as long as it is."""
    for _ in range(round(OPENS_S / _LOOK_S)):
        wait(_LOOK_S)
        if caught.frames:
            break
    else:
        return Deafness.LOST
    fault, enough_s = Deafness.LOST, LISTENS_S
    for _ in range(round(DEAD_S / _LOOK_S)):
        wait(_LOOK_S)
        if caught.frames >= enough_s * rate_hz:
            found = fault_of(_mixed(caught.blocks(), rate_hz))
            if found is None:
                return None
            fault, enough_s = found, enough_s + LISTENS_S
    return fault


class _Caught:
    """The first sound of a stream: some devices without a clock bring it as fast as they are read."""

    def __init__(self, most: int) -> None:
        self.frames = 0
        self._most = most
        self._blocks: list[NDArray[np.float32]] = []

    def __call__(self, block: NDArray[np.float32]) -> None:
        if self.frames < self._most:
            self._blocks.append(block)
            self.frames += len(block)

    def blocks(self) -> list[NDArray[np.float32]]:
        return list(self._blocks)


def _mixed(blocks: list[NDArray[np.float32]], rate_hz: int) -> NDArray[np.float32]:
    mix: ChannelMix | None = None
    mixed = [np.zeros(0, np.float32)]
    for block in blocks:
        mix = mix or ChannelMix(block.shape[1], rate_hz)
        mixed.append(mix.mix(block, speaker_plays=False))
    return np.concatenate(mixed)
