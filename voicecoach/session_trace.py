"""A session as it was: what is known of it, and everything that happened, as values.

`trace.py` writes and reads them as a file; transcript and picture are made from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from voicecoach.session_events import Entered, SessionEvent, Spoke, Understood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from voicecoach.engines.synthesis.port import Voice

LIVE: Final = "live"
REHEARSAL: Final = "rehearsal"
SOUND_CHECK: Final = "sound check"
PERSON: Final = "person"
"""Whom the coach guides."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a session when it begins."""

    source: str = LIVE
    """`LIVE`, `REHEARSAL` or `SOUND_CHECK`."""
    title: str = "A session"
    routine: str = ""
    """What it set out to do; empty where that was not known."""
    seed: int | None = None
    coach_voice: Voice | None = None
    """None: rehearsed as text, as for the person's."""
    person_voice: Voice | None = None
    person_level_db: float | None = None
    """Of the person's speech at the microphone, relative to full scale."""
    room: str = ""
    """Noise and echo of a simulated room, in words."""
    spare_voice: Voice | None = None
    """Says what the voice pack that speaks has not; None: no pack speaks."""
    other_voices: Mapping[str, Voice] = field(default_factory=dict)
    """Of whoever else is there, by name."""


@dataclass(frozen=True, slots=True)
class Said:
    """The person said something, or something else was heard: known to a rehearsal only."""

    words: str
    """Empty for a recording that nobody has written down."""
    began_s: float
    ended_s: float
    who: str = PERSON
    """The person, somebody else by their name, or the room."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The coach named the stretch that begins."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A turn of a scenario did not come about."""

    message: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The session was over, or was broken off."""

    mode: str
    """The mode of the dialogue at the end."""
    at_s: float


Entry = SessionEvent | Said | Announced | Failed | Finished


@dataclass(frozen=True)
class Trace:
    """A whole session."""

    header: Header
    entries: tuple[Entry, ...]
    """In the order in which they were over."""

    @cached_property
    def events(self) -> tuple[SessionEvent, ...]:
        """What the coach told of itself."""
        return tuple(entry for entry in self.entries if isinstance(entry, SessionEvent))

    @cached_property
    def said(self) -> tuple[Said, ...]:
        return tuple(entry for entry in self.entries if isinstance(entry, Said))

    @cached_property
    def stretches(self) -> tuple[Announced, ...]:
        """When each stretch was announced."""
        return tuple(entry for entry in self.entries if isinstance(entry, Announced))

    @cached_property
    def failures(self) -> tuple[str, ...]:
        """One line for each turn of the scenario that did not come about."""
        return tuple(entry.message for entry in self.entries if isinstance(entry, Failed))

    @cached_property
    def lasted_s(self) -> float:
        """To the end; of a session that was killed, to the last thing that is known of it."""
        if self.entries and isinstance(self.entries[-1], Finished):
            return self.entries[-1].at_s
        return max((over_s(entry) for entry in self.entries), default=0.0)

    @cached_property
    def mode(self) -> str:
        """The mode of the dialogue at the end."""
        modes = [entry.mode for entry in self.entries if isinstance(entry, Entered | Finished)]
        return modes[-1] if modes else "rest"


def over_s(entry: Entry) -> float:
    """When ``entry`` was over."""
    return entry.ended_s if isinstance(entry, Spoke | Understood | Said) else entry.at_s


def with_stretches(entries: Iterable[Entry], announcements: Mapping[str, str]) -> Iterator[Entry]:
    """``entries``, and after every sentence that announces a stretch, its name.

    Args:
        entries: What happened.
        announcements: Names of stretches, by the sentences that announce them.
    """
    for entry in entries:
        yield entry
        if isinstance(entry, Spoke) and isinstance(entry.sound, str) and entry.sound in announcements:
            yield Announced(announcements[entry.sound], entry.began_s)


def with_spare_voice(entries: Iterable[Entry], is_spare: Callable[[str], bool]) -> Iterator[Entry]:
    """``entries``, those sentences marked that ``is_spare`` says another voice said."""
    for entry in entries:
        if isinstance(entry, Spoke) and isinstance(entry.sound, str) and is_spare(entry.sound):
            yield replace(entry, spare=True)
        else:
            yield entry
