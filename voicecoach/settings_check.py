"""Whether what the settings name is there, which the next session will use; what is wrong is told with its place."""

from __future__ import annotations

from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING, Final

from voicecoach.assembly import ENGINES
from voicecoach.emergency_number import number_here, zone_here
from voicecoach.engines.audio_io import devices
from voicecoach.engines.synthesis.port import KnowsVoices
from voicecoach.errors import BadFileError, BadRequestError, MissingPartError, VoicecoachError
from voicecoach.home.config import load_home
from voicecoach.invocation import to_install, typed
from voicecoach.journal.files import FILE
from voicecoach.journal.looking import person_in
from voicecoach.person.person import DayPart
from voicecoach.repertoire import read_language
from voicecoach.settings import ENGINE_KEYS, Settings, data_folder, load_settings, written
from voicecoach.voices.using import chosen_packs, found_packs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voicecoach.assembly import Assembly
    from voicecoach.engines.audio_io.port import Direction
    from voicecoach.engines.synthesis.port import Synthesizer, Voice
    from voicecoach.languages.language import Language
    from voicecoach.person.person import Person

HARDLY_HEARD_DB: Final = -30.0
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AT: Final = {DayPart.MORNING: "in the morning", DayPart.DAY: "by day", DayPart.NIGHT: "at night"}

NAMED: Final = (
    "language",
    "usual routine",
    "volume",
    "reminders",
    "emergency number",
    "engines",
    "voice packs",
    "house",
)
"""What `checks` looks at."""


def checks(assembly: Assembly) -> Mapping[str, Callable[[], str]]:
    """For each of `NAMED`: what is well with it; a `VoicecoachError` says what is not."""
    settings = assembly.settings
    made = (
        check_language,
        partial(check_usual_routine, assembly),
        lambda: check_volume(settings, person_in(data_folder() / FILE)),
        partial(check_reminders, settings),
        partial(check_emergency_number, settings),
        partial(check_engines, settings),
        partial(check_voice_packs, assembly),
        check_house,
    )
    return dict(zip(NAMED, made, strict=True))


def placed(key: str, problem: str) -> VoicecoachError:
    """The error that ``key`` of the settings is wrong, with its place where it was written."""
    node = written(key)
    return MissingPartError(problem) if node is None else node.error(problem)


def check_language() -> str:
    """It is there and complete; read again, because where it is not, everything else is looked at in English."""
    try:
        settings = load_settings(engines=ENGINES)
    except BadFileError:
        settings = Settings()  # what is wrong with the file is told elsewhere
    try:
        language = read_language(settings)
    except BadRequestError as error:
        raise placed("language", str(error)) from error
    return f"{language.name} ({language.key})"


def check_usual_routine(assembly: Assembly) -> str:
    """It can be done."""
    try:
        routine = assembly.library.routine(assembly.settings.usual_routine)
    except BadRequestError as error:
        raise placed("usual_routine", str(error)) from error
    return routine.name


def device_problem(assembly: Assembly, direction: Direction) -> str | None:
    """What is wrong with the microphone or the speaker of the settings; None: it can be opened, and is not muted."""
    key = direction.value
    name = getattr(assembly.settings, key)
    problem = devices.device_problem(direction, name, assembly.sound_card)
    node = written(key)
    is_its_name = node is not None and node.text() == name and f'called "{name}"' in (problem or "")
    if problem is None:
        return devices.muted(direction, name, assembly.sound_card)
    return str(placed(key, problem)) if is_its_name else problem


def check_volume(settings: Settings, person: Person) -> str:
    """It can be heard; what was asked for at a time of day counts before the file."""
    asked = {part: db for part, db in person.volumes_db.items() if db != settings.volume_db}
    if settings.volume_db < HARDLY_HEARD_DB and len(asked) < len(DayPart):
        raise placed("volume", f'{settings.volume_db:g} dB can hardly be heard; write -8, or say "louder"')
    for part, db in asked.items():
        if db < HARDLY_HEARD_DB:
            raise MissingPartError(f'{_AT[part]} {db:g} dB, which can hardly be heard; say "louder" {_AT[part]}')
    return ", ".join(
        [f"{settings.volume_db:g} dB", *(f"{_AT[part]} {db:g} dB, as asked" for part, db in asked.items())]
    )


def check_reminders(settings: Settings) -> str:
    """When they come; one in the quiet hours is refused when the file is read."""
    if not settings.reminders:
        return "none"
    return ", ".join(
        " ".join([f"{at:%H:%M}", *(["every day"] if len(days) == len(_DAYS) else [_DAYS[day] for day in sorted(days)])])
        for days, at in settings.reminders
    )


def check_emergency_number(settings: Settings) -> str:
    """Which one is said, and why: the user should know before it is needed."""
    if settings.emergency_number:
        return f"{settings.emergency_number}, as you set it"
    zone = zone_here()
    why = f"for the time zone {zone}" if zone else "no time zone tells the country"
    return f"{number_here()} ({why}; would you call another one? write emergency_number in the settings)"


def check_engines(settings: Settings) -> str:
    """The packages of each are installed."""
    names = {key: getattr(settings, key) for key in ENGINE_KEYS}
    for key, name in names.items():
        if name not in ENGINES[key]:
            raise placed(key, f'{key} cannot be "{name}"; write one of: {", ".join(ENGINES[key])}')
        missing = [package for package in ENGINES[key][name].needs.packages if not _is_installed(package)]
        if missing:
            others = [other for other in ENGINES[key] if other != name]
            instead = f", or write another {key}: {', '.join(others)}" if others else ""
            raise placed(key, f"{name} needs what is not installed; type: {to_install(*missing)}{instead}")
    return ", ".join(f"{key} {name}" for key, name in names.items())


def check_house() -> str:
    """It is off, or its broker lets the coach in."""
    config = load_home()
    if config is None:
        return "off"
    try:
        from voicecoach.home.connecting import try_broker  # noqa: PLC0415 - where it is off, MQTT is not imported
    except ImportError as error:
        raise MissingPartError(
            f"it needs paho-mqtt, which is not installed; type: {to_install('paho-mqtt')}"
        ) from error
    try_broker(config)
    return f"{config.broker} lets the coach in"


def check_voice_packs(assembly: Assembly) -> str:
    """Every clip of what speaks is whole."""
    wrong: list[str] = []
    choice = chosen_packs(assembly.settings, found_packs(assembly.language.code, wrong.append))
    if choice.missing is not None:
        wrong.append(f'"{choice.missing}" was chosen and is not there; type: {typed("voices")}')
    for pack in choice.packs:
        broken = pack.broken()
        if broken:
            wrong.append(
                f'{pack.path} has {len(broken)} broken sentences, such as "{broken[0]}", which are left out, and '
                f"said by {assembly.settings.synthesizer} meanwhile; get or copy it again"
            )
    if wrong:
        raise MissingPartError("\n    ".join(wrong))
    if not choice.packs:
        return f"none speaks, {choice.why}"
    return ", ".join(f"{pack.path.stem} ({len(pack)} sentences)" for pack in choice.packs)


def require_language(synthesizer: Synthesizer, voice: Voice, language: Language) -> None:
    """Make sure that a voice speaks the language, as far as its engine knows.

    Raises:
        VoicecoachError: It is a voice for another one; with its place in the settings.
    """
    if not isinstance(synthesizer, KnowsVoices):
        return
    spoken = synthesizer.languages(voice)
    if spoken and _family(language.code) not in map(_family, spoken):
        raise placed(
            "voice",
            f'"{voice.name}" is a voice for {", ".join(sorted(spoken))}, and the language is {language.name} '
            f"({language.code}); write a voice for that, such as {language.voice}",
        )


def _family(tag: str) -> str:
    """Of a tag of a language its first part: "en" of "en-GB"."""
    return tag.partition("-")[0].lower()


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
