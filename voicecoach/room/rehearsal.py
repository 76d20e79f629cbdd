"""Rehearses a scenario: the coach in a simulated bedroom, on the sample clock, as fast as the processor can.

Nothing sleeps and nothing looks at a clock, so the same coach, scenario and seed give the same session, to the sample.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.happenings import Spoke
from voicecoach.hearing.protocol import MICROPHONE_HZ
from voicecoach.room.bedroom import Bedroom
from voicecoach.room.director import BLOCK_S, Director
from voicecoach.room.disturbance import made
from voicecoach.room.evidence import Evidence
from voicecoach.room.person import at_level
from voicecoach.room.recording import Recording
from voicecoach.room.scenario import NOBODY, PERSON, Disturb, Mute, PowerCut, Speak, Talk
from voicecoach.routine.plan import Say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from voicecoach.happenings import Happening
    from voicecoach.room.evidence import Witness
    from voicecoach.room.person import Person
    from voicecoach.room.power import Powered
    from voicecoach.room.scenario import Act, Scenario
    from voicecoach.routine.plan import Plan
    from voicecoach.speaking.protocol import Voice

BLOCK: Final = round(BLOCK_S * MICROPHONE_HZ)
"""Samples that the microphone hands over at once."""
BREATH_S: Final = 0.3
"""Between two things that the person says."""
LAST_WORDS_S: Final = 20.0
"""How long the coach may go on with its sentence after the last turn."""
_DISTURBANCES: Final = 2
"""Which of the dice are theirs; the bedroom throws 0 and 1."""


@dataclass(frozen=True, slots=True)
class Said:
    """The person said something, or something else was heard."""

    words: str
    """Empty for a recording that nobody has written down."""
    began_s: float
    ended_s: float
    who: str = PERSON
    """The person, somebody else by their name, or `NOBODY`."""


@dataclass(frozen=True, slots=True)
class Session:
    """What came of a rehearsal."""

    scenario: Scenario
    seed: int
    happenings: tuple[Happening, ...]
    said: tuple[Said, ...]
    failures: tuple[str, ...]
    """One line for each turn of the scenario that did not come about; empty when all is well."""
    lasted_s: float
    mode: str
    """The mode of the dialogue at the end."""
    plan: Plan | None = None
    """What the session set out to do, where that is known: names its stretches in transcript and picture."""
    coach_voice: Voice | None = None
    """None: the session was rehearsed as text."""

    @property
    def stretches(self) -> tuple[tuple[float, str], ...]:
        """When each stretch was announced, in seconds, and its name."""
        steps = self.plan.steps if self.plan else ()
        naming = {say.text: step.stretch.name for step in steps if isinstance(say := step.beats[0], Say)}
        return tuple(
            (spoke.began_s, naming[spoke.sound])
            for spoke in self.happenings
            if isinstance(spoke, Spoke) and isinstance(spoke.sound, str) and spoke.sound in naming
        )


class Rehearsal:
    """One scenario on its way.  `session` can be asked for at any time, also after something went wrong."""

    def __init__(  # noqa: PLR0913 - everybody who takes part
        self,
        coach: Powered,
        witness: Witness,
        person: Person,
        scenario: Scenario,
        seed: int = 0,
        *,
        others: Mapping[str, Person] | None = None,
        plan: Plan | None = None,
        coach_voice: Voice | None = None,
    ) -> None:
        """Put everybody in their place.

        Args:
            coach: A coach at rest that has not heard anything yet.
            witness: The watcher that was given to that coach.
            person: Who lies in bed.
            scenario: What they do.
            seed: Decides everything that is left to chance; 0 or more.
            others: Who else there is, by name: as many as the scenario has.
            plan: What the session sets out to do, for the reports.
            coach_voice: Whose voice the coach has, for the reports; None: it is rehearsed as text.
        """
        self._coach, self._witness = coach, witness
        self._people = {PERSON: person, **(others or {})}
        self._scenario, self._seed = scenario, seed
        self._plan, self._coach_voice = plan, coach_voice
        self._bedroom = Bedroom(scenario.room, seed)
        self._evidence = Evidence(coach, witness)
        self._bedside = _Bedside(self._people, self._bedroom, coach, seed)
        self._director = Director(scenario, self._evidence, self._bedside)

    def run(self, recording: Path | None = None) -> Session:
        """Play the scenario to its end, or to its limit.

        Args:
            recording: Where to leave the sound (WAV; left the coach, right the microphone); None: nowhere.

        Raises:
            BadFileError: The scenario plays a recording that cannot be read.
            VoicecoachError: ``recording`` cannot be written.
        """
        for name, person in self._people.items():
            person.prepare(self._scenario.spoken(name))
        answers = [self._director.answer(answer) for answer in self._scenario.answers]
        with ExitStack() as stack:
            tape = stack.enter_context(Recording(recording, MICROPHONE_HZ)) if recording else None
            for _ in chain(self._director.play(), self._last_words()):
                if self._evidence.now_s >= self._scenario.limit_s:
                    self._director.break_off(f"but the rehearsal came to its limit of {self._scenario.limit_s:g} s")
                    break
                for answer in answers:
                    next(answer, None)
                self._block(tape)
        return self.session

    @property
    def session(self) -> Session:
        """What has come of it so far."""
        return Session(
            scenario=self._scenario,
            seed=self._seed,
            happenings=tuple(self._witness.happenings),
            said=tuple(self._bedside.said),
            failures=tuple(self._director.failures),
            lasted_s=self._evidence.now_s,
            mode=self._coach.mode,
            plan=self._plan,
            coach_voice=self._coach_voice,
        )

    def _block(self, tape: Recording | None) -> None:
        """20 ms of the night."""
        microphone = self._bedroom.hear(BLOCK)
        speaker = self._coach.process(microphone)
        self._bedroom.play(speaker)
        if tape is not None:
            tape.write(speaker, microphone)
        self._evidence.look()

    def _last_words(self) -> Iterator[None]:
        """The turns are done; the coach may finish its sentence."""
        end_s = self._evidence.now_s + LAST_WORDS_S
        while self._evidence.silent_since_s is None and self._evidence.now_s < end_s:
            yield


class _Bedside:
    """Where everything happens that can be heard beside the coach.  Each mouth says one thing at a time."""

    def __init__(self, people: Mapping[str, Person], bedroom: Bedroom, coach: Powered, seed: int) -> None:
        self.said: list[Said] = []
        self._people, self._bedroom, self._coach, self._seed = people, bedroom, coach, seed
        self._free = dict.fromkeys(people, 0)
        """The sample from which on each mouth is free."""

    def act(self, act: Act, at_s: float) -> tuple[float, float]:
        """Do it at ``at_s``, or as soon as the same mouth is free; returns when it begins and is done, in seconds."""
        at = max(round(at_s * MICROPHONE_HZ), self._bedroom.position)
        match act:
            case Speak() | Talk():
                said = self._say(act, at)
            case Disturb():
                said = self._disturb(act, at)
            case Mute():
                said = self._mute(act, at)
            case PowerCut():
                said = self._cut(act, at)
        self.said.append(said)
        return said.began_s, said.ended_s if said.who == PERSON else said.began_s

    def _say(self, act: Speak | Talk, at: int) -> Said:
        at = max(at, self._free[act.by])
        person = self._people[act.by]
        sound = person.say(act, at) if isinstance(act, Speak) else person.talk(act)
        self._bedroom.speak(sound, at)
        self._free[act.by] = at + len(sound) + round(BREATH_S * MICROPHONE_HZ)
        return _said(act.words if isinstance(act, Speak) else "(small talk)", at, len(sound), act.by)

    def _disturb(self, act: Disturb, at: int) -> Said:
        dice = np.random.default_rng([self._seed, _DISTURBANCES, at])
        level_db = act.sound.usual_db if act.level_db is None else act.level_db
        sound = at_level(made(act.sound, dice, act.for_s), level_db)
        self._bedroom.speak(sound, at)
        return _said(f"({act.sound.value})", at, len(sound), NOBODY)

    def _mute(self, act: Mute, at: int) -> Said:
        samples = round(act.for_s * MICROPHONE_HZ)
        self._bedroom.mute(at, at + samples)
        return _said("(microphone muted)", at, samples, NOBODY)

    def _cut(self, act: PowerCut, at: int) -> Said:
        samples = round(act.for_s * MICROPHONE_HZ)
        self._coach.cut(at, at + samples)
        return _said("(no power)", at, samples, NOBODY)


def _said(words: str, at: int, samples: int, who: str) -> Said:
    return Said(words, at / MICROPHONE_HZ, (at + samples) / MICROPHONE_HZ, who)
