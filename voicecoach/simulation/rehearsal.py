"""Rehearses a scenario: the coach in a simulated bedroom, on the sample clock, as fast as the processor can.

Nothing sleeps and nothing looks at a clock, so the same coach, scenario and seed give the same session, to the sample.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.routine.plan import Say
from voicecoach.session_events import Spoke
from voicecoach.simulation.acoustic_scene import AcousticScene
from voicecoach.simulation.disturbance import sound_of
from voicecoach.simulation.scenario import PERSON, ROOM, Disturb, Mute, PowerCut, SmallTalk, Speak
from voicecoach.simulation.scenario_runner import BLOCK_S, ScenarioRunner
from voicecoach.simulation.session_monitor import SessionMonitor
from voicecoach.simulation.simulated_person import at_level
from voicecoach.simulation.wav_recording import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from voicecoach.engines.synthesis.port import Voice
    from voicecoach.routine.plan import Plan
    from voicecoach.session_events import SessionEvent
    from voicecoach.simulation.power_cuts import RestartableCoach
    from voicecoach.simulation.scenario import Act, Scenario
    from voicecoach.simulation.session_monitor import EventRecorder
    from voicecoach.simulation.simulated_person import SimulatedPerson

BLOCK: Final = round(BLOCK_S * MICROPHONE_HZ)
"""Samples that the microphone hands over at once."""
BREATH_S: Final = 0.3
"""Between two things that the person says."""
LAST_WORDS_S: Final = 20.0
"""How long the coach may go on with its sentence after the last turn."""
_DISTURBANCES: Final = 2
"""Their part of the seed; the acoustic scene takes 0 and 1."""


@dataclass(frozen=True, slots=True)
class Said:
    """The person said something, or something else was heard."""

    words: str
    """Empty for a recording that nobody has written down."""
    began_s: float
    ended_s: float
    who: str = PERSON
    """The person, somebody else by their name, or `ROOM`."""


@dataclass(frozen=True, slots=True)
class RehearsedSession:
    """What came of a rehearsal."""

    scenario: Scenario
    seed: int
    events: tuple[SessionEvent, ...]
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
            for spoke in self.events
            if isinstance(spoke, Spoke) and isinstance(spoke.sound, str) and spoke.sound in naming
        )


class Rehearsal:
    """One scenario on its way.  `session` can be asked for at any time, also after something went wrong."""

    def __init__(  # noqa: PLR0913 - everybody who takes part
        self,
        coach: RestartableCoach,
        recorder: EventRecorder,
        person: SimulatedPerson,
        scenario: Scenario,
        seed: int = 0,
        *,
        others: Mapping[str, SimulatedPerson] | None = None,
        plan: Plan | None = None,
        coach_voice: Voice | None = None,
    ) -> None:
        """Put everybody in their place.

        Args:
            coach: A coach at rest that has not heard anything yet.
            recorder: The watcher that was given to that coach.
            person: Who lies in bed.
            scenario: What they do.
            seed: Decides everything that is left to chance; 0 or more.
            others: Who else there is, by name: as many as the scenario has.
            plan: What the session sets out to do, for the reports.
            coach_voice: Whose voice the coach has, for the reports; None: it is rehearsed as text.
        """
        self._coach, self._recorder = coach, recorder
        self._people = {PERSON: person, **(others or {})}
        self._scenario, self._seed = scenario, seed
        self._plan, self._coach_voice = plan, coach_voice
        self._scene = AcousticScene(scenario.room, seed)
        self._monitor = SessionMonitor(coach, recorder)
        self._acts = _ActPlayer(self._people, self._scene, coach, seed)
        self._runner = ScenarioRunner(scenario, self._monitor, self._acts)

    def run(self, recording: Path | None = None) -> RehearsedSession:
        """Play the scenario to its end, or to its limit.

        Args:
            recording: Where to leave the sound (WAV; left the coach, right the microphone); None: nowhere.

        Raises:
            BadFileError: The scenario plays a recording that cannot be read.
            VoicecoachError: ``recording`` cannot be written.
        """
        for name, person in self._people.items():
            person.prepare(self._scenario.spoken(name))
        answers = [self._runner.answer(answer) for answer in self._scenario.answers]
        with ExitStack() as stack:
            tape = stack.enter_context(Recording(recording, MICROPHONE_HZ)) if recording else None
            for _ in chain(self._runner.play(), self._last_words()):
                if self._monitor.now_s >= self._scenario.limit_s:
                    self._runner.break_off(f"but the rehearsal came to its limit of {self._scenario.limit_s:g} s")
                    break
                for answer in answers:
                    next(answer, None)
                self._block(tape)
        return self.session

    @property
    def session(self) -> RehearsedSession:
        """What has come of it so far."""
        return RehearsedSession(
            scenario=self._scenario,
            seed=self._seed,
            events=tuple(self._recorder.events),
            said=tuple(self._acts.said),
            failures=tuple(self._runner.failures),
            lasted_s=self._monitor.now_s,
            mode=self._coach.mode,
            plan=self._plan,
            coach_voice=self._coach_voice,
        )

    def _block(self, tape: Recording | None) -> None:
        """20 ms of the night."""
        microphone = self._scene.hear(BLOCK)
        speaker = self._coach.process(microphone)
        self._scene.play(speaker)
        if tape is not None:
            tape.write(speaker, microphone)
        self._monitor.look()

    def _last_words(self) -> Iterator[None]:
        """The turns are done; the coach may finish its sentence."""
        end_s = self._monitor.now_s + LAST_WORDS_S
        while self._monitor.silent_since_s is None and self._monitor.now_s < end_s:
            yield


class _ActPlayer:
    """Where everything happens that can be heard beside the coach.  Each mouth says one thing at a time."""

    def __init__(
        self, people: Mapping[str, SimulatedPerson], scene: AcousticScene, coach: RestartableCoach, seed: int
    ) -> None:
        self.said: list[Said] = []
        self._people, self._scene, self._coach, self._seed = people, scene, coach, seed
        self._free = dict.fromkeys(people, 0)
        """The sample from which on each mouth is free."""

    def act(self, act: Act, at_s: float) -> tuple[float, float]:
        """Do it at ``at_s``, or as soon as the same mouth is free; returns when it begins and is done, in seconds."""
        at = max(round(at_s * MICROPHONE_HZ), self._scene.position)
        match act:
            case Speak() | SmallTalk():
                said = self._say(act, at)
            case Disturb():
                said = self._disturb(act, at)
            case Mute():
                said = self._mute(act, at)
            case PowerCut():
                said = self._cut(act, at)
        self.said.append(said)
        return said.began_s, said.ended_s if said.who == PERSON else said.began_s

    def _say(self, act: Speak | SmallTalk, at: int) -> Said:
        at = max(at, self._free[act.by])
        person = self._people[act.by]
        sound = person.say(act, at) if isinstance(act, Speak) else person.talk(act)
        self._scene.speak(sound, at)
        self._free[act.by] = at + len(sound) + round(BREATH_S * MICROPHONE_HZ)
        return _said(act.words if isinstance(act, Speak) else "(small talk)", at, len(sound), act.by)

    def _disturb(self, act: Disturb, at: int) -> Said:
        rng = np.random.default_rng([self._seed, _DISTURBANCES, at])
        level_db = act.sound.usual_db if act.level_db is None else act.level_db
        sound = at_level(sound_of(act.sound, rng, act.for_s), level_db)
        self._scene.speak(sound, at)
        return _said(f"({act.sound.value})", at, len(sound), ROOM)

    def _mute(self, act: Mute, at: int) -> Said:
        samples = round(act.for_s * MICROPHONE_HZ)
        self._scene.mute(at, at + samples)
        return _said("(microphone muted)", at, samples, ROOM)

    def _cut(self, act: PowerCut, at: int) -> Said:
        samples = round(act.for_s * MICROPHONE_HZ)
        self._coach.cut(at, at + samples)
        return _said("(no power)", at, samples, ROOM)


def _said(words: str, at: int, samples: int, who: str) -> Said:
    return Said(words, at / MICROPHONE_HZ, (at + samples) / MICROPHONE_HZ, who)
