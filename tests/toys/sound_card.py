"""A microphone and a speaker elsewhere in the house, which send and ask for sound over UDP.

The microphone sends packets of any length to one port; the speaker sends an empty packet to another whenever it wants
the next 20 ms.  Samples are 16-bit integers, little-endian, one channel.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.audio_io.port import Device, Direction, SoundCardError
from voicecoach.engines.needs import Needs

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.engines.audio_io.port import Fill, Obstacle, OnEnd, OnSound

NEEDS: Final = Needs(memory_mb=1)
RATE_HZ = 16_000
ADDRESS = "127.0.0.1"  # a real one listens to the network, and makes sure of who sends
MICROPHONE_PORT, SPEAKER_PORT = 5050, 5051
LONGEST_PACKET = 65_536


class NetworkRoom:
    """Keeps `port.SoundCard`; there is one device, which is always there."""

    def __init__(self, microphone_port: int = MICROPHONE_PORT, speaker_port: int = SPEAKER_PORT) -> None:
        self._ports = microphone_port, speaker_port

    @property
    def about(self) -> str:
        return f"a room at {ADDRESS}, ports {self._ports[0]} and {self._ports[1]}"

    def devices(self) -> list[Device]:
        return [Device("network", 0, inputs=1, outputs=1, rate_hz=RATE_HZ, usual=frozenset(Direction))]

    def refusal(self, device: Device, direction: Direction) -> str:
        del device, direction
        return ""

    def obstacle(self, direction: Direction) -> Obstacle | None:
        del direction
        return None

    def muted(self, device: Device, direction: Direction) -> str:
        del device, direction
        return ""

    def open_microphone(self, device: Device, on_sound: OnSound, on_end: OnEnd) -> PacketStream:
        del device

        def caught(packet: bytes) -> None:
            samples = np.frombuffer(packet, "<i2").astype(np.float32) / np.float32(32_768)
            on_sound(samples[:, np.newaxis])

        return PacketStream(self._ports[0], caught, on_end)

    def open_speaker(self, device: Device, rate_hz: int, fill: Fill, on_end: OnEnd) -> PacketStream:
        del device

        def wanted(_: bytes) -> bytes:
            return np.round(fill(rate_hz // 50) * 32_767).astype("<i2").tobytes()

        return PacketStream(self._ports[1], wanted, on_end)

    def restart(self) -> None:
        """There is nothing to look for."""


class PacketStream:
    """Takes packets on a thread of its own, and answers them."""

    def __init__(self, port: int, answer: Callable[[bytes], bytes | None], on_end: OnEnd) -> None:
        self._answer, self._on_end = answer, on_end
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((ADDRESS, port))
        except OSError as error:
            self._socket.close()
            raise SoundCardError(f"port {port} cannot be had: {error.strerror}") from error
        self._thread = Thread(target=self._serve, name=f"port {port}", daemon=True)
        self._thread.start()

    def abort(self) -> None:
        with suppress(OSError):  # said of a socket without a connection, but it wakes the thread
            self._socket.shutdown(socket.SHUT_RD)
        self._thread.join(timeout=1.0)

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            packet, sender = self._socket.recvfrom(LONGEST_PACKET)
            if not sender:  # `abort` was called
                break
            if (answer := self._answer(packet)) is not None:
                self._socket.sendto(answer, sender)
        self._on_end()
