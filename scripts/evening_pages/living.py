"""The evenings: who says what to which routine, with how many evenings behind them, played by the dialogue alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from voicecoach.assembly import Assembly
from voicecoach.dialogue.events import Ended, Event, Heard, Learned, LookUp, Note, Perform, Reached, StopPlayback
from voicecoach.dialogue.machine import step
from voicecoach.dialogue.state import Mode, State
from voicecoach.languages.commands import Command
from voicecoach.person.facts import Fact, Record
from voicecoach.person.reading import read
from voicecoach.person.tips import tip_for
from voicecoach.person.tonight import Tonight
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.routine.stretch import When
from voicecoach.settings import Settings
from voicecoach.simulation.scenario import answered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from voicecoach.dialogue.events import Action, Cue
    from voicecoach.person.tips import Tip
    from voicecoach.routine.stretch import Routine

TENTH: Final = 10
_LONGEST_S: Final = 50 * 60.0
_THINKS_S: Final = 1.5
"""How long the person takes to answer."""
_CHIME_S: Final = 0.5
_QUIET_S: Final = 5.0
"""Two sentences with so much quiet between them have lines of their own."""
_SESSION: Final = timedelta(minutes=15)
_HOURS: Final = {When.MORNING: 7, When.DAY: 17}
_LATE: Final = 22


@dataclass(frozen=True, slots=True)
class Evening:
    """One evening, or morning, with one routine."""

    routine: Routine
    number: int
    """Which one with this routine it is for that person, from 1 up."""

    @property
    def file(self) -> str:
        """The name of its page."""
        return f"{self.routine.key}-{'first' if self.number == 1 else 'tenth'}.md"

    @property
    def at(self) -> datetime:
        """When it begins."""
        return datetime(2026, 1, 5 + self.number, _HOURS.get(self.routine.when, _LATE), 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the person said."""

    at_s: float
    words: str


@dataclass(frozen=True, slots=True)
class Performed:
    """Something that the coach did."""

    at_s: float
    beat: str
    """As in `Perform`."""
    length_s: float
    words: tuple[str, ...]
    """What was heard of it; chimes in brackets."""


Moment = Said | Performed


def usual_house() -> Assembly:
    """The coach as it ships."""
    return Assembly(Settings(), load_library(shipped("routines")))


def evenings(assembly: Assembly) -> list[Evening]:
    """All of them: the first and the tenth of each routine."""
    routines = sorted(assembly.library.routines.values(), key=lambda one: one.key)
    return [Evening(routine, number) for routine in routines for number in (1, TENTH)]


def live(evening: Evening, assembly: Assembly) -> list[Moment]:
    """Play ``evening``: nobody is hurt, and the person answers what they are asked and says "next" where they may."""
    player = _Player(evening, assembly)
    player.play()
    return player.moments


def _answers(assembly: Assembly) -> Mapping[str, str]:
    """What the person says to a sentence that ends with a key of this."""
    prompts, plan = assembly.language.prompts, assembly.language.plan
    screening = {ask: "no" for condition in assembly.language.screening.values() for ask in condition.asks}
    following = assembly.language.phrases[Command.NEXT][0]
    return {
        **screening,
        prompts.ask_pain_before: "three",
        prompts.ask_pain_after: "two",
        plan.until_next: following,
    }


class _Player:
    """Plays one evening: sentences last as long as they would, and no sound is made."""

    def __init__(self, evening: Evening, assembly: Assembly) -> None:
        self._assembly = assembly
        self._at = evening.at
        self._history = _past(evening, assembly.knowledge.tips)
        self._answers = _answers(assembly)
        self._start = assembly.language.phrases[Command.START][0].replace("{routine}", evening.routine.say[0])
        knows = assembly.knowledge
        self._state = State(knows, self._tonight(0.0), talk=knows.talk, volume_db=knows.volume_db)
        self._ends: tuple[float, int] | None = None
        self._performing: tuple[float, Perform] | None = None
        self._says: Said | None = Said(1.0, self._start)
        self.moments: list[Moment] = []

    def play(self) -> None:
        """Until the coach rests, or all of it has taken too long."""
        event = self._next()
        while event is not None and event.at_s < _LONGEST_S:
            self._put(event)
            if self._state.mode in (Mode.REST, Mode.ASLEEP) and not self._state.playing and self._says is None:
                return
            event = self._next()

    def _next(self) -> Event | None:
        """The earliest of: a performance is over, the person speaks, the coach has waited."""
        due: list[Event] = []
        if self._ends is not None:
            due.append(Ended(self._ends[1], self._ends[0]))
        if self._says is not None:
            due.append(Heard(self._assembly.phrasebook.meaning(self._says.words), self._says.at_s))
        if self._state.deadline_s is not None:
            due.append(Reached(self._state.deadline_s))
        return min(due, key=lambda one: one.at_s, default=None)

    def _put(self, event: Event) -> None:
        match event:
            case Heard() if self._says is not None:
                self._interrupt(event.at_s)
                self.moments.append(self._says)
                self._says = None
            case Ended():
                self._finish()
        self._state, actions = step(self._state, event)
        for action in actions:
            self._do(action, event.at_s)

    def _do(self, action: Action, at_s: float) -> None:
        match action:
            case Perform(token=token, cues=cues, length_s=length_s):
                self._interrupt(at_s)
                spoken = [cue.at_s + self._sounds_s(cue) for cue in cues]
                self._performing = at_s, action
                self._ends = at_s + max([length_s, *spoken]), token
                self._answer(action, at_s + max(spoken, default=0.0))
            case StopPlayback():
                self._interrupt(at_s)
            case LookUp(then=then):
                self._put(Learned(self._tonight(at_s), at_s, then))
            case Note(fact=fact, about=about, side=side, second=second, value=value):
                self._history.append(Record(self._at + timedelta(seconds=at_s), fact, about, side, second, value))

    def _finish(self) -> None:
        """What was performed has been heard whole."""
        if self._performing is None or self._ends is None:
            return
        self._write(self._ends[0])
        self._performing = self._ends = None

    def _answer(self, performed: Perform, said_s: float) -> None:
        """The person answers what is asked, a moment after its last word."""
        text = " ".join(cue.sound for cue in performed.cues if isinstance(cue.sound, str))
        answer = next((words for asked, words in self._answers.items() if text.endswith(asked)), None)
        if answer is not None:
            self._says = Said(said_s + _THINKS_S, answer)

    def _interrupt(self, at_s: float) -> None:
        """Something else is performed, or nothing any more."""
        if self._performing is not None:
            self._write(at_s)
        self._performing = self._ends = None

    def _write(self, until_s: float) -> None:
        if self._performing is None:
            return
        began_s, performance = self._performing
        heard = [cue for cue in performance.cues if began_s + cue.at_s < until_s]
        while performance.beat == "sentence" and len(heard) > 1:
            first, then = heard[:2]
            over_s = first.at_s + self._sounds_s(first)
            if then.at_s - over_s < _QUIET_S:
                break
            self.moments.append(Performed(began_s + first.at_s, "sentence", over_s - first.at_s, _words([first])))
            self.moments.append(Performed(began_s + over_s, "wait", then.at_s - over_s, ()))
            heard = heard[1:]
        at_s = began_s + heard[0].at_s if performance.beat == "sentence" and heard else began_s
        self.moments.append(Performed(at_s, performance.beat, until_s - at_s, _words(heard)))

    def _sounds_s(self, cue: Cue) -> float:
        """How long a cue is heard, in seconds."""
        return self._assembly.language.durations.speech_s(cue.sound) if isinstance(cue.sound, str) else _CHIME_S

    def _tonight(self, at_s: float) -> Tonight:
        return Tonight(self._at + timedelta(seconds=at_s), read(self._history, UTC))


def _words(heard: Iterable[Cue]) -> tuple[str, ...]:
    """What was heard; chimes in brackets."""
    return tuple(cue.sound if isinstance(cue.sound, str) else f"({cue.sound.value})" for cue in heard)


def _past(evening: Evening, tips: Sequence[Tip]) -> list[Record]:
    """The evenings before this one: gone through to the end, with the same answers, and nothing that hurt."""
    first = evening.at - timedelta(days=evening.number - 1)
    past = [*answered(first)] if evening.number > 1 else []
    for number in range(1, evening.number):
        began = first + timedelta(days=number - 1)
        past += _gone_through(evening, number, began)
        if tip := tip_for(tips, Tonight(began, read(past, UTC)), evening.routine.key):
            past.append(Record(began + _SESSION, Fact.TIP_TOLD, tip.key))
    return past


def _gone_through(evening: Evening, number: int, began: datetime) -> Iterator[Record]:
    yield Record(began, Fact.SESSION_STARTED, evening.routine.key)
    yield Record(began, Fact.PAIN_BEFORE, value=3.0)
    for entry in evening.routine.entries:
        level = float((number - 1) // 3)
        yield Record(began + _SESSION, Fact.STRETCH_DONE, entry.stretch.key, value=level)
    yield Record(began + _SESSION, Fact.PAIN_AFTER, value=2.0)
    yield Record(began + _SESSION, Fact.SESSION_FINISHED, evening.routine.key)
