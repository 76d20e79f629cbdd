"""Keeps the microphone and the speaker open, whatever happens to their plugs.

A device that vanishes shows it in one of two ways: its stream says that it has ended, or its callbacks just cease.  The
supervisor then closes everything, has the sound card look for devices anew, and opens by name what it finds; while one
is missing it tries again, less and less often.  The coach learns nothing of it: its clock is the speaker's, and stands
still while there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicecoach.engines.audio_io.devices import find, refused
from voicecoach.engines.audio_io.port import SoundCardError
from voicecoach.errors import BadRequestError, MissingPartError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.engines.audio_io.port import Device, Direction, SoundCard, Stream

SILENT_S = 0.5
"""A stream that has not called back for so long is dead."""
FIRST_CALL_S = 3.0
"""The same before its first callback: sound servers that were idle need up to two seconds to wake up."""
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0)
"""How long to wait before each attempt to find a lost device; the last one again and again."""


class Watchdog:
    """Signs of life of one stream.  Its callbacks only count; the supervisor looks from time to time."""

    def __init__(self, now_s: float) -> None:
        """Begin to watch a stream that was opened at ``now_s``."""
        self.beats = 0
        self.ended = False
        self._beats_seen = 0
        self._seen_s = now_s

    def beat(self) -> None:
        """For each callback."""
        self.beats += 1

    def end(self) -> None:
        """For the stream's ``finished_callback``."""
        self.ended = True

    def has_stopped(self, now_s: float) -> bool:
        """Whether the stream is dead, judged at ``now_s``."""
        if self.beats != self._beats_seen:
            self._beats_seen, self._seen_s = self.beats, now_s
        patience_s = SILENT_S if self.beats else FIRST_CALL_S
        return self.ended or now_s - self._seen_s > patience_s


@dataclass(slots=True)
class StreamSlot:
    """One of the two directions: which device it wants, how it is opened, and how it fares."""

    direction: Direction
    name: str | None
    """Part of the device's name; None for the system's default."""
    open: Callable[[Device, Watchdog], Stream]
    """Opens a stream whose callbacks beat the watchdog; raises `SoundCardError`."""
    is_wanted: Callable[[], bool] = lambda: True
    """Whether it is to be open.  While it is not, it is closed, and nobody misses it."""
    stream: Stream | None = field(default=None, init=False)
    watchdog: Watchdog = field(default_factory=lambda: Watchdog(0.0), init=False)
    missed: bool = field(default=False, init=False)
    """Whether the person was told that it is gone, and not yet that it is back."""

    unwanted: bool = field(default=False, init=False)
    """Whether it was closed because it was not wanted."""

    @property
    def lives(self) -> bool:
        """Whether it is open and has called back."""
        return self.stream is not None and self.watchdog.beats > 0

    def close(self) -> None:
        """Let go of the stream, if there is one."""
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.abort()
            stream.close()


class DeviceSupervisor:
    """Opens streams and looks after them.  All happens in the calling thread, which alone owns the sound card."""

    def __init__(
        self,
        card: SoundCard,
        slots: Sequence[StreamSlot],
        *,
        clock: Callable[[], float],
        interruptible: Callable[[], bool],
        warn: Callable[[str], None],
    ) -> None:
        """Watch over ``slots``, none of which is open yet.

        Args:
            card: Where devices are found and streams are opened.
            slots: The directions to keep open.
            clock: Seconds that never run backwards.
            interruptible: Whether the streams that still live may be closed for a moment: to look for the lost device,
                every stream has to be.
            warn: Is given a line for the person when a device goes and when it comes back.
        """
        self._card = card
        self._slots = slots
        self._clock = clock
        self._interruptible = interruptible
        self._warn = warn
        self._attempts = 0
        self._next_attempt_s = 0.0

    def open(self, *, patient: bool = False) -> None:
        """Open every slot for the first time.

        Args:
            patient: Whether what does not open now is looked for again and again, like what goes later on.

        Raises:
            BadRequestError: a name means no device, or several.
            MissingPartError: there is no device, or it will not open.
        """
        if patient:
            self._attempt()
            return
        try:
            devices = self._card.devices()
            for slot in self._slots:
                if not slot.is_wanted():
                    slot.unwanted = True
                    continue
                device = find(devices, slot.direction, slot.name)
                try:
                    self._open(slot, device)
                except SoundCardError as error:
                    raise MissingPartError(refused(slot.direction, device, str(error))) from error
        except BaseException:
            self.close()
            raise

    def check(self) -> None:
        """Look once whether every slot lives, and do what is due.  To be called several times a second."""
        now_s = self._clock()
        for slot in self._slots:
            if not slot.is_wanted():
                slot.unwanted, slot.missed = True, False
                slot.close()
            elif slot.unwanted:
                self._open_again(slot)
            elif slot.stream is not None and slot.watchdog.has_stopped(now_s):
                self._lose(slot, now_s)
            elif slot.lives and slot.missed:
                slot.missed = False
                self._warn(f"The {slot.direction.value} is back.")
        if self.all_live:
            self._attempts = 0
        elif self._attempt_is_due(now_s):
            self._attempt()

    @property
    def all_live(self) -> bool:
        """Whether every slot that is wanted is open and has called back."""
        return all(slot.lives or slot.unwanted for slot in self._slots)

    @property
    def beats(self) -> tuple[int | None, ...]:
        """For each slot how often its stream has called back; None while it is looked for, or about to begin."""
        return tuple(slot.watchdog.beats if slot.lives else None for slot in self._slots)

    def close(self) -> None:
        """Close every slot."""
        for slot in self._slots:
            slot.close()

    def _open(self, slot: StreamSlot, device: Device) -> None:
        slot.watchdog = Watchdog(self._clock())
        slot.stream = slot.open(device, slot.watchdog)

    def _open_again(self, slot: StreamSlot) -> None:
        """It is wanted again; where the device is not what it was, it is looked for as a lost one is."""
        slot.unwanted = False
        try:
            self._open(slot, find(self._card.devices(), slot.direction, slot.name))
        except (SoundCardError, BadRequestError, MissingPartError):
            self._next_attempt_s = self._clock()

    def _lose(self, slot: StreamSlot, now_s: float) -> None:
        slot.close()
        self._miss(slot)
        self._next_attempt_s = now_s + self._patience_s()

    def _miss(self, slot: StreamSlot) -> None:
        if not slot.missed:
            slot.missed = True
            self._warn(f"The {slot.direction.value} is gone. I keep looking for it.")

    def _patience_s(self) -> float:
        return BACK_OFF_S[min(self._attempts, len(BACK_OFF_S) - 1)]

    def _attempt_is_due(self, now_s: float) -> bool:
        lost = any(slot.stream is None and not slot.unwanted for slot in self._slots)
        all_lost = all(slot.stream is None for slot in self._slots)
        return lost and now_s >= self._next_attempt_s and (all_lost or self._interruptible())

    def _attempt(self) -> None:
        """Look for devices anew and open what is there; what is not is looked for again later."""
        self._attempts += 1
        self.close()
        try:
            self._card.restart()
            devices = self._card.devices()
        except SoundCardError:
            devices = []
        for slot in self._slots:
            slot.unwanted = not slot.is_wanted()
            if slot.unwanted:
                continue
            try:
                self._open(slot, find(devices, slot.direction, slot.name))
            except (SoundCardError, BadRequestError, MissingPartError):
                self._miss(slot)
        self._next_attempt_s = self._clock() + self._patience_s()
