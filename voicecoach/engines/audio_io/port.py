"""The port of audio in and out: what is wanted of a sound card, whatever stands behind it.

An engine is one file beside this one, with a class that keeps `SoundCard` and a constant ``NEEDS``.  It need be no card
of this machine: a network microphone lists itself as a `Device`, gives what it caught to ``on_sound``, and asks
``fill`` for what it plays.  Samples are float32, -1..1 is full scale.

How late it is: the echo of a sample must reach ``on_sound`` within a second of the call of ``fill`` that gave it, both
buffers, the network and the room together, or the coach cannot take its own voice out of the microphone.  How late it
is should not change from one moment to the next: then the coach has to find it again.  "Stop" falls silent after what
was filled ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    OnSound = Callable[[NDArray[np.float32]], None]
    """Is given what the microphone caught, shape (frames, channels), in an array of its own."""
    Fill = Callable[[int], NDArray[np.float32]]
    """Asked for so many frames, gives the speaker's next sound, shape (frames,)."""
    OnEnd = Callable[[], None]
    """Is told that the stream has ended, whether or not somebody asked for it."""


class Direction(Enum):
    """Which way a device turns sound.  The value is its name for people."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class Device:
    """One device as the sound card lists it; many are a microphone and a speaker in one."""

    name: str
    index: int
    """Its place in this listing.  Good until the next restart, and never kept: devices are chosen by name."""
    inputs: int
    """How many channels it can record."""
    outputs: int
    """How many channels it can play."""
    rate_hz: int
    """The sample rate that it likes best."""
    usual: frozenset[Direction] = frozenset()
    """The directions for which it is the system's default."""

    def serves(self, direction: Direction) -> bool:
        """Whether it has any channel in that direction."""
        return (self.inputs if direction is Direction.MICROPHONE else self.outputs) > 0


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps devices from being found, or from being heard."""

    words: str
    """What is so, and what to type."""
    forbidden: bool = False
    """Whether the user may not use what is there."""


class SoundCardError(Exception):
    """A device would not open, or none can be listed; the text is the engine's own reason."""


class Stream(Protocol):
    """A running stream.  There is no ``stop()`` on purpose: on a device that has vanished it waits for ever."""

    def abort(self) -> None:
        """Cease at once, without playing what is still buffered."""

    def close(self) -> None:
        """Give the device back."""


class SoundCard(Protocol):
    """Lists devices and opens streams.  Only one thread may call it; callbacks come on threads of their own."""

    @property
    def about(self) -> str:
        """What it is, for the doctor: "PortAudio 19.7.0"."""

    def devices(self) -> list[Device]:
        """The devices that were there at the last restart; later comers are not seen.  Raises `SoundCardError`."""

    def refusal(self, device: Device, direction: Direction) -> str:
        """Why ``device`` could not be opened just now, or an empty string when it could."""

    def obstacle(self, direction: Direction) -> Obstacle | None:
        """Why no device of ``direction`` is listed, or it cannot be opened, where the system tells; it may take 1 s."""

    def muted(self, device: Device, direction: Direction) -> str:
        """What to type, or to do, so that ``device`` is not muted; empty when it is not, or nobody can tell."""

    def open_microphone(self, device: Device, on_sound: OnSound, on_end: OnEnd) -> Stream:
        """Open ``device`` at its own rate, already running.  Raises `SoundCardError`."""

    def open_speaker(self, device: Device, rate_hz: int, fill: Fill, on_end: OnEnd) -> Stream:
        """Open ``device`` at ``rate_hz``, already running.  Raises `SoundCardError`."""

    def restart(self) -> None:
        """Look for devices anew.  Every stream must be closed before.  Raises `SoundCardError`."""
