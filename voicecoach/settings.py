"""The user's settings: one small YAML file, every value checked, every default with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from platformdirs import PlatformDirs

from voicecoach import yamlfile
from voicecoach.dialogue.score import Talk
from voicecoach.speaking.protocol import Voice

_DIRS = PlatformDirs("voicecoach", appauthor=False)


class _TalkWord(Enum):
    """How the amount of talk is written in the file."""

    LEAST = "least"
    BRIEF = "brief"
    FULL = "full"


class Echo(Enum):
    """Who takes the coach's own voice out of the microphone."""

    AUTO = "auto"
    """The coach."""
    SYSTEM = "system"
    """The sound server, or the device: the coach does not try a second time."""
    OFF = "off"
    """Nobody: for headphones, and to compare."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set; the field's name is the key in the file, unless said otherwise."""

    voice: Voice = field(default_factory=Voice)
    """``voice`` and ``words_per_minute``: a calm pace; 150 is slower than people read aloud."""
    volume_db: float = -8.0
    """``volume``: in decibels below full, so that there is room for "louder" and a sleeping partner."""
    usual_routine: str = "bedtime"
    soft_bed: bool = False
    talk: Talk = Talk.FULL
    microphone: str | None = None
    """Part of the device's name; None: the system's default."""
    speaker: str | None = None
    echo: Echo = Echo.AUTO
    model: str | None = None
    """A speech model: the name of one that is installed, or a folder; None: as ``voicecoach models use`` says."""


def config_folder() -> Path:
    """Where the user's settings and routines are."""
    return Path(_DIRS.user_config_dir)


def cache_folder() -> Path:
    """Where rendered clips are kept; it can be deleted at any time."""
    return Path(_DIRS.user_cache_dir)


def data_folder() -> Path:
    """Where the history, the user's own words and fetched models are kept."""
    return Path(_DIRS.user_data_dir)


def models_folder() -> Path:
    """Where fetched models are kept."""
    return data_folder() / "models"


def settings_file() -> Path:
    """The user's settings file; it need not be there."""
    return config_folder() / "settings.yaml"


_KEYS = frozenset(
    {
        "voice",
        "words_per_minute",
        "volume",
        "usual_routine",
        "soft_bed",
        "talk",
        "microphone",
        "speaker",
        "echo",
        "model",
    }
)


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; a file that is not there means the defaults.

    Raises:
        BadFileError: The file says something that it should not; with file, line and column.
    """
    path = path or settings_file()
    if not path.exists():
        return Settings()
    node = yamlfile.read(path)
    given = {} if node.is_nothing else node.mapping(allowed=_KEYS)
    text = {key: given[key].text() for key in ("usual_routine", "microphone", "speaker", "model") if key in given}
    normal = Settings()
    return Settings(
        voice=Voice(
            given["voice"].text() if "voice" in given else normal.voice.name,
            given["words_per_minute"].whole_number(80, 300)
            if "words_per_minute" in given
            else normal.voice.words_per_minute,
        ),
        volume_db=given["volume"].number(-40, 0) if "volume" in given else normal.volume_db,
        usual_routine=text.get("usual_routine", normal.usual_routine),
        soft_bed=given["soft_bed"].boolean() if "soft_bed" in given else normal.soft_bed,
        talk=Talk[given["talk"].choice(_TalkWord).name] if "talk" in given else normal.talk,
        microphone=text.get("microphone"),
        speaker=text.get("speaker"),
        echo=given["echo"].choice(Echo) if "echo" in given else normal.echo,
        model=text.get("model"),
    )
