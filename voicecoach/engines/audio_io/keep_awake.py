"""Keeps speakers awake that go to sleep while they are given zeros, and then swallow the first word.

Bluetooth speakers and what hangs on HDMI do that within seconds.  They are given noise that nobody hears beside all
that is played; it is the same with every start.  Other speakers are left alone: a small amplifier may hiss with it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from voicecoach.engines.audio_io.port import Device, Direction, Fill, Obstacle, OnEnd, OnSound, SoundCard, Stream

NOISE_DB: Final = -85.0
"""RMS of the noise, dBFS: nearly two steps of 16 bits.  Of a speaker that plays a voice at 60 dB(A) when that is at -20
dBFS, it is at -5 dB(A)."""
LOOP_S: Final = 2.0
ANSWERS_S: Final = 1.0
"""A sound server that does not say within this time where its sound goes is not asked again."""

SLEEPY: Final = re.compile(r"blue(tooth|z|alsa)|a2dp|\bbt\b|hdmi|display ?port|vc4", re.IGNORECASE)
"""Names of speakers, or of what stands behind them, that sleep."""
SERVERS: Final = re.compile(r"^(default|sysdefault|pulse|pipewire|jack)\b", re.IGNORECASE)
"""Names behind which a sound server stands, which knows where the sound goes."""
_WAYS_TO_ASK: Final = (
    (("pactl", "info"), re.compile(r"^Default Sink: (.*)$", re.MULTILINE)),
    (("wpctl", "inspect", "@DEFAULT_AUDIO_SINK@"), re.compile(r'node\.name = "(.*)"')),
)


class KeepAwake(StrEnum):
    """Which speakers are kept awake: the words of the setting."""

    AUTO = "auto"
    """Those that are known to sleep, by their names."""
    ON = "on"
    OFF = "off"


def default_sink() -> str:
    """The name of what the sound server plays on, such as ``bluez_output.00_11.1``; empty where it cannot be had."""
    for command, answer in _WAYS_TO_ASK:
        if shutil.which(command[0]):
            try:
                environment = os.environ | {"LC_ALL": "C"}
                done = subprocess.run(  # noqa: S603 - one of two commands of the system, without anybody's words in it
                    command, env=environment, capture_output=True, text=True, timeout=ANSWERS_S, check=False
                )
            except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
                continue
            if found := answer.search(done.stdout):
                return found[1]
    return ""


def sleeps(name: str, sink: Callable[[], str] = default_sink) -> bool:
    """Whether a speaker is of a kind that goes to sleep.

    Args:
        name: As the sound card lists it.
        sink: Says what a sound server plays on; asked where only a server is behind the name.
    """
    if SLEEPY.search(name):
        return True
    return bool(SERVERS.search(name) and SLEEPY.search(sink()))


class SoundCardKeptAwake:
    """A sound card whose speakers are given noise where they would go to sleep; keeps `SoundCard`."""

    def __init__(self, card: SoundCard, which: KeepAwake, sink: Callable[[], str] = default_sink) -> None:
        """Stand in for ``card``; see `KeepAwake`, and `sleeps` for ``sink``."""
        self._card, self._which, self._sink = card, which, sink

    @property
    def about(self) -> str:
        """As `SoundCard.about`."""
        return self._card.about

    def devices(self) -> list[Device]:
        """As `SoundCard.devices`."""
        return self._card.devices()

    def refusal(self, device: Device, direction: Direction) -> str:
        """As `SoundCard.refusal`."""
        return self._card.refusal(device, direction)

    def obstacle(self, direction: Direction) -> Obstacle | None:
        """As `SoundCard.obstacle`."""
        return self._card.obstacle(direction)

    def muted(self, device: Device, direction: Direction) -> str:
        """As `SoundCard.muted`."""
        return self._card.muted(device, direction)

    def open_microphone(self, device: Device, on_sound: OnSound, on_end: OnEnd) -> Stream:
        """As `SoundCard.open_microphone`."""
        return self._card.open_microphone(device, on_sound, on_end)

    def open_speaker(self, device: Device, rate_hz: int, fill: Fill, on_end: OnEnd) -> Stream:
        """As `SoundCard.open_speaker`, with the noise where it is needed."""
        if self._which is KeepAwake.ON or (self._which is KeepAwake.AUTO and sleeps(device.name, self._sink)):
            fill = _Noisy(fill, rate_hz)
        return self._card.open_speaker(device, rate_hz, fill, on_end)

    def restart(self) -> None:
        """As `SoundCard.restart`."""
        self._card.restart()


class _Noisy:
    """What a `Fill` gives, and the noise; for one callback."""

    def __init__(self, fill: Fill, rate_hz: int) -> None:
        noise = np.random.default_rng(0).standard_normal(round(LOOP_S * rate_hz))
        self._noise = (noise * 10 ** (NOISE_DB / 20)).astype(np.float32)
        self._fill = fill
        self._at = 0

    def __call__(self, frames: int) -> NDArray[np.float32]:
        sound = self._fill(frames)
        noise = self._noise.take(np.arange(self._at, self._at + frames), mode="wrap")
        self._at = (self._at + frames) % len(self._noise)
        noisy: NDArray[np.float32] = np.clip(sound + noise, -1.0, 1.0)
        return noisy
