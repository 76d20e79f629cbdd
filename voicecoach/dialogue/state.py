"""Where a dialogue is: everything the coach remembers between two events, as one frozen value.

More than 300 lines: the parts of a state are read together, and each of their fields has its line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from voicecoach.dialogue.body import Body
from voicecoach.dialogue.cue_schedule import BreathCue, TalkLevel, snapped
from voicecoach.dialogue.events import QUIET_NIGHT
from voicecoach.dialogue.wanted import Question, Wanted
from voicecoach.person.progress import TOO_MUCH_RISE
from voicecoach.routine.plan import Again, TimedBeat, follows_pace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, time

    from voicecoach.dialogue.events import NightSound, PlayNightSound
    from voicecoach.languages.commands import Command
    from voicecoach.languages.language import Language
    from voicecoach.person.adapting import Change
    from voicecoach.person.tips import Tip
    from voicecoach.person.tonight import Tonight
    from voicecoach.routine.plan import Beat, Plan, Step
    from voicecoach.routine.stretch import Routine, Side, Stretch
    from voicecoach.routine.ways import Movement

__all__ = ["Asked", "Knowledge", "Mode", "Place", "Prompt", "Question", "Session", "State", "Wanted"]


class Mode(Enum):
    """What the coach is doing."""

    REST = "rest"
    """No session is on; waits to be spoken to."""
    ASLEEP = "asleep"
    """A session ended in sleep or with "good night": only a start phrase and the safety words wake it."""
    GREETING = "greeting"
    """Names the routine and what will happen."""
    GUIDING = "guiding"
    """Speaks, counts, keeps the place."""
    PAUSED = "paused"
    """Quiet on request; the place is kept."""
    STOPPED = "stopped"
    """Silent after "stop"; the place is kept until it is clear that the session is over."""
    ASKING = "asking"
    """A question is open; what was going on waits behind it."""
    HURT = "hurt"
    """Something hurts, or cannot be done: out of the stretch, then easier, next or end.  Never goes on by itself."""
    CLOSING = "closing"
    """The last words of a session."""
    WARNING = "warning"
    """The fixed sentence about red flags, or whom to call; only "stop", "I am fine" and what is worse cut it short."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sentence of the coach.  It is known by its number: two that read alike are two prompts."""

    id: int
    """From 1 up, in the order in which they were made."""
    text: str
    leads_to: Body | None = None
    """Where it leaves the listener, when it has been heard whole; None where it leads nowhere."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question."""

    question: Question
    behind: Mode
    """The mode that waits behind the question."""
    about: str = ""
    """What it is about, as its row of `questions.py` says."""
    prompt: Prompt = Prompt(0, "")
    """How it is asked."""
    pending_behind: Prompt | None = None
    """What has to be heard whole in the mode behind the question, and was cut short by it."""
    is_put_off: bool = False
    """Whether a moment was asked for, after which it is asked again."""
    times: int = 1
    """How often it has been asked."""
    said_s: float | None = None
    """When it was last said to its end."""
    spoke: bool = False
    """Whether something was said since it was asked last that does not count: not understood, or too early."""
    first: Prompt | None = None
    """What is said before it is asked, with a quiet time after it, for as long as it has not been asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """A point in a plan."""

    step: int = 0
    beat: int = 0
    offset_s: float = 0.0
    """How much of a timed beat is over, in seconds at pace 1."""
    rounds: int = 0
    """How many rounds of "as many times as is comfortable" are over in this step."""
    then: int | None = None
    """While the listener is led in again: the beat that follows, where it is not the next one."""
    then_s: float = 0.0
    """How much of that beat is over."""

    @property
    def aims_at(self) -> int:
        """The beat that it is about: that of the place, or the one that follows the way into the position."""
        return self.beat if self.then is None else self.then


@dataclass(frozen=True, slots=True)
class Session:
    """A routine under way."""

    plan: Plan
    place: Place = Place()
    body: Body = field(default_factory=Body)
    left_at_s: float | None = None
    """Since when the session has been quiet, in a pause or after "stop"."""
    is_up: bool = False
    """Whether the listener has got up in that pause."""
    told: frozenset[tuple[str, int]] = frozenset()
    """What is said once a session (`Say.once`) and has been: keys of stretches, and beats."""
    moved: frozenset[Movement] = frozenset()
    """The movements from one position to another that have been told in this session."""
    done: frozenset[str] = frozenset()
    """Keys of the stretches that were done tonight."""
    form_told: bool = False
    """Whether the form of the stretch that is on has been told since it began or hurt."""
    form_words: str = ""
    """The same as a sentence that is still to be said, when the listener is in position."""
    greeted: bool = False
    """As in `Wanted`."""
    opened_s: float | None = None
    """When it was first asked whether to go on, at the end of the round that is on."""
    heard_s: float | None = None
    """When the listener said something last; None where the session has only begun."""
    hurt: frozenset[str] = frozenset()
    """Keys of the stretches that hurt tonight; they are come back to only in their easier form."""
    hurts: int = 0
    """How often something hurt."""
    dropped: frozenset[str] = frozenset()
    """Keys of the stretches that are not come back to tonight at all."""
    easier: frozenset[str] = frozenset()
    """Keys of the stretches for which the easier form was asked tonight."""
    began_s: float = 0.0
    """When it began; before zero where the coach has been switched on anew since."""
    minutes: int | None = None
    """How long it may last, if that was said."""
    pain_before: int | None = None
    pain_after: int | None = None
    gentle: bool = False
    """As in `Wanted`."""
    changes: tuple[Change, ...] = ()
    """What is told of this plan before it begins."""

    @property
    def felt_worse(self) -> bool:
        """Whether pain rose over it by more than a single rating wobbles."""
        if self.pain_before is None or self.pain_after is None:
            return False
        return self.pain_after - self.pain_before >= TOO_MUCH_RISE

    @property
    def step(self) -> Step:
        return self.plan.steps[self.place.step]

    @property
    def beat(self) -> Beat:
        return self.step.beat_from(self.body.came_from, self.place.beat, again=self._is_led_back, told=self.moved)

    @property
    def _is_led_back(self) -> bool:
        """Whether the listener is led into the position again, from where they lay down between two rounds."""
        then = self.place.then
        lay = None if then is None else self.step.lies_before(then)
        return lay is not None and self.body.came_from == {lay}

    @property
    def is_in_position(self) -> bool:
        """Whether the listener lies as the step wants it."""
        return self.body.is_in(self.step.stretch.position)

    @property
    def is_holding(self) -> bool:
        """Whether the listener is in what the stretch holds or moves, or was about to get there."""
        is_inside = self.step.cue_of_beat[self.place.aims_at] is not None
        return is_inside and self.is_in_position and (self.body.may_hold or not self.body.has_let_go)

    @property
    def side(self) -> Side:
        return self.step.side_of_beat[self.place.aims_at]

    @property
    def side_start(self) -> Place:
        """The beginning of the side that it is at, after the words that lead into the stretch."""
        sides, here = self.step.side_of_beat, self.place.aims_at
        if here < self.step.setup_beats:
            return Place(self.place.step, rounds=self.place.rounds)
        begins_at = self.step.rounds[self.round].begins_at
        asked_at = (index for index in range(begins_at, here) if isinstance(self.step.beats[index], Again))
        start = max((index + 1 for index in asked_at), default=begins_at)
        while start < here and sides[start] != sides[here]:
            start += 1
        return Place(self.place.step, start, rounds=self.place.rounds)

    @property
    def round(self) -> int:
        """The round of the stretch that it is at, from 0; the rest before a round is a part of it."""
        return self.step.round_at(self.place.aims_at)

    @property
    def round_start(self) -> Place:
        """The beginning of that round."""
        return Place(self.place.step, self.step.rounds[self.round].begins_at)

    @property
    def is_between_rounds(self) -> bool:
        """Whether one round is over and the next one has not begun."""
        return self.place.then is None and self.step.is_between_rounds(self.place.beat)

    @property
    def is_out(self) -> bool:
        """Whether the listener has been led out of the stretch, between two rounds."""
        return self.is_between_rounds and self.step.is_out_at(self.place.beat)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What does not change while the coach runs."""

    language: Language
    routines: Mapping[str, Routine]
    stretches: Mapping[str, Stretch]
    usual_routine: str
    """Key of the routine that "start routine" means."""
    talk: TalkLevel = TalkLevel.FULL
    """For somebody who never asked for more or less of it."""
    volume_db: float = 0.0
    """For a part of the day in which nobody ever asked for another."""
    tips: tuple[Tip, ...] = ()
    reminders: tuple[tuple[frozenset[int], time], ...] = ()
    """On which weekdays (0 is Monday) and when to ask whether the person is ready."""
    quiet_hours: tuple[time, time] | None = None
    """From when to when nobody is reminded of anything."""
    breath_cue: BreathCue = BreathCue.WORDS
    night_sound: PlayNightSound = QUIET_NIGHT
    """What is heard after the last word of an evening, where nobody has asked for something else."""
    asks_sleep: bool = False
    """Whether to ask at the morning routine how the night was."""
    mute_hours: int = 0
    """After so many hours a microphone that was turned off is on again; 0: only when somebody turns it on."""
    emergency_number: str = "112"
    """Whom to call; digits."""
    follows_whispers: bool = True
    """Whether whispers are answered softly."""


@dataclass(frozen=True, slots=True)
class State:
    """The whole memory of a dialogue."""

    knows: Knowledge = field(repr=False)
    tonight: Tonight
    """Who is there, and what time it was at ``learned_s``."""
    learned_s: float = 0.0
    deaf: bool = False
    """Whether the listener cannot be heard."""
    muted: bool = False  # because the microphone has been turned off
    unmutes_s: float | None = None
    """When it is on again by itself."""
    mode: Mode = Mode.REST
    now_s: float = 0.0
    """When the last event happened."""
    token: int = 0
    """Number of the latest performance."""
    playing: bool = False
    """Whether that performance is still going on."""
    interjection: bool = False
    """Whether it is something said in between (an answer, a remark) and not the beat at the session's place."""
    began_s: float = 0.0
    deadline_s: float | None = None
    """When waiting in this mode has lasted long enough."""
    unanswered: int = 0
    """How often the listener has been asked without an answer."""
    latest_prompt: int = 0
    """Number of the latest `Prompt`."""
    saying: Prompt | None = None
    """The prompt of the latest performance; None for a count."""
    pending_prompt: Prompt | None = None
    """What must be heard to its end, for as long as it has not been."""
    said: Prompt | None = None
    """The prompt that "repeat" says again."""
    session: Session | None = None
    asked: Asked | None = None
    talk: TalkLevel = TalkLevel.FULL
    pace: float = 1.0
    volume_db: float = 0.0
    warned_of: Command | None = None
    """What the fixed sentence of `Mode.WARNING` is about; what was said."""
    wanted: Wanted | None = None
    """What the questions that are open lead to."""
    called_off: datetime | None = None
    """The latest reminder of the week that is not wanted: it is not set anew."""
    unknown_since_s: float | None = None
    """Since when the time of day has not been known, until reminders that came meanwhile have been looked for."""
    laters: int = 0
    """How often "later" was said to the reminder."""
    night_sound: NightSound | None = None
    """What was asked for to be heard after the last word; None: as the settings say."""
    night_sounds: bool = False
    wakes_s: float | None = None
    """When sleep has lasted a night."""
    falls_asleep: bool = False
    """Whether the session that is closing ends in sleep."""

    def place_at(self, at_s: float) -> Place:
        """The session's place at a moment: within a timed beat, the second that it has come to."""
        session = self.session
        if session is None:
            return Place()
        beat, place = session.beat, session.place
        if self.mode is not Mode.GUIDING or not self.playing or self.interjection or not isinstance(beat, TimedBeat):
            return place
        tempo = self.pace if follows_pace(beat) else 1.0
        return replace(place, offset_s=snapped(beat, place.offset_s + (at_s - self.began_s) / tempo))
