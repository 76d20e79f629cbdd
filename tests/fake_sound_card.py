"""A sound card made of lists: devices are plugged in and pulled out, and callbacks are called, by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from voicecoach.engines.audio_io.port import Device, Direction, Obstacle, SoundCardError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.port import Fill, OnEnd, OnSound


def microphone(name: str = "USB mic", rate_hz: int = 16_000, index: int = 0, *, usual: bool = False) -> Device:
    """A device that only records."""
    return Device(name, index, 1, 0, rate_hz, frozenset({Direction.MICROPHONE}) if usual else frozenset())


def speaker(name: str = "USB speaker", rate_hz: int = 48_000, index: int = 1, *, usual: bool = False) -> Device:
    """A device that only plays."""
    return Device(name, index, 0, 2, rate_hz, frozenset({Direction.SPEAKER}) if usual else frozenset())


@dataclass
class FakeStream:
    """One opened stream.  Like a real one, it calls back only while it is open and its device is plugged in."""

    card: FakeCard
    device: Device
    direction: Direction
    rate_hz: int
    on_end: OnEnd
    on_sound: OnSound | None = None
    fill: Fill | None = None
    closed: bool = False
    aborted: bool = False
    heard: list[NDArray[np.float32]] = field(default_factory=list)
    """What the speaker's listeners heard, block by block."""
    brought: int = 0
    """How many frames the microphone has brought."""

    def abort(self) -> None:
        self.aborted = True

    def close(self) -> None:
        assert self.aborted, "closing a running stream may wait for ever"
        self.closed = True

    def turn(self, sound: NDArray[np.float32] | None = None) -> None:
        """One callback with 20 ms of sound, silence unless the microphone is given ``sound``."""
        if self.closed or self.device not in self.card.plugged or self.device.name in self.card.asleep:
            return
        frames = self.rate_hz // 50
        if self.on_sound is not None:
            sound = np.zeros(frames, np.float32) if sound is None else sound
            self.on_sound(sound[:, np.newaxis])
            self.brought += len(sound)
        if self.fill is not None:
            self.heard.append(self.fill(frames).copy())


class FakeCard:
    """Keeps the promise of `SoundCard`, and fails the test when it is used in a way that would hang PortAudio."""

    def __init__(self, *plugged: Device) -> None:
        """Begin with these devices plugged in."""
        self.plugged = list(plugged)
        self.refusing: dict[str, str] = {}
        """Names of devices that will not open, and why."""
        self.asleep: set[str] = set()
        """Names of devices that open and then do not call back."""
        self.obstacles: dict[Direction, Obstacle] = {}
        """What the system tells of why nothing is found."""
        self.muting: dict[str, str] = {}
        """Names of devices that are muted, and what to type."""
        self.broken = False
        """Whether not even a list of devices can be had."""
        self.streams: list[FakeStream] = []
        """Every stream ever opened."""
        self.restarts = 0
        self._listed = list(plugged)

    def open_now(self, direction: Direction) -> FakeStream | None:
        """The stream that is open in ``direction``."""
        streams = [stream for stream in self.streams if stream.direction is direction and not stream.closed]
        assert len(streams) <= 1, "one device is opened once"
        return streams[0] if streams else None

    def turn(self) -> None:
        """One callback of every open stream."""
        for stream in self.streams:
            stream.turn()

    # --- what the live room calls ---

    about = "a card of paper"

    def devices(self) -> list[Device]:
        if self.broken:
            raise SoundCardError("Internal PortAudio error")
        return list(self._listed)

    def refusal(self, device: Device, direction: Direction) -> str:
        assert device.serves(direction)
        return self.refusing.get(device.name, "")

    def obstacle(self, direction: Direction) -> Obstacle | None:
        return self.obstacles.get(direction)

    def muted(self, device: Device, direction: Direction) -> str:
        assert device.serves(direction)
        return self.muting.get(device.name, "")

    def open_microphone(self, device: Device, on_sound: OnSound, on_end: OnEnd) -> FakeStream:
        stream = FakeStream(self, device, Direction.MICROPHONE, device.rate_hz, on_end, on_sound=on_sound)
        return self._opened(stream)

    def open_speaker(self, device: Device, rate_hz: int, fill: Fill, on_end: OnEnd) -> FakeStream:
        return self._opened(FakeStream(self, device, Direction.SPEAKER, rate_hz, on_end, fill=fill))

    def restart(self) -> None:
        assert all(stream.closed for stream in self.streams), "PortAudio is restarted only without open streams"
        self.restarts += 1
        self._listed = list(self.plugged)

    def _opened(self, stream: FakeStream) -> FakeStream:
        if stream.device.name in self.refusing:
            raise SoundCardError(self.refusing[stream.device.name])
        if stream.device not in self.plugged:
            raise SoundCardError("Device unavailable")
        self.streams.append(stream)
        return stream
