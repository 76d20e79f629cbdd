"""What tries the parts of this machine for the doctor: loads the model, speaks a word, opens the devices."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from voicecoach import settings_check
from voicecoach.assembly import ENGINES
from voicecoach.console_log import warn
from voicecoach.errors import BadRequestError
from voicecoach.hearing.phrases import missing_words
from voicecoach.journal.clock_check import examine_clock
from voicecoach.journal.files import FILE
from voicecoach.journal.wall_clock import SystemClock
from voicecoach.microphone_check import microphone_fault
from voicecoach.model_selection import advice_on_words, chosen_model, looked_through, with_own_words
from voicecoach.muting import FILE as MUTE_FILE
from voicecoach.settings import clips_folder, data_folder, load_settings, settings_file

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from voicecoach.assembly import Assembly
    from voicecoach.engines.audio_io.port import Direction
    from voicecoach.hearing.microphone_health import Deafness


@dataclass(frozen=True, slots=True)
class Probes:
    """What to examine, and how.  Each callable may raise a `VoicecoachError`, whose line then is what is wrong."""

    model: Path
    """Folder of the speech model."""
    why_model: str
    """Why it is this one: "because ..."."""
    missing_words: Callable[[], Collection[str]]
    """Loads the model; gives the words of what a person may say that it lacks."""
    second_ear: Callable[[], str]
    """Loads the second ear; gives what it knows."""
    advice_on_words: str
    """What to type where the model lacks words."""
    voice: str
    """Which voice of which engine speaks."""
    reinstall_voice: Sequence[str]
    """The packages of Debian that the voice's engine needs."""
    render: Callable[[str], float]
    """Has the synthesiser render a word afresh; gives its length in seconds."""
    sound_card: Callable[[], str]
    """Builds what is behind microphone and speaker; gives what it is: "PortAudio 19.7.0"."""
    device_problem: Callable[[Direction], str | None]
    """Tries the device that the settings name; gives what is wrong with it."""
    microphone_fault: Callable[[], Deafness | None]
    """Listens to the microphone that the settings name; gives what is wrong with its sound."""
    microphone_is_off: Callable[[], bool]
    """Whether somebody has turned it off."""
    cache: Path
    """Folder of the rendered clips; it need not exist yet."""
    settings: Path
    """The settings file; it need not exist."""
    read_settings: Callable[[], object]
    """Reads the settings file."""
    named: Mapping[str, Callable[[], str]]
    """For each of `settings_check.NAMED`: gives what there is."""
    broken_routines: Callable[[], Sequence[str]]
    """Reads every routine; gives a line for each file that is broken."""
    clock: Callable[[], str]
    """Looks at the clock; gives what it shows."""
    free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
    """Free space on the disk where a folder lies."""
    python: tuple[int, int, int] = sys.version_info[:3]


def probes_of(assembly: Assembly) -> Probes:
    """What the doctor looks at on this machine."""
    settings = assembly.settings
    choice = chosen_model(settings)

    def words_that_are_missing() -> set[str]:
        folder = with_own_words(looked_through(choice), warn)
        return missing_words(assembly.recognizer(folder), assembly.all_phrases())

    def rendered_s(word: str) -> float:
        with assembly.synthesizer() as synthesizer:
            try:
                samples, rate_hz = synthesizer.render(word, settings.voice)
            except BadRequestError as error:
                raise settings_check.placed("voice", str(error)) from error
            settings_check.require_language(synthesizer, settings.voice, assembly.language)
        return len(samples) / rate_hz

    return Probes(
        model=choice.folder,
        why_model=choice.why,
        missing_words=words_that_are_missing,
        second_ear=lambda: _second_ear(assembly),
        advice_on_words=advice_on_words(choice.folder),
        voice=f"{settings.synthesizer} {settings.voice.name}",
        reinstall_voice=assembly.synthesizer_needs().system,
        render=rendered_s,
        sound_card=lambda: assembly.sound_card().about,
        device_problem=partial(settings_check.device_problem, assembly),
        microphone_fault=lambda: microphone_fault(assembly.sound_card(), settings.microphone),
        microphone_is_off=(data_folder() / MUTE_FILE).exists,
        cache=clips_folder(),
        settings=settings_file(),
        read_settings=lambda: load_settings(engines=ENGINES),
        named=settings_check.checks(assembly),
        broken_routines=lambda: [str(problem) for problem in assembly.library.problems],
        clock=lambda: examine_clock(SystemClock(), data_folder() / FILE),
    )


def _second_ear(assembly: Assembly) -> str:
    reader = assembly.second_ears_reader()
    if reader is None:
        return "none is installed, so the model hears alone"
    return f"tells {len(reader.keys)} meanings apart"
