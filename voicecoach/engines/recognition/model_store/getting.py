"""Gets a model: fetches its archive, checks it, unpacks it, tries it out, and only then puts it in its place."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from voicecoach.engines.recognition.model_files import CHECKSUMS, problem_with, write_checksums
from voicecoach.engines.recognition.model_store.archive import BadArchiveError, unpack
from voicecoach.engines.recognition.model_store.catalogue import is_web_address
from voicecoach.engines.recognition.model_store.disk import require_free
from voicecoach.engines.recognition.model_store.download import Download
from voicecoach.engines.recognition.model_store.names import is_name
from voicecoach.errors import BadRequestError, VoicecoachError
from voicecoach.invocation import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voicecoach.engines.recognition.model_store.catalogue import Published
    from voicecoach.engines.recognition.model_store.download import Progress
    from voicecoach.engines.recognition.model_store.store import Installed, ModelStore

USUAL_TIMES = 2
"""How many times as large as its archive a model is, for the room on the disk: 1.7 times is usual."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the archive must come to."""

    algorithm: str
    """As hashlib calls it: "md5" or "sha256"."""
    digest: str
    """In lower-case hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class WantedModel:
    """A model to get."""

    name: str
    url: str
    checksum: Checksum | None
    """None: the person wants it unchecked."""
    size_bytes: int | None = None
    """Of the archive, where that was published."""
    has_fixed_graph: bool = False
    """Whether it most likely cannot be given phrases."""


def name_of(request: str) -> str:
    """The name of the model that a person asks for, by name or by address.

    Raises:
        BadRequestError: It is neither.
    """
    name = request
    if is_web_address(request):
        with suppress(ValueError):  # of what only begins as an address does
            name = PurePosixPath(unquote(urlsplit(request).path)).name.removesuffix(".zip")
    if not is_name(name):
        raise BadRequestError(
            f'"{request}" cannot be a model: name one that "{typed("models list --published")}" tells, or give the '
            "address of an archive, https://.../NAME.zip"
        )
    return name


def wanted(
    request: str, checksum: Checksum | None, catalogue: Callable[[], Sequence[Published]], *, unchecked: bool
) -> WantedModel:
    """Find out where to get what a person asks for, and how it can be checked.

    Args:
        request: The name of a published model, or the address of an archive.
        checksum: Of the archive, where the person knows it.
        catalogue: Gives the published models; is asked only where they are needed.
        unchecked: Whether the person wants it also where there is no checksum.

    Raises:
        BadRequestError: There is no such model, or nothing to check it by.
        VoicecoachError: The published models are needed and cannot be had.
    """
    name = name_of(request)
    if is_web_address(request) and (checksum or unchecked):
        return WantedModel(name, request, checksum)
    model = _published_at(request, catalogue) if is_web_address(request) else _published_as(name, catalogue())
    if not model.hears:
        raise BadRequestError(f"{name} tells speakers apart and hears no words; the coach has no use for it")
    by = checksum or Checksum("md5", model.md5)
    return WantedModel(name, model.url, by, model.size_bytes, model.has_fixed_graph)


def _published_at(url: str, catalogue: Callable[[], Sequence[Published]]) -> Published:
    try:
        found = [model for model in catalogue() if model.url == url]
        problem = "it is not among the published models"
    except VoicecoachError as error:
        found, problem = [], str(error)
    if not found:
        raise BadRequestError(
            f"{url} could not be checked: {problem}; give its checksum with --sha256 or --md5, or say --unchecked if "
            "you trust it"
        )
    return found[0]


def _published_as(name: str, models: Sequence[Published]) -> Published:
    found = [model for model in models if model.name == name]
    if not found:
        near = get_close_matches(name, [model.name for model in models], n=3)
        advice = f"did you mean {' or '.join(near)}?" if near else f'see "{typed("models list --published")}"'
        raise BadRequestError(f'no model "{name}" is published; {advice}')
    return found[0]


def get(model: WantedModel, store: ModelStore, progress: Progress) -> Installed:
    """Get a model; until it is whole and Vosk can use it, everything stays as it was.

    What was fetched is kept for another time when it is only not all yet, and removed when it is wrong.

    Raises:
        VoicecoachError: It cannot be fetched or kept, is not what it should be, or Vosk cannot use it.
    """
    with store.changing() as scratch:
        part = store.download(model.name) / "archive.zip.part"
        Download(model.url, part, model.size_bytes, _room_for_download(store.folder), progress).run()
        try:
            _require_checksum(part, model.checksum)
            unpacked = scratch / "unpacked"
            unpack(part, unpacked, lambda needed: require_free(store.folder, needed), progress)
            folder = _top(unpacked)
            _require_usable(folder)
        except BadArchiveError as error:
            store.forget_download(model.name)
            raise VoicecoachError(f"{model.name} was not installed: {error}") from error
        write_checksums(folder)
        installed = store.put(model.name, folder, scratch)
        store.forget_download(model.name)
    return installed


def _room_for_download(folder: Path) -> Callable[[int], None]:
    """The archive and what it holds need room; how much that is, is known only afterwards."""
    return lambda to_come: require_free(folder, to_come * (1 + USUAL_TIMES))


def _require_checksum(archive: Path, checksum: Checksum | None) -> None:
    if checksum is None:
        return
    with archive.open("rb") as stream:
        digest = hashlib.file_digest(stream, checksum.algorithm).hexdigest()
    if digest != checksum.digest:
        raise BadArchiveError(
            f"its archive was damaged on the way, or is not the published one ({checksum.algorithm} {digest}, not "
            f"{checksum.digest}); it was removed, so give the same command once more"
        )


def _top(unpacked: Path) -> Path:
    """The model's folder: archives have it as the only thing at their top, or are the model."""
    inside = [*unpacked.iterdir()] if unpacked.is_dir() else []
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else unpacked


def _require_usable(folder: Path) -> None:
    """Look the model through and have Vosk try it, whatever checksums it brings along."""
    claims = folder / CHECKSUMS
    if claims.is_dir():
        raise BadArchiveError(f"it has a folder {CHECKSUMS}, which should be a file")
    claims.unlink(missing_ok=True)
    problem = problem_with(folder)
    if problem:
        raise BadArchiveError(f"it {problem}")
