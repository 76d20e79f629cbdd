"""The user's voice packs: a folder with one file a pack, changed by one command at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voicecoach.engines.recognition.model_store.locking import changing
from voicecoach.errors import BadRequestError
from voicecoach.speaking.packs.manifest import is_pack_name
from voicecoach.speaking.packs.pack import SUFFIX

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

_DOWNLOADS: Final = ".downloads"


class VoiceStore:
    """Everything in the folder of packs."""

    def __init__(self, folder: Path) -> None:
        """Look at nothing yet; the folder need not be there."""
        self.folder = folder

    def installed(self) -> dict[str, Path]:
        """The files that are there, by the names of their packs."""
        if not self.folder.is_dir():
            return {}
        files = sorted(self.folder.glob(f"*{SUFFIX}"))
        return {name: file for file in files if is_pack_name(name := file.name.removesuffix(SUFFIX)) and file.is_file()}

    def file(self, name: str) -> Path:
        """Where the pack of that name lies, or would."""
        return self.folder / f"{name}{SUFFIX}"

    def download(self, name: str) -> Path:
        """The file for what has come of a pack that is being fetched; its folder is made."""
        (self.folder / _DOWNLOADS).mkdir(parents=True, exist_ok=True)
        return self.folder / _DOWNLOADS / f"{name}.part"

    def forget_download(self, name: str) -> None:
        """Remove what has come of a pack."""
        for left in (self.folder / _DOWNLOADS).glob(f"{name}.part*"):
            left.unlink(missing_ok=True)

    def changing(self) -> AbstractContextManager[Path]:
        """As `locking.changing`."""
        return changing(self.folder, "voice pack")

    def remove(self, name: str) -> None:
        """Remove a pack, or what has come of one that was not fetched to its end.

        Raises:
            BadRequestError: There is none of that name.
            VoicecoachError: Another command changes the packs right now.
        """
        there = self.installed()
        is_begun = is_pack_name(name) and any((self.folder / _DOWNLOADS).glob(f"{name}.part*"))
        if name not in there and not is_begun:
            names = f"there are: {', '.join(there)}" if there else "no voice pack is"
            raise BadRequestError(f'"{name}" is not installed; {names}')
        with self.changing():
            self.forget_download(name)
            if name in there:
                there[name].unlink(missing_ok=True)
