"""Opus in Ogg: what a pack's clips are; libsndfile reads and writes them."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Final

import soxr

from voicecoach.errors import MissingPartError
from voicecoach.invocation import to_install
from voicecoach.sound_files import sound_library

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATES_HZ: Final = (8_000, 12_000, 16_000, 24_000, 48_000)
"""What Opus knows; other sound is resampled to the next one that holds all of it, and at most to `BEST_HZ`."""
BEST_HZ: Final = 24_000
"""Speech has little above 12 kHz, and a bedside speaker less."""
BITS_PER_SECOND: Final = 16_000
"""Asked for; with what Ogg takes, a clip has 20,000, and 14 MB hold an hour and a half."""
LONGEST_S: Final = 120
"""A clip is a sentence; a broken header may promise hours."""
_LEAST_BITS, _MOST_BITS = 6_000, 256_000
"""What libsndfile makes of the compression levels 1 and 0."""
_PAGE: Final = b"OggS"
_SERIAL, _CRC, _SEGMENTS, _HEADER = 14, 22, 26, 27
"""Where these are in the header of a page of Ogg, and how long that is without the table at its end."""
_SERIAL_NUMBER: Final = b"vcch"


class NotOpusError(Exception):
    """The bytes are no clip; ``str(error)`` says why, in words that fit into brackets."""


def encoded(sound: NDArray[np.float32], rate_hz: int, bits_per_second: int = BITS_PER_SECOND) -> bytes:
    """``sound`` as Opus in Ogg; the same sound always gives the same bytes, on the same machine.

    Args:
        sound: shape (n,), float32 in -1..1.
        rate_hz: Its rate.
        bits_per_second: About how many it may take, from 6,000 to 256,000.
    """
    soundfile = sound_library()
    best = next((rate for rate in RATES_HZ if rate >= min(rate_hz, BEST_HZ)), BEST_HZ)
    sound = sound if rate_hz == best else soxr.resample(sound, rate_hz, best)
    level = 1 - (bits_per_second - _LEAST_BITS) / (_MOST_BITS - _LEAST_BITS)
    memory = io.BytesIO()
    soundfile.write(memory, sound, best, format="OGG", subtype="OPUS", compression_level=level)
    return _with_our_serial(memory.getvalue())


def decoded(data: bytes) -> tuple[NDArray[np.int16], int]:
    """The sound in ``data``: samples of shape (n,), int16, and their rate in Hz.

    Raises:
        NotOpusError: It is no clip.
        MissingPartError: This machine cannot read Opus.
    """
    soundfile = sound_library()
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if (file.format, file.subtype, file.channels) != ("OGG", "OPUS", 1):
                raise NotOpusError(f"it is {file.subtype} in {file.format}, {file.channels} channels")
            samples: NDArray[np.int16] = file.read(LONGEST_S * file.samplerate + 1, dtype="int16")
            rate_hz: int = file.samplerate
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        raise NotOpusError(str(error)) from error
    if not 0 < len(samples) <= LONGEST_S * rate_hz:
        raise NotOpusError(f"it lasts {len(samples) / rate_hz:.0f} s")
    return samples, rate_hz


def can_be_read() -> None:
    """Make sure that this machine reads Opus.

    Raises:
        MissingPartError: It does not.
    """
    if "OPUS" not in sound_library().available_subtypes("OGG"):
        how = to_install("--upgrade", "soundfile")
        raise MissingPartError(f"soundfile reads no Opus here; install a newer one: {how}")


def _with_our_serial(ogg: bytes) -> bytes:
    """``ogg`` with one number for the stream on every page; libsndfile takes a random one (RFC 3533, section 6)."""
    pages, at = bytearray(ogg), 0
    while at < len(pages):
        if pages[at : at + len(_PAGE)] != _PAGE:
            raise AssertionError("libsndfile has written something that is not Ogg")
        table = at + _HEADER
        segments = pages[at + _SEGMENTS]
        end = table + segments + sum(pages[table : table + segments])
        pages[at + _SERIAL : at + _SERIAL + 4] = _SERIAL_NUMBER
        pages[at + _CRC : at + _CRC + 4] = bytes(4)
        pages[at + _CRC : at + _CRC + 4] = _crc(pages[at:end]).to_bytes(4, "little")
        at = end
    return bytes(pages)


def _crc(page: bytes | bytearray) -> int:
    crc, table = 0, _crc_table()
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ table[crc >> 24 ^ byte]
    return crc


@cache
def _crc_table() -> tuple[int, ...]:
    """For each byte, what is left of it by the polynomial of Ogg, 0x04C11DB7."""
    table = []
    for byte in range(256):
        left = byte << 24
        for _ in range(8):
            left = (left << 1 ^ 0x04C11DB7 if left & 0x80000000 else left << 1) & 0xFFFFFFFF
        table.append(left)
    return tuple(table)
