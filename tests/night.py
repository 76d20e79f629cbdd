"""One night with the pure dialogue: time passes, sentences last as long as they would, no sound is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from small_house import ALL_ANSWERED, EVENING, at_rest, phrasebook

from voicecoach.dialogue.events import (
    Action,
    CloseMicrophone,
    Deafened,
    Ended,
    Event,
    ForgetPlace,
    Heard,
    HearsAgain,
    KeepPlace,
    Learned,
    LookUp,
    Muted,
    Note,
    NotUnderstood,
    Opened,
    OpenMicrophone,
    Perform,
    Reached,
    Resume,
    SetVolume,
    StopPlayback,
    Unmuted,
)
from voicecoach.dialogue.machine import step
from voicecoach.person.facts import Record
from voicecoach.person.reading import read
from voicecoach.person.tonight import Tonight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicecoach.dialogue.state import Mode, Place, State
    from voicecoach.languages.commands import Meaning


def happens(state: State, event: Event) -> tuple[State, tuple[Action, ...]]:
    """What follows from ``event``, as by `step`; what is looked up is what is known already, and how late it is."""
    state, actions = step(state, event)
    match actions:
        case (LookUp(then=then),):
            now = state.tonight.now + timedelta(seconds=event.at_s - state.learned_s)
            return step(state, Learned(replace(state.tonight, now=now), event.at_s, then))
    return state, actions


@dataclass(frozen=True)
class Sounded:
    at_s: float
    sound: str


class Night:
    """Drives a dialogue.  `says` is the listener, `passes` is time, `sounded` is what was heard of the coach.

    What is noted is remembered, as by a journal, and told to the dialogue whenever it looks that up.
    """

    def __init__(
        self,
        state: State | None = None,
        history: Iterable[Record] = ALL_ANSWERED,
        began: datetime = EVENING,
    ) -> None:
        """Begin a night.

        Args:
            state: Where the dialogue is.
            history: What the journal says.
            began: What time it is.
        """
        self.state = state or at_rest()
        self.history = list(history)
        self.began = began
        self.now_s = 0.0
        self.place_kept: str | None = None
        self.sounded: list[Sounded] = []
        self.notes: list[tuple[str, str]] = []
        self.volumes_db: list[float] = []
        self.microphone_off: list[float | None] = []
        """For how long it was turned off, in seconds, each time."""
        self.microphone_on = 0
        """How often it was turned on again."""
        self._due: list[Sounded] = []
        self._ends: tuple[float, int] | None = None

    # --- what a scene says --------------------------------------------------------------------------------------------

    def opens(self, place: str | None = None, ago_s: float = 0.0) -> Self:
        """The coach is switched on; where a ``place`` was kept, it was switched off in a session ``ago_s`` ago."""
        self.place_kept = place
        self._put(Opened(self.now_s) if place is None else Resume(place, ago_s, self.now_s))
        return self

    def says(self, phrase: str) -> Self:
        """The listener says ``phrase``."""
        return self.means(phrasebook().meaning(phrase))

    def means(self, meaning: Meaning, began_s: float | None = None) -> Self:
        """The listener says something that means this, and was begun at ``began_s``; None: just now."""
        self._put(Heard(meaning, self.now_s, began_s=began_s))
        return self

    def mumbles(self) -> Self:
        """The listener says something that is no phrase."""
        self._put(NotUnderstood(self.now_s))
        return self

    def goes_deaf(self) -> Self:
        """The listener cannot be heard from now on."""
        self._put(Deafened(self.now_s))
        return self

    def hears_again(self) -> Self:
        """The listener can be heard again."""
        self._put(HearsAgain(self.now_s))
        return self

    def presses(self, phrase: str, minutes: int | None = None) -> Self:
        """The listener presses what stands for ``phrase``."""
        self._put(Heard(phrasebook().meaning(phrase), self.now_s, spoken=False, minutes=minutes))
        return self

    def turns_the_microphone_off(self) -> Self:
        """By a switch."""
        self._put(Muted(self.now_s))
        return self

    def turns_the_microphone_on(self) -> Self:
        """The same."""
        self._put(Unmuted(self.now_s))
        return self

    def passes(self, seconds: float) -> Self:
        """Time passes; what was planned is heard."""
        end_s = self.now_s + seconds
        while (moment := self._next_moment()) is not None and moment <= end_s:
            self._move_to(moment)
            if self.state.unmutes_s is not None and self.state.unmutes_s <= self.now_s:
                self._put(Unmuted(self.now_s, by_hand=False))
            elif self._ends and self._ends[0] <= self.now_s:
                token, self._ends = self._ends[1], None
                self._put(Ended(token, self.now_s))
            elif self.state.deadline_s is not None and self.state.deadline_s <= self.now_s:
                self._put(Reached(self.now_s))
        self._move_to(end_s)
        return self

    def until(self, words: str, within_s: float = 1800.0) -> Self:
        """Time passes until the coach begins to say something with these words in it."""
        count = len(self.sounded)
        end_s = self.now_s + within_s
        while not any(words.lower() in one.sound.lower() for one in self.sounded[count:]):
            assert self.now_s < end_s, f"not said within {within_s} s: {words!r}; last: {self.words[-3:]}"
            self.passes(0.1)
        return self

    # --- what a scene looks at ----------------------------------------------------------------------------------------

    @property
    def time(self) -> datetime:
        """What time it is."""
        return self.began + timedelta(seconds=self.now_s)

    @property
    def facts(self) -> list[str]:
        """What the journal says of this night."""
        return [fact for fact, _ in self.notes]

    @property
    def words(self) -> list[str]:
        """Everything heard so far."""
        return [one.sound for one in self.sounded]

    @property
    def last(self) -> str:
        return self.sounded[-1].sound

    @property
    def mode(self) -> Mode:
        return self.state.mode

    @property
    def place(self) -> Place:
        """Where the session is at this moment."""
        return self.state.place_at(self.now_s)

    def since(self, at_s: float) -> list[str]:
        """What was heard from then on."""
        return [one.sound for one in self.sounded if one.at_s >= at_s]

    def when(self, words: str) -> float:
        """When something with these words in it was last begun."""
        return next(one.at_s for one in reversed(self.sounded) if words.lower() in one.sound.lower())

    # --- how it works -------------------------------------------------------------------------------------------------

    def _next_moment(self) -> float | None:
        moments = [self._ends[0]] if self._ends else []
        if self.state.deadline_s is not None:
            moments.append(self.state.deadline_s)
        if self.state.unmutes_s is not None:
            moments.append(self.state.unmutes_s)
        return min(moments, default=None)

    def _move_to(self, at_s: float) -> None:
        self.now_s = max(self.now_s, at_s)
        while self._due and self._due[0].at_s <= self.now_s:
            self.sounded.append(self._due.pop(0))

    def _put(self, event: Event) -> None:
        self.state, actions = step(self.state, event)
        for action in actions:
            self._do(action)
        self._move_to(self.now_s)

    def _do(self, action: Action) -> None:
        match action:
            case Perform(token=token, cues=cues, length_s=length_s):
                self._due = [
                    Sounded(self.now_s + cue.at_s, cue.sound if isinstance(cue.sound, str) else f"({cue.sound.value})")
                    for cue in cues
                ]
                speech_s = self.state.knows.language.durations.speech_s
                spoken = [cue.at_s + (speech_s(cue.sound) if isinstance(cue.sound, str) else 0.5) for cue in cues]
                self._ends = (self.now_s + max([length_s, *spoken]), token)
            case StopPlayback():
                self._due, self._ends = [], None
            case LookUp(then=event):
                self._put(Learned(Tonight(self.time, read(self.history, UTC)), self.now_s, event))
            case Note(fact=fact, about=about):
                self.notes.append((fact.value, about))
                line = Record(self.time, fact, about, action.side, action.second, action.value)
                self.history.append(line)
            case KeepPlace(text=text):
                self.place_kept = text
            case ForgetPlace():
                self.place_kept = None
            case SetVolume(db=db):
                self.volumes_db.append(db)
            case CloseMicrophone(for_s=for_s):
                self.microphone_off.append(for_s)
            case OpenMicrophone():
                self.microphone_on += 1
