"""The models that were fetched: a folder of the user's with one folder a model, changed by one command at a time."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.model_store.disk import bytes_in
from voicecoach.engines.recognition.model_store.locking import changing
from voicecoach.engines.recognition.model_store.names import is_name
from voicecoach.errors import BadRequestError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

_DOWNLOADS = ".downloads"


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that was fetched."""

    name: str
    folder: Path
    size_bytes: int
    """Of all its files."""


class ModelStore:
    """Everything in the folder of models."""

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet; the folder need not be there."""
        self.folder = folder

    def installed(self) -> list[Installed]:
        """The models that are there, by name."""
        if not self.folder.is_dir():
            return []
        folders = sorted(folder for folder in self.folder.iterdir() if is_name(folder.name) and folder.is_dir())
        return [Installed(folder.name, folder, bytes_in(folder)) for folder in folders]

    def find(self, name: str) -> Installed | None:
        """The model of that name."""
        return next((model for model in self.installed() if model.name == name), None)

    def download(self, name: str) -> Path:
        """A folder for what has come of a model that is being fetched; made if it is not there."""
        folder = self.folder / _DOWNLOADS / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def forget_download(self, name: str) -> None:
        """Remove what has come of a model."""
        shutil.rmtree(self.folder / _DOWNLOADS / name, ignore_errors=True)

    def changing(self) -> AbstractContextManager[Path]:
        """As `locking.changing`."""
        return changing(self.folder, "model")

    def put(self, name: str, model: Path, scratch: Path) -> Installed:
        """Move the folder ``model``, which is on the same disk, to its place; one that was there goes."""
        place = self.folder / name
        if place.exists():
            place.rename(scratch / "replaced")
        model.rename(place)
        return Installed(name, place, bytes_in(place))

    def remove(self, name: str) -> None:
        """Remove a model, or what has come of one that was not fetched to its end.

        Raises:
            BadRequestError: There is none of that name.
            VoicecoachError: Another command changes the models right now.
        """
        model = self.find(name)
        if model is None and not (is_name(name) and (self.folder / _DOWNLOADS / name).exists()):
            there = ", ".join(installed.name for installed in self.installed())
            raise BadRequestError(f'"{name}" is not installed; {f"there are: {there}" if there else "no model is"}')
        with self.changing() as scratch:
            self.forget_download(name)
            if model:
                model.folder.rename(scratch / "removed")  # a link, too: what it leads to is not ours
