"""A language is a folder: one that nobody speaks goes through a whole evening, and not an English word is said."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voicecoach.app import rehearse
from voicecoach.assembly import Assembly
from voicecoach.cli.main import main
from voicecoach.dialogue.table import WANTED
from voicecoach.engines.synthesis.port import Voice
from voicecoach.errors import BadFileError, BadRequestError
from voicecoach.journal.store import Journal
from voicecoach.languages.commands import SAFETY
from voicecoach.languages.loading import ENGLISH, LANGUAGES, languages, load_language
from voicecoach.languages.prompts import PROMPTS, Plural
from voicecoach.person.facts import Fact
from voicecoach.resources import shipped
from voicecoach.routine.loading import Library
from voicecoach.routine.stretch import PROPS, Condition, Side
from voicecoach.routine.texts import missing_words
from voicecoach.session_events import Spoke
from voicecoach.settings import Settings
from voicecoach.simulation.scenario_file import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.languages.language import Language
    from voicecoach.person.facts import Record
    from voicecoach.simulation.rehearsed_session import RehearsedSession

HERE = Path(__file__).parent / "languages"
HOUSE, INVENTED = HERE / "house", "xx"
SLOT = re.compile(r"\{([^{}]*)\}")


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", SLOT.sub(" ", text).lower()))


def written(folder: Path) -> set[str]:
    """Every word in the files of a language, ids and comments with it."""
    return {word for file in folder.rglob("*.yaml") for word in words(file.read_text(encoding="utf-8"))}


ENGLISH_WORDS = written(LANGUAGES / ENGLISH) | written(shipped("routines/text/en"))


def move_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    """Into a house that ships two small routines, in the invented language only, which the user has chosen."""
    patch.setenv("XDG_CONFIG_HOME", str(home))
    patch.setattr("voicecoach.repertoire.shipped", lambda name: HOUSE if name == "routines" else shipped(name))
    folder = home / "voicecoach"
    shutil.copytree(HERE / INVENTED, folder / "languages" / INVENTED)
    (folder / "settings.yaml").write_text(f"language: {INVENTED}\n", encoding="utf-8")


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move_in(tmp_path, monkeypatch)


@dataclass(frozen=True)
class Evening:
    """What came of it."""

    session: RehearsedSession
    records: tuple[Record, ...]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """A whole first evening, played as text: questions, stretches, pain, stop, a tip, a reminder."""
    folder = tmp_path_factory.mktemp("evening")
    with pytest.MonkeyPatch.context() as patch:
        move_in(folder, patch)
        history = folder / "history.sqlite"
        scenario = load_scenario(HERE / "evening.yaml")
        session = rehearse(Assembly(Settings(language=INVENTED)), scenario, as_text=True, history=history)
    return Evening(session, tuple(Journal(history, pytest.fail, zone=UTC).records()))


def test_a_whole_evening_goes_as_it_should(evening: Evening) -> None:
    assert not evening.session.failures, "\n".join(evening.session.failures)


def test_not_a_word_of_english_is_said(evening: Evening) -> None:
    said = [one.sound for one in evening.session.events if isinstance(one, Spoke) and isinstance(one.sound, str)]
    assert len(said) > 60
    assert not {word for sentence in said for word in words(sentence)} & ENGLISH_WORDS


def test_the_journal_of_that_evening_holds_ids(evening: Evening) -> None:
    assert {record.what for record in evening.records} >= {Fact.ANSWERED, Fact.HURT, Fact.TIP_TOLD, Fact.REMINDED}
    assert {record.side for record in evening.records} == {Side.NONE.value, Side.RIGHT.value}
    keys = {file.stem for file in HOUSE.rglob("*.yaml")} | set(load_language(wanted=WANTED).tips) | PROPS
    known = {*keys, *(condition.value for condition in Condition), ""}
    assert {record.about for record in evening.records} <= known


@pytest.mark.usefixtures("at_home")
def test_its_routines_can_be_read_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "show", "bedtime"]) == 0
    lines = capsys.readouterr().out.splitlines()
    title, script = lines[0], [line[8:] for line in lines[3:]]
    assert title == "Om awamemk"
    assert len(script) > 40
    assert not {word for line in script for word in words(line)} & (ENGLISH_WORDS - {"done"})  # "(done)" is a chime
    assert main(["routines"]) == 0
    assert "start" not in capsys.readouterr().out


@pytest.mark.usefixtures("at_home")
def test_its_usual_night_is_rehearsed_in_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", "morning", "--text"]) == 0
    assert "cposp" in capsys.readouterr().out


@pytest.mark.usefixtures("at_home")
def test_a_voice_that_is_set_comes_before_its_own_even_if_it_is_the_usual_one() -> None:
    settings = Settings(language=INVENTED, voice=Voice(), voice_is_set=True)
    assert Assembly(settings).settings.voice == Voice()


@pytest.mark.usefixtures("at_home")
def test_it_is_spoken_by_its_own_voice_and_heard_with_its_own_model() -> None:
    usual, set_otherwise = (
        Settings(language=INVENTED),
        Settings(voice=Voice("de"), language=INVENTED, model="/models/big"),
    )
    assert (Assembly(usual).settings.voice.name, Assembly(usual).settings.model) == ("eo", "voicecoach-xx")
    assert (Assembly(set_otherwise).settings.voice.name, Assembly(set_otherwise).settings.model) == (
        "de",
        "/models/big",
    )
    assert Assembly(Settings(language=ENGLISH), Library()).settings == Settings()


@pytest.mark.usefixtures("at_home")
def test_a_language_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(
        BadRequestError, match=r'language in .*settings.yaml: there is no language "de"; there are: en, xx'
    ):
        Assembly(Settings(language="de"))


# --- complete or not offered ------------------------------------------------------------------------------------------

SHIPPED = sorted(languages())


def shape(language: Language) -> dict[str, set[str]]:
    """All ids of a language with the slots that each has; a form of the words for sides counts as "side"."""
    found: dict[str, set[str]] = {}
    sides = set(language.plan.sides)
    for name in PROMPTS:
        said = getattr(language.prompts, name)
        for text in said.forms.values() if isinstance(said, Plural) else [said]:
            slots = set(SLOT.findall(text)) - {"count"}
            found.setdefault(name, set()).update("side" if slot in sides else slot for slot in slots)
    for command, phrases in language.phrases.items():
        found[command.key] = {slot for phrase in phrases for slot in SLOT.findall(phrase)}
    found |= {key: found.get(key, set()) for key in language.sentences}
    return found | {key: set() for key in (*language.tips, *language.props, *map(str, language.screening))}


@pytest.mark.parametrize(("key", "folder"), [(INVENTED, HERE), *((key, LANGUAGES) for key in SHIPPED)])
def test_a_language_has_what_english_has(key: str, folder: Path) -> None:
    language = load_language(key, [folder], wanted=WANTED)
    assert shape(language) == shape(load_language(wanted=WANTED))
    for command in SAFETY:
        assert len(language.phrases[command]) >= 5


@pytest.mark.parametrize("key", SHIPPED)
def test_a_language_that_ships_says_every_routine(key: str) -> None:
    assert missing_words(key, shipped("routines")) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("phrases.yaml", '"cpuf muj", "cpuf ep", "cpuf cpuf", "fraoca cpuf", "cpuf fraoca", ', "", "write at least 5"),
        ("prompts.yaml", "  paused: ", "  # paused: ", '"prompts" lacks paused'),
        ("tips.yaml", "dim-light: ", "# dim-light: ", "the file lacks dim-light"),
        ("tips.yaml", "dim-light: ", "own: x\ndim-light: ", 'unknown key "own"'),
        ("sound_check.yaml", "thanks: ", "# thanks: ", "the file lacks thanks"),
        ("prompts.yaml", "    few: ", "    # few: ", "lacks few"),
    ],
)  # fmt: skip
def test_what_a_language_lacks_is_told(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    shutil.copytree(HERE / INVENTED, tmp_path / INVENTED)
    path = tmp_path / INVENTED / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(BadFileError, match=re.escape(expected)):
        load_language(INVENTED, [tmp_path], wanted=WANTED)


def test_a_language_without_the_words_of_a_routine_is_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    shutil.copytree(HERE / INVENTED, tmp_path / "voicecoach" / "languages" / INVENTED)
    (tmp_path / "voicecoach" / "settings.yaml").write_text("language: xx\n", encoding="utf-8")
    assert main(["routines"]) == 65
    told = capsys.readouterr().err
    assert "the language xx is not complete" in told
    assert f"{shipped('routines')}/text/xx/routines/bedtime.yaml:1:1: there is no such file" in told
    assert f"{shipped('routines')}/text/xx/stretches/bridge.yaml:1:1: there is no such file" in told


def test_a_language_may_lie_wholly_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    home = tmp_path / "voicecoach"
    shutil.copytree(HERE / INVENTED, home / "languages" / INVENTED)
    shutil.copytree(shipped("routines/text/en"), home / "routines" / "text" / INVENTED)
    (home / "settings.yaml").write_text("language: xx\n", encoding="utf-8")
    assert main(["routines", "show", "bedtime"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "Muj gunac thread the needle." in told.out


def test_words_that_a_translation_lacks_or_has_beyond_are_told(tmp_path: Path) -> None:
    shutil.copytree(shipped("routines"), tmp_path / "routines")
    shutil.copytree(tmp_path / "routines" / "text" / "en", tmp_path / "routines" / "text" / "xx")
    assert missing_words("xx", tmp_path / "routines") == []
    path = tmp_path / "routines" / "text" / "xx" / "stretches" / "pigeon.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("caution:", "cue_both:").replace("  block:", "  towel:"))
    first, second, *others = (
        str(problem).removeprefix(str(path)) for problem in missing_words("xx", tmp_path / "routines")
    )
    assert first.startswith(":1:1: the file lacks caution; say what")
    assert second.startswith(":1:1: the file has cue_both, which")
    assert '"with" lacks block' in others[0]


def test_no_word_of_the_shipped_doses_is_said() -> None:
    """What is done is the same in every language: of the folder that ships, only the files of words are spoken."""
    for path in all_doses():
        assert not re.search(
            r"^(name|say|cue|title|opening|release|easier):", path.read_text(encoding="utf-8"), re.MULTILINE
        )


def all_doses() -> Iterator[Path]:
    yield from shipped("routines").glob("*.yaml")
    yield from shipped("routines/stretches").glob("*.yaml")
