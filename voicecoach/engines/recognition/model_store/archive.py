"""Unpacks an archive that nobody vouches for: nothing of it lands elsewhere, and it cannot fill the disk."""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import struct
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voicecoach.engines.recognition.model_store.download import Progress

MOST_FILES = 1_000
"""A model has some twenty."""
MOST_TIMES = 20
"""How many times as large as the archive its contents may be; a model is twice as large, a bomb a thousand times."""
_LONGEST_NAME = 200
MOST_LISTING_BYTES = 512 * MOST_FILES
"""Of the list of files at the end of an archive: names and notes, half a kilobyte a file at most."""
_ENCRYPTED = 0x1
_BLOCK_BYTES = 1 << 20
_KINDS = (0, stat.S_IFREG, stat.S_IFDIR)
"""File or folder; 0 where the archive does not say.  Links and devices are neither."""
_METHODS = (ZIP_STORED, ZIP_DEFLATED)
"""Python unpacks these by a bounded piece at a time, and the others not."""

_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OverflowError, ValueError)
"""What Python says about one thing or another that is wrong in an archive."""


class BadArchiveError(VoicecoachError):
    """The archive is broken, or not one that should be unpacked."""


def unpack(archive: Path, folder: Path, require_room: Callable[[int], None], progress: Progress) -> None:
    """Unpack ``archive`` into ``folder``, which is empty.

    Args:
        archive: A zip file.
        folder: Where to unpack; made if it is not there.  Some files are in it afterwards also when it fails.
        require_room: Is told how many bytes it takes, and may raise, before anything is written.
        progress: Is told how far it is.

    Raises:
        BadArchiveError: It is broken, or would do what a model's archive has no reason to do.
    """
    try:
        with _BoundedReader(archive) as stream, ZipFile(stream) as source:
            stream.bounded = False
            members = source.infolist()
            _check(members, archive.stat().st_size)
            total = sum(member.file_size for member in members)
            require_room(total)
            folder.mkdir(exist_ok=True)
            done = 0
            for member in members:
                if not member.is_dir():
                    done += _unpack_file(source, member, folder / member.filename)
                    progress("unpack", done, total)
    except _BROKEN as error:
        raise BadArchiveError(f"the archive is broken ({error})") from error
    except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
        raise BadArchiveError(f"the archive has two things in one place: {error.filename}") from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise BadArchiveError(f"the archive is broken ({error.strerror})") from error


class _BoundedReader(io.BufferedReader):
    """Refuses to read a list of files that is too long.

    Python reads all of it at once and makes an object of each file in it, many times as large as what stands there, and
    heeds nothing that the archive says of their number.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self.bounded = True

    def read(self, size: int | None = -1, /) -> bytes:
        if self.bounded and size is not None and size > MOST_LISTING_BYTES:
            raise BadArchiveError(f"the archive lists its files in {size:,} bytes, far more than a model's")
        return super().read(size)


def _unpack_file(source: ZipFile, member: ZipInfo, path: Path) -> int:
    """Write one file; gives its size.  However much is packed in it, no more is read than it says that it has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with source.open(member) as packed, path.open("xb") as file:
        shutil.copyfileobj(packed, file, _BLOCK_BYTES)
        file.flush()
        os.fsync(file.fileno())  # a model must not be half there after a power cut
    return member.file_size


def _check(members: list[ZipInfo], archive_bytes: int) -> None:
    """Refuse an archive by what it says of itself."""
    if len(members) > MOST_FILES:
        raise BadArchiveError(f"the archive has {len(members):,} files, far more than a model")
    if sum(member.file_size for member in members) > MOST_TIMES * archive_bytes:
        raise BadArchiveError("the archive would grow far beyond the size of a model")
    for member in members:
        reason = _objection(member)
        if reason:
            raise BadArchiveError(f"the archive has {reason} in it: {member.filename[:_LONGEST_NAME]!a}")
    if all(member.is_dir() for member in members):
        raise BadArchiveError("the archive is empty")


def _objection(member: ZipInfo) -> str | None:
    """Why a member should not be unpacked, if there is a reason."""
    name = member.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or not name.isprintable():
        return "a path that leads elsewhere"
    if not 0 < len(name.encode(errors="replace")) <= _LONGEST_NAME:
        return "a name that is empty or too long"
    if stat.S_IFMT(member.external_attr >> 16) not in _KINDS:
        return "something that is no file"
    if member.flag_bits & _ENCRYPTED:
        return "a file with a password"
    return None if member.compress_type in _METHODS else "a file that is packed in an unusual way"
