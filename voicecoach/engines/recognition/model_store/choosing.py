"""Which model to hear with: the person's choice, else a general one where memory allows, else the one that ships."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.engines.recognition.model_files import SHIPPED_MODEL
from voicecoach.engines.recognition.model_store.disk import size
from voicecoach.engines.recognition.model_store.names import is_general_english
from voicecoach.invocation import typed
from voicecoach.resources import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.engines.recognition.model_store.store import Installed

AUTO = "auto"
"""In place of a name: let the coach choose."""
SHIPPED_NAME = Path(SHIPPED_MODEL).name
_MEMINFO = Path("/proc/meminfo")
_COACH_BYTES = 50_000_000
_TIMES_ON_DISK = 4
"""By these two the small English model, of 68 MB on disk, takes the 300 MB that its publisher names, and a little."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The model to hear with."""

    folder: Path
    why: str
    """Goes on where "the coach hears with it" ends: "because ..."."""
    automatic: bool = True
    """Whether nobody asked for this very model."""

    @property
    def is_shipped(self) -> bool:
        """Whether it is the model that ships."""
        return self.folder == shipped(SHIPPED_MODEL)


def choose(
    setting: str | None, remembered: str | None, installed: Sequence[Installed], available_bytes: int | None
) -> Choice:
    """Choose a model; whether it is there and whole is not looked at.

    Args:
        setting: What the settings, or --model in their place, say: a name, a folder, or `AUTO`.
        remembered: What ``voicecoach models use`` remembered, alike; it counts where the settings say nothing.
        installed: The models that were fetched.
        available_bytes: Memory that can be had without hurting other programs; None: that cannot be told.
    """
    wanted = remembered if setting is None else setting
    if wanted is not None and wanted != AUTO:
        by = "the settings or --model name it" if setting is not None else f'you chose it with "{typed("models use")}"'
        return Choice(named(wanted, installed), f"because {by}", automatic=False)
    general = sorted((model for model in installed if is_general_english(model.name)), key=_size_bytes)
    if not general:
        return _shipped("because it ships with the coach and no general English model is installed")
    if available_bytes is None:
        return _shipped("because it cannot be told whether there is memory for a larger one")
    fitting = [model for model in general if memory_bytes(model.size_bytes) <= available_bytes]
    if not fitting:
        smallest = general[0]
        return _shipped(
            f"because {smallest.name} needs about {size(memory_bytes(smallest.size_bytes))} of memory "
            f"and {size(available_bytes)} are free"
        )
    largest = fitting[-1]
    return Choice(
        largest.folder,
        f"because it is a general English model and the about {size(memory_bytes(largest.size_bytes))} of memory that "
        "it needs are free",
    )


def named(text: str, installed: Sequence[Installed]) -> Path:
    """The folder of the model that a person named, by its name or by its folder; it need not be there."""
    if text == SHIPPED_NAME:
        return shipped(SHIPPED_MODEL)
    return next((model.folder for model in installed if model.name == text), Path(text).expanduser())


def memory_bytes(bytes_on_disk: int) -> int:
    """About how much memory the coach takes with a model of that size, to ten megabytes."""
    return round(_COACH_BYTES + _TIMES_ON_DISK * bytes_on_disk, -7)


def available_memory_bytes(meminfo: Path = _MEMINFO) -> int | None:
    """How much memory Linux says can be had without hurting other programs; None where it does not say."""
    try:
        lines = meminfo.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    said = (line.split() for line in lines if line.startswith("MemAvailable:"))
    return next((int(words[1]) * 1024 for words in said if len(words) > 1 and words[1].isdecimal()), None)


def _shipped(why: str) -> Choice:
    return Choice(shipped(SHIPPED_MODEL), why)


def _size_bytes(model: Installed) -> int:
    return model.size_bytes
