"""Rehearses: the coach in a simulated bedroom, faster than real time."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC
from typing import TYPE_CHECKING

from voicecoach.console_log import prepare, warn
from voicecoach.drawing.reports import SOUND, leave_reports, leave_trace, make_folder
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.person.facts import Fact
from voicecoach.person.person import Condition
from voicecoach.session_events import Observers
from voicecoach.simulation.power_cuts import RestartableCoach, SimulatedClock
from voicecoach.simulation.rehearsal import Rehearsal
from voicecoach.simulation.scenario_recording import recorded
from voicecoach.simulation.scenario_writing import check_writable, write_scenario
from voicecoach.simulation.session_monitor import EventRecorder
from voicecoach.simulation.simulated_person import WHISPER, SimulatedPerson
from voicecoach.speaking.clips import EstimatedClips
from voicecoach.trace import write_trace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.coach import Coach
    from voicecoach.engines.recognition.port import SpeechInput
    from voicecoach.engines.synthesis.port import Clips, PromptClips, Voice
    from voicecoach.session_events import Observer
    from voicecoach.simulation.rehearsed_session import RehearsedSession
    from voicecoach.simulation.scenario import Scenario
    from voicecoach.simulation.turns import Turn


def rehearse(  # noqa: PLR0913 - what a person can choose, each by its name
    assembly: Assembly,
    scenario: Scenario,
    *,
    seed: int = 0,
    out: Path | None = None,
    as_text: bool = False,
    observer: Observer | None = None,
    history: Path | None = None,
    trace: Path | None = None,
    record: Path | None = None,
    turns: Iterable[Turn] | None = None,
) -> RehearsedSession:
    """Play a scenario through the coach in a simulated bedroom, faster than real time.

    Args:
        assembly: Routines, words and settings.
        scenario: What the person does.
        seed: Decides everything that is left to chance.
        out: Folder for the sound, the transcript, the picture and the trace; None leaves none of them.
        as_text: Without synthesiser and recogniser: the person's words are taken as they are written.
        observer: Gets every session event, as soon as it is over.
        history: A journal that remembers from one rehearsal to the next; None: it remembers for this night.  One that
            is there already counts instead of the scenario's own history.
        trace: Where to write a trace; None: nowhere else than in ``out``.
        record: Where to write what was done as a scenario; None: nowhere.
        turns: Played instead of the scenario's own, each asked for when the one before is done.

    Raises:
        BadRequestError: The scenario's routine is not there.
        VoicecoachError: Something is missing, or cannot be written.
    """
    with ExitStack() as stack:
        if out is not None:
            make_folder(out)
        if record is not None:
            check_writable(record)
        rehearsal = _rehearsal(
            assembly, scenario, stack, seed=seed, as_text=as_text, observer=observer, history=history, turns=turns
        )
        try:
            rehearsal.run(None if out is None else out / SOUND)
        finally:  # also when it is broken off
            session = rehearsal.session
            del rehearsal  # with the coach and its model: the picture needs their memory
            if trace is not None:
                write_trace(trace, session.trace, warn)
            if record is not None:
                write_scenario(record, recorded(scenario, session.acts, session.events, session.lasted_s))
            if out is not None:
                leave_trace(session.trace, out)
                leave_reports(session.trace, out)
        return session


def _rehearsal(  # noqa: PLR0913 - see `rehearse`
    assembly: Assembly,
    scenario: Scenario,
    stack: ExitStack,
    *,
    seed: int,
    as_text: bool,
    observer: Observer | None,
    history: Path | None,
    turns: Iterable[Turn] | None,
) -> Rehearsal:
    """Everybody in their places."""
    routine = assembly.library.routine(scenario.routine)
    clock = SimulatedClock(scenario.at)
    journal = stack.enter_context(closing(assembly.rehearsed_journal(history, clock, UTC)))
    if not journal.records():
        for record in scenario.history:
            journal.add(record)
    if scenario.soft_bed or assembly.settings.soft_bed:
        journal.write(Fact.ANSWERED, Condition.SOFT_BED.value, value=1.0)
    for key in sorted(scenario.left_out):
        journal.write(Fact.LEFT_OUT, key)
    speech_input: SpeechInput
    clips: PromptClips
    if as_text:
        speech_input = text_input = assembly.text_input()
        overhear = text_input.overhear

        durations = assembly.language.durations

        def clips_of(voice: Voice) -> Clips:
            return EstimatedClips(MICROPHONE_HZ, durations.of_a_voice(1.0), voice.words_per_minute)

        clips = EstimatedClips(MICROPHONE_HZ, durations)
    else:
        speech_input, overhear = assembly.speech_input(), None
        synthesizer = stack.enter_context(assembly.synthesizer())
        clips = assembly.clips(synthesizer, MICROPHONE_HZ)
        peoples = stack.enter_context(assembly.peoples_synthesizer())

        def clips_of(voice: Voice) -> Clips:
            return assembly.clips(peoples, MICROPHONE_HZ, voice)

    prepare(clips, assembly.sentences(routine.key))
    whispers = clips_of(WHISPER)
    person = SimulatedPerson(
        clips_of(scenario.person.voice), scenario.person.level_at_microphone_db, overhear, whispers
    )
    others = {
        name: SimulatedPerson(clips_of(body.voice), body.level_at_microphone_db, whispers=whispers)
        for name, body in scenario.others.items()
    }
    recorder = EventRecorder()
    observers = Observers(recorder, observer)

    def make() -> Coach:
        timeline = assembly.timeline(MICROPHONE_HZ)
        return assembly.coach(speech_input, clips, timeline, journal, observers, now=clock)

    coach = RestartableCoach(make, speech_input)
    clock.goes_with(coach)
    return Rehearsal(
        coach,
        recorder,
        person,
        scenario,
        seed,
        turns=turns,
        others=others,
        routine=routine.title,
        announcements=announcements(assembly),
        coach_voice=None if as_text else assembly.coach_voice,
        spare_voice=None if as_text else assembly.spare_voice,
        is_spare=lambda text: not as_text and assembly.is_spare(text),
    )


def announcements(assembly: Assembly) -> dict[str, str]:
    """Names of stretches, by the sentences that announce them."""
    words = assembly.language.plan
    return {
        naming.format(name=stretch.name): stretch.name
        for stretch in assembly.library.stretches.values()
        for naming in (words.first, words.then, words.last)
    }
