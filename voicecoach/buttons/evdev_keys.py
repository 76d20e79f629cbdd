"""Keys as Linux tells of them: the only module that knows evdev."""

from __future__ import annotations

import os
import select
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import evdev
from evdev import ecodes

from voicecoach.buttons.port import KeyEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Protocol

    class InputEvent(Protocol):
        """What of evdev's own is looked at."""

        type: int
        code: int
        value: int

    class Device(Protocol):
        """The same."""

        name: str
        fd: int

        def capabilities(self) -> Mapping[Any, object]: ...

        def read(self) -> Iterator[InputEvent]: ...

        def close(self) -> None: ...


FOLDER: Final = Path("/dev/input")
LOOK_S: Final = 3.0
"""How often to look for devices that have come: a Bluetooth button does so with each press after a rest."""
_UP, _DOWN = 0, 1


def unreadable(folder: Path = FOLDER) -> list[Path]:
    """Devices that are there and this user may not read."""
    return [path for path in sorted(folder.glob("event*")) if not os.access(path, os.R_OK)]


def open_device(path: Path) -> Device | None:
    """A device with keys; None where it has none, or cannot be opened."""
    try:
        device: Device = evdev.InputDevice(path)
    except OSError:
        return None
    if ecodes.EV_KEY not in device.capabilities():
        device.close()
        return None
    return device


def key_name(code: int) -> str:
    """The name of a key; of several names the first."""
    name = ecodes.keys.get(code, f"KEY_{code}")
    return name if isinstance(name, str) else name[0]


class EvdevKeys:
    """Keeps `port.Keys`."""

    def __init__(
        self,
        folder: Path = FOLDER,
        open_device: Callable[[Path], Device | None] = open_device,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open what is there.

        Args:
            folder: Where devices are.
            open_device: Opens one.
            clock: Seconds that nobody sets.
        """
        self._folder, self._open, self._clock = folder, open_device, clock
        self._devices: dict[Path, Device | None] = {}
        self._looked_s = -LOOK_S
        self._look()

    @property
    def names(self) -> list[str]:
        """The names of the devices that are listened to."""
        return sorted(device.name for device in self._devices.values() if device is not None)

    def read(self, seconds: float) -> Sequence[KeyEvent]:
        """As `port.Keys.read`."""
        self._look()
        by_fd = {device.fd: (path, device) for path, device in self._devices.items() if device is not None}
        readable = select.select(list(by_fd), [], [], seconds)[0]
        found: list[KeyEvent] = []
        for fd in readable:
            path, device = by_fd[fd]
            try:
                found += key_events(device.name, device.read())
            except OSError:  # it has gone
                device.close()
                del self._devices[path]
        return found

    def close(self) -> None:
        """As `port.Keys.close`."""
        for device in self._devices.values():
            if device is not None:
                device.close()
        self._devices.clear()

    def _look(self) -> None:
        if self._clock() - self._looked_s < LOOK_S:
            return
        self._looked_s = self._clock()
        there = set(self._folder.glob("event*"))
        for path in self._devices.keys() - there:
            if (gone := self._devices.pop(path)) is not None:
                gone.close()
        for path in sorted(there - self._devices.keys()):
            if os.access(path, os.R_OK):  # one that may not be read yet is looked at again
                self._devices[path] = self._open(path)


def key_events(name: str, events: Iterable[InputEvent]) -> Iterator[KeyEvent]:
    """Of all that a device tells, the keys that went down or up; not that one is held."""
    for event in events:
        if event.type == ecodes.EV_KEY and event.value in {_UP, _DOWN}:
            yield KeyEvent(name, key_name(event.code), down=event.value == _DOWN)
