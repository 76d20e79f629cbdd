"""The user's settings: one small YAML file, every value checked, every default with its reason.

More than 300 lines: a setting is declared, named and read in one place, and there are many.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import PlatformDirs

from voicecoach import setting_values as values
from voicecoach import yamlfile
from voicecoach.buttons.reading import read_button
from voicecoach.dialogue.cue_schedule import BreathCue, TalkLevel
from voicecoach.dialogue.events import NightSound
from voicecoach.emergency_number import read_number
from voicecoach.engines.audio_io.keep_awake import KeepAwake
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError, NoHomeError
from voicecoach.routine.pace import Pauses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import time

    from voicecoach.buttons.mapping import Button
    from voicecoach.dialogue.reminding import Slot
    from voicecoach.routine.stretch import Condition
    from voicecoach.yamlfile import Node

_DIRS = PlatformDirs("voicecoach", appauthor=False)


class _TalkWord(Enum):
    """How the amount of talk is written in the file."""

    LEAST = "least"
    BRIEF = "brief"
    FULL = "full"


class EchoMode(StrEnum):
    """Who takes the coach's own voice out of the microphone.  Any other word names an echo canceller of the coach's."""

    AUTO = "auto"
    """The coach, with its own canceller."""
    SYSTEM = "system"
    """The sound server, or the device: the coach does not try a second time."""
    OFF = "off"
    """Nobody: for headphones, and to compare."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set; the field's name is the key in the file, unless said otherwise."""

    language: str = "en"
    """The name of a language's folder."""
    voice: Voice = field(default_factory=Voice)
    """``voice`` and ``words_per_minute``: a calm pace; 150 is slower than people read aloud."""
    voice_is_set: bool = False
    """Whether ``voice`` was written in the file: then it comes before that of the language."""
    pace_is_set: bool = False
    """Whether ``words_per_minute`` was: a voice pack has a pace of its own."""
    voice_pack: str | None = None
    """Sentences said in advance: the name of a pack, ``auto`` or ``none``; None: as ``voicecoach voices use`` says."""
    volume_db: float = -8.0
    """``volume``: in decibels below full, so that there is room for "louder" and a sleeping partner."""
    volume_follows_whisper: bool = True
    """Whether a whisper is answered softly."""
    usual_routine: str = "bedtime"
    soft_bed: bool = False
    talk: TalkLevel = TalkLevel.FULL
    microphone: str | None = None
    """Part of the device's name; None: the system's default."""
    speaker: str | None = None
    echo: str = EchoMode.AUTO
    """`EchoMode`, or the name of another canceller; what there is stands in ``assembly.ECHO_CANCELLERS``."""
    recognizer: str = "vosk"
    """The engine that hears; a name in ``assembly.RECOGNIZERS``."""
    synthesizer: str = "espeak"
    """The engine that speaks; a name in ``assembly.SYNTHESIZERS``."""
    audio: str = "portaudio"
    """Where microphone and speaker are; a name in ``assembly.AUDIO``."""
    breath_cue: BreathCue = BreathCue.WORDS
    """What leads breaths: words, tones, or words and then tones."""
    pauses: Pauses = Pauses.USUAL
    """How long the coach pauses between sentences and within them."""
    after_session: NightSound = NightSound.NONE
    """What is heard after the last word of an evening."""
    after_session_minutes: int = 20
    """How long it takes to fade to nothing; noise all night costs sleep."""
    quiet_hours: tuple[time, time] | None = None
    """From when to when nobody is reminded of anything; local time, and it may last over midnight."""
    reminders: tuple[Slot, ...] = ()
    """On which weekdays, and when, to ask whether the person is ready."""
    answers: Mapping[Condition, bool] = field(default_factory=dict)
    """To the questions of the first evening; what is answered here is not asked, and counts before what was said."""
    keep_awake: KeepAwake = KeepAwake.AUTO
    """Which speakers are given noise that nobody hears, so that they do not go to sleep."""
    ask_sleep: bool = False
    """Whether the morning routine begins with a question: not everybody wants to be asked for a number."""
    mute_hours: int = 8
    """After so many hours a microphone that was turned off is on again; 0: only when somebody turns it on.  Somebody
    who has neither a button nor a house must not be locked out by their own words."""
    buttons: tuple[Button, ...] = ()
    """Keys by the bed, and what they stand for."""
    emergency_number: str | None = None
    """Whom to call, in digits; None: as the country of the machine's time zone tells (`emergency_number`)."""
    model: str | None = None
    """A speech model: the name of one that is installed, or a folder; None: as ``voicecoach models use`` says."""


def config_folder() -> Path:
    """Where the user's settings and routines are."""
    return _own("config")


def cache_folder() -> Path:
    """Where rendered clips, and whatever else can be made again, are kept; it can be deleted at any time."""
    return _own("cache")


def clips_folder() -> Path:
    """Where rendered sentences are kept, of all engines."""
    return cache_folder() / "clips"


def data_folder() -> Path:
    """Where the history, the user's own words and fetched models are kept."""
    return _own("data")


def _own(kind: str) -> Path:
    """The user's folder of that kind.

    Raises:
        NoHomeError: Nothing says where it is.
    """
    try:
        folder = Path(getattr(_DIRS, f"user_{kind}_dir"))
    except RuntimeError:  # where older versions of platformdirs leave a "~" in the name
        folder = Path("~")
    if folder.parts[:1] == ("~",):
        raise NoHomeError(
            f"it is not known where your settings and history are: HOME is not set, and user number {os.getuid()} has "
            "no name here; set HOME to a folder of that user"
        )
    return folder


def libraries_log() -> Path:
    """What PortAudio and ALSA said to themselves; it is small, and can be deleted at any time."""
    return Path(_DIRS.user_log_dir) / "libraries.log"


def models_folder() -> Path:
    """Where fetched models are kept."""
    return data_folder() / "models"


def voices_folder() -> Path:
    """Where the user's voice packs are kept."""
    return data_folder() / "voices"


def kokoro_folder() -> Path:
    """Where the files of Kokoro are kept, a neural voice."""
    return data_folder() / "kokoro"


def settings_file() -> Path:
    """The user's settings file; it need not be there."""
    return config_folder() / "settings.yaml"


ENGINE_KEYS = ("recognizer", "synthesizer", "audio", "echo")
"""Settings that name an engine."""
_KEYS = frozenset(
    {
        "language",
        "voice",
        "voice_pack",
        "words_per_minute",
        "volume",
        "volume_follows_whisper",
        "usual_routine",
        "soft_bed",
        "talk",
        "microphone",
        "speaker",
        "echo",
        "recognizer",
        "synthesizer",
        "audio",
        "breath_cue",
        "pauses",
        "after_session",
        "after_session_minutes",
        "quiet_hours",
        "reminders",
        "answers",
        "ask_sleep",
        "keep_awake",
        "mute_hours",
        "buttons",
        "emergency_number",
        "model",
    }
)


_TEXTS = ("language", "usual_routine", "microphone", "speaker", "model", "voice_pack")


def load_settings(path: Path | None = None, engines: Mapping[str, Collection[str]] | None = None) -> Settings:
    """Read the settings; a file that is not there means the defaults.

    Args:
        path: The file; None: the user's.
        engines: For each setting that names an engine, the names that there are: ``assembly.ENGINES``.  None: an
            unknown engine is found only when it is to be built, and then without line and column.

    Raises:
        BadFileError: The file says something that it should not; with file, line and column.
    """
    path = path or settings_file()
    if not path.exists():
        return Settings()
    node = yamlfile.read(path)
    given = {} if node.is_nothing else node.mapping(allowed=_KEYS)
    text = {key: given[key].text() for key in _TEXTS if key in given}
    normal = Settings()
    quiet_hours = values.quiet_hours(given["quiet_hours"]) if "quiet_hours" in given else normal.quiet_hours
    reminders = given["reminders"].sequence() if "reminders" in given else ()
    return Settings(
        language=text.get("language", normal.language),
        voice_is_set="voice" in given,
        pace_is_set="words_per_minute" in given,
        voice_pack=text.get("voice_pack"),
        voice=Voice(
            given["voice"].text() if "voice" in given else normal.voice.name,
            given["words_per_minute"].whole_number(80, 300)
            if "words_per_minute" in given
            else normal.voice.words_per_minute,
        ),
        volume_db=given["volume"].number(-40, 0) if "volume" in given else normal.volume_db,
        volume_follows_whisper=given["volume_follows_whisper"].boolean()
        if "volume_follows_whisper" in given
        else normal.volume_follows_whisper,
        usual_routine=text.get("usual_routine", normal.usual_routine),
        soft_bed=given["soft_bed"].boolean() if "soft_bed" in given else normal.soft_bed,
        talk=TalkLevel[given["talk"].choice(_TalkWord).name] if "talk" in given else normal.talk,
        microphone=text.get("microphone"),
        speaker=text.get("speaker"),
        **{key: _engine(given[key], engines and engines[key]) for key in ENGINE_KEYS if key in given},
        breath_cue=given["breath_cue"].choice(BreathCue) if "breath_cue" in given else normal.breath_cue,
        pauses=given["pauses"].choice(Pauses) if "pauses" in given else normal.pauses,
        after_session=given["after_session"].choice(NightSound) if "after_session" in given else normal.after_session,
        after_session_minutes=given["after_session_minutes"].whole_number(1, 30)
        if "after_session_minutes" in given
        else normal.after_session_minutes,
        quiet_hours=quiet_hours,
        reminders=tuple(values.reminder(node, quiet_hours) for node in reminders),
        answers=values.answers(given["answers"]) if "answers" in given else {},
        keep_awake=given["keep_awake"].choice(KeepAwake) if "keep_awake" in given else normal.keep_awake,
        ask_sleep=given["ask_sleep"].boolean() if "ask_sleep" in given else normal.ask_sleep,
        mute_hours=given["mute_hours"].whole_number(0, 24) if "mute_hours" in given else normal.mute_hours,
        buttons=tuple(map(read_button, given["buttons"].sequence())) if "buttons" in given else (),
        emergency_number=read_number(given["emergency_number"]) if "emergency_number" in given else None,
        model=text.get("model"),
    )


def written(key: str) -> Node | None:
    """What the user's settings file says of ``key``, with its place; None where it does not, or cannot be read."""
    try:
        return yamlfile.read(settings_file()).mapping().get(key)
    except BadFileError:
        return None


def _engine(node: Node, offered: Collection[str] | None) -> str:
    name = node.text()
    if offered is not None and name not in offered:
        raise node.error(f'{node.called} cannot be "{name}"; write one of: {", ".join(offered)}')
    return name
