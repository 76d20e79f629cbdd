"""Which packs speak: what the person chose, what has the same voice, what ships; and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.invocation import typed
from voicecoach.speaking.packs.manifest import BadPackError
from voicecoach.speaking.packs.pack import VoicePack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

AUTO: Final = "auto"
"""In place of a name: let the coach choose."""
NONE: Final = "none"
"""In place of a name: the engine says everything."""


@dataclass(frozen=True, slots=True)
class Found:
    """Packs that can be opened."""

    installed: Mapping[str, VoicePack]
    """The user's, by name."""
    shipped: Mapping[str, VoicePack]
    """What came with the coach."""

    def named(self, name: str) -> VoicePack | None:
        """The pack of that name; the user's own comes first."""
        return self.installed.get(name) or self.shipped.get(name)


@dataclass(frozen=True, slots=True)
class Choice:
    """What speaks."""

    packs: tuple[VoicePack, ...]
    """In the order in which they are asked; empty: the engine says everything."""
    why: str
    """Goes on where "the coach speaks with it" ends: "because ..."."""
    missing: str | None = None
    """The name of a pack that was chosen and is not there."""


def open_packs(
    installed: Mapping[str, Path], shipped: Iterable[Path], language: str, tell: Callable[[str], None]
) -> Found:
    """Open every pack of a language; one that cannot be opened is told.

    Args:
        installed: The user's files, by the names of their packs.
        shipped: Files that came with the coach.
        language: Its tag, of which the first part counts: "en" of "en-GB".
        tell: Is given a line for each pack that is broken.
    """

    def opened(files: Iterable[tuple[str, Path]]) -> dict[str, VoicePack]:
        found = {}
        for name, file in files:
            try:
                pack = VoicePack(file)
            except BadPackError as error:
                tell(str(error))
                continue
            if _family(pack.manifest.language) == _family(language):
                found[name] = pack
            else:
                pack.close()
        return found

    return Found(opened(installed.items()), opened((file.stem, file) for file in sorted(shipped)))


def choose(setting: str | None, remembered: str | None, found: Found, *, engine_is_set: bool) -> Choice:
    """Choose what speaks.

    The user's packs come before those that ship: the chosen one, and what has the same voice, such as one that was made
    for a routine of the user's own.

    Args:
        setting: What the settings say: a name, `AUTO` or `NONE`.
        remembered: What ``voicecoach voices use`` remembered, alike; it counts where the settings say nothing.
        found: The packs that there are.
        engine_is_set: Whether the settings name a voice or a pace, which only an engine has.
    """
    wanted = remembered if setting is None else setting
    by = "the settings say so" if setting is not None else f'you chose so with "{typed("voices use")}"'
    if wanted == NONE:
        return Choice((), f"because {by}")
    if wanted is not None and wanted != AUTO:
        pack = found.named(wanted)
        if pack is None:
            return Choice(_in_order((), found), f"because {wanted} was chosen and is not there", missing=wanted)
        return Choice(_in_order((pack,), found), f"because {by}")
    return Choice((), "because the settings name a voice or a pace of its own") if engine_is_set else _automatic(found)


def _automatic(found: Found) -> Choice:
    if found.shipped:
        return Choice(_in_order(tuple(found.shipped.values())[:1], found), "because it ships with the coach")
    if found.installed:
        largest = max(found.installed.values(), key=len)
        return Choice(_in_order((largest,), found), "because it has the most sentences of what is installed")
    return Choice((), "because there is no voice pack")


def _in_order(leading: Sequence[VoicePack], found: Found) -> tuple[VoicePack, ...]:
    ours = tuple(found.shipped.values())
    others = [pack for pack in found.installed.values() if pack not in leading]
    same = [pack for pack in others if any(pack.manifest.same_voice(one.manifest) for one in leading)]
    theirs = [pack for pack in (*leading, *same) if pack not in ours]
    return (*theirs, *(pack for pack in leading if pack in ours), *(pack for pack in ours if pack not in leading))


def _family(tag: str) -> str:
    return tag.partition("-")[0].lower()
