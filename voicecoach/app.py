"""What a person can do with the coach: run it, rehearse it, check the sound.  `assembly` builds everything."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from voicecoach.console_log import ConsoleLog, prepare, warn, warn_of_hang
from voicecoach.containment import ContainedObserver
from voicecoach.data_lock import data_folder_lock
from voicecoach.dialogue.state import Mode
from voicecoach.dialogue.table import COMMANDS, TABLE
from voicecoach.doctor import Finding
from voicecoach.ending import Ending
from voicecoach.engines.audio_io.devices import muted, open_error, open_problem, speaker_rate_hz
from voicecoach.engines.audio_io.port import Direction
from voicecoach.engines.recognition.port import MICROPHONE_HZ
from voicecoach.house import live_house, microphone_is_off, mute_file
from voicecoach.invocation import typed
from voicecoach.journal.local_time import HERE
from voicecoach.languages.commands import Command
from voicecoach.live_recording import recorded_live
from voicecoach.microphone_check import MicrophoneLog
from voicecoach.rehearsing import announcements, rehearse
from voicecoach.service.notify import ServiceManager
from voicecoach.service.unit import UNIT
from voicecoach.session_events import Observers
from voicecoach.session_trace import LIVE, SOUND_CHECK, Finished, Header
from voicecoach.settings import data_folder
from voicecoach.simulation.scenario import usual_night
from voicecoach.sound_check.conversation import SoundCheck
from voicecoach.sound_check.live import check_live
from voicecoach.sound_check.observed import ObservedSpeechInput
from voicecoach.sound_check.verdict import verdict
from voicecoach.speaking.background import BackgroundClips
from voicecoach.trace import opened_trace
from voicecoach.waiting import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.speaking.clips import ClipCache

__all__ = ["USUAL_REHEARSAL", "WithoutDevices", "check_sound", "rehearse", "run", "run_live"]

USUAL_REHEARSAL = "bedtime"
"""What is rehearsed where nothing is said, and where there is no microphone or no speaker."""
_HEEDED = frozenset(command for command in COMMANDS if TABLE[command, Mode.GUIDING].heeded)
"""What can be said during a routine; the sound check listens for the same."""


class WithoutDevices(StrEnum):
    """What to do where microphone and speaker cannot both be opened."""

    WAIT = "wait"
    REHEARSE = "rehearse"
    END = "end"


def run(  # noqa: PLR0913 - what a person can choose, each by its name
    assembly: Assembly,
    *,
    verbose: bool,
    trace: Path | None = None,
    record: Path | None = None,
    without_devices: WithoutDevices = WithoutDevices.REHEARSE,
    manager: ServiceManager | None = None,
) -> int:
    """Open microphone and speaker and wait to be spoken to.

    Args:
        assembly: Routines, words and settings.
        verbose: Whether to print what is said and understood.
        trace: Where to write a trace of the session; None: nowhere.
        record: Where to write the session as a scenario; None: nowhere.
        without_devices: What to do where that cannot be.
        manager: Is told how the coach fares; None: nobody is.

    Raises:
        VoicecoachError: Something is missing, or another coach is at work.
    """
    settings, ending, problem = assembly.settings, Ending(), None
    with ending.awaited(), data_folder_lock(data_folder(), UNIT):
        if without_devices is not WithoutDevices.WAIT:
            problem = open_error(settings.microphone, settings.speaker, assembly.sound_card)
        if problem is None:
            patient = without_devices is WithoutDevices.WAIT
            watch = Watch(ending, manager or ServiceManager(), warn, patient=patient, hung=warn_of_hang)
            return run_live(assembly, verbose=verbose, trace=trace, record=record, watch=watch)
        if without_devices is WithoutDevices.END:
            raise problem
    if ending.asked:
        return 0
    warn(str(problem))
    routine = assembly.library.routine(USUAL_REHEARSAL)
    print(f"Here is a rehearsal instead: the {routine.name} in a simulated bedroom.", flush=True)
    rehearse(assembly, usual_night(routine, assembly.language), observer=ConsoleLog(), trace=trace, record=record)
    print(f"To keep its sound, transcript and picture, type: {typed('rehearse --out DIR')}")
    return 0


def run_live(
    assembly: Assembly, *, verbose: bool, trace: Path | None = None, record: Path | None = None, watch: Watch
) -> int:
    """Run live until somebody ends it; returns the exit code."""
    from voicecoach.live import LiveRunner  # noqa: PLC0415 - not needed for anything else

    settings = assembly.settings
    watch.is_up()
    model = assembly.checked_recognizer()
    with assembly.synthesizer() as synthesizer, closing(assembly.journal()) as journal:

        def clips_at(rate_hz: int) -> ClipCache:
            clips = assembly.clips(synthesizer, rate_hz)
            prepare(clips, assembly.sentences(), watch.at_work)
            return clips

        # On disk, where they stay, clips have no speaker's rate: any will do.
        meanwhile = partial(clips_at, MICROPHONE_HZ)
        watch.wait_for_devices(settings.microphone, settings.speaker, assembly.sound_card, meanwhile)
        for direction, name in ((Direction.MICROPHONE, settings.microphone), (Direction.SPEAKER, settings.speaker)):
            if line := muted(direction, name, assembly.sound_card):
                watch.tell(line)
        rate_hz = speaker_rate_hz(settings.speaker, assembly.sound_card)
        kept = clips_at(rate_hz)
        always = {text: kept.get(text) for text in assembly.always_said()}
        with (
            opened_trace(trace, _header(LIVE, assembly), warn, announcements(assembly), assembly.is_spare) as writer,
            recorded_live(record, assembly, journal, warn) as recording,
            BackgroundClips(kept, warn) as clips,
            live_house(assembly, watch.tell) as around,
        ):
            watching = (ConsoleLog() if verbose else None, MicrophoneLog(warn), writer, recording)
            clips.prepare(assembly.possible_sentences())
            observer = Observers(*(ContainedObserver(one) for one in watching if one is not None))
            hear = partial(assembly.speech_input, model)
            coach = assembly.supervised_coach(hear, clips, always, rate_hz, journal, observer, around.house)
            room = LiveRunner(
                coach,
                settings.microphone,
                settings.speaker,
                watch.tell,
                card=assembly.live_sound_card(),
                patient=watch.patient,
                watchdog_feed=watch.watchdog_feed,
                listens=lambda: coach.listens,
            )
            around.begin(lambda: room.microphone_is_open)
            coach.open()  # on the timeline before it begins to move
            try:
                return room.run(ready=lambda: _invite(assembly, watch, listens=coach.listens))
            finally:
                watch.is_over()
                if writer is not None:
                    writer(Finished(coach.mode, coach.now_s))


def _header(source: str, assembly: Assembly) -> Header:
    title = f"{datetime.now(HERE):%Y-%m-%d %H:%M}, {source}"
    return Header(source, title, coach_voice=assembly.coach_voice, spare_voice=assembly.spare_voice)


def check_sound(assembly: Assembly, trace: Path | None = None) -> list[Finding]:
    """Measure the room, the echo and the person's voice in a short conversation; no sound of it is kept.

    Args:
        assembly: Voice, words and settings.
        trace: Where to write a trace of it; None: nowhere.

    Raises:
        KeyboardInterrupt: It was broken off.
        VoicecoachError: Something is missing.
    """
    from voicecoach.live import LiveRunner  # noqa: PLC0415 - see `run_live`

    settings = assembly.settings
    if mute_file().exists():
        return [Finding("microphone", well=False, words=microphone_is_off())]
    problem = open_problem(settings.microphone, settings.speaker, assembly.sound_card)
    if problem is not None:
        return [Finding("sound card", well=False, words=problem)]
    rate_hz = speaker_rate_hz(settings.speaker, assembly.sound_card)
    speech_input = assembly.speech_input()
    with assembly.synthesizer() as synthesizer, opened_trace(trace, _header(SOUND_CHECK, assembly), warn) as writer:
        clips = assembly.clips(synthesizer, rate_hz)
        prepare(clips, assembly.language.sound_check.sentences)
        timeline = assembly.timeline(rate_hz)
        observed = ObservedSpeechInput(speech_input, timeline, assembly.phrasebook.meaning, Observers(writer))
        check = SoundCheck(
            observed,
            assembly.echo_canceller(),
            clips,
            timeline,
            words=assembly.language.sound_check,
            phrases=assembly.phrasebook.phrases_for(_HEEDED),
            tell=_tell_at_once,
        )
        card = assembly.live_sound_card()
        measured = check_live(check, lambda it: LiveRunner(it, settings.microphone, settings.speaker, warn, card=card))
    return verdict(measured, settings.echo)


def _tell_at_once(line: str) -> None:
    print(line, flush=True)


def _invite(assembly: Assembly, watch: Watch, *, listens: bool) -> None:
    if not listens:
        watch.is_deaf()
        print(f"{microphone_is_off()} (Ctrl-C ends.)", flush=True)
        return
    start = assembly.language.phrases[Command.START][0]
    name = max(assembly.library.routines[assembly.knowledge.usual_routine].say, key=len)
    watch.listens()
    print(f"I am listening. Say: {start.replace('{routine}', name)}. (Ctrl-C ends.)", flush=True)
