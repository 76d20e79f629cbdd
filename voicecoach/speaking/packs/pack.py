"""A voice pack: one zip file, nothing in it compressed again, so that a clip is one read at a known place.

``manifest.json`` says who speaks; ``sentences.jsonl`` has a line for each clip: its key, its text, its seconds;
``clips/KEY.opus`` are the clips, which any player plays.  A clip that does not come to its checksum, or cannot be
decoded, is as if it were not there.
"""

from __future__ import annotations

import json
import os
import struct
import threading
import weakref
import zlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from voicecoach.speaking.packs.manifest import BadPackError, read_manifest
from voicecoach.speaking.packs.opus import NotOpusError, decoded

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from voicecoach.speaking.disk import Clip
    from voicecoach.speaking.packs.manifest import Manifest

SUFFIX: Final = ".voicepack"
MANIFEST, SENTENCES, CARD = "manifest.json", "sentences.jsonl", "README.md"
CLIPS, CLIP_SUFFIX = "clips/", ".opus"
MOST_CLIPS: Final = 20_000
MOST_CLIP_BYTES: Final = 2_000_000
MOST_PAGE_BYTES: Final = 8_000_000
"""Of the list of sentences, and of the other pages."""
MOST_BYTES: Final = 300_000_000
_MOST_LISTING_BYTES: Final = 160 * MOST_CLIPS
_END: Final = struct.Struct("<4s4H2LH")
_END_MARK, _LARGE_MARK = b"PK\x05\x06", b"PK\x06\x07"
_LARGE_BYTES: Final = 20
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_BROKEN = (BadZipFile, struct.error, EOFError, NotImplementedError, OverflowError, ValueError, KeyError, RuntimeError)
"""What Python says about one thing or another that is wrong in a file."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A line of the list: what a clip says."""

    key: str
    text: str
    seconds: float


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a file lies in the pack."""

    header_at: int
    size: int
    crc: int


class VoicePack:
    """An open pack, for any number of threads."""

    def __init__(self, path: Path) -> None:
        """Open it; clips are read when they are asked for.

        Raises:
            BadPackError: The file is none, or cannot be read.
        """
        self.path = path
        try:
            with path.open("rb") as stream:
                self._entries = _entries(stream.fileno(), path)
                self._file = os.dup(stream.fileno())
                self._give_back = weakref.finalize(self, os.close, self._file)
        except OSError as error:
            raise BadPackError(f"{path} cannot be read ({error.strerror or error})") from error
        except _BROKEN as error:
            raise BadPackError(f"{path} is no voice pack, or a broken one ({error})") from error
        self._broken: set[str] = set()
        self._lock = threading.Lock()
        try:
            self.manifest: Manifest = read_manifest(self._page(MANIFEST))
        except (*_BROKEN, OSError) as error:
            self.close()
            raise BadPackError(f"{path} cannot be used: {error}") from error

    def close(self) -> None:
        """Give the file back; the pack has nothing any more."""
        self._entries = {}
        self._give_back()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """How many clips are in it."""
        return sum(name.startswith(CLIPS) for name in self._entries)

    def has(self, sentence: str) -> bool:
        """Whether there is a clip of ``sentence`` that has not turned out to be broken."""
        name = self._name(sentence)
        return name in self._entries and name not in self._broken

    def is_sound(self, sentence: str) -> bool:
        """Whether there is a clip of ``sentence``, and it comes to its checksum."""
        return self.opus(sentence) is not None

    def load(self, sentence: str) -> Clip | None:
        """The clip of ``sentence``, or None where there is none that can be trusted."""
        if not self.has(sentence):
            return None
        name = self._name(sentence)
        data = self._bytes(name)
        if data is None:
            return None
        try:
            return decoded(data)
        except NotOpusError:
            self._leave_out(name)
            return None

    def opus(self, sentence: str) -> bytes | None:
        """The clip of ``sentence`` as it lies in the file, or None where there is none that comes to its checksum."""
        return self._bytes(self._name(sentence)) if self.has(sentence) else None

    def sentences(self) -> list[Recorded]:
        """What is said in it, in the order of the list; broken lines are passed over."""
        try:
            lines = self._page(SENTENCES).decode(errors="replace").splitlines()
        except (*_BROKEN, OSError):
            return []
        found = []
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):
                said = json.loads(line)
                found.append(Recorded(str(said["key"]), str(said["text"]), float(said["seconds"])))
        return found

    def broken(self) -> list[str]:
        """Every clip that is left out, by its text where the list has it; all of them are read, and a few decoded."""
        texts = {f"{CLIPS}{one.key}{CLIP_SUFFIX}": one.text for one in self.sentences()}
        bad = [name for name in self._entries if name.startswith(CLIPS) and self._bytes(name) is None]
        bad += [name for name in texts if name not in self._entries]
        return [texts.get(name, name) for name in dict.fromkeys(bad)]

    def _name(self, sentence: str) -> str:
        return f"{CLIPS}{self.manifest.key(sentence)}{CLIP_SUFFIX}"

    def _page(self, name: str) -> bytes:
        """A file of the pack that is no clip."""
        entry = self._entries[name]
        if entry.size > MOST_PAGE_BYTES:
            raise ValueError(f"{name} has {entry.size:,} bytes")
        return self._read(entry)

    def _bytes(self, name: str) -> bytes | None:
        """A clip as it is in the file; None, and left out from now on, where it is broken."""
        try:
            return self._read(self._entries[name])
        except (*_BROKEN, OSError):
            self._leave_out(name)
            return None

    def _read(self, entry: _Entry) -> bytes:
        header = _LOCAL.unpack(os.pread(self._file, _LOCAL.size, entry.header_at))
        data = os.pread(self._file, entry.size, entry.header_at + _LOCAL.size + header[-2] + header[-1])
        if len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise ValueError("a checksum does not fit")
        return data

    def _leave_out(self, name: str) -> None:
        with self._lock:
            self._broken.add(name)


def _entries(file: int, path: Path) -> dict[str, _Entry]:
    """Where everything lies, by its name."""
    size = os.fstat(file).st_size
    if size > MOST_BYTES:
        raise ValueError(f"it has {size:,} bytes")
    _require_small_listing(file, size)
    with ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.compress_type != ZIP_STORED or member.flag_bits & 1 for member in members):
        raise ValueError("something in it is packed or locked")
    if any(member.file_size > MOST_CLIP_BYTES for member in members if member.filename.startswith(CLIPS)):
        raise ValueError("it has a clip that is far too long")
    return {member.filename: _Entry(member.header_offset, member.file_size, member.CRC) for member in members}


def _require_small_listing(file: int, size: int) -> None:
    """Refuse a list of files that is too long, before Python reads all of it and makes an object of each."""
    tail = os.pread(file, _END.size + _LARGE_BYTES, max(0, size - _END.size - _LARGE_BYTES))
    if len(tail) < _END.size:
        raise ValueError("it is too short")
    mark, _, _, _, count, listing, _, note = _END.unpack(tail[-_END.size :])
    if mark != _END_MARK or note or tail.startswith(_LARGE_MARK):
        raise ValueError("its end is not that of a pack")
    if count > MOST_CLIPS or listing > _MOST_LISTING_BYTES:
        raise ValueError(f"it lists {count:,} files")
