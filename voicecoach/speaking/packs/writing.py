"""Makes a voice pack: clips are added as they are made, and the file takes its place when it is whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from voicecoach.errors import CannotCreateError
from voicecoach.speaking.packs.manifest import written
from voicecoach.speaking.packs.opus import BITS_PER_SECOND, encoded
from voicecoach.speaking.packs.pack import CARD, CLIP_SUFFIX, CLIPS, MANIFEST, SENTENCES

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from voicecoach.speaking.packs.manifest import Manifest

_BEGINNING_OF_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""Dates every file, so that the same clips make the same pack."""
_READABLE: Final = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Encoded:
    """A clip, ready to be added."""

    data: bytes
    seconds: float


class PackWriter:
    """Writes one pack; use it as a context manager, of which an error leaves nothing."""

    def __init__(self, path: Path, manifest: Manifest, card: str = "", bits_per_second: int = BITS_PER_SECOND) -> None:
        """Begin.

        Args:
            path: Of the pack.
            manifest: What it says of itself.
            card: What a person should know of it.
            bits_per_second: As for `opus.encoded`.
        """
        self._path, self._manifest = path, manifest
        self._unfinished = path.with_name(f"{path.name}.part")
        self._card, self._bits_per_second = card, bits_per_second
        self._lines: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._zip = ZipFile(self._unfinished, "w", ZIP_STORED)
        except OSError as error:
            raise CannotCreateError(f"{self._path} cannot be written ({error.strerror})") from error
        self._put(MANIFEST, written(self._manifest))
        if self._card:
            self._put(CARD, self._card.encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._put(SENTENCES, "".join(self._lines.values()).encode())
            self._zip.close()
            if kind is None:
                self._unfinished.replace(self._path)
        except OSError as why:
            raise CannotCreateError(f"{self._path} cannot be written ({why.strerror})") from why
        finally:
            self._unfinished.unlink(missing_ok=True)

    def encode(self, sound: NDArray[np.float32], rate_hz: int) -> Encoded | None:
        """A clip as `add` takes it, None where nothing is to be heard; in any thread, and several at once.

        Args:
            sound: shape (n,), float32 in -1..1, finished: trimmed and levelled.
            rate_hz: Its rate.
        """
        if not len(sound):
            return None
        return Encoded(encoded(sound, rate_hz, self._bits_per_second), len(sound) / rate_hz)

    def add(self, sentence: str, clip: Encoded) -> None:
        """Add the clip of ``sentence``, unless there is one already."""
        key = self._manifest.key(sentence)
        if key in self._lines:
            return
        self._put(f"{CLIPS}{key}{CLIP_SUFFIX}", clip.data)
        line = {"key": key, "text": sentence, "seconds": round(clip.seconds, 3)}
        self._lines[key] = json.dumps(line, ensure_ascii=False) + "\n"

    def _put(self, name: str, data: bytes) -> None:
        entry = ZipInfo(name, _BEGINNING_OF_TIME)
        entry.external_attr = _READABLE
        self._zip.writestr(entry, data)
