"""The folder of clips on disk: whole files or none, each checked when it is read, within bounds.

A clip is a WAV file that any player plays.  After its end follow 16 bytes, a digest of all before: a power cut can
leave a file of the right length full of zeros, and a coach must never speak noise into a dark bedroom.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import time
import wave
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.wav import read_wav

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.engines.synthesis.port import Voice

FORMAT = 2
"""Part of every key: raise it when clips that were made before should be rendered again."""
SUFFIX = ".clip.wav"
UNFINISHED = ".part"
DIGEST_BYTES = 16
DAY_S = 86_400.0
"""A clip's last use is noted at most once a day, to spare memory cards; unfinished files older than that are waste."""

Clip = tuple["NDArray[np.int16]", int]
"""Samples of shape (n,), and their rate in Hz."""


class ClipFolder:
    """Clips of one engine by text and voice; several engines may share the folder."""

    def __init__(self, path: Path, engine: str) -> None:
        """Look at nothing yet.

        Args:
            path: The folder; it need not exist.
            engine: What the clips were made with: `Synthesizer.key`.
        """
        self.path = path
        self._engine = engine

    def has(self, text: str, voice: Voice) -> bool:
        """Whether there is a clip of ``text``, sound or broken."""
        path = self._file(text, voice)
        is_there = path.exists()
        if is_there:
            _note_use(path)
        return is_there

    def load(self, text: str, voice: Voice) -> Clip | None:
        """The clip of ``text``, or None when there is none that can be trusted."""
        path = self._file(text, voice)
        try:
            clip = unpack(path.read_bytes())
        except OSError:
            return None
        if clip is not None:
            _note_use(path)
        return clip

    def store(self, text: str, voice: Voice, clip: Clip) -> None:
        """Keep ``clip``.

        Raises:
            OSError: It could not be written; what stood there before still does.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        write_whole(self._file(text, voice), pack(clip))

    def make_room(self, most_bytes: int) -> None:
        """Remove the clips not used for longest beyond ``most_bytes``, and what was begun long ago and not finished."""
        with suppress(OSError):  # a folder that cannot be read or changed is not tidied
            files = [(file, file.stat()) for file in self.path.iterdir()]
            for file, stat in files:
                if file.suffix == UNFINISHED and abs(time.time() - stat.st_mtime) > DAY_S:
                    file.unlink()
            clips = [(file, stat) for file, stat in files if file.name.endswith(SUFFIX)]
            excess = sum(stat.st_size for _, stat in clips) - most_bytes
            for file, stat in sorted(clips, key=lambda clip: clip[1].st_mtime):
                if excess <= 0:
                    break
                file.unlink(missing_ok=True)
                excess -= stat.st_size

    def _file(self, text: str, voice: Voice) -> Path:
        key = json.dumps([FORMAT, self._engine, text, voice.name, voice.words_per_minute])
        return self.path / (hashlib.blake2b(key.encode(), digest_size=16).hexdigest() + SUFFIX)


def _note_use(path: Path) -> None:
    with suppress(OSError):
        if abs(time.time() - path.stat().st_mtime) > DAY_S:  # a wrong clock dates it later
            os.utime(path)


def pack(clip: Clip) -> bytes:
    """A WAV file, and after its end, where players do not look, a digest of it."""
    samples, rate_hz = clip
    memory = io.BytesIO()
    with wave.open(memory, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples.astype("<i2").tobytes())
    return memory.getvalue() + _digest(memory.getvalue())


def unpack(data: bytes) -> Clip | None:
    """The clip in ``data``, or None when a single byte is not as `pack` made it."""
    body, digest = data[:-DIGEST_BYTES], data[-DIGEST_BYTES:]
    if _digest(body) != digest:
        return None
    sound = read_wav(io.BytesIO(body))
    return sound.mono_int16(), sound.rate_hz


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` beside ``path`` and move it there, so that nobody ever reads half of it."""
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, suffix=UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(unfinished).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(unfinished).unlink()
        raise


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()
