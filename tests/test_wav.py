"""Whatever stands in a WAV file, it is sound or one clear line: every reader, every byte of the header."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.errors import BadFileError
from voicecoach.simulation.simulated_person import read_recording
from voicecoach.wav import FASTEST_HZ, SLOWEST_HZ, NotWavError, read_wav

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

HEADER_BYTES = 44
SAMPLES = np.round(10_000 * np.sin(np.arange(800))).astype("<i2")


def wav(
    *, tag: int = 1, channels: int = 1, rate_hz: int = MICROPHONE_HZ, bits: int = 16, data_bytes: int | None = None
) -> bytes:
    """A tenth of a second, or what its header makes of it."""
    data = SAMPLES.tobytes()
    kind = struct.pack("<HHIIHH", tag, channels, rate_hz, 2 * rate_hz, 2, bits)
    length = len(data) if data_bytes is None else data_bytes
    body = b"WAVEfmt " + struct.pack("<I", len(kind)) + kind + b"data" + struct.pack("<I", length) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mutations() -> Iterator[tuple[str, bytes]]:
    """A sound file, and how it was harmed."""
    whole = wav()
    for place in range(HEADER_BYTES):
        for value in (0x00, 0x01, 0x02, 0x7F, 0x80, 0xFF):
            yield f"byte {place} is {value:#x}", whole[:place] + bytes([value]) + whole[place + 1 :]
    for length in (*range(HEADER_BYTES + 6), len(whole) - 1):
        yield f"cut after {length} bytes", whole[:length]
    for place in range(0, HEADER_BYTES, 4):
        yield f"a word is lost at {place}", whole[:place] + whole[place + 4 :]
        yield f"a word is there twice at {place}", whole[:place] + whole[place - 4 :]
    for rate_hz in (0, 1, 7, 999, 1_000_000, 2**32 - 1):
        yield f"{rate_hz} Hz", wav(rate_hz=min(rate_hz, 2**31 - 1))
    for bits in (0, 1, 7, 12, 24, 40, 64, 65_535):
        yield f"{bits} bits", wav(bits=bits)
    for channels in (0, 3, 33, 65_535):
        yield f"{channels} channels", wav(channels=channels)
    for tag in (0, 2, 3, 85, 0xFFFE):
        yield f"format {tag}", wav(tag=tag)
    for data_bytes in (0, 1, 2**31, 2**32 - 1):
        yield f"{data_bytes} bytes promised", wav(data_bytes=data_bytes)


def harmed_files(read: Callable[[Path], NDArray[np.float32]], folder: Path) -> list[tuple[str, object]]:
    """What a reader makes of every mutation."""
    made: list[tuple[str, object]] = []
    for number, (how, content) in enumerate(mutations()):
        path = folder / f"{number}.wav"
        path.write_bytes(content)
        try:
            made.append((how, read(path)))
        except BadFileError as error:
            made.append((how, str(error)))
    return made


def assert_sound_or_one_line(how: str, made: object) -> None:
    if isinstance(made, str):
        assert "\n" not in made, how
        assert "  " not in made, how
        assert "()" not in made, how
        assert len(made) < 400, how
    else:
        assert isinstance(made, np.ndarray), how
        assert made.dtype == np.float32, how
        assert np.isfinite(made).all(), how
        assert len(made) <= 60 * MICROPHONE_HZ, how


def test_noises_of_a_scenario(tmp_path: Path) -> None:
    made = harmed_files(lambda path: read_recording(path, "scene.yaml:3:5"), tmp_path)
    for how, result in made:
        assert_sound_or_one_line(how, result)
        assert not isinstance(result, str) or result.startswith("scene.yaml:3:5: "), how
    refused = sum(isinstance(result, str) for _, result in made)
    assert 100 < refused < len(made) - 50, "mutations of both kinds"


def test_recordings_of_the_benchmark(tmp_path: Path) -> None:
    pytest.importorskip("soundfile", reason="the benchmark's libraries are not installed")
    from voicecoach.sound_files import read_sound  # noqa: PLC0415 - see above

    for how, result in harmed_files(read_sound, tmp_path):
        assert_sound_or_one_line(how, result)


def test_recordings_to_train_on(tmp_path: Path) -> None:
    for library in ("soundfile", "kaldi_native_fbank"):
        pytest.importorskip(library, reason='needs the extra "train"')
    from model.recordings import read_samples  # noqa: PLC0415 - see above

    for how, result in harmed_files(lambda path: read_samples(path).astype(np.float32), tmp_path):
        assert_sound_or_one_line(how, result)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (wav(rate_hz=SLOWEST_HZ - 1), "its header speaks of 999 samples a second"),
        (wav(rate_hz=FASTEST_HZ + 1), "its header speaks of 768001 samples a second"),
        (wav(channels=33), "its header speaks of 33 channels"),
        (wav(bits=40), "its header speaks of samples of 40 bits"),
        (wav(tag=85), "unknown format: 85"),
        (wav().replace(b"data", b"\x01ata"), "fmt chunk and/or data chunk missing"),
        (wav()[:30], "it is cut short"),
        (b"", "it is cut short"),
    ],
)
def test_why_a_file_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(NotWavError) as error:
        read_wav(io.BytesIO(content))
    assert str(error.value) == reason


def test_a_file_says_whether_it_is_whole() -> None:
    assert read_wav(io.BytesIO(wav())).whole
    assert read_wav(io.BytesIO(wav()), most_s=0.05).whole
    assert not read_wav(io.BytesIO(wav()[:-2])).whole


def test_the_numbers_of_a_mono_file_come_out_as_they_are() -> None:
    assert np.array_equal(read_wav(io.BytesIO(wav())).mono_int16(), SAMPLES)
    with pytest.raises(NotWavError, match="not mono of 16 bits"):
        read_wav(io.BytesIO(wav(channels=2))).mono_int16()
