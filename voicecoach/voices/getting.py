"""Gets a voice pack: fetches it or takes a file, checks it, reads every clip, and only then puts it in its place."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from voicecoach.engines.recognition.model_store.catalogue import is_web_address
from voicecoach.engines.recognition.model_store.disk import require_free
from voicecoach.engines.recognition.model_store.download import Download
from voicecoach.engines.recognition.model_store.locking import changing
from voicecoach.errors import BadRequestError, VoicecoachError
from voicecoach.invocation import typed
from voicecoach.speaking.packs.manifest import BadPackError, is_pack_name
from voicecoach.speaking.packs.pack import SUFFIX, VoicePack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicecoach.engines.needs import EngineFile
    from voicecoach.engines.recognition.model_store.download import Progress
    from voicecoach.voices.catalogue import Offered
    from voicecoach.voices.store import VoiceStore


@dataclass(frozen=True, slots=True)
class WantedPack:
    """A pack to get."""

    name: str
    source: str | Path
    """An address, or a file of this machine."""
    sha256: str | None
    """What the file must come to; None: the person wants it unchecked."""
    size_bytes: int | None = None
    """Where that was published."""


def wanted(request: str, sha256: str | None, offered: Mapping[str, Offered], *, unchecked: bool) -> WantedPack:
    """Find out where to get what a person asks for, and how it can be checked.

    Args:
        request: The name of a pack that is offered, an address, or a file: one that was made elsewhere.
        sha256: Of the file, where the person knows it.
        offered: What there is to get by name.
        unchecked: Whether the person wants an address also without a checksum.

    Raises:
        BadRequestError: There is no such pack, or nothing to check it by.
    """
    file = Path(request).expanduser()
    if is_web_address(request):
        known = next((one.sha256 for one in offered.values() if one.url == request), None)
        if not (sha256 or known or unchecked):
            raise BadRequestError(
                f"{request} could not be checked; give its checksum with --sha256, or say --unchecked if you trust it"
            )
        return WantedPack(_name_of(request), request, sha256 or known)
    if request in offered:
        one = offered[request]
        return WantedPack(request, one.url, sha256 or one.sha256, one.size_bytes)
    if file.is_file():
        return WantedPack(_name_of(file.name), file, sha256)
    near = get_close_matches(request, offered, n=3)
    there = f"did you mean {' or '.join(near)}?" if near else f'see what there is with "{typed("voices")}"'
    raise BadRequestError(
        f'"{request}" is no voice pack that is offered, and no file; {there}, or give the address of one, '
        f"https://.../NAME{SUFFIX}"
    )


def get(pack: WantedPack, store: VoiceStore, progress: Progress) -> VoicePack:
    """Get a pack; until it is whole and every clip has been read, everything stays as it was.

    What was fetched is kept for another time when it is only not all yet, and removed when it is wrong.

    Raises:
        VoicecoachError: It cannot be fetched or kept, or is not what it should be.
    """
    with store.changing() as scratch:
        if isinstance(pack.source, Path):
            require_free(store.folder, pack.source.stat().st_size)
            part = scratch / "copied"
            shutil.copyfile(pack.source, part)
        else:
            part = store.download(pack.name)
            room = store.folder
            Download(pack.source, part, pack.size_bytes, lambda needed: require_free(room, needed), progress).run()
        try:
            _require_checksum(part, pack.sha256)
            _require_whole(part)
        except BadPackError as error:
            store.forget_download(pack.name)
            raise VoicecoachError(f"{pack.name} was not installed: {error}") from error
        part.replace(store.file(pack.name))
        store.forget_download(pack.name)
    return VoicePack(store.file(pack.name))


def get_files(files: Iterable[EngineFile], folder: Path, progress: Progress) -> int:
    """Get what an engine needs besides packages, file by file; what is there and whole stays.  Gives how many came.

    Args:
        files: All that it needs.
        folder: In which they lie, or deeper.
        progress: Is told how far each is.

    Raises:
        VoicecoachError: One cannot be fetched or kept, or is not the published one; what came before it stays.
    """
    came = 0
    with changing(folder, "voice"):
        for file in files:
            if _is_published(file.path, file):
                continue
            file.path.parent.mkdir(parents=True, exist_ok=True)
            part = file.path.with_name(f"{file.path.name}.part")
            Download(file.url, part, file.size_bytes, lambda needed: require_free(folder, needed), progress).run()
            whole = _is_published(part, file)
            if whole:
                part.replace(file.path)
                came += 1
            for left in file.path.parent.glob(f"{part.name}*"):
                left.unlink()
            if not whole:
                raise VoicecoachError(
                    f"{file.url} was damaged on the way, or is not the published file; it was removed, so give the "
                    "same command once more"
                )
    return came


def _is_published(path: Path, file: EngineFile) -> bool:
    if not path.is_file() or path.stat().st_size != file.size_bytes:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def _name_of(address: str) -> str:
    name = address
    with suppress(ValueError):  # of what only begins as an address does
        name = PurePosixPath(unquote(urlsplit(address).path)).name.removesuffix(SUFFIX)
    if not is_pack_name(name):
        raise BadRequestError(f'"{address}" cannot be a voice pack; its file must be called NAME{SUFFIX}')
    return name


def _require_checksum(file: Path, sha256: str | None) -> None:
    if sha256 is None:
        return
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != sha256:
        raise BadPackError(
            f"it was damaged on the way, or is not the published one (sha256 {digest}, not {sha256}); it was removed, "
            "so give the same command once more"
        )


def _require_whole(file: Path) -> None:
    with VoicePack(file) as pack:
        broken = pack.broken()
        if not len(pack):
            raise BadPackError("there is not a single sentence in it")
        if broken:
            raise BadPackError(f"{len(broken)} of its clips are broken")
        first = pack.sentences()[:1]
        if not first or pack.load(first[0].text) is None:
            raise BadPackError("its clips are no sound")
