"""PortAudio, through `sounddevice`: the sound card of this machine.  No other file touches either."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from voicecoach.engines.audio_io import linux_mixer, linux_sound
from voicecoach.engines.audio_io.port import Device, Direction, SoundCardError, Stream
from voicecoach.engines.needs import Needs
from voicecoach.errors import MissingPartError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from types import ModuleType

    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.port import Fill, Obstacle, OnEnd, OnSound


NEEDS: Final = Needs(packages=("sounddevice",), system=("libportaudio2",), memory_mb=5)
BLOCK_S = 0.02
"""One callback's worth of sound.  Always explicit: with PortAudio's own choice the speaker stuttered."""
LATENCY_S = 0.1
"""Asked of both directions: clean under load, and a "stop" still falls silent within a tenth of a second."""
OF_THE_SERVER = ("default", "pipewire", "pulse")
"""What ALSA calls the devices behind which a sound server stands, where one runs."""

NO_PORTAUDIO = (
    "PortAudio is missing: no microphone or speaker can be opened; install it with: sudo apt install libportaudio2"
)


class PortAudio:
    """The sound card of this machine, as PortAudio sees it."""

    def __init__(self) -> None:
        """Load PortAudio.

        Raises:
            MissingPartError: PortAudio is not installed.
        """
        try:
            import sounddevice  # noqa: PLC0415 - fails where PortAudio is missing, and rehearsals do without
        except OSError as error:
            raise MissingPartError(NO_PORTAUDIO) from error
        self._sounddevice: ModuleType = sounddevice

    @property
    def about(self) -> str:
        """PortAudio and its version, such as ``"PortAudio 19.7.0"``."""
        number: int = self._sounddevice.get_portaudio_version()[0]
        return f"PortAudio {number >> 16}.{number >> 8 & 0xFF}.{number & 0xFF}"

    def devices(self) -> list[Device]:
        usual_in, usual_out = self._sounddevice.default.device
        with self._refusals():
            listing = self._sounddevice.query_devices()
        # A sound server without a card offers a dummy in its place; to the coach that is no device.
        dummies = linux_sound.look().dummies
        return [
            Device(
                name=found["name"],
                index=found["index"],
                inputs=found["max_input_channels"] * (not _is_dummy(found["name"], Direction.MICROPHONE, dummies)),
                outputs=found["max_output_channels"] * (not _is_dummy(found["name"], Direction.SPEAKER, dummies)),
                rate_hz=round(found["default_samplerate"]),
                usual=frozenset(
                    direction
                    for direction, index in ((Direction.MICROPHONE, usual_in), (Direction.SPEAKER, usual_out))
                    if index == found["index"]
                ),
            )
            for found in listing
        ]

    def refusal(self, device: Device, direction: Direction) -> str:
        hears = direction is Direction.MICROPHONE
        check = self._sounddevice.check_input_settings if hears else self._sounddevice.check_output_settings
        try:
            with self._refusals():
                check(device.index, _channels(device, direction), "float32", samplerate=device.rate_hz)
        except SoundCardError as error:
            return str(error)
        return ""

    def obstacle(self, direction: Direction) -> Obstacle | None:
        return linux_sound.obstacle(linux_sound.look(), direction)

    def muted(self, device: Device, direction: Direction) -> str:
        return linux_mixer.muted(device, direction)

    def open_microphone(self, device: Device, on_sound: OnSound, on_end: OnEnd) -> Stream:
        def callback(caught: NDArray[np.float32], _frames: int, _time: object, _status: object) -> None:
            on_sound(caught.copy())

        return self._open(Direction.MICROPHONE, device, device.rate_hz, callback, on_end)

    def open_speaker(self, device: Device, rate_hz: int, fill: Fill, on_end: OnEnd) -> Stream:
        def callback(out: NDArray[np.float32], frames: int, _time: object, _status: object) -> None:
            out[:] = fill(frames)[:, np.newaxis]

        return self._open(Direction.SPEAKER, device, rate_hz, callback, on_end)

    def restart(self) -> None:
        # PortAudio freezes its list of devices when it starts, and sounddevice has no public way to start it again.
        with self._refusals():
            if self._sounddevice._initialized:  # noqa: SLF001 - a restart that failed half-way must not fail for ever
                self._sounddevice._terminate()  # noqa: SLF001 - the recovery that its maintainers recommend
            self._sounddevice._initialize()  # noqa: SLF001 - the same

    def _open(
        self,
        direction: Direction,
        device: Device,
        rate_hz: int,
        callback: Callable[[NDArray[np.float32], int, object, object], None],
        on_end: OnEnd,
    ) -> Stream:
        hears = direction is Direction.MICROPHONE
        kind = self._sounddevice.InputStream if hears else self._sounddevice.OutputStream
        with self._refusals():
            stream: _StartedByHand = kind(
                device=device.index,
                channels=_channels(device, direction),
                samplerate=rate_hz,
                blocksize=round(rate_hz * BLOCK_S),
                dtype="float32",
                latency=LATENCY_S,
                callback=callback,
                finished_callback=on_end,
            )
            try:
                stream.start()
            except BaseException:
                stream.close()
                raise
        return stream

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turn sounddevice's errors into ours."""
        try:
            yield
        except self._sounddevice.PortAudioError as error:
            raise SoundCardError(_reason(error)) from error


class _StartedByHand(Stream, Protocol):
    """A stream of sounddevice's, which is not running yet."""

    def start(self) -> None:
        """Begin to call back."""


def _is_dummy(name: str, direction: Direction, dummies: Collection[Direction]) -> bool:
    return direction in dummies and name in OF_THE_SERVER


def _channels(device: Device, direction: Direction) -> int:
    """Two where the device has them: bare hardware often refuses one, and one ear of a headset would stay silent."""
    return min(2, device.inputs if direction is Direction.MICROPHONE else device.outputs)


def _reason(error: Exception) -> str:
    """The last and most telling part of PortAudio's words: the system's own reason where it has one."""
    message, *details = error.args or ("no reason given",)
    # A third argument is (host API, its error number, its text); the text says "Device or resource busy" and the like.
    from_system = str(details[1][2]) if len(details) > 1 else ""
    return from_system or str(message).rpartition(": ")[2]
