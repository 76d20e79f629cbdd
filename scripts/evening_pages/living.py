"""The evenings: who says what to which routine, with how many evenings behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.languages.commands import Command
from voicecoach.person.facts import Fact, Record
from voicecoach.resources import shipped
from voicecoach.routine.loading import load_library
from voicecoach.routine.stretch import When
from voicecoach.settings import Settings
from voicecoach.simulation.acoustic_scene import Noise, RoomAcoustics
from voicecoach.simulation.scenario import Scenario, answered
from voicecoach.simulation.turns import Ends, OnWords, Speak

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.routine.stretch import Routine
    from voicecoach.session_trace import Trace

TENTH: Final = 10
_HERE: Final = "the evenings"
_LONGEST_S: Final = 50 * 60.0
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


def usual_house() -> Assembly:
    """The coach as it ships."""
    return Assembly(Settings(), load_library(shipped("routines")))


def evenings(assembly: Assembly) -> list[Evening]:
    """All of them: the first and the tenth of each routine."""
    routines = sorted(assembly.library.routines.values(), key=lambda one: one.key)
    return [Evening(routine, number) for routine in routines for number in (1, TENTH)]


def live(evening: Evening, assembly: Assembly) -> Trace:
    """Play ``evening`` as text."""
    words, phrases = assembly.language, assembly.language.phrases
    answers = [_says("no", ask) for condition in words.screening.values() for ask in condition.asks]
    answers += [
        _says("two", words.prompts.ask_pain_after),
        _says(phrases[Command.NEXT][0], words.plan.until_next),
    ]
    start = phrases[Command.START][0].replace("{routine}", evening.routine.say[0])
    scenario = Scenario(
        title=evening.file,
        routine=evening.routine.key,
        turns=(
            Speak(_HERE, start, after_s=1.0),
            _says("three", words.prompts.ask_pain_before),
            Ends(_HERE, "rest", _LONGEST_S),
        ),
        answers=tuple(answers),
        room=RoomAcoustics(noise=Noise.NONE),
        at=evening.at,
        history=tuple(_past(evening)),
        limit_s=_LONGEST_S,
    )
    return rehearse(assembly, scenario, as_text=True).trace


def _says(words: str, when: str) -> Speak:
    return Speak(_HERE, words, on=OnWords(when, ended=True), after_s=1.5)


def _past(evening: Evening) -> Iterator[Record]:
    """The evenings before this one: gone through to the end, with the same answers, and nothing that hurt."""
    first = evening.at - timedelta(days=evening.number - 1)
    if evening.number > 1:
        yield from answered(first)
    for number in range(1, evening.number):
        began = first + timedelta(days=number - 1)
        yield Record(began, Fact.SESSION_STARTED, evening.routine.key)
        yield Record(began, Fact.PAIN_BEFORE, value=3.0)
        for entry in evening.routine.entries:
            level = float((number - 1) // 3)
            yield Record(began + _SESSION, Fact.STRETCH_DONE, entry.stretch.key, value=level)
        yield Record(began + _SESSION, Fact.PAIN_AFTER, value=2.0)
        yield Record(began + _SESSION, Fact.SESSION_FINISHED, evening.routine.key)
