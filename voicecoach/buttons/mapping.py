"""What each press of each key means: what somebody would say, as the settings have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from voicecoach.by_hand import Do, Listen
from voicecoach.errors import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.buttons.presses import Kind
    from voicecoach.by_hand import Request
    from voicecoach.languages.language import Phrasebook

MICROPHONE: Final = "stop listening"
"""By hand it turns the microphone off, and on again.  It is no phrase: whatever begins with "stop" is "stop"."""


@dataclass(frozen=True, slots=True)
class Button:
    """One key, as it stands in the settings."""

    key: str
    """Its name in Linux: ``KEY_PLAYPAUSE``."""
    device: str = ""
    """Part of the name of what it is a key of; empty: of anything."""
    says: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    """For each kind of press, what it stands for; of several phrases the first that can be said just then."""

    def fits(self, device: str, key: str) -> bool:
        """Whether it is this key."""
        return key == self.key and self.device.casefold() in device.casefold()


def requests(button: Button, phrasebook: Phrasebook) -> dict[Kind, Request]:
    """What each press of a button asks for.

    Raises:
        BadRequestError: It stands for something that cannot be said.
    """
    return {kind: _request(phrases, phrasebook) for kind, phrases in button.says.items()}


def _request(phrases: tuple[str, ...], phrasebook: Phrasebook) -> Request:
    if phrases == (MICROPHONE,):
        return Listen(on=None)
    meanings = []
    for phrase in phrases:
        try:
            meanings.append(phrasebook.meaning(phrase))
        except BadRequestError as error:
            raise BadRequestError(
                f'"{phrase}" is nothing that can be said; write what you would say, such as next'
            ) from (error)
    return Do(tuple(meanings))
