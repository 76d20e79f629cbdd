"""What the house sees: the state of a session as a few values, and its moments.  Pure; nothing that was heard is in it.

What hurts, how somebody slept, and what they answered is theirs.  It is told only where they share it, and where they
do not, nothing else gives it away: somebody who fell asleep has finished, a stretch that hurt is a pause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from voicecoach.dialogue.cue_schedule import TalkLevel
from voicecoach.dialogue.state import Mode, Question
from voicecoach.home.config import Share
from voicecoach.person.facts import DONE, Fact
from voicecoach.routine.plan import remaining_s

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from voicecoach.dialogue.events import Note
    from voicecoach.dialogue.state import State

Value = str | int | float | None

MOMENTS: Final = ("started", "stretch", "paused", "continued", "finished", "stopped", "reminder")
"""What is told of every session."""
PRIVATE_MOMENTS: Final = {"hurt": Share.PAIN, "warning": Share.PAIN, "fell_asleep": Share.SLEEP}
TALK: Final = {TalkLevel.FULL: "full", TalkLevel.BRIEF: "brief", TalkLevel.LEAST: "least"}
_PRIVATE_MODES: Final = {
    Mode.HURT: (Share.PAIN, Mode.PAUSED),
    Mode.WARNING: (Share.PAIN, Mode.CLOSING),
    Mode.ASLEEP: (Share.SLEEP, Mode.REST),
}
"""What a mode is told as by somebody who does not share it."""
_RATINGS: Final = {
    Fact.PAIN_BEFORE: ("pain_before", Share.PAIN),
    Fact.PAIN_AFTER: ("pain_after", Share.PAIN),
    Fact.SLEPT: ("slept", Share.SLEEP),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What the dialogue had come to after an event; handed from the coach's thread to the house's."""

    state: State
    notes: tuple[Note, ...]
    """What was worth remembering of it."""
    now_s: float


@dataclass(frozen=True, slots=True)
class Moment:
    """Something has happened."""

    kind: str
    routine: str = ""
    stretch: str = ""


def modes_told(share: Collection[Share]) -> list[str]:
    """The states that there are for the house."""
    return [mode.value for mode in Mode if mode not in _PRIVATE_MODES or _PRIVATE_MODES[mode][0] in share]


def moments_told(share: Collection[Share]) -> list[str]:
    """The kinds of moments that there are for the house."""
    return [*MOMENTS, *(kind for kind, needed in PRIVATE_MOMENTS.items() if needed in share)]


class Pictures:
    """Follows a coach: from each sight to what has changed for the house."""

    def __init__(self, share: Collection[Share]) -> None:
        """Begin with a coach of which nothing is known.

        Args:
            share: What may be told.
        """
        self._share = share
        self._before: State | None = None
        self._last_session: datetime | None = None
        self._ratings: dict[str, int | None] = {name: None for name, needed in _RATINGS.values() if needed in share}

    def values(self, sight: Sight) -> dict[str, Value]:
        """What the house shows now."""
        state, session = sight.state, sight.state.session
        left_min: int | None = None
        if session is not None and state.mode is not Mode.CLOSING:
            place = state.place_at(sight.now_s)
            left_s = remaining_s(session.plan, place.step, place.beat, place.offset_s, state.pace)
            left_min = max(1, round(left_s / 60))
        return {
            "state": self._mode(state).value,
            "in_session": "ON" if session is not None else "OFF",
            "routine_now": session.plan.routine.title if session else None,
            "stretch": _stretch(state) or None,
            "minutes_left": left_min,
            "last_session": self._last_session.isoformat(timespec="seconds") if self._last_session else None,
            "volume": round(state.volume_db, 1),
            "talk": TALK[state.talk],
            "microphone": "ON" if state.deaf and not state.muted else "OFF",
            **self._ratings,
        }

    def moments(self, sight: Sight) -> list[Moment]:
        """What has happened since the sight before; to be asked of each sight once, in their order."""
        self._remember(sight)
        before, self._before = self._before, sight.state
        state = sight.state
        routine = state.session.plan.routine.title if state.session else ""
        if not routine and before is not None and before.session:
            routine = before.session.plan.routine.title
        kinds = [*self._of_notes(sight.notes), *(_of_modes(before, state) if before else ())]
        told = [self._told(kind) for kind in dict.fromkeys(kinds)]
        return [Moment(kind, routine, _stretch(state)) for kind in told if kind]

    def _remember(self, sight: Sight) -> None:
        if self._before is None:
            done = [one.ended for one in sight.state.tonight.person.sessions if one.ending in DONE and one.ended]
            self._last_session = done[-1] if done else None
        for note in sight.notes:
            if note.fact in DONE:
                self._last_session = sight.state.tonight.now
            elif note.fact in _RATINGS and note.value is not None:
                name, needed = _RATINGS[note.fact]
                if needed in self._share:
                    self._ratings[name] = round(note.value)

    def _mode(self, state: State) -> Mode:
        needed, instead = _PRIVATE_MODES.get(state.mode, (None, state.mode))
        return state.mode if needed in self._share else instead

    def _told(self, kind: str) -> str:
        needed = PRIVATE_MOMENTS.get(kind)
        if needed is None or needed in self._share:
            return kind
        return {"fell_asleep": "finished"}.get(kind, "")

    @staticmethod
    def _of_notes(notes: Sequence[Note]) -> Iterator[str]:
        for note in notes:
            if kind := _KINDS.get(note.fact):
                yield kind


_KINDS: Final = {
    Fact.SESSION_STARTED: "started",
    Fact.SESSION_FINISHED: "finished",
    Fact.FELL_ASLEEP: "fell_asleep",
    Fact.SESSION_ENDED_EARLY: "stopped",
    Fact.HURT: "hurt",
    Fact.RED_FLAG: "warning",
}
_QUIET: Final = frozenset({Mode.PAUSED, Mode.STOPPED, Mode.HURT})


def _of_modes(before: State, state: State) -> Iterator[str]:
    if state.mode in _QUIET and before.mode not in _QUIET:
        yield "paused"
    if state.mode is Mode.GUIDING and before.mode in _QUIET:
        yield "continued"
    if state.asked and state.asked.question is Question.READY and before.asked != state.asked:
        yield "reminder"
    if _stretch(state) and _stretch(state) != _stretch(before):
        yield "stretch"


def _stretch(state: State) -> str:
    """The name of the stretch that is on."""
    session = state.session
    begun = session is not None and state.mode not in (Mode.GREETING, Mode.CLOSING, Mode.WARNING)
    return session.step.stretch.name if session is not None and begun else ""
