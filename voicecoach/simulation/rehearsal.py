"""Rehearses a scenario: the coach in a simulated bedroom, on the sample clock, as fast as the processor can.

Nothing sleeps and nothing looks at a clock, so the same coach, scenario and seed give the same session, to the sample.
"""

from __future__ import annotations

from contextlib import ExitStack
from heapq import merge
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.session_trace import PERSON, Finished, Trace, over_s, with_spare_voice, with_stretches
from voicecoach.simulation.acoustic_scene import AcousticScene
from voicecoach.simulation.act_player import ActPlayer
from voicecoach.simulation.rehearsed_session import RehearsedSession, header_of
from voicecoach.simulation.scenario_runner import BLOCK_S, ScenarioRunner
from voicecoach.simulation.session_monitor import SessionMonitor
from voicecoach.simulation.wav_recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from voicecoach.engines.synthesis.port import Voice
    from voicecoach.simulation.power_cuts import RestartableCoach
    from voicecoach.simulation.scenario import Scenario
    from voicecoach.simulation.session_monitor import EventRecorder
    from voicecoach.simulation.simulated_person import SimulatedPerson
    from voicecoach.simulation.turns import Turn

BLOCK: Final = round(BLOCK_S * MICROPHONE_HZ)
"""Samples that the microphone hands over at once."""
MICROPHONE_NOISE_DB: Final = -90.0
"""Of a room without noise a real microphone still has its own; what has none is no microphone."""
LAST_WORDS_S: Final = 20.0
"""How long the coach may go on with its sentence after the last turn."""


class Rehearsal:
    """One rehearsal.  `session` can be asked for at any time, also after something went wrong."""

    def __init__(  # noqa: PLR0913 - everybody who takes part
        self,
        coach: RestartableCoach,
        recorder: EventRecorder,
        person: SimulatedPerson,
        scenario: Scenario,
        seed: int = 0,
        *,
        turns: Iterable[Turn] | None = None,
        others: Mapping[str, SimulatedPerson] | None = None,
        routine: str = "",
        announcements: Mapping[str, str] | None = None,
        coach_voice: Voice | None = None,
        spare_voice: Voice | None = None,
        is_spare: Callable[[str], bool] = lambda _text: False,
    ) -> None:
        """Prepare.

        Args:
            coach: A coach at rest that has not heard anything yet.
            recorder: The observer that was given to that coach.
            person: Who lies in bed.
            scenario: What they do.
            seed: Decides everything that is left to chance; 0 or more.
            turns: What is played instead of the scenario's own turns, each asked for when the one before is done.
            others: Who else there is, by name: as many as the scenario has.
            routine: Title of the scenario's routine, for the reports, as the next two are.
            announcements: Names of stretches, by the sentences that announce them.
            coach_voice: Whose voice the coach has; None: it is rehearsed as text.
            spare_voice: Says what the voice pack that speaks has not.
            is_spare: Whether that voice says a text.
        """
        self._coach, self._recorder = coach, recorder
        self._people = {PERSON: person, **(others or {})}
        self._scenario = scenario
        self._header = header_of(scenario, seed, routine, coach_voice, spare_voice)
        self._is_spare = is_spare
        self._announcements = announcements or {}
        self._scene = AcousticScene(scenario.room, seed, MICROPHONE_NOISE_DB)
        self._monitor = SessionMonitor(coach, recorder)
        self._acts = ActPlayer(self._people, self._scene, coach, seed)
        self._runner = ScenarioRunner(scenario, self._monitor, self._acts, turns)

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
        entries = merge(
            with_stretches(with_spare_voice(self._recorder.events, self._is_spare), self._announcements),
            self._acts.said,
            self._runner.failures,
            key=over_s,
        )
        end = Finished(self._coach.mode, self._monitor.now_s)
        return RehearsedSession(self._scenario, Trace(self._header, (*entries, end)), tuple(self._acts.performed))

    def _block(self, tape: Recording | None) -> None:
        """Process one block."""
        microphone = self._scene.hear(BLOCK)
        speaker = self._coach.process(microphone)
        self._scene.play(speaker)
        if tape is not None:
            tape.write(speaker, np.nan_to_num(microphone))
        self._monitor.look()

    def _last_words(self) -> Iterator[None]:
        """The turns are done; the coach may finish its sentence."""
        end_s = self._monitor.now_s + LAST_WORDS_S
        while self._monitor.silent_since_s is None and self._monitor.now_s < end_s:
            yield
