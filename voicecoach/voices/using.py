"""What speaks on this machine, as the settings and ``voicecoach voices use`` say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from voicecoach.engines.recognition.model_store.remembered import remembered
from voicecoach.errors import MissingPartError
from voicecoach.resources import shipped
from voicecoach.settings import data_folder, voices_folder
from voicecoach.speaking.packs import opus
from voicecoach.speaking.packs.pack import SUFFIX
from voicecoach.speaking.packs.shelf import PackShelf
from voicecoach.voices.choosing import Choice, choose, open_packs
from voicecoach.voices.store import VoiceStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicecoach.settings import Settings
    from voicecoach.voices.choosing import Found

REMEMBERED: Final = "voice.txt"
"""In the user's data folder: the name of a pack, or ``none``."""
SHIPPED: Final = "models/voices"
"""The folder of the packs that ship."""


def found_packs(language: str, tell: Callable[[str], None]) -> Found:
    """Every pack of this machine for a language (its tag); one that is broken is told."""
    files = shipped(SHIPPED)
    return open_packs(
        VoiceStore(voices_folder()).installed(), files.glob(f"*{SUFFIX}") if files.is_dir() else (), language, tell
    )


def chosen_packs(settings: Settings, found: Found) -> Choice:
    """The packs that speak, in their order."""
    engine_is_set = settings.voice_is_set or settings.pace_is_set
    return choose(settings.voice_pack, remembered(data_folder(), REMEMBERED), found, engine_is_set=engine_is_set)


def shelf_of(settings: Settings, language: str, warn: Callable[[str], None]) -> PackShelf:
    """The packs that speak; where something is wrong with them it is told, and the engine says what they would."""
    choice = chosen_packs(settings, found_packs(language, warn))
    if choice.missing is not None:
        warn(f'the voice pack "{choice.missing}" is not there; meanwhile what there is speaks')
    if choice.packs:
        try:
            opus.can_be_read()
        except MissingPartError as error:
            warn(str(error))
            return PackShelf()
    return PackShelf(choice.packs)
