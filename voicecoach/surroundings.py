"""What a coach has around it: its memory, and who is told what happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from voicecoach.dialogue.events import CloseMicrophone, ForgetPlace, KeepPlace, Note, OpenMicrophone
from voicecoach.muting import MuteFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicecoach.by_hand import Inbox
    from voicecoach.dialogue.events import Action
    from voicecoach.dialogue.state import State
    from voicecoach.person.tonight import Tonight
    from voicecoach.session_events import SessionEvent


@dataclass(frozen=True, slots=True)
class Memory:
    """The coach's port to what outlives it: the journal, and the time of day."""

    write: Callable[[Note], None]
    tonight: Callable[[], Tonight]
    """Who is there, as the journal says now, and what time it is."""
    keep_place: Callable[[str], None]
    forget_place: Callable[[], None]
    kept_place: Callable[[], tuple[str, float] | None]
    """The place that was kept last, and how many seconds ago."""
    mute: Callable[[float | None], None] = lambda _: None
    """The microphone is off, for so many seconds or until somebody turns it on."""
    unmute: Callable[[], None] = lambda: None

    def keep(self, action: Action) -> None:
        """Do what ``action`` wants kept."""
        match action:
            case Note():
                self.write(action)
            case KeepPlace(text=text):
                self.keep_place(text)
            case ForgetPlace():
                self.forget_place()
            case CloseMicrophone(for_s=for_s):
                self.mute(for_s)
            case OpenMicrophone():
                self.unmute()


class Onlooker(Protocol):
    """Sees what the dialogue has come to, and what it wants done, after each event."""

    def __call__(self, state: State, actions: Sequence[Action], now_s: float, /) -> None: ...


@dataclass(frozen=True, slots=True)
class House:
    """What is around the bed, beside microphone and speaker."""

    inbox: Inbox | None = None
    """What is asked for by hand."""
    onlooker: Onlooker | None = None
    """Is shown each state of the dialogue; its errors are the caller's business (`ContainedOnlooker`)."""
    mute_file: MuteFile = field(default_factory=lambda: MuteFile(None))


def can_wait(action: Action) -> bool:
    """What is written to disk comes last: the listener waits for sound, the journal can wait."""
    return isinstance(action, Note | KeepPlace | ForgetPlace | CloseMicrophone | OpenMicrophone)


def unobserved(_: SessionEvent) -> None:
    """Nobody watches."""


def unseen(_: State, __: Sequence[Action], ___: float) -> None:
    """The same."""
