"""A machine without a clock chip, and nights with the dialogue beside it: its clock is wrong until it is set."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from night import Night
from small_house import ALL_ANSWERED, at_rest, knowledge

from voicecoach.dialogue.events import Learned, LookUp, Note
from voicecoach.journal.store import Journal
from voicecoach.journal.wall_clock import SystemClock
from voicecoach.person.tonight import Tonight
from voicecoach.person.wall_time import local, when_clocks_show

if TYPE_CHECKING:
    from datetime import date, time, tzinfo
    from pathlib import Path

    from voicecoach.dialogue.events import Action
    from voicecoach.dialogue.reminding import Slot
    from voicecoach.person.person import Person

READY = "Ready for your bedtime routine?"


@dataclass
class Machine:
    """Switched on at ``on``, when its clock shows ``shows``; set right after ``set_after_s`` seconds."""

    on: datetime
    shows: datetime
    set_after_s: float
    tells: bool = True
    """Whether it tells that the network has set its clock; if not, only the step shows it."""
    passed_s: float = field(default=0.0, init=False)

    @property
    def is_set(self) -> bool:
        return self.passed_s >= self.set_after_s

    def wall(self) -> float:
        return (self.on if self.is_set else self.shows).timestamp() + self.passed_s

    def clock(self) -> SystemClock:
        return SystemClock(
            self.wall,
            lambda: self.passed_s,
            is_synchronized=lambda: self.tells and self.is_set,
            has_chip=lambda: False,
            boot=f"on at {self.on}",
        )


class WrongNight(Night):
    """A night beside a machine whose clock may be wrong, with a journal that outlives it."""

    def __init__(self, machine: Machine, journal: Journal, reminders: tuple[Slot, ...], **knows: object) -> None:
        super().__init__(at_rest(knows=knowledge(reminders=reminders, **knows)), (), machine.on)
        self._machine, self._journal = machine, journal

    @property
    def person(self) -> Person:
        return self._journal.person()

    @property
    def reminded(self) -> list[datetime]:
        """When it asked, to the second, by a clock that is right."""
        zone = self._journal.zone
        seconds = [int(one.at_s) for one in self.sounded if one.sound == READY]
        return [local(self.began + timedelta(seconds=at_s), zone) for at_s in seconds]

    def _move_to(self, at_s: float) -> None:
        super()._move_to(at_s)
        self._machine.passed_s = self.now_s

    def _do(self, action: Action) -> None:
        match action:
            case LookUp(then=event):
                person = self._journal.person()
                now, is_known = self._journal.told_time()
                zone = self._journal.zone
                tonight = Tonight(local(now, zone), person, zone=zone, time_is_known=is_known)
                self._put(Learned(tonight, self.now_s, event))
            case Note(fact=fact, about=about, side=side, second=second, value=value):
                self.notes.append((fact.value, about))
                self._journal.write(fact, about, side=side, second=second, value=value)
            case _:
                super()._do(action)


@dataclass
class Home:
    """Where the machine stands, and what its journal remembers from one night to the next."""

    folder: Path
    zone: tzinfo

    def at(self, day: date, hour: time) -> datetime:
        return when_clocks_show(hour, day, self.zone)

    def begin(self, at: datetime) -> None:
        """Somebody who has answered all questions."""
        with closing(self._journal(lambda: at)) as journal:
            for record in ALL_ANSWERED:
                journal.write(record.what, record.about, value=record.value)

    def journal(self, machine: Machine) -> Journal:
        return self._journal(machine.clock())

    def believing(self, machine: Machine) -> Journal:
        """A journal that takes what the machine's clock shows for the time."""
        return self._journal(lambda: datetime.fromtimestamp(machine.wall(), UTC))

    def _journal(self, clock: object) -> Journal:
        return Journal(self.folder / "journal.sqlite3", pytest.fail, clock, self.zone)  # type: ignore[arg-type]


NO_CLOCK = datetime(1970, 1, 1, 0, 0, 20, tzinfo=UTC)
FUTURE = datetime(2099, 1, 1, 22, 25, tzinfo=UTC)
