"""The doctor: looks at everything the coach needs and says in a few lines what is well, what is not, and what to type.

The checks know nothing of how a model is loaded or a word is spoken; a `Probes` brings what tries it.  A check gives
the words that say what is well, or raises the error that says what is not.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from voicecoach import settings_check
from voicecoach.engines.audio_io.port import Direction
from voicecoach.engines.recognition.model_store.disk import bytes_in, size
from voicecoach.errors import FOUND_SOMETHING, MissingPartError, VoicecoachError
from voicecoach.invocation import typed
from voicecoach.microphone_check import WORDS as FAULTS
from voicecoach.shortened import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from voicecoach.probes import Probes


OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)
ENOUGH_BYTES = 300_000_000
"""Free disk space under which clips and the history may soon find no room."""
TRIAL_WORD = "hello"
SHORTEST_WORD_S = 0.1
"""No voice says `TRIAL_WORD` faster; a shorter sound is an empty or a broken one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    about: str
    """What was looked at: "microphone"."""
    well: bool
    words: str
    """What there is, or what is wrong and what to do."""


def examine(probes: Probes) -> list[Finding]:
    """Make every check; one that fails in a way nobody thought of is a finding too, and the others still run."""
    return [_finding(about, check, probes) for about, check in CHECKS.items()]


def report(findings: Sequence[Finding]) -> str:
    """The findings for a person to read, one a line, and a last line that sums them up."""
    lines = [f"{'ok' if finding.well else 'no'}  {finding.about}: {shortened(finding.words)}" for finding in findings]
    wrong = sum(not finding.well for finding in findings)
    return "\n".join([*lines, "All is well." if not wrong else f"{wrong} of {len(findings)} need your help."])


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when all is well, `FOUND_SOMETHING` when something is wrong."""
    return 0 if all(finding.well for finding in findings) else FOUND_SOMETHING


def _finding(about: str, check: Callable[[Probes], str], probes: Probes) -> Finding:
    try:
        return Finding(about, well=True, words=check(probes))
    except VoicecoachError as error:
        return Finding(about, well=False, words=str(error))
    except Exception as error:  # noqa: BLE001 - whatever is broken here, the doctor must not be the one who falls ill
        kind = type(error).__name__
        return Finding(about, well=False, words=f"could not be examined ({kind}: {error}); please report this")


def check_python(probes: Probes) -> str:
    """A version that the coach was tested with."""
    version = ".".join(map(str, probes.python))
    if not OLDEST_PYTHON <= probes.python[:2] <= NEWEST_PYTHON:
        oldest, newest = (".".join(map(str, ends)) for ends in (OLDEST_PYTHON, NEWEST_PYTHON))
        raise MissingPartError(f"{version} is not supported; install a Python from {oldest} to {newest}")
    return version


def check_model(probes: Probes) -> str:
    """The speech model is there, loads, and knows every word that a person may say."""
    if not probes.model.is_dir():
        raise MissingPartError(
            f"no speech model in {probes.model}, which is taken {probes.why_model}; name the folder of another with "
            f"--model, choose one that is installed ({typed('models list')}), or install again"
        )
    missing = sorted(probes.missing_words())
    if missing:
        raise MissingPartError(
            f"{probes.model.name} ({probes.why_model}) does not know {_some(missing)}: phrases with these words "
            f"will not be understood; {probes.advice_on_words}"
        )
    facts = ", ".join([probes.model.name, size(bytes_in(probes.model)), *_vocabulary(probes.model)])
    return f"{facts} ({probes.why_model})"


def check_second_ear(probes: Probes) -> str:
    """What hears beside the model is there; without it the model hears alone."""
    return probes.second_ear()


def check_voice(probes: Probes) -> str:
    """The synthesiser speaks."""
    seconds = probes.render(TRIAL_WORD)
    if seconds < SHORTEST_WORD_S:
        packages = " ".join(probes.reinstall_voice)
        how = f" (type: sudo apt install --reinstall {packages})" if packages else ""
        raise MissingPartError(
            f'{probes.voice}: "{TRIAL_WORD}" came out {seconds:.2f} s long; set another voice, or install its engine '
            f"again{how}"
        )
    return f'{probes.voice} says "{TRIAL_WORD}" in {seconds:.1f} s'


def check_sound_card(probes: Probes) -> str:
    """What is behind microphone and speaker is there."""
    return probes.sound_card()


def _device(probes: Probes, direction: Direction) -> str:
    problem = probes.device_problem(direction)
    if problem:
        raise MissingPartError(problem)
    return "can be opened"


def check_microphone(probes: Probes) -> str:
    """The microphone opens, and what comes is a microphone's sound; one that somebody has turned off stays so."""
    if probes.microphone_is_off():
        return "is off, as somebody wanted it"
    words = _device(probes, Direction.MICROPHONE)
    fault = probes.microphone_fault()
    if fault is not None:
        raise MissingPartError(FAULTS[fault])
    return f"{words}, and brings sound"


def check_speaker(probes: Probes) -> str:
    """The speaker opens."""
    return _device(probes, Direction.SPEAKER)


def check_cache(probes: Probes) -> str:
    """Rendered clips can be kept."""
    try:
        with tempfile.TemporaryFile(dir=_nearest_existing(probes.cache)):
            pass
    except OSError as error:
        raise MissingPartError(
            f"{probes.cache} cannot be written ({error.strerror}): every sentence must be rendered again each time; "
            "make it a folder that you may write to"
        ) from error
    return f"{probes.cache}, {size(bytes_in(probes.cache))}"


def check_settings(probes: Probes) -> str:
    """The settings file can be read, or there is none."""
    if not probes.settings.exists():
        return f"none, so everything is as it comes (yours would be {probes.settings})"
    probes.read_settings()
    return str(probes.settings)


def check_named(about: str, probes: Probes) -> str:
    """What the settings name is there."""
    return probes.named[about]()


def check_routines(probes: Probes) -> str:
    """Every routine file can be used."""
    broken = probes.broken_routines()
    if broken:
        raise MissingPartError("\n    ".join([f"{len(broken)} cannot be used:", *broken]))
    return "every file can be used"


def check_disk(probes: Probes) -> str:
    """There is room for clips and history."""
    free = probes.free_bytes(_nearest_existing(probes.cache))
    if free < ENOUGH_BYTES:
        raise MissingPartError(
            f"only {size(free)} free where {probes.cache} lies; make room until there are {size(ENOUGH_BYTES)}"
        )
    return f"{size(free)} free"


def check_clock(probes: Probes) -> str:
    """What it shows can be."""
    return probes.clock()


CHECKS: dict[str, Callable[[Probes], str]] = {
    "Python": check_python,
    "model": check_model,
    "second ear": check_second_ear,
    "voice": check_voice,
    "sound card": check_sound_card,
    "microphone": check_microphone,
    "speaker": check_speaker,
    "clip cache": check_cache,
    "settings": check_settings,
    **{about: partial(check_named, about) for about in settings_check.NAMED},
    "routines": check_routines,
    "disk": check_disk,
    "clock": check_clock,
}


def _vocabulary(model: Path) -> list[str]:
    """How many words the model knows, where it says so; models with a built-in word list do not."""
    listing = model / "graph" / "words.txt"
    if not listing.is_file():
        return []
    with listing.open(encoding="utf-8") as lines:
        # "<eps>", "#0", "<s>" and their like are marks, not words.
        words = sum(1 for line in lines if line.strip() and line[0] not in "<#[!")
    return [f"{words:,} words"]


def _nearest_existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def _some(words: Sequence[str], most: int = 5) -> str:
    """The first words of a list, quoted, and how many more there are."""
    shown = ", ".join(f'"{word}"' for word in words[:most])
    return shown if len(words) <= most else f"{shown} and {len(words) - most} more words"
