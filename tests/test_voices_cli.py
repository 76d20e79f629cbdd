"""``voicecoach voices`` as a person types it: packs are made, chosen, heard, checked, copied and removed."""

from __future__ import annotations

import hashlib
import sys
import wave
from typing import TYPE_CHECKING

import pytest
from made_up_voice import Hum, make_pack
from model_server import ModelServer, corrupt

from voicecoach import assembly
from voicecoach.assembly import Assembly
from voicecoach.cli.main import main
from voicecoach.engines.needs import Engine, EngineFile, Needs
from voicecoach.engines.synthesis.port import Voice
from voicecoach.settings import Settings, config_folder, data_folder, load_settings, voices_folder
from voicecoach.voices import catalogue, using

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's settings or voices are read or written by a test; nothing ships, and the engine hums."""
    for kind in ("CONFIG", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(using, "shipped", lambda name: tmp_path / "ships" / name)
    monkeypatch.setitem(assembly.SYNTHESIZERS, "espeak", Engine(Hum, Needs(memory_mb=1)))
    monkeypatch.setattr(assembly.Assembly, "recordings", lambda _, *routines: {"few": said_of(routines)})
    return tmp_path


def said_of(routines: tuple[str, ...]) -> list[str]:
    """What can be said, if there were little of it."""
    return ["Here is the wind-down. Breathe in.", "Well done."] if routines else ["Breathe in.", "Nobody says this."]


class Typed:
    """What came of ``voicecoach voices ...``."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str, command: str = "voices") -> None:
        capsys.readouterr()
        self.code = main([command, *arguments])
        captured = capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        self.lines = self.out.splitlines()

    def went_well(self) -> bool:
        return (self.code, self.err) == (0, "")

    def complaint(self) -> str:
        (line,) = self.err.splitlines()
        return line.removeprefix("voicecoach: ")


def ships(home: Path, *sentences: str) -> None:
    make_pack(home / "ships" / "models" / "voices" / "calm.voicepack", sentences or ("Breathe in.",)).close()


def test_without_any_pack_the_engine_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    typed = Typed(capsys)
    assert typed.went_well()
    assert typed.lines[0] == "No voice pack is there."
    assert typed.lines[-1] == "The coach speaks with espeak en-gb+f3, because there is no voice pack."
    assert Typed(capsys, "check").lines[0].startswith("no pack: 0 of ")


def test_what_ships_speaks_first_unless_the_settings_name_a_voice(
    capsys: pytest.CaptureFixture[str], a_home_of_its_own: Path
) -> None:
    ships(a_home_of_its_own)
    assert Typed(capsys).lines[-1].startswith("The coach speaks with calm, because it ships with the coach; ")
    config_folder().mkdir(parents=True)
    (config_folder() / "settings.yaml").write_text("words_per_minute: 120\n")
    assert "because the settings name a voice or a pace" in Typed(capsys).lines[-1]
    (config_folder() / "settings.yaml").write_text("words_per_minute: 120\nvoice_pack: calm\n")
    assert Typed(capsys).lines[-1].startswith("The coach speaks with calm, because the settings say so; ")


def test_a_plan_reckons_with_the_pace_of_the_voice_that_speaks(a_home_of_its_own: Path) -> None:
    usual = Assembly(Settings()).language.durations
    slow = Assembly(Settings(voice=Voice(words_per_minute=100), pace_is_set=True)).language.durations
    assert slow.speech_s("Breathe in.") == pytest.approx(1.5 * usual.speech_s("Breathe in."))
    ships(a_home_of_its_own, "Breathe in.", "And rest.")
    house = Assembly(Settings())
    (taken_s,) = (
        one.seconds for pack in house.voice_packs.packs for one in pack.sentences() if one.text == "Breathe in."
    )
    assert house.language.durations.speech_s("Breathe in.") == pytest.approx(taken_s)


def test_nobody_cannot_render_a_pack(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        Typed(capsys, "render", "mine", "--jobs", "0")
        .complaint()
        .endswith("--jobs 0: somebody must speak; write 1 or more")
    )


def test_a_pack_is_made_speaks_and_goes(capsys: pytest.CaptureFixture[str]) -> None:
    made = Typed(capsys, "render", "mine", "--routine", "wind-down", "--licence", "CC0-1.0")
    assert made.went_well(), made.err
    assert made.lines[0].startswith(f"{voices_folder() / 'mine.voicepack'}: ")
    assert made.lines[-1].startswith("The coach speaks with mine, because it has the most sentences")
    covered = Typed(capsys, "check", "--routine", "wind-down")
    assert covered.lines[0].startswith("mine: ")
    assert covered.lines[0].endswith("(100.0 %)")
    everything = Typed(capsys, "check", "mine")
    assert everything.code == 1
    assert "not covered: 1\n  Nobody says this." in everything.out
    nothing = Typed(capsys, "render", "more", "--routine", "wind-down", "--missing")
    assert nothing.lines == ["There is nothing to say that no pack says."]
    assert Typed(capsys, "use", "none").lines[-1].startswith("The coach speaks with espeak en-gb+f3, because you chose")
    assert Typed(capsys, "use", "mine").went_well()
    gone = Typed(capsys, "remove", "mine")
    assert gone.lines == ["mine is removed.", "The coach speaks with espeak en-gb+f3, because there is no voice pack."]


def test_a_pack_that_was_made_elsewhere_is_taken_and_heard(
    capsys: pytest.CaptureFixture[str], a_home_of_its_own: Path
) -> None:
    file = make_pack(a_home_of_its_own / "stick" / "low.voicepack", ["Breathe in, and out.", "Rest."]).path
    got = Typed(capsys, "get", str(file))
    assert got.lines[0].startswith("low is installed: 2 sentences, ")
    assert (voices_folder() / "low.voicepack").read_bytes() == file.read_bytes()
    out = a_home_of_its_own / "sample.wav"
    assert Typed(capsys, "preview", "low", "--out", str(out)).went_well()
    with wave.open(str(out)) as sound:
        assert sound.getnframes() / sound.getframerate() > 1


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


def test_a_pack_comes_from_the_web_if_it_is_what_was_promised(
    capsys: pytest.CaptureFixture[str],
    a_home_of_its_own: Path,
    server: ModelServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = make_pack(a_home_of_its_own / "web" / "low.voicepack", ["Breathe in."]).path.read_bytes()
    url = server.give("/low.voicepack", data)
    assert "give its checksum with --sha256" in Typed(capsys, "get", url).complaint()
    wrong = Typed(capsys, "get", url, "--sha256", "0" * 64).complaint()
    assert wrong.startswith("low was not installed: it was damaged on the way, or is not the published one")
    assert not (voices_folder() / "low.voicepack").exists()
    digest = hashlib.sha256(data).hexdigest()
    assert Typed(capsys, "get", url, "--sha256", digest).went_well()

    offered = catalogue.Offered(url, digest, len(data), "a hum")
    monkeypatch.setattr(catalogue, "CATALOGUE", {"low": offered})
    assert Typed(capsys, "remove", "low").went_well()
    assert Typed(capsys, "get", "low").went_well()
    assert "did you mean low?" in Typed(capsys, "get", "lo").complaint()


@pytest.mark.usefixtures("a_home_of_its_own")
def test_a_broken_file_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    file = voices_folder() / "mine.voicepack"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PK")
    assert main(["voices", "list"]) == 0
    told = capsys.readouterr()
    assert (told.out + told.err).count("mine.voicepack is no voice pack, or a broken one (it is too short)") == 1


def test_the_doctor_says_what_is_broken(capsys: pytest.CaptureFixture[str], a_home_of_its_own: Path) -> None:
    ships(a_home_of_its_own, "Breathe in.", "Breathe out.")
    file = a_home_of_its_own / "ships" / "models" / "voices" / "calm.voicepack"
    data = bytearray(file.read_bytes())
    data[data.index(b"OggS") + 100] ^= 1
    file.write_bytes(data)
    examined = Typed(capsys, command="doctor")
    (line,) = (line for line in examined.lines if "voice packs: " in line)
    assert line.startswith("no  voice packs: ")
    assert 'has 1 broken sentences, such as "Breathe in.", which are left out' in line


def test_a_choice_that_is_gone_costs_nobody_the_night(
    capsys: pytest.CaptureFixture[str], a_home_of_its_own: Path
) -> None:
    ships(a_home_of_its_own)
    assert "there are: calm" in Typed(capsys, "use", "nobody").complaint()
    config_folder().mkdir(parents=True)
    (config_folder() / "settings.yaml").write_text("voice_pack: nobody\n")
    warned = list[str]()
    assembled = assembly.Assembly(load_settings(), warn=warned.append)
    assert [pack.path.stem for pack in assembled.voice_packs.packs] == ["calm"]
    assert warned == ['the voice pack "nobody" is not there; meanwhile what there is speaks']


def test_it_is_known_who_says_what(a_home_of_its_own: Path) -> None:
    alone = assembly.Assembly(load_settings())
    assert (alone.coach_voice, alone.spare_voice) == (Voice(), None)
    assert not alone.is_spare("Nobody says this.")
    ships(a_home_of_its_own)
    both = assembly.Assembly(load_settings())
    assert both.coach_voice == Voice("low")
    assert both.spare_voice == Voice()
    assert [both.is_spare(text) for text in ("Breathe in.", "Breathe in. Nobody says this.")] == [False, True]


def test_the_people_of_a_rehearsal_never_share_the_coachs_voice(a_home_of_its_own: Path) -> None:
    ships(a_home_of_its_own)
    coach, person = Hum(), Hum()
    assembled = assembly.Assembly(load_settings())
    assembled.clips(coach, 24_000).get("Breathe in.")
    assembled.clips(person, 24_000, Voice("en-us+m3")).get("Breathe in.")
    assert (coach.rendered, person.rendered) == ([], ["Breathe in."])


def test_the_files_of_an_engine_come_once_and_whole(
    capsys: pytest.CaptureFixture[str], server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, weights = data_folder() / "choir", b"weights" * 1000
    url = server.give("/net.bin", weights)
    files = [EngineFile(folder / "a" / "net.bin", url, len(weights), hashlib.sha256(weights).hexdigest())]
    monkeypatch.setitem(assembly.SYNTHESIZERS, "choir", Engine(Hum, Needs(memory_mb=1), lambda: files))
    server.twist("/net.bin", corrupt)
    assert "is not the published file" in Typed(capsys, "get", "choir").complaint()
    assert [*(folder / "a").iterdir()] == []
    assert Typed(capsys, "get", "choir").lines == ["choir: all 1 files are there; 1 came."]
    assert (folder / "a" / "net.bin").read_bytes() == weights
    assert Typed(capsys, "get", "choir").lines == ["choir: all 1 files are there; 0 came."]
    assert len(server.asked_for("/net.bin")) == 2


def test_where_opus_cannot_be_read_the_engine_speaks_and_one_line_says_so(
    a_home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ships(a_home_of_its_own)
    monkeypatch.setitem(sys.modules, "soundfile", None)
    warned, engine = list[str](), Hum()
    assembled = assembly.Assembly(load_settings(), warn=warned.append)
    assembled.clips(engine, 24_000).get("Breathe in.")
    assert engine.rendered == ["Breathe in."]
    (line,) = warned
    assert line.startswith("sound files and voice packs need soundfile, which cannot be loaded (")
